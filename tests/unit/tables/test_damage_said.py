"""Damage is said of files that are damaged, and of nothing else that goes wrong while they are open."""

import errno
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bulkpo.errors import InputError
from bulkpo.tables.faults import copying, reading
from bulkpo.tables.reading.blocks import TableBlocks
from bulkpo.tables.reading.table import TableSource
from bulkpo.tables.source import open_source

MISTAKES = (OverflowError, ValueError, NotImplementedError, SyntaxError)


@contextmanager
def by_blocks(path: Path) -> Iterator[TableBlocks]:
    source = open_source(path)
    assert isinstance(source, TableSource)
    with source.by_blocks() as blocks:
        assert blocks is not None
        yield blocks


def read_through(blocks: TableBlocks) -> None:
    list(blocks.opening())
    while (block := blocks.next()) is not None:
        list(blocks.chunks(block))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_made_while_a_files_blocks_are_open_is_no_damage_of_the_file(
    mistake: type[Exception], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("PO,Line\nA,1\n")
    with pytest.raises(mistake, match="ours"), by_blocks(path):
        raise mistake("ours")


def test_a_file_that_cannot_be_read_on_by_blocks_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"PO,Line\n" + b"A,1\n" * 30_000 + b'B,"1\n')
    with by_blocks(path) as blocks, pytest.raises(InputError, match=r"t\.csv, line 30002: a quotation mark opens here"):
        read_through(blocks)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_made_while_a_copy_is_written_is_no_damage_of_the_file(mistake: type[Exception]) -> None:
    with pytest.raises(mistake, match="ours"), copying(Path("t.xlsx")):
        raise mistake("ours")


def test_an_archive_that_is_not_whole_is_damaged_while_a_copy_is_made_of_it(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"PK\x03\x04 and no more")
    for while_ in (reading, copying):
        with pytest.raises(InputError, match=r"t\.xlsx: the file is damaged or cut short"), while_(path):
            zipfile.ZipFile(path)


def test_memory_that_is_missing_is_no_fault_of_a_file() -> None:
    for missing in (OSError(errno.ENOMEM, "Cannot allocate memory"), zlib.error("Error -4 while decompressing data")):
        for while_ in (reading, copying):
            with pytest.raises(type(missing), match=str(missing.args[-1])), while_(Path("t.xlsx")):
                raise missing
