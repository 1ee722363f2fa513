"""A journal whose folder may not be written, as users without special rights meet it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bulkpo.errors import JournalError
from bulkpo.journal.journal import journal_in
from bulkpo.journal.statements import statements

NOW = "2026-11-21T10:00:00+00:00"
NOBODY = 65534
statements()  # read while Python's own files may be

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs the permissions of POSIX files")


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user for whom permissions count: they do not for root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may look into, and that may be written again for it to be removed."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "work")
        path.mkdir()
        path.parent.chmod(0o755)
        yield path
        path.chmod(0o755)


def test_a_folder_that_may_only_be_read_is_named_with_what_to_do(folder: Path) -> None:
    folder.chmod(0o555)
    with (
        without_rights(),
        pytest.raises(
            JournalError,
            match=r"journal\.db: the journal cannot be used: Permission denied; make sure that its folder "
            "is writable and the disk is not full",
        ),
    ):
        journal_in(folder, lambda: NOW)
    assert list(folder.iterdir()) == []


def test_a_journal_that_may_only_be_read_is_left_as_it_is(folder: Path) -> None:
    journal_in(folder, lambda: NOW).close()
    file = folder / "journal.db"
    before = file.read_bytes()
    file.chmod(0o444)
    folder.chmod(0o555)
    with (
        without_rights(),
        pytest.raises(JournalError, match=r"the journal cannot be used: .*make sure that its folder"),
    ):
        journal_in(folder, lambda: NOW)
    assert file.read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["journal.db"]


def test_a_run_cannot_be_claimed_where_nothing_may_be_written(folder: Path) -> None:
    journal = journal_in(folder, lambda: NOW)
    folder.chmod(0o555)
    with (
        without_rights(),
        pytest.raises(JournalError, match=r"run-1\.claim: cannot be written: Permission denied; make its folder"),
        journal.claim(1),
    ):
        pass
    folder.chmod(0o755)
    journal.close()
