import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bulkpo.coupa.failures import Outcome
from bulkpo.errors import OutputError
from bulkpo.runs.file_plan import FilePlan
from bulkpo.runs.import_job import ImportOptions
from bulkpo.runs.import_run import run_import
from bulkpo.runs.plan import SourceRow
from bulkpo.states import State

World = Any  # the fixture of conftest.py, which cannot be imported
QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)
ROWS = [
    "PO-1,Acme Supplies,1,Bolts,1,1.50",
    "PO-2,Nobody,1,Nuts,1,2.00",
    "PO-1,Acme Supplies,2,Bolts,1,1.50",
    "PO-2,Nobody,2,Nuts,1,2.00",
    "PO-3,Acme Supplies,1,Screws,x,2.00",
    "PO-3,Acme Supplies,2,Screws,1,2.00",
    ",Acme Supplies,1,Nails,1,2.00",
]


def test_every_row_of_the_input_is_in_the_result_with_what_became_of_it(world: World) -> None:
    result = world.bring(ROWS)
    rows = world.sheet(result.result, "Rows")
    assert [(row["Row"], row["Number"], row["Description"], row["Status"]) for row in rows] == [
        (2, "PO-1", "Bolts", "created"),
        (3, "PO-2", "Nuts", "refused"),
        (4, "PO-1", "Bolts", "created"),
        (5, "PO-2", "Nuts", "refused"),
        (6, "PO-3", "Screws", "not sent"),
        (7, "PO-3", "Screws", "not sent"),
        (8, None, "Nails", "not sent"),
    ]
    assert rows[0]["Coupa id"] == rows[2]["Coupa id"] == world.journal.entry(1, "PO-1").coupa_id
    assert rows[1]["Message"].startswith("Unable to find valid Supplier record for supplier")
    assert rows[5]["Message"] == "another row of this order has an error"
    assert rows[4]["Message"] not in (None, rows[5]["Message"])


def test_the_failed_orders_are_whole_and_can_be_corrected_and_imported_again(world: World) -> None:
    result = world.bring(ROWS)
    assert result.failed.read_text(encoding="utf-8").splitlines() == [
        "Number,Supplier,Line,Description,Quantity,Price", *ROWS[1:2], *ROWS[3:],
    ]  # fmt: skip
    world.file = result.failed
    again = run_import(world.begin())
    assert world.states(2).keys() == {"PO-2"}
    assert again.result == world.folder / "orders.failed.result.xlsx"


def test_the_totals_stand_side_by_side_with_their_difference(world: World) -> None:
    result = world.bring(ROWS)
    summary = world.sheet(result.result, "Summary")
    assert [tuple(row.values()) for row in summary[:3]] == [
        ("USD", "Orders", 2, 1, 1, 0, "not all was sent"),
        ("USD", "Lines", 4, 2, 2, 0, "not all was sent"),
        ("USD", "Amount", 7, 3, 3, 0, "not all was sent"),
    ]
    assert [(row["Figure"], row["Source"]) for row in summary[3:]] == [("Orders created", 1), ("Orders refused", 1)]


def test_an_order_changed_in_coupa_shows_as_a_difference(world: World) -> None:
    world.write(ROWS[:1])
    job = world.begin()
    job.options = replace(QUICK, canary=1)

    created = world.client.create

    def create_and_change(*given: object) -> Outcome:
        outcome: Outcome = created(*given)
        (order,) = world.client.find("purchase_orders", [])
        line = order["order-lines"][0]["id"]
        lines = f"<order-lines><order-line><id>{line}</id><price>9.00</price></order-line></order-lines>"
        body = f"<order-header>{lines}</order-header>"
        path = f"/api/purchase_orders/{order['id']}"
        assert world.client._exchange.once("PUT", path, body.encode(), "application/xml").status == 200

        return outcome

    world.client.create = create_and_change
    result = run_import(job)
    amount = world.sheet(result.result, "Summary")[2]
    assert (amount["Sent"], amount["Read back"], amount["Difference"]) == (Decimal("1.5"), 9, Decimal("7.5"))
    assert amount["Says"] == "Coupa has something else than was sent"
    assert result.exit_code == 1


def test_failed_orders_that_somebody_corrects_are_not_written_over(world: World) -> None:
    first = world.bring(ROWS)
    assert world.resume().failed == first.failed, "untouched, the file is written anew"
    first.failed.write_bytes(first.failed.read_bytes() + b" ")
    assert world.resume().failed == world.folder / "orders.failed.2.csv"
    assert first.failed.read_bytes().endswith(b" ")


def test_failed_orders_that_were_created_after_all_leave_no_file_behind(world: World) -> None:
    first = world.bring(["PO-2,Late Ltd,1,Nuts,1,2.00"])
    assert first.failed.exists()
    world.client.create("suppliers", b"<supplier><name>Late Ltd</name></supplier>", "application/xml")
    assert world.resume(options=replace(QUICK, retry_refused=True)).failed is None
    assert not first.failed.exists()


class Shifting(FilePlan):
    """An input whose rows are others each time they are read, as a file that is being edited."""

    def source_rows(self) -> Iterator[SourceRow]:
        for row in super().source_rows():
            yield row._replace(cells=[Decimal(time.perf_counter_ns()), *row.cells[1:]])


def test_a_result_whose_rows_are_not_tied_to_the_input_is_refused(world: World) -> None:
    world.write(ROWS[:1])
    job = world.begin()
    job.plan = Shifting(job.plan.mapped, job.plan.checked)
    result = run_import(job)
    assert result.exit_code == 3
    assert str(result.trouble) == (
        f"{world.folder}/orders.result.xlsx: row 2 of orders.csv is not tied to its result; the input changed while "
        "the result was written, so do not use it. `bulkpo resume 1` writes it anew"
    )


def test_a_result_that_cannot_be_written_is_said_and_the_run_is_kept(world: World) -> None:
    (world.folder / "orders.result.xlsx").mkdir()
    result = world.bring(ROWS[:1])
    assert isinstance(result.trouble, OutputError)
    assert (result.result, result.counts[State.CREATED], result.exit_code) == (None, 1, 3)
    (world.folder / "orders.result.xlsx").rmdir()
    assert world.resume().exit_code == 0
