"""What is new to an export, with dates as instances give them."""

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulkpo.coupa.queries import QueryRefusedError, QueryTerm
from bulkpo.errors import OutputError
from bulkpo.journal.notebook import Notebook
from bulkpo.model.tree import Tree
from bulkpo.runs.exports.checkpoint import adopt
from bulkpo.runs.exports.placed import Placed
from bulkpo.runs.exports.since import Since

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PLACED = Placed("out.csv", 1, 1, "x")


def order(number: int, at: object) -> Tree:
    return {"id": number, "updated-at": at}


def deliver(path: Path, documents: Sequence[Tree], newest: str = NOON.isoformat()) -> list[int]:
    """One export from beginning to end; gives the ids of what was new."""
    with closing(Notebook(path)) as notebook:
        since = Since(notebook, "updated-at")
        since.begin(newest)
        new = since.new(documents)
        since.placing(PLACED)
        notebook.acknowledge()
        return [document["id"] for document in new]


def conditions(path: Path) -> Sequence[QueryTerm]:
    with closing(Notebook(path)) as notebook:
        return Since(notebook, "updated-at").conditions


def test_the_next_export_asks_from_ten_minutes_before_the_newest_that_was_read(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    assert conditions(path) == ()
    deliver(path, [order(1, "2026-01-01T11:00:00+00:00"), order(2, "2025-12-31T23:30:00-08:00")])
    assert conditions(path) == (("updated-at[gt_or_eq]", "2026-01-01T10:50:00+00:00"),)


def test_the_mark_never_goes_beyond_the_moment_reading_began_nor_back(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    deliver(path, [order(1, "2026-01-01T15:00:00+00:00")])
    assert conditions(path) == (("updated-at[gt_or_eq]", "2026-01-01T11:50:00+00:00"),)
    deliver(path, [order(2, "2026-01-01T09:00:00+00:00")])
    deliver(path, [])
    assert conditions(path) == (("updated-at[gt_or_eq]", "2026-01-01T11:50:00+00:00"),)


def test_what_the_overlap_meets_again_comes_again_only_if_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    at = "2026-01-01T11:59:59+00:00"
    first = [order(1, at), {**order(2, at), "version": 1}]
    assert deliver(path, first) == [1, 2]
    assert deliver(path, [*first, order(3, at)]) == [3]
    assert deliver(path, [order(1, at), {**order(2, at), "version": 2}, order(3, at)]) == [2], "in the same second"


@pytest.mark.parametrize("at", [None, "", "yesterday", "0000-00-00", 12, "9999-99-99T00:00:00Z"])
def test_a_date_that_is_none_is_no_obstacle_and_comes_once(tmp_path: Path, at: object) -> None:
    path = tmp_path / "notes.db"
    assert deliver(path, [order(1, at)], newest="") == [1]
    assert conditions(path) == ()
    assert deliver(path, [order(1, at), order(2, "2026-01-01T11:00:00+00:00")]) == [2]
    assert deliver(path, [order(1, at)]) == []
    with closing(Notebook(path)) as notebook:
        since = Since(notebook, "updated-at")
        since.new([order(5, at)])
        assert since.notices()[1:] == ("1 have no updated-at that can be read: they come once, and when they change",)


def test_dates_and_moments_and_the_ends_of_time_go_together(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    mixed = [
        order(1, "2026-01-01"), order(2, "2026-01-01T11:00:00Z"), order(3, "2026-01-01T11:00:00"),
        order(4, "0001-01-01T00:00:00+00:00"), order(5, "9999-12-31T23:59:59-08:00"),
    ]  # fmt: skip
    assert deliver(path, mixed) == [1, 2, 3, 4, 5]
    assert conditions(path) == (("updated-at[gt_or_eq]", "2026-01-01T11:50:00+00:00"),)
    assert deliver(tmp_path / "old.db", [order(4, "0001-01-01T00:00:00+00:00")]) == [4]
    assert conditions(tmp_path / "old.db") == (("updated-at[gt_or_eq]", "1969-12-31T23:50:00+00:00"),)


def test_the_newest_date_is_asked_of_the_instance_and_never_later_than_now(tmp_path: Path) -> None:
    asked: list[dict[str, str]] = []

    def ask(terms: Sequence[QueryTerm]) -> list[Tree]:
        asked.append(dict(terms))
        return [order(1, "2026-01-01T11:00:00+00:00")]

    since = Since(Notebook(tmp_path / "notes.db"), "updated-at")
    assert since.newest(ask, NOON) == "2026-01-01T11:00:00+00:00"
    assert since.newest(ask, NOON - timedelta(hours=2)) == "2026-01-01T10:00:00+00:00"
    assert since.newest(lambda _terms: [], NOON) == ""
    assert asked[0] == {
        "updated-at[gt_or_eq]": "1970-01-01T00:00:00+00:00", "order_by": "updated_at", "dir": "desc", "limit": "1",
    }  # fmt: skip

    def refuse(_terms: Sequence[QueryTerm]) -> list[Tree]:
        raise QueryRefusedError("cannot order by updated_at")

    assert since.newest(refuse, NOON) == NOON.isoformat()


def test_what_was_remembered_before_there_were_notebooks_is_taken_over_once(tmp_path: Path) -> None:
    facts = {"highest": "2026-01-01T11:00:00+00:00", "delivered": {"1": "2026-01-01T11:00:00+00:00"}}
    old = tmp_path / "there-changed.since.json"
    old.write_text(json.dumps(facts), encoding="utf-8")
    path = tmp_path / "there-changed-01234567.db"
    with closing(Notebook(path)) as notebook:
        adopt(tmp_path, "there-changed", notebook)
    assert not old.exists()
    assert conditions(path) == (("updated-at[gt_or_eq]", "2026-01-01T10:50:00+00:00"),)
    assert deliver(path, [order(1, "2026-01-01T11:00:00+00:00"), order(2, "2026-01-01T10:59:00+00:00")]) == [2]


def test_of_an_export_that_was_killed_before_there_were_notebooks_the_file_decides(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("x", encoding="utf-8")
    stood = Placed.about(file, file.stat(), 1, 1)
    for placed, reached in ((stood, "11:50"), (PLACED, "10:50")):
        for name, highest in (("since", "11"), ("since.next", "12")):
            facts = {
                "highest": f"2026-01-01T{highest}:00:00+00:00",
                "delivered": {},
                "placed": {name: getattr(placed, name) for name in Placed.__slots__},
            }
            (tmp_path / f"x.{name}.json").write_text(json.dumps(facts), encoding="utf-8")
        path = tmp_path / f"{reached[:2]}.db"
        with closing(Notebook(path)) as notebook:
            adopt(tmp_path, "x", notebook)
        assert conditions(path) == (("updated-at[gt_or_eq]", f"2026-01-01T{reached}:00+00:00"),)


def test_what_cannot_be_read_of_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.since.json").write_text('{"highest": 1}', encoding="utf-8")
    with (
        closing(Notebook(tmp_path / "x.db")) as notebook,
        pytest.raises(OutputError, match=r"x\.since\.json: cannot be read; remove it to begin from the beginning"),
    ):
        adopt(tmp_path, "x", notebook)
