import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from world import World, there

from bulkpo.coupa.outcomes import Outcome
from bulkpo.coupa.transport import Answer
from bulkpo.errors import OutputError, UsageError
from bulkpo.journal.run import RunJournal
from bulkpo.model.table import Chunk
from bulkpo.runs.imports.fates import Ties, fates
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.runs.imports.run import run_import
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.states import State
from bulkpo.tables.reading.table import TableSource
from bulkpo.tables.workbooks.read_back import RowTies, ties_read_back

QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)
NOT_A_NUMBER = (
    "'x' is not a plain number; correct it, or declare how the file writes numbers, such as numbers: {decimal: \".\"}"
)
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
    rows = world.sheet(there(result.result), "Rows")
    assert [(row["Row"], row["Number"], row["Description"], row["Status"]) for row in rows] == [
        (2, "PO-1", "Bolts", "created"),
        (3, "PO-2", "Nuts", "refused"),
        (4, "PO-1", "Bolts", "created"),
        (5, "PO-2", "Nuts", "refused"),
        (6, "PO-3", "Screws", "not sent"),
        (7, "PO-3", "Screws", "not sent"),
        (8, None, "Nails", "not sent"),
    ]
    assert rows[0]["Coupa id"] == rows[2]["Coupa id"] == world.entry("PO-1", 1).coupa_id
    assert rows[1]["Message"].startswith("Unable to find valid Supplier record for supplier")
    assert rows[5]["Message"] == "another row of this order has an error"
    assert rows[4]["Message"] not in (None, rows[5]["Message"])


NO_NUMBER = (
    "Number is empty, so the row belongs to no order; fill it in, skip the row by skip_rows, or carry it down by "
    "document.fill_down"
)


def test_the_failed_orders_are_whole_and_can_be_corrected_and_imported_again(world: World) -> None:
    result = world.bring(ROWS)
    title, *rows = there(result.failed).read_text(encoding="utf-8").splitlines()
    assert title == "Number,Supplier,Line,Description,Quantity,Price,bulkpo findings"
    reasons = [
        ',"Unable to find valid Supplier record for supplier with keys {""name""=>""Nobody""}"',
        "",
        f',"Quantity: {NOT_A_NUMBER.replace(chr(34), 2 * chr(34))}"',
        "",
        f',"{NO_NUMBER}"',
    ]
    assert rows == [row + reason for row, reason in zip([ROWS[1], *ROWS[3:]], reasons, strict=True)]
    world.file = there(result.failed)
    again = run_import(world.begin())
    assert world.states(2).keys() == {"PO-2"}
    assert again.result == world.folder / "orders.failed.result.xlsx"


def test_the_totals_stand_side_by_side_with_their_difference(world: World) -> None:
    result = world.bring(ROWS)
    summary = world.sheet(there(result.result), "Summary")
    assert [tuple(row.values()) for row in summary[:3]] == [
        ("USD", "Orders", 2, 1, 1, 0, "not all was sent"),
        ("USD", "Lines", 4, 2, 2, 0, "not all was sent"),
        ("USD", "Amount", 7, 3, 3, 0, "not all was sent"),
    ]
    assert [(row["Figure"], row["Source"]) for row in summary[3:5]] == [("Orders created", 1), ("Orders refused", 1)]
    amounts = [(row["Figure"], row["Source"]) for row in summary[5:] if str(row["Figure"]).startswith("Amount")]
    assert amounts == [
        ("Amount created", 3), ("Amount refused", 4), ("Amount with errors", 2), ("Amount in the file", 9),
    ]  # fmt: skip


