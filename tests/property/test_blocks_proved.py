"""The law of blocks: a text file is judged alike, whether its bytes are proved block by block or read as text."""

import csv
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

from bulkpo.errors import BulkpoError
from bulkpo.mapping.rows import group
from bulkpo.runs.checking import blocks, hashed, key_book, rows_of_keys
from bulkpo.runs.checking.mapped import Input, read_mapping
from bulkpo.runs.planning.batching import plan_batch

pytest.importorskip("numpy")

TITLES = ("PO", "Supplier", "Currency", "Line", "Text", "Type", "Quantity", "UOM", "Price", "Need by", "Note")
MAPPING = """\
bulkpo: import/1
name: law
resource: purchase_orders
document: {{key: po-number}}
numbers: {numbers}
dates: {{order: YMD, time_zone: UTC}}
blanks: [n/a, "0"]
crosswalks: {{uom: {{EA: each, CS: case}}}}
columns:
  PO: po-number
  Supplier: supplier/name
  Currency: {currency}
  Line: {line}
  Text: {text}
  Type: {kind}
  Quantity: order-lines/quantity
  UOM: {uom}
  Price: order-lines/price
  Need by: order-lines/need-by-date
  Note: {{ignore: not for Coupa}}
constants: {{ship-to-user/login: migration, order-lines/account/code: A}}
rules:
  order-lines/price: {price}
  supplier/name: {{required: true}}
  order-lines/currency: {{required: false}}
{more}
"""
CHOICES = {
    "numbers": ('{decimal: ".", thousands: ","}', '{decimal: "."}', '{decimal: ",", thousands: "."}'),
    "currency": ("currency/code", "[currency/code, order-lines/currency/code]", "order-lines/currency/code"),
    "line": ("order-lines/line-num", "{ignore: x}"),
    "text": ("order-lines/description", "{to: order-lines/description, case: upper}"),
    "kind": ("order-lines/type", "{ignore: x}"),
    "price": ("{min: 0, max: 99999.5}", "{max: 99999.5}"),
    "uom": ("order-lines/uom/code", "{to: order-lines/uom/code, crosswalk: uom, default: each}"),
    "more": ("", "silent: required", "keys: exact", "totals_rows: keep", "skip_rows: {Note: skip}"),
}
GOOD = ["Acme Ltd", "USD", "1", "a bolt, red", "OrderQuantityLine", "5", "EA", "1.50", "2026-03-04", ""]
ODD = (
    ("", "Umbrella", "Acme  Ltd", " Acme Ltd", "Müller", "Total: 9.00", "x" * 300, "1E5", "n/a", "A\u200bB"),
    ("EUR", "", "usd", "n/a", "JPY"),
    ("", "2", "1", "02", "x", "1.0", "0", "20000000000000000000"),
    ("", 'he said "no"', "line\nbreak", "10 mm", "1E5", "-3e4", "é", "\u00a0x", "'=1", "x" * 256, "2,5", "\x01"),
    ("OrderAmountLine", "", "other"),
    ("", "0", "0.0", "-2", "7", "-1", "1,234", "1.234",
     "1.5", "1,5", "12,34", "+3", "05", "1e3", "7.1234567", "9" * 25, "-0", ".5"),
    ("", "CS", "BX", "ea", "n/a"),
    ("", "cheap", "-1", "100000", "99999.5", "99999.51", "12345.678901",
     "3.00", "-3.00", "1.505", "1,234.50", "1.234,5", "1,23", "0.0"),
    ("", "04.03.2026", "2026-13-01", "2026-02-30", "0001-01-01", "2026-03-04 10:00", "soon"),
    ("skip", "Total", "x"),
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Orders of some lines each, nearly all in order, with some odd cells, keys and rows out of place."""
    keys = draw(st.lists(st.integers(1, 60), min_size=4, max_size=25, unique=True))
    rows = [
        [f"PO-{key:05d}", *GOOD[:2], str(line), *GOOD[3:]]
        for key in keys
        for line in range(1, draw(st.integers(1, 3)) + 1)
    ]
    many = st.integers(0, len(rows) - 1)
    for place, column in draw(st.lists(st.tuples(many, st.integers(1, 10)), max_size=4)):
        rows[place][column] = draw(st.sampled_from(ODD[column - 1]))
    for place in draw(st.lists(many, max_size=1)):
        odd = (
            "",
            " ",
            "PO 1",
            "po-00001",
            "PO-1",
            "0PO-00002",
            "1E5",
            "Total",
            "n/a",
            "PO-é",
            "x" * 21,
            "PO-00001\u200b",
        )
        rows[place][0] = draw(st.sampled_from(odd))
    if draw(st.integers(0, 5)) == 5:
        rows.append(rows.pop(draw(st.integers(0, len(rows) - 1))))
    if draw(st.integers(0, 4)) == 4:
        rows.sort(key=lambda row: row[3])
    if draw(st.integers(0, 9)) == 9:
        rows.insert(draw(many), [""] * len(TITLES))
    return rows


@st.composite
def mappings(draw: st.DrawFn) -> str:
    """A mapping that differs from the plainest in two things at most."""
    chosen = {name: of[0] for name, of in CHOICES.items()}
    for name in draw(st.lists(st.sampled_from([*CHOICES]), max_size=2)):
        chosen[name] = draw(st.sampled_from(CHOICES[name]))
    return MAPPING.format(**chosen)


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """A table as a file: of one line end or another, with its marks where they are needed or everywhere."""
    stream = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    if draw(st.booleans()):
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    else:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    writer.writerow(TITLES)
    writer.writerows(draw(tables()))
    text = stream.getvalue()
    if draw(st.integers(0, 9)) == 9:
        text = text.rstrip("\r\n")
    if draw(st.integers(0, 9)) == 9:
        place = draw(st.integers(len(text) // 3, len(text)))
        text = text[:place] + draw(st.sampled_from(['"', ",", "\n", "\r", " ", "x"])) + text[place:]
    start = draw(st.sampled_from(["", "", "\ufeff", f"sep={delimiter}\n"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "cp1252"]))
    return (start + text).encode(encoding, errors="replace")


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


PLAINEST = MAPPING.format(**{name: of[0] for name, of in CHOICES.items()})


def file_of(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([TITLES, *rows])
    return stream.getvalue().encode()


def with_guard() -> list[list[str]]:
    """Orders below a blank row, one of them with a guarded text: two oddities of the file, each in its own row."""
    rows = orders(9)
    rows[3][4] = "'=1"
    return [[""] * len(TITLES), *rows]


def with_total(above: str, number: str) -> list[list[str]]:
    """Orders, and a row that adds up the one above it: what it says is told by that one's number."""
    rows = orders(9)
    for row in rows[4:6]:
        row[0] = above
    total = [f"{above} Total", *GOOD[:2], number, *GOOD[3:]]
    return [*rows[:6], total, *rows[6:]]


def one_without_supplier() -> list[list[str]]:
    """One order without a supplier, and some that are sound."""
    return [["PO-X", "", *GOOD[1:]], *orders(4)]


def orders(count: int) -> list[list[str]]:
    return [[f"PO-{key:05d}", *GOOD[:2], str(line), *GOOD[3:]] for key in range(1, count) for line in (1, 2)]


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
