"""The law of figures of orders: they are judged alike by columns and order by order, however rows are parted."""

from functools import cache

from hypothesis import example, given
from hypothesis import strategies as st

from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.apply import Applier
from bulkpo.model.finding import Finding
from bulkpo.model.table import Chunk, Column
from bulkpo.runs.checking.order_controls import OrderControls
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TITLES = ("PO", "Quantity", "Price", "Total", "Lines")
MAPPING = """\
bulkpo: import/1
name: law
document: {key: po-number}
rules: {ship-to-user: {required: false}, order-lines/account: {required: false}}
constants: {order-lines/description: bolts, order-lines/currency/code: EUR, currency/code: EUR}
controls: [{column: Total, equals: order_amount, within: 1}, {column: Lines, equals: line_count, differs: notice}]
columns:
  PO: po-number
  Quantity: order-lines/quantity
  Price: order-lines/price
  Total: {ignore: control}
  Lines: {ignore: control}
"""
ROWS = st.tuples(
    st.sampled_from(["2", "1", "none", ""]),
    st.sampled_from(["1.5", "2", "0"]),
    st.sampled_from(["", "", "3", "4", "3.00", "6"]),
    st.sampled_from(["", "", "1", "2", "3"]),
)


@cache
def mapping() -> ImportMapping:
    tables = ElementTables(schema_text)
    return load_import(MAPPING, "law.yaml", tables, Beside(schema_text, lambda _: {}, schema_text))


def judged(orders: list[tuple[str, list[tuple[str, ...]]]], rows_of_chunk: int, *, one_by_one: bool) -> list[Finding]:
    applier = Applier(mapping(), [Column(number, title) for number, title in enumerate(TITLES, 1)])
    rows = [(key, *row) for key, its in orders for row in its]
    controls = OrderControls(mapping(), is_scattered=one_by_one)
    for start in range(0, len(rows), rows_of_chunk):
        some = rows[start : start + rows_of_chunk]
        numbers = range(2 + start, 2 + start + len(some))
        controls.look(applier.apply(Chunk(numbers, list(zip(*some, strict=True)), is_text=True)), applier.numbers)
    controls.finish(applier.numbers)
    return [finding for found in controls.broken.values() for finding in found]


@given(
    orders=st.lists(st.lists(ROWS, min_size=1, max_size=4), min_size=1, max_size=8), rows_of_chunk=st.integers(1, 12)
)
@example(orders=[[("2", "1.5", "", count) for count in ("", "2", "2", "1")]], rows_of_chunk=2)
def test_orders_are_judged_alike_by_columns_and_one_by_one(
    orders: list[list[tuple[str, ...]]], rows_of_chunk: int
) -> None:
    named = [(f"PO{number}", rows) for number, rows in enumerate(orders)]
    by_columns = judged(named, rows_of_chunk, one_by_one=False)
    assert by_columns == judged(named, rows_of_chunk, one_by_one=True)
    assert by_columns == judged(named, 1, one_by_one=True)


@given(orders=st.lists(st.lists(ROWS, min_size=1, max_size=3), min_size=3, max_size=6), gaps=st.sets(st.integers(0, 5)))
def test_rows_of_no_order_part_none(orders: list[list[tuple[str, ...]]], gaps: set[int]) -> None:
    named = [("" if number in gaps else f"PO{number // 3}", rows) for number, rows in enumerate(orders)]
    assert judged(named, 20, one_by_one=False) == judged(named, 20, one_by_one=True)