def test_an_order_changed_in_coupa_shows_as_a_difference(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write(ROWS[:1])
    job = world.begin()
    job.options = replace(QUICK, canary=1)

    created = world.client.create

    def create_and_change(resource: str, body: bytes, content_type: str, key: str = "") -> Outcome:
        outcome = created(resource, body, content_type, key)
        (order,) = world.client.find("purchase_orders", [])
        line = order["order-lines"][0]["id"]
        lines = f"<order-lines><order-line><id>{line}</id><price>9.00</price></order-line></order-lines>"
        change = f"<order-header>{lines}</order-header>"
        path = f"/api/purchase_orders/{order['id']}"
        answer = world.client._exchange.once("PUT", path, change.encode(), "application/xml")
        assert isinstance(answer, Answer)
        assert answer.status == 200

        return outcome

    monkeypatch.setattr(world.client, "create", create_and_change)
    result = run_import(job)
    amount = world.sheet(there(result.result), "Summary")[2]
    assert (amount["Sent"], amount["Read back"], amount["Difference"]) == (Decimal("1.5"), 9, Decimal("7.5"))
    assert amount["Says"] == "Coupa has something else than was sent"
    assert result.exit_code == 1


def test_failed_orders_that_somebody_corrects_are_not_written_over(world: World) -> None:
    first = world.bring(ROWS)
    assert world.resume().failed == first.failed, "untouched, the file is written anew"
    failed = there(first.failed)
    failed.write_bytes(failed.read_bytes() + b" ")
    assert world.resume().failed == world.folder / "orders.failed.2.csv"
    assert failed.read_bytes().endswith(b" ")


def test_a_process_killed_between_the_failed_file_and_its_note_leaves_one_failed_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember = RunJournal.remember

    def dying(journal: RunJournal, **changes: object) -> None:
        if changes.get("failed_digest"):
            raise KeyboardInterrupt
        remember(journal, **changes)

    with monkeypatch.context() as patch:
        patch.setattr(RunJournal, "remember", dying)
        with pytest.raises(KeyboardInterrupt):
            world.bring(ROWS)
    left = world.folder / "orders.failed.csv"
    assert left.exists()
    assert world.resume().failed == left
    assert [path.name for path in world.folder.glob("*failed*")] == ["orders.failed.csv"]
    left.write_text("begun to correct", encoding="utf-8")
    assert there(world.resume().failed).name == "orders.failed.2.csv"
    assert left.read_text(encoding="utf-8") == "begun to correct"


def test_failed_orders_that_were_created_after_all_leave_no_file_behind(world: World) -> None:
    first = world.bring(["PO-2,Late Ltd,1,Nuts,1,2.00"])
    assert there(first.failed).exists()
    world.client.create("suppliers", b"<supplier><name>Late Ltd</name></supplier>", "application/xml")
    assert world.resume(options=replace(QUICK, retry_refused=True)).failed is None
    assert not there(first.failed).exists()


class Shifting(FilePlan):
    """An input that is being edited while its result is written."""

    def chunks(self) -> Iterator[Chunk]:
        yield from super().chunks()
        with self.file.open("a", encoding="utf-8") as file:
            file.write("PO-99,Acme Supplies,1,Bolts,1,1.00\n")


def test_a_result_whose_input_changed_while_it_was_written_is_refused(world: World) -> None:
    world.write(ROWS[:1])
    job = world.begin()
    (plan,) = job.plan.files()
    job.plan = Shifting(plan.mapped, plan.checked)
    result = run_import(job)
    assert result.exit_code == 3
    assert str(result.trouble) == (
        f"{world.folder}/orders.result.xlsx: orders.csv changed while its result was written, so do not use it. "
        "`bulkpo resume 1` writes it anew once the file is as it was"
    )


class Spoiling(FilePlan):
    """An input whose result is cut short on the disk between its writing and its being read back."""

    @property
    def columns(self) -> Sequence[str]:
        result = self.beside(self.result_name)
        if result.exists():
            result.write_bytes(result.read_bytes()[:-100])
        return super().columns


def test_a_result_that_is_damaged_on_the_disk_is_refused_and_written_anew(world: World) -> None:
    world.write(ROWS[:1])
    job = world.begin()
    (plan,) = job.plan.files()
    job.plan = Spoiling(plan.mapped, plan.checked)
    result = run_import(job)
    assert str(result.trouble) == (
        f"{world.folder}/orders.result.xlsx: it does not read back as it was written, so do not use it. "
        "`bulkpo resume 1` writes it anew"
    )
    assert there(world.resume().result) == world.folder / "orders.result.2.xlsx"


def test_each_row_of_a_result_is_held_against_the_row_of_the_input_it_was_made_from(world: World) -> None:
    world.bring(ROWS)
    (found,) = ties_read_back(world.folder / "orders.result.xlsx", "Rows", 12)
    rows = list(zip(*found, strict=True))
    assert rows == [
        (row["Row"], row["Fingerprint"]) for row in world.sheet(world.folder / "orders.result.xlsx", "Rows")
    ]
    ties = Ties()
    for some in fates(world.plan(), RunJournal(world.journal, 1)):
        ties.add(some)

    def broken(*written: tuple[int, str], most: int = 10) -> int | None:
        together = RowTies(*map(list, zip(*written, strict=True)))
        one_by_one = [RowTies([number], [print_]) for number, print_ in written]
        found = {ties.broken(some, most) for some in ([together], one_by_one)}
        assert len(found) == 1, "however many rows are read at a time"
        return found.pop()

    assert broken(*rows) is None
    assert broken(rows[0], (rows[1][0], "0" * 12)) == 3, "another row's cells"
    assert broken(rows[1], rows[0]) == 2, "rows that changed places"
    assert broken(rows[0]) == 3, "a row that is missing"
    assert broken(rows[0], most=1) is None, "what follows stands in another sheet"


@pytest.mark.parametrize(
    ("bad", "most"),
    [("", 4), ("PO-2,Acme Supplies,1,Bolts,x,1.00", 5), ("PO-2,Nobody,1,B,1,1", 7)],
    ids=["all clean", "one that fails the check", "one refused, which is compared with what is there"],
)
def test_an_import_reads_its_input_to_check_plan_send_and_tell_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch, bad: str, most: int
) -> None:
    read: list[str] = []
    chunks = TableSource.chunks

    def counting(source: TableSource) -> Iterator[Chunk]:
        read.append(source.file)
        return chunks(source)

    monkeypatch.setattr(TableSource, "chunks", counting)
    result = world.bring([row for row in (ROWS[0], bad) if row])
    assert (result.failed is not None) == bool(bad)
    assert read.count("orders.csv") == most


