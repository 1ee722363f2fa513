"""What is set aside in parts, and waits on disk where it is much."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.errors import OutputError
from bulkpo.tables.spool import PartSpool


@given(st.lists(st.tuples(st.integers(0, 2), st.binary(max_size=9)), max_size=40), st.integers(0, 60))
def test_each_part_is_read_as_it_was_put_aside(added: list[tuple[int, bytes]], most: int) -> None:
    spool = PartSpool(3, most)
    for part, data in added:
        spool.add(part, data)
    for part in range(3):
        assert spool.part(part) == b"".join(data for number, data in added if number == part)


@pytest.mark.skipif(sys.platform == "win32", reason="there it is gone with its handle")
def test_what_waits_on_disk_has_no_name_so_that_a_kill_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = PartSpool(1, most=10)
    spool.add(0, bytes(100_000))
    assert spool.part(0) == bytes(100_000)
    assert [*tmp_path.iterdir()] == []


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if sys.platform != "linux" or mount is None or unmount is None:
        pytest.skip("needs Linux's mount for a small disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "none", tmp_path], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("needs the right to mount a small disk")
    yield tmp_path
    subprocess.run([unmount, "--lazy", tmp_path], check=True)


def test_a_full_disk_is_told_with_the_folder(full_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(full_disk))
    spool = PartSpool(1, most=10)
    with pytest.raises(OutputError) as raised:
        spool.add(0, bytes(200_000))
    assert str(raised.value) == (
        f"{full_disk}: a temporary file cannot be written: the disk is full; make room, or set TMPDIR to a folder on "
        "another"
    )
