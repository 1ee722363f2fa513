"""The law of sound orders: a file is judged alike, whether orders are proved sound many at once or looked at singly."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.finding import Finding
from bulkpo.model.table import Cell, Chunk, Column
from bulkpo.runs.checking.check import check, clean_documents
from bulkpo.runs.checking.mapped import MappedFile
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TITLES = ("PO", "Supplier", "Currency", "Line", "Type", "Quantity", "UOM", "Price", "Line Currency")
MAPPING = """\
bulkpo: import/1
name: law
document: {{key: po-number{numbered}}}
skip_rows: {{Supplier: left out}}
columns:
  PO: po-number
  Supplier: supplier/name
  Currency: {currency}
  Line: order-lines/line-num
  Type: {kind}
  Quantity: {quantity}
  UOM: {uom}
  Price: order-lines/price
  Line Currency: order-lines/currency/code
constants: {{ship-to-user/login: migration, order-lines/account/code: A, order-lines/description: D{silent}{amount}}}
rules: {{order-lines/price: {{min: 0}}, supplier/name: {{required: true}}{rule}}}
{more}
"""
CHOICES = {
    "numbered": ("", ", number_lines: true"),
    "currency": ("currency/code", "{ignore: unused}"),
    "silent": ("", ", transmission-method-override: do_not_transmit", ", transmission-method-override: email"),
    "rule": ("", ", order-lines/uom/code: {unique: true}", ", order-lines: {exactly_one_of: [uom, quantity]}"),
    "more": ("", "silent: required"),
    "kind": ("order-lines/type",),
    "quantity": ("order-lines/quantity",),
    "uom": ("order-lines/uom/code",),
    "amount": ("",),
}
AMOUNTS: dict[str, str] = dict.fromkeys(("kind", "quantity", "uom"), "{ignore: unused}") | {
    "amount": ", order-lines/type: OrderAmountLine",
    "rule": "",
}
"""What makes all lines amount lines: then no rule about quantities stands in for asking whether a row is a line."""
PLAIN = {name: of[0] for name, of in CHOICES.items()}


@dataclass(frozen=True, slots=True)
class Rows:
    """A table in memory, given in chunks of so many rows."""

    cells: list[tuple[Cell, ...]]
    size: int
    file: str = "law.csv"
    sheet: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(number, title) for number, title in enumerate(TITLES, 1))

    def chunks(self) -> Iterator[Chunk]:
        for start in range(0, len(self.cells), self.size):
            part = self.cells[start : start + self.size]
            yield Chunk(range(start + 2, start + 2 + len(part)), list(zip(*part, strict=True)))

    def findings(self) -> tuple[Finding, ...]:
        return ()


GOOD = ("Acme", "USD", "", "OrderQuantityLine", "5", "EA", "1.50", "USD")
ODD: tuple[tuple[Cell, ...], ...] = (
    (None, "left out", "Umbrella"),
    ("EUR", None),
    (None, "1", "2", "x"),
    ("OrderAmountLine", None, "other"),
    (None, "0", "7"),
    (None, "CS"),
    (None, "cheap", "-1", "12345.678901"),
    (None, "EUR"),
)


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[Cell, ...]]:
    """Orders of some lines each, nearly all in order, with some odd cells, rows out of place and keys without zeros."""
    keys = draw(st.lists(st.sampled_from(["7", "8", "9", "10", "007", "08", None]), min_size=3, unique=True))
    rows: list[list[Cell]] = []
    for key in keys:
        rows += [[key, *GOOD[:2], str(line), *GOOD[3:]] for line in range(1, draw(st.integers(1, 3)) + 1)]
    for place, column in draw(st.lists(st.tuples(st.integers(0, len(rows) - 1), st.integers(1, 8)), max_size=3)):
        rows[place][column] = draw(st.sampled_from(ODD[column - 1]))
    for place in draw(st.lists(st.integers(0, len(rows) - 1), max_size=1)):
        rows[place][3:] = [None] * 6
    for key, column in draw(st.lists(st.tuples(st.sampled_from(keys), st.integers(1, 8)), max_size=2)):
        odd = draw(st.sampled_from(ODD[column - 1]))
        rows = [[*row[:column], odd if row[0] == key else row[column], *row[column + 1 :]] for row in rows]
    if draw(st.integers(0, 5)) == 5:
        rows.append(rows.pop(draw(st.integers(0, len(rows) - 1))))
    return [tuple(row) for row in rows]


@st.composite
def choices(draw: st.DrawFn) -> str:
    """A mapping that differs from the plainest in one thing at most, usually."""
    chosen = dict(PLAIN)
    for name in draw(st.lists(st.sampled_from([*CHOICES]), max_size=2)):
        chosen[name] = draw(st.sampled_from(CHOICES[name]))
    if draw(st.booleans()):
        chosen |= AMOUNTS
    return MAPPING.format(**chosen)


@cache
def loaded(text: str) -> ImportMapping:
    """A mapping of this text."""
    return load_import(text, "law.yaml", ElementTables(schema_text), Beside(schema_text, lambda _: {}, schema_text))


def judged(text: str, cells: list[tuple[Cell, ...]], size: int) -> tuple[object, ...]:
    """All there is to say about a table in chunks of so many rows, but for the order in which it is said."""
    file = MappedFile(loaded(text), Path("law.yaml"), Rows(cells, size), Path("law.csv"), ())
    found = check(file)
    kept = (found.skipped, found.keyless, found.clean_rows, found.failed_rows, found.failed_keys)
    return (found.as_json(), *kept, sorted(map(repr, found.findings)), sorted(clean_documents(file, found)))


MANY = [(str(key), "Acme", "USD", "1", "OrderQuantityLine", "5", "EA", "1.50", "USD") for key in range(1, 8)]


@settings(max_examples=1000, deadline=None)
@given(tables(), choices(), st.integers(6, 40))
@example([(f"0{key}", *cells) for key, *cells in MANY] + MANY, MAPPING.format(**PLAIN), 40)
@example([*MANY, MANY[0]], MAPPING.format(**PLAIN), 40)
def test_a_file_is_judged_alike_in_chunks_of_any_size(cells: list[tuple[Cell, ...]], text: str, size: int) -> None:
    assert judged(text, cells, size) == judged(text, cells, 1)
