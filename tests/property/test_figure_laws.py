"""The law of plain numbers: figures of columns read whole are those read cell by cell, and so is what is told."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from hypothesis import example, given
from hypothesis import strategies as st

from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.apply import Applier
from bulkpo.model.finding import Finding
from bulkpo.model.table import Cell, Chunk, Column
from bulkpo.runs.checking.order_controls import OrderControls
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TITLES = ("PO", "Quantity", "Price", "Per", "Line Total", "PO Total")
MAPPING = """\
bulkpo: import/1
name: law
document: {{key: po-number}}
rules: {{ship-to-user: {{required: false}}, order-lines/account: {{required: false}}, order-lines/price: {{max: 5000}}}}
constants: {{order-lines/description: bolts, order-lines/currency/code: EUR, currency/code: EUR}}
{marks}
controls:
- {{column: Line Total, equals: line_amount, within: 0.01}}
- {{column: PO Total, equals: order_amount, within: 1}}
columns:
  PO: po-number
  Quantity: order-lines/quantity
  Price: {{to: order-lines/price, {steps}}}
  Per: {{ignore: for how many a price is}}
  Line Total: {{ignore: control}}
  PO Total: {{ignore: control}}
"""
MARKS = (
    'numbers: {decimal: ".", thousands: ","}',
    'numbers: {decimal: ","}',
    'numbers: {decimal: ",", thousands: "."}',
    'numbers: {decimal: "."}\nblanks: ["0", n/a]',
    "",
)
STEPS = (
    "divide_by: Per",
    "multiply_by: Per",
    "subtract: Per",
    "divide_by: {column: Per, zero: 1, empty: 1}",
    "divide_by: Per, round: {digits: 2}",
    "divide_by: 100",
)
PLAIN = ("1", "2", "2.50", "12.5", "100", "3", "7", "0.25", "5")
ODD = (
    *("", "0", "-3", "007", ".5", "5.", "1,234", "1.234,5", "2,50", "--3", "1-5", "3-", "+4", "-0", "-", ".", "n/a"),
    *("1e5", "1\n2", "NaN", "1_000", "\u0663", "9" * 41, "0" * 41 + "1", "0.0000001", "6000", "cheap", None),
    *(Decimal("2.5"), Decimal(0)),
)
Cells = list[tuple[Cell, ...]]


@cache
def mapping(marks: str, steps: str) -> ImportMapping:
    text = MAPPING.format(marks=marks, steps=steps)
    return load_import(text, "law.yaml", ElementTables(schema_text), Beside(schema_text, lambda _: {}, schema_text))


def one_by_one(cell: Cell) -> Cell:
    """A cell that says the same and is never plain."""
    return f"{cell} " if isinstance(cell, str) else cell


def bare(findings: Sequence[Finding]) -> list[Finding]:
    return [each._replace(value=each.value.strip()) for each in findings]


def judged(of: ImportMapping, rows: Cells, size: int) -> object:
    """All that is made of some rows and told of them, in chunks of one size."""
    applier = Applier(of, [Column(number, title) for number, title in enumerate(TITLES, 1)])
    controls = OrderControls(of, is_scattered=False)
    made: list[object] = []
    for start in range(0, len(rows), size):
        some = rows[start : start + size]
        records = applier.apply(Chunk(range(2 + start, 2 + start + len(some)), list(zip(*some, strict=True))))
        controls.look(records, applier.numbers)
        made.append((records.levels, records.bad, records.troubled, list(map(str, records.amounts))))
        made.append(sorted(bare(records.findings), key=repr))
    controls.finish(applier.numbers)
    broken = {key: bare(found) for key, found in controls.broken.items()}
    return made, broken, bare(applier.findings()), applier.doubts()


@st.composite
def tables(draw: st.DrawFn) -> Cells:
    """Orders of some lines, whose totals mostly repeat themselves; few of the cells are odd."""
    cells = st.sampled_from(PLAIN * 6 + ODD) if draw(st.booleans()) else st.sampled_from(PLAIN)
    rows: Cells = []
    for number in range(draw(st.integers(1, 12))):
        total = draw(cells)
        lines = draw(st.lists(st.tuples(cells, cells, cells, cells), min_size=1, max_size=8))
        totals = [total if draw(st.integers(0, 9)) else draw(cells) for _ in lines]
        rows += [(f"PO{number}", *line, each) for line, each in zip(lines, totals, strict=True)]
    return rows


@given(rows=tables(), marks=st.sampled_from(MARKS), steps=st.sampled_from(STEPS), size=st.sampled_from([7, 100]))
@example(rows=[("PO1", "2", "100", "100", "2", "2"), ("PO1", "1", "0" * 41 + "1", "1", "1", "2")] * 9,
         marks=MARKS[0], steps=STEPS[0], size=100)  # fmt: skip
@example(rows=[("PO1", "1", "2,50", "1", "2,50", "1\n2")] * 3, marks=MARKS[1], steps=STEPS[0], size=7)
@example(rows=[("PO1", "1", "2", "0", "0", "0")] * 3, marks=MARKS[3], steps=STEPS[3], size=7)
def test_figures_are_the_same_read_whole_and_cell_by_cell(rows: Cells, marks: str, steps: str, size: int) -> None:
    whole = judged(mapping(marks, steps), rows, size)
    apart = [(key, *map(one_by_one, cells)) for key, *cells in rows]
    assert whole == judged(mapping(marks, steps), apart, size)
