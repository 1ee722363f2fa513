"""Claims on files: one holder at a time, and nothing is left of a claim that was let go."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import pytest

from bulkpo.errors import RunError
from bulkpo.journal.claim import claim_places


def test_a_claim_on_a_file_leaves_nothing_behind(tmp_path: Path) -> None:
    with claim_places(tmp_path, [tmp_path / "a.csv", tmp_path / "b.csv"]):
        assert len(list((tmp_path / "places").iterdir())) == 2
        with (
            pytest.raises(RunError, match=r"b\.csv: process \d+ on .* is at work on it"),
            claim_places(tmp_path, [tmp_path / "b.csv"]),
        ):
            pass
    assert list((tmp_path / "places").iterdir()) == []


def test_however_claims_come_and_go_never_do_two_hold_a_file(tmp_path: Path) -> None:
    inside, taken = Lock(), []

    def take(number: int) -> None:
        for _ in range(100):
            try:
                with claim_places(tmp_path, [tmp_path / "a.csv"]):
                    assert inside.acquire(blocking=False), "somebody else holds it"
                    taken.append(number)
                    inside.release()
            except RunError:
                continue

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(8)))
    assert taken
    assert list((tmp_path / "places").iterdir()) == []
