"""The law of sound orders: a file is judged alike, whether orders are proved sound many at once or looked at singly."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from cleaned import clean_documents
from hypothesis import given, settings
from hypothesis import strategies as st

from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell, Chunk, Column
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import MappedFile
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

Cells = list[tuple[Cell, ...]]
TITLES = ("PO", "Supplier", "Currency", "Line", "Type", "Quantity", "UOM", "Price", "Line Currency", "Sent")
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
  Sent: transmission-method-override
constants: {{ship-to-user/login: migration, order-lines/account/code: A, order-lines/description: D{amount}}}
rules: {{order-lines/price: {{min: 0}}, supplier/name: {{required: true}}{rule}}}
{more}
"""
UNIQUE = ", order-lines/uom/code: {unique: true}"
EXACTLY_ONE = ", order-lines: {exactly_one_of: [uom, quantity]}"
CHOICES = {
    "numbered": ("", ", number_lines: true", ", fill_down: [PO]", ", number_lines: true, fill_down: [PO]"),
    "currency": ("currency/code", "{ignore: unused}"),
    "rule": ("", UNIQUE, EXACTLY_ONE),
    "more": ("", "silent: required", "keys: exact", "totals_rows: skip", "totals_rows: keep"),
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

    cells: Cells
    size: int
    odd: tuple[Finding, ...] = ()
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
        return self.odd


GOOD = ("Acme", "USD", "", "OrderQuantityLine", "5", "EA", "1.50", "USD", "do_not_transmit")
ODD: tuple[tuple[Cell, ...], ...] = (
    (None, "left out", "Umbrella", "Total: 9.00"),
    ("EUR", None),
    (None, "1", "2", "x", "2\u200b"),
    ("OrderAmountLine", None, "other"),
    (None, "0", "7"),
    (None, "CS"),
    (None, "cheap", "-1", "12345.678901", "3.00"),
    (None, "EUR"),
    (None, "email"),
)


@st.composite
def tables(draw: st.DrawFn) -> Cells:
    """Orders of some lines each, nearly all in order, with some odd cells, rows out of place and keys without zeros."""
    keys = draw(
        st.lists(
            st.sampled_from(["7", "8", "9", "10", "a1", "007", "08", "A1", "8\u200b", None]), min_size=3, unique=True
        )
    )
    rows: list[list[Cell]] = []
    for key in keys:
        rows += [[key, *GOOD[:2], str(line), *GOOD[3:]] for line in range(1, draw(st.integers(1, 3)) + 1)]
    for place, column in draw(st.lists(st.tuples(st.integers(0, len(rows) - 1), st.integers(1, 9)), max_size=3)):
        rows[place][column] = draw(st.sampled_from(ODD[column - 1]))
    for place in draw(st.lists(st.integers(0, len(rows) - 1), max_size=1)):
        rows[place][3:9] = [None] * 6
    for key, column in draw(st.lists(st.tuples(st.sampled_from(keys), st.integers(1, 9)), max_size=2)):
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


def judged(text: str, cells: Cells, size: int, odd: tuple[Finding, ...] = ()) -> tuple[object, ...]:
    """All there is to say about a table in chunks of so many rows, but for the order in which it is said."""
    file = MappedFile(loaded(text), Path("law.yaml"), Rows(cells, size, odd), Path("law.csv"), ())
    found = check(file)
    kept = (found.skipped, found.keyless, found.clean_rows, found.failed_rows, found.failed_keys, found.failed_totals)
    return (found.as_json(), *kept, sorted(map(repr, found.findings)), sorted(clean_documents(file, found)))


def oddities(rows: int) -> st.SearchStrategy[tuple[Finding, ...]]:
    """What the reader of a file may have found: about the file as a whole, or about one of its rows."""
    about = st.one_of(st.just(0), st.integers(2, rows + 1))
    severity = st.sampled_from(Severity)
    finding = st.builds(lambda row, how: Finding("extra-cells", "odd", row, severity=how), about, severity)
    return st.one_of(st.just(()), st.just(()), st.tuples(finding))


MANY: Cells = [(str(key), *GOOD[:2], "1", *GOOD[3:]) for key in range(1, 8)]


def altered(column: str, value: Cell, *, row: int = 3, before: Cells | None = None) -> Cells:
    """Many good orders, with one cell in their midst changed."""
    cells = [list(each) for each in before or MANY]
    cells[row][TITLES.index(column)] = value
    return [tuple(each) for each in cells]


def mapping(**chosen: str) -> str:
    """The plainest mapping but for what is chosen."""
    return MAPPING.format(**PLAIN | chosen)


TWO_LINES = [*MANY[:4], altered("Line", "2")[3], *MANY[4:]]
"""Many good orders, the fourth of two lines."""


@settings(max_examples=1000, deadline=None)
@given(st.data(), tables(), choices(), st.integers(6, 40))
def test_a_file_is_judged_alike_in_chunks_of_any_size(data: st.DataObject, cells: Cells, text: str, size: int) -> None:
    odd = data.draw(oddities(len(cells)))
    assert judged(text, cells, size, odd) == judged(text, cells, 1, odd)


@pytest.mark.parametrize(
    ("cells", "text", "odd"),
    [
        pytest.param([(f"0{key}", *cells) for key, *cells in MANY] + MANY, mapping(), (), id="zeros lost"),
        pytest.param([*MANY, MANY[0]], mapping(), (), id="a key comes back"),
        pytest.param(MANY, mapping(), (Finding("merged-cells", "odd"),), id="the whole file is unsound"),
        pytest.param(MANY, mapping(), (Finding("extra-cells", "odd", 5),), id="one row is unsound"),
        pytest.param(altered("Sent", "email"), mapping(more="silent: required"), (), id="one of many is not silent"),
        pytest.param(altered("Sent", None), mapping(more="silent: required"), (), id="one of many says nothing"),
        pytest.param(altered("Supplier", None), mapping(), (), id="the header lacks what is required"),
        pytest.param(altered("Supplier", "Other", before=TWO_LINES), mapping(), (), id="rows of one order differ"),
        pytest.param(altered("Line", "1", row=4, before=TWO_LINES), mapping(), (), id="a line number twice"),
        pytest.param(altered("Line", None, row=4, before=TWO_LINES), mapping(), (), id="a line without number"),
        pytest.param(
            altered("Line", None, row=2, before=altered("Line", "1", row=4, before=TWO_LINES)),
            mapping(),
            (),
            id="a line number twice, and one missing elsewhere",
        ),
        pytest.param(altered("PO", None), mapping(), (), id="a row without a number"),
        pytest.param(
            [(*each[:3], *[None] * 6, each[9]) if each[0] == "4" else (*each[:3], None, *each[4:]) for each in MANY],
            MAPPING.format(**PLAIN | AMOUNTS),
            (),
            id="an order without a line, where no line has a number",
        ),
        pytest.param(altered("Quantity", None), mapping(), (), id="a quantity line without quantity"),
        pytest.param(altered("UOM", None), mapping(), (), id="a quantity line without unit"),
        pytest.param(altered("Type", "OrderAmountLine"), mapping(), (), id="an amount line with quantity"),
        pytest.param(altered("Price", "-1"), mapping(), (), id="a bad row"),
        pytest.param(altered("Price", "-1", before=TWO_LINES), mapping(), (), id="a bad row beside a good one"),
        pytest.param(altered("Quantity", "some", before=TWO_LINES), mapping(), (), id="a bad quantity"),
        pytest.param(
            altered("Line", "1", row=4, before=altered("Price", "-1", before=TWO_LINES)),
            mapping(),
            (),
            id="a line number twice in an order with a bad row",
        ),
        pytest.param(
            altered("Supplier", "Other", before=altered("Price", "-1", before=TWO_LINES)),
            mapping(),
            (),
            id="rows of one order differ, and one is bad",
        ),
        pytest.param(
            altered("UOM", None, row=4, before=altered("Price", "-1", before=TWO_LINES)),
            mapping(),
            (),
            id="a quantity line without unit in an order with a bad row",
        ),
        pytest.param(
            altered("Quantity", None, row=4, before=altered("Quantity", "some", before=TWO_LINES)),
            mapping(),
            (),
            id="a quantity line without quantity beside one with a bad quantity",
        ),
        pytest.param(
            altered("Type", "OrderAmountLine", before=altered("Quantity", "some", before=TWO_LINES)),
            mapping(),
            (),
            id="an amount line with a bad quantity",
        ),
        pytest.param(
            altered("Price", "-1", before=TWO_LINES),
            mapping(),
            (Finding("extra-cells", "odd", 5),),
            id="a bad row in an order that is unsound, too",
        ),
        pytest.param(altered("Line Currency", "EUR"), mapping(currency="{ignore: unused}"), (), id="two currencies"),
        pytest.param(MANY, mapping(rule=UNIQUE), (), id="what must be unique is not"),
        pytest.param(MANY, mapping(rule=EXACTLY_ONE), (), id="both of two where one is wanted"),
        pytest.param(
            [(*each[:3], *[None] * 6, each[9]) if each[0] == "4" else each for each in MANY],
            MAPPING.format(**PLAIN | AMOUNTS),
            (),
            id="an order without a line",
        ),
    ],
)
def test_each_condition_of_the_proof_is_asked(cells: Cells, text: str, odd: tuple[Finding, ...]) -> None:
    one_by_one = judged(text, cells, 1, odd)
    for size in (40, 5, 4):
        assert judged(text, cells, size, odd) == one_by_one


@pytest.mark.parametrize(
    ("cells", "odd", "failed"),
    [
        (MANY, (Finding("merged-cells", "odd"),), {"1", "2", "3", "4", "5", "6", "7"}),
        (MANY, (Finding("extra-cells", "odd", 5),), {"4"}),
        (altered("Price", "-1"), (), {"4"}),
        (altered("Price", "-1", row=0), (), {"1"}),
        (MANY, (), set()),
    ],
)
def test_what_is_unsound_is_never_clean(cells: Cells, odd: tuple[Finding, ...], failed: set[str]) -> None:
    file = MappedFile(loaded(mapping()), Path("law.yaml"), Rows(cells, 40, odd), Path("law.csv"), ())
    found = check(file)
    assert (found.failed_keys, found.clean_rows) == (failed, len(cells) - len(failed))
