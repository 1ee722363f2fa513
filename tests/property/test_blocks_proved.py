"""The law of blocks: a text file is judged alike, whether its bytes are proved block by block or read as text."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from judged_by_blocks import TABLES, by_blocks, judged, lines_proved, said
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from order_tables import GOOD, PLAINEST, TITLES, file_of, mappings, orders, tables, texts, with_total

from bulkpo.errors import BulkpoError
from bulkpo.mapping.rows import group
from bulkpo.runs.checking import blocks, hashed, key_book, rows_of_keys
from bulkpo.runs.checking.mapped import Input, read_mapping
from bulkpo.runs.planning.batching import plan_batch

pytest.importorskip("numpy")


@contextmanager
def by_hashes(different: int = 1 << 60) -> Iterator[None]:
    """Even small files are read as large ones are without numpy, hashes being as rare, and nearly all waits on disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "FEWEST_BYTES", 0)
        patch.setitem(sys.modules, "numpy", None)
        patch.setattr(hashed, "_FIRST_LOOK", 4)
        patch.setattr(key_book, "_AT_ONCE", 3)
        patch.setattr(group, "MOST_ROWS_OPEN", 2)
        patch.setattr(hashed, "_MOST_IN_MEMORY", 40)
        patch.setattr(key_book, "_MOST_IN_MEMORY", 40)
        for module in (hashed, rows_of_keys):
            patch.setattr(module, "hash", lambda text: hash(text) % different, raising=False)
        yield


def with_guard() -> list[list[str]]:
    """Orders below a blank row, one of them with a guarded text: two oddities of the file, each in its own row."""
    rows = orders(9)
    rows[3][4] = "'=1"
    return [[""] * len(TITLES), *rows]


def one_without_supplier() -> list[list[str]]:
    """One order without a supplier, and some that are sound."""
    return [["PO-X", "", *GOOD[1:]], *orders(4)]


@settings(max_examples=150, deadline=None)
@given(mapping=mappings(), data=texts(), size=st.sampled_from([200, 500, 1_500, 100_000]))
@example(mapping=PLAINEST, data=file_of(orders(9)), size=500)
@example(mapping=PLAINEST, data=file_of(with_guard()), size=200)
@example(mapping=PLAINEST, data=file_of(with_total("Umbrella", "")), size=100_000)
@example(mapping=PLAINEST, data=file_of(with_total("Umbrella", "1")), size=100_000)
def test_a_file_is_judged_alike_by_blocks_and_as_text(
    mapping: str, data: bytes, size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("law")
    plain = judged(folder, mapping, data)
    with by_blocks(size):
        proved = judged(folder, mapping, data)
    assert proved == plain
    with by_hashes():
        assert judged(folder, mapping, data) == plain


@settings(max_examples=60, deadline=None)
@given(mapping=mappings(), rows=tables(), different=st.sampled_from([1, 2, 7]))
@example(mapping=PLAINEST, rows=[*orders(9), *orders(4)], different=2)
@example(mapping=PLAINEST, rows=[*orders(9), ["po-00001", *GOOD], *orders(3)], different=1)
@example(
    mapping=PLAINEST,
    rows=[["PO-0", *GOOD], ["", *GOOD], ["PO-0", *GOOD[:2], "2", *GOOD[3:]], *one_without_supplier()],
    different=1,
)
def test_a_file_is_judged_alike_whatever_keys_have_one_hash(
    mapping: str, rows: list[list[str]], different: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, data = tmp_path_factory.mktemp("law"), file_of(rows)
    plain = judged(folder, mapping, data)
    with by_hashes(different):
        assert judged(folder, mapping, data) == plain


def workbook_of(rows: list[list[str]]) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for row in [list(TITLES), *rows]:
        book.worksheets[0].append([ILLEGAL_CHARACTERS_RE.sub("", cell) or None for cell in row])
    book.save(stream)
    return stream.getvalue()


@settings(max_examples=40, deadline=None)
@given(mapping=mappings(), rows=tables())
@example(mapping=PLAINEST, rows=[*orders(4), *orders(3)])
@example(mapping=PLAINEST, rows=[*orders(4), ["po-00001", *GOOD]])
@example(mapping=PLAINEST, rows=[*orders(4), ["", *GOOD], ["PO-00003", *GOOD]])
@example(mapping=PLAINEST, rows=[*orders(4), ["PO-00009\u200b", *GOOD]])
def test_a_workbook_is_judged_alike_with_its_keys_as_words_and_as_text(
    mapping: str, rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, data = tmp_path_factory.mktemp("law"), workbook_of(rows)
    plain = judged(folder, mapping, data, "law.xlsx")
    with by_blocks(500):
        assert judged(folder, mapping, data, "law.xlsx") == plain
    with by_hashes():
        assert judged(folder, mapping, data, "law.xlsx") == plain


def judged_together(folder: Path, mapping: str, files: list[bytes]) -> object:
    """What a check says of several files read in one run."""
    (folder / "law.yaml").write_text(mapping, encoding="utf-8")
    for number, data in enumerate(files):
        (folder / f"{number}.csv").write_bytes(data)
    given = [Input(folder / f"{number}.csv") for number in range(len(files))]
    try:
        plan = plan_batch(read_mapping(folder / "law.yaml", TABLES), folder / "law.yaml", given, lambda _: None)
    except BulkpoError as error:
        return type(error), str(error)
    return [said(each.checked) for each in plan.batch]


@settings(max_examples=60, deadline=None)
@given(mapping=mappings(), one=tables(), other=tables(), size=st.sampled_from([200, 1_500, 100_000]))
@example(mapping=PLAINEST, one=orders(9), other=[[row[0] + "A", *row[1:]] for row in orders(9)], size=500)
@example(mapping=PLAINEST, one=orders(9), other=[[row[0].replace("1", "7"), *row[1:]] for row in orders(3)], size=500)
@example(mapping=PLAINEST, one=orders(9), other=[[row[0].lower(), *row[1:]] for row in orders(3)], size=500)
def test_several_files_are_judged_alike_by_blocks_and_as_text(
    mapping: str,
    one: list[list[str]],
    other: list[list[str]],
    size: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder, files = tmp_path_factory.mktemp("law"), [file_of(one), file_of(other)]
    plain = judged_together(folder, mapping, files)
    with by_blocks(size):
        assert judged_together(folder, mapping, files) == plain
    with by_hashes():
        assert judged_together(folder, mapping, files) == plain


def test_a_clean_file_is_proved_without_its_rows_being_read(tmp_path: Path) -> None:
    assert lines_proved(tmp_path, PLAINEST, file_of(orders(400)), 8_000) > 700
