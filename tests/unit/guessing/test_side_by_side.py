"""Two tables of one shape side by side: none of their columns is decided for one of them, and both are told of."""

from pathlib import Path

from bulkpo.mapping.guessing.guess import Use
from bulkpo.runs.drafting.guess import guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

HEADINGS = "PO Number,Vendor No,Description,Qty,UOM,Unit Price"


def test_tables_side_by_side_are_told_of_and_neither_order_number_is_taken(tmp_path: Path) -> None:
    rows = [f"{HEADINGS},,{HEADINGS}"]
    for order in range(8):
        left = f"PO-{100 + order},V{order % 3},Sheet {order},{order + 1},EA,{order + 7}.25"
        rows.append(f"{left},,PO-{300 + order},V{order % 2},Oil {order},{order + 2},LTR,{order + 3}.50")
    path = tmp_path / "o.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    guess = guess_files([path], ElementTables(schema_text), "purchase_orders", "UTC").guess
    assert guess.reasons[0].startswith("two tables stand side by side, with the same headings")
    columns = {each.title: each.use for each in guess.columns}
    assert columns["PO Number"] is columns["PO Number#2"] is Use.UNDECIDED
