"""Files that appear whole or not at all, and what killed processes leave beside them."""

import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bulkpo.errors import OutputError
from bulkpo.tables.writing.atomic import replacing

BEGIN_AND_DIE = """
import os, signal, sys
from pathlib import Path

import pytest
from bulkpo.errors import OutputError
from bulkpo.tables.writing.atomic import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(b"half of it")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""
BEGIN_AND_WAIT = """
import sys
from pathlib import Path

import pytest
from bulkpo.errors import OutputError
from bulkpo.tables.writing.atomic import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(b"theirs")
    file.flush()
    print("begun", flush=True)
    sys.stdin.readline()
"""


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob(".*.part"))


def write(path: Path) -> None:
    with replacing(path) as file:
        file.write(b"ours")


def test_what_a_killed_process_left_is_removed_when_its_file_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    subprocess.run([sys.executable, "-c", BEGIN_AND_DIE, path], check=False)
    (left,) = parts(tmp_path)
    assert left.read_bytes() == b"half of it"
    write(tmp_path / "another.xlsx")
    assert parts(tmp_path) == [left]
    write(path)
    assert parts(tmp_path) == []
    assert path.read_bytes() == b"ours"


def test_the_file_of_a_process_that_lives_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with subprocess.Popen(
        [sys.executable, "-c", BEGIN_AND_WAIT, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        (theirs,) = parts(tmp_path)
        write(path)
        assert parts(tmp_path) == [theirs]
        process.communicate("go on\n")
    assert process.returncode == 0
    assert path.read_bytes() == b"theirs"
    assert parts(tmp_path) == []


def test_a_file_that_is_locked_is_left_alone_even_where_its_process_cannot_be_seen(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    theirs = tmp_path / f".orders.xlsx.{process.pid}.part"
    with theirs.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        write(tmp_path / "orders.xlsx")
        assert parts(tmp_path) == [theirs]
    write(tmp_path / "orders.xlsx")
    assert parts(tmp_path) == []


def test_files_of_other_names_are_nobodys_remains(tmp_path: Path) -> None:
    others = [".orders.xlsx.part", ".orders.xlsx.x1.part", ".orders.xlsx.99999999.bak", ".other.xlsx.99999999.part"]
    for name in others:
        (tmp_path / name).write_bytes(b"")
    write(tmp_path / "orders.xlsx")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([*others, "orders.xlsx"])


def test_the_file_is_told_of_right_before_it_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(b"old")
    told: list[os.stat_result] = []

    def placing(file: os.stat_result) -> None:
        assert path.read_bytes() == b"old"
        told.append(file)

    with replacing(path, placing) as file:
        file.write(b"ours")
    (before,), after = told, path.stat()
    assert (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(("given", "expected"), [(0o600, 0o600), (0o640, 0o640), (0o444, 0o644), (0o666, 0o666)])
def test_a_file_may_be_read_by_whom_the_one_it_is_made_of_may_be(tmp_path: Path, given: int, expected: int) -> None:
    like, path = tmp_path / "orders.csv", tmp_path / "orders.result.xlsx"
    like.touch()
    like.chmod(given)
    path.touch(mode=0o666)
    with replacing(path, like=like) as file:
        (part,) = parts(tmp_path)
        assert rights(part) == 0o600
        file.write(b"ours")
    assert rights(path) == expected


def test_a_file_that_is_replaced_keeps_its_rights_and_a_new_one_has_those_the_system_gives(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    usual = tmp_path / "usual"
    usual.touch()
    write(path)
    assert rights(path) == rights(usual)
    path.chmod(0o640)
    write(path)
    assert rights(path) == 0o640


def test_what_is_written_never_goes_through_a_link_in_the_name_of_the_file_in_the_making(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "orders.csv", tmp_path / "elsewhere"
    elsewhere.write_bytes(b"theirs")
    (tmp_path / f".orders.csv.{os.getpid()}.part").symlink_to(elsewhere)
    write(path)
    assert (path.read_bytes(), elsewhere.read_bytes(), parts(tmp_path)) == (b"ours", b"theirs", [])


def test_two_threads_never_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    with replacing(path) as file:
        file.write(b"first")
        with pytest.raises(OutputError, match=r"orders\.csv: cannot be written"):
            write(path)
    assert path.read_bytes() == b"first"
