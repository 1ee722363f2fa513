"""An import whose journal's disk fills up while orders are being sent."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from world import World

from bulkpo.coupa.outcomes import Outcome
from bulkpo.errors import JournalError
from bulkpo.journal.journal import journal_in
from bulkpo.runs.imports.run import run_import
from bulkpo.states import State

ORDERS = 60


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if sys.platform != "linux" or mount is None or unmount is None:
        pytest.skip("needs Linux's mount for a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "none", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run([unmount, "--lazy", folder], check=True)


def fill(file: Path) -> None:
    """Write to a file until the disk is full."""
    with file.open("ab", buffering=0) as stream, suppress(OSError):
        while stream.write(b"x" * 4096):
            pass


def test_a_disk_that_fills_up_stops_the_import_and_nothing_is_lost_or_sent_twice(
    world: World, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write([f"PO-{number:04},Acme Supplies,1,Bolts,1,{number}.50" for number in range(1, ORDERS + 1)])
    world.journal.close()
    world.journal = journal_in(small_disk, lambda: "2026-11-21T10:00:00+00:00")
    job = world.begin()
    filler = small_disk / "filler"
    create = world.client.create

    def create_and_fill(resource: str, body: bytes, content_type: str, key: str) -> Outcome:
        if world.client.requests > ORDERS // 2:
            fill(filler)
        return create(resource, body, content_type, key)

    with monkeypatch.context() as patch:
        patch.setattr(world.client, "create", create_and_fill)
        with pytest.raises(
            JournalError, match=r"disk is full.*What was sent is safe: `bulkpo resume` goes on from here"
        ):
            run_import(job)
    filler.unlink()
    with pytest.raises(JournalError):
        world.journal.close()
    world.journal = journal_in(small_disk, lambda: "2026-11-21T10:00:00+00:00")
    assert 0 < len(world.in_coupa()) < ORDERS
    result = world.resume()
    assert (result.exit_code, result.counts[State.CREATED]) == (0, ORDERS)
    assert world.in_coupa() == [f"PO-{number:04}" for number in range(1, ORDERS + 1)]