def test_a_result_that_cannot_be_written_is_said_and_the_run_is_kept(world: World) -> None:
    (world.folder / "orders.result.xlsx").mkdir()
    result = world.bring(ROWS[:1])
    assert isinstance(result.trouble, OutputError)
    assert (result.result, result.counts[State.CREATED], result.exit_code) == (None, 1, 3)
    (world.folder / "orders.result.xlsx").rmdir()
    assert world.resume().exit_code == 0


TWO_FILES = """\
bulkpo: import/1
name: two-files
resource: purchase_orders
document: {key: po-number}
tables:
  headers:
    columns: {Number: po-number, Supplier: supplier/name}
  lines:
    source: {file: lines.csv}
    columns: {Number: po-number, Line: order-lines/line-num, Price: order-lines/price}
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  currency/code: USD
  order-lines/type: OrderAmountLine
  order-lines/description: Work
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""


def imported(world: World) -> Any:  # noqa: ANN401 - as the fixture's own `bring`, which cannot be imported
    return run_import(world.begin())


def write_two_files(world: World, second_supplier: str) -> None:
    world.mapping.write_text(TWO_FILES, encoding="utf-8")
    world.file.write_text(f"Number,Supplier\nPO-1,Acme Supplies\nPO-2,{second_supplier}\n", encoding="utf-8")
    (world.folder / "lines.csv").write_text("Number,Line,Price\nPO-2,1,5\nPO-1,1,5\nPO-2,2,5\n", encoding="utf-8")


def test_failed_orders_of_two_files_are_in_a_folder_by_their_names_and_can_be_imported_again(world: World) -> None:
    write_two_files(world, "Nobody")
    inputs = [path.read_bytes() for path in (world.file, world.folder / "lines.csv")]
    result = imported(world)
    assert (result.trouble, result.exit_code, result.counts[State.CREATED]) == (None, 1, 1)
    folder = world.folder / "orders.failed"
    assert result.failed == folder / "orders.csv"
    assert (
        (folder / "orders.csv")
        .read_text(encoding="utf-8")
        .startswith('Number,Supplier,bulkpo findings\nPO-2,Nobody,"Unable to find valid Supplier record for supplier')
    )
    assert (folder / "lines.csv").read_text(encoding="utf-8") == "Number,Line,Price\nPO-2,1,5\nPO-2,2,5\n"
    assert inputs == [path.read_bytes() for path in (world.file, world.folder / "lines.csv")]
    corrected = there(result.failed).read_text(encoding="utf-8").replace("Nobody", "Acme Supplies")
    result.failed.write_text(corrected, encoding="utf-8")
    world.file = there(result.failed)
    assert imported(world).exit_code == 0
    assert world.in_coupa() == ["PO-1", "PO-2"]


def test_failed_orders_of_two_files_are_not_written_over_once_either_is_corrected(world: World) -> None:
    write_two_files(world, "Nobody")
    first = imported(world)
    assert world.resume().failed == first.failed, "untouched, the files are written anew"
    first.failed.with_name("lines.csv").unlink()
    assert world.resume().failed == world.folder / "orders.failed.2/orders.csv"
    assert not first.failed.with_name("lines.csv").exists()


def test_failed_orders_of_two_files_that_were_created_after_all_leave_no_folder_behind(world: World) -> None:
    write_two_files(world, "Late Ltd")
    first = imported(world)
    assert there(first.failed).exists()
    world.client.create("suppliers", b"<supplier><name>Late Ltd</name></supplier>", "application/xml")
    assert world.resume(options=replace(QUICK, retry_refused=True)).failed is None
    assert not first.failed.parent.exists()


def test_failed_orders_of_two_sheets_are_one_workbook(world: World) -> None:
    root = Path(__file__).parents[3]
    world.mapping = root / "mappings/import/two-sheets.yaml"
    world.file = world.folder / "two-sheets.xlsx"
    shutil.copy(root / "samples/two-sheets.xlsx", world.file)
    result = imported(world)
    assert (result.trouble, result.exit_code) == (None, 1)
    assert result.failed == world.folder / "two-sheets.failed.xlsx"
    assert {"Orders", "Lines"} <= set(openpyxl.load_workbook(result.failed).sheetnames)


def test_whatever_keeps_the_failed_orders_from_being_written_hides_nothing_that_was_created(world: World) -> None:
    write_two_files(world, "Nobody")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bulkpo.runs.imports.result.write_failed", _refuse)
        result = imported(world)
    assert (result.counts[State.CREATED], result.exit_code) == (1, 3)
    assert result.result == world.folder / "orders.result.xlsx"
    assert str(result.trouble) == (
        f"{world.file}: the report on run 1 could not be written: something unheard of; "
        "`bulkpo resume 1` writes it anew"
    )
    assert world.resume().failed == world.folder / "orders.failed/orders.csv"


def _refuse(*_given: object) -> int:
    raise UsageError("something unheard of")


def test_one_endless_cell_keeps_neither_the_result_nor_the_failed_orders_from_being_written(world: World) -> None:
    result = world.bring(["PO-1,Acme Supplies,1,Bolts,1,1.50", f"PO-2,Acme Supplies,1,{'x' * 40_000},1,2.00"])
    assert (result.trouble, world.in_coupa()) == (None, ["PO-1"])
    description = world.sheet(there(result.result), "Rows")[1]["Description"]
    assert str(description).endswith("… (cut: 40,000 characters)")
    assert "x" * 40_000 in there(result.failed).read_text(encoding="utf-8")


def test_a_result_is_written_over_by_its_own_run_alone_and_never_once_it_was_changed(world: World) -> None:
    first = there(world.bring(ROWS[:1]).result)
    second = there(world.bring(ROWS).result)
    assert (first.name, second.name) == ("orders.result.xlsx", "orders.result.2.xlsx")
    world.write(ROWS[:1])
    assert there(world.resume(1).result) == first, "its own, it is written anew"
    first.write_bytes(first.read_bytes() + b" ")
    assert there(world.resume(1).result).name == "orders.result.3.xlsx"
    assert first.read_bytes().endswith(b" ")


def test_results_of_an_input_in_a_folder_that_cannot_be_written_go_where_they_are_told_to(world: World) -> None:
    (world.folder / "elsewhere").mkdir()
    result = world.bring(ROWS, replace(QUICK, out=world.folder / "elsewhere"))
    assert there(result.result) == world.folder / "elsewhere/orders.result.xlsx"
    assert there(result.failed) == world.folder / "elsewhere/orders.failed.csv"


def test_a_run_that_is_gone_on_with_puts_its_results_where_it_was_told_to_when_it_began(world: World) -> None:
    (world.folder / "elsewhere").mkdir()
    world.write(ROWS)
    world.begin(replace(QUICK, out=world.folder / "elsewhere"))
    result = world.resume()
    assert there(result.result) == world.folder / "elsewhere/orders.result.xlsx"
    assert there(result.failed) == world.folder / "elsewhere/orders.failed.csv"
