"""What a check says of a file, read as text or by blocks that are proved where they can be."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bulkpo.errors import BulkpoError
from bulkpo.model.held import Held
from bulkpo.runs.checking import blocks, check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, Pass, open_mapped
from bulkpo.runs.planning.plan import FilePlan
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


def names_said(plan: FilePlan) -> tuple[object, ...]:
    """The orders by number and name, the key of each row, and which rows are left out."""
    rows = [pair for some in plan.source_rows() for pair in zip(some.rows, some.keys, strict=True)]
    left_out = [row for some in plan.source_rows() for row in sorted(some.left_out)]
    return list(plan.numbered_starts()), rows, left_out


def names_made(plan: FilePlan) -> tuple[object, ...]:
    """The same as it comes of making every order, and of reading every row."""
    orders = [(number, (document.row, document.key)) for number, document in plan.numbered()]
    unsent = plan.checked.left_out | plan.checked.elsewhere.keys()
    keys = {
        row: key or ""
        for records in Pass(plan.mapped).records()
        for row, key in zip(records.rows, records.keys, strict=True)
        if key not in unsent
    }
    rows = [row for chunk in plan.chunks() for row in chunk.rows]
    return orders, [(row, keys.get(row, "")) for row in rows], [row for row in rows if row not in keys]


def check_names(folder: Path, mapping: str, data: bytes, size: int, every: int = 7) -> None:
    """Hold what orders are called by blocks of so many bytes and as text to what making them gives.

    One of `every` so many orders is held back, and none is made where the file cannot be read to its end.
    """
    try:
        mapped = opened(folder, mapping, data)
        plan = FilePlan(mapped, check.check(mapped))
    except BulkpoError:
        return
    plan.hold(Held(keys=frozenset(document.key for number, document in plan.numbered() if number % every == 0)))
    made = names_made(plan)
    assert names_said(plan) == made
    with by_blocks(size):
        assert names_said(plan) == made
