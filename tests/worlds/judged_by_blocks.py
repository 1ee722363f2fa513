"""What a check says of a file, read as text or by blocks that are proved where they can be."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bulkpo.runs.checking import blocks, check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, Pass, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text
from bulkpo.tables.reading import blocks as reading
from bulkpo.tables.reading import delimited

TABLES = ElementTables(schema_text)


@contextmanager
def by_blocks(size: int) -> Iterator[None]:
    """Even small files are read by blocks, of so many bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "FEWEST_BYTES", 0)
        patch.setattr(reading, "BYTES", size)
        patch.setattr(delimited, "_FIRST_CHARACTERS", 100)
        patch.setattr("bulkpo.mapping.proving.keys._MOST_TEXTS", 3)
        patch.setattr("bulkpo.mapping.proving.keys._FIRST_LOOK", 4)
        yield


def said(checked: Checked) -> dict[str, object]:
    """All a check came to, but for what it counted on its way."""
    found = {each.name: getattr(checked, each.name) for each in dataclasses.fields(checked)}
    shown = {name: str(getattr(checked, name)) for name in ("totals", "failed_totals", "open")}
    return {**{name: value for name, value in found.items() if name != "counts"}, "shown": shown}


def opened(folder: Path, mapping: str, data: bytes, name: str = "law.csv") -> MappedFile:
    (folder / "law.yaml").write_text(mapping, encoding="utf-8")
    (folder / name).write_bytes(data)
    return open_mapped(folder / "law.yaml", folder / name, TABLES)


def judged(folder: Path, mapping: str, data: bytes, name: str = "law.csv") -> object:
    """What a check says of a file, or why there is none."""
    try:
        return said(check.check(opened(folder, mapping, data, name)))
    except Exception as error:  # noqa: BLE001 - both ways are to fail alike
        return type(error), str(error)


def lines_proved(folder: Path, mapping: str, data: bytes, size: int) -> int:
    """How many lines of a file are proved, in blocks of so many bytes."""
    with by_blocks(size):
        one = Pass(opened(folder, mapping, data))
        with blocks.pieces(one) as pieces:
            return 0 if pieces is None else sum(getattr(piece, "lines", 0) for piece in pieces)
