"""The way back from Excel: exported to be edited, edited, brought back; nothing lost and nobody's work overwritten."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from world import SCOPES

import bulkpo
from bulkpo.cli.main import run
from bulkpo.errors import RunError
from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer
from bulkpo.workspace.session import Session, Silent

ROOT = Path(__file__).resolve().parents[2]
MAPPING = """\
bulkpo: export/1
name: orders
resource: purchase_orders
time_zone: America/New_York
rows: order-lines
columns:
  PO Number: po-number
  Supplier: supplier/name
  Attention: ship-to-attention
  Status: status
  Line: order-lines/line-num
  Description: order-lines/description
  Quantity: order-lines/quantity
  Price: order-lines/price
  Need by: order-lines/need-by-date
  Account: order-lines/account/code
  Ship to: ship-to-user/login
  Currency: order-lines/currency/code
  Unit: order-lines/uom/code
"""
Edit = Callable[[Any, dict[str, int]], None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "export.yaml").write_text(MAPPING, encoding="utf-8")
    profiles = "bulkpo: profiles/1\nprofiles:\n  sandbox: {workers: 1}\n"  # so that ids are in the file's order
    (tmp_path / "bulkpo.yaml").write_text(profiles, encoding="utf-8")
    orders = str(ROOT / "samples/legacy-orders.xlsx")
    assert run(["import", str(ROOT / "mappings/import/legacy-orders.yaml"), orders, "--out", "."]) == 0
    assert run(["export", "export.yaml", "--editable", "-o", "orders.xlsx"]) == 0
    capsys.readouterr()
    return tmp_path


def edit(folder: Path, change: Edit, name: str = "orders.xlsx") -> None:
    book = openpyxl.load_workbook(folder / name)
    sheet = book["orders"]
    change(sheet, {str(cell.value): number for number, cell in enumerate(sheet[1], 1)})
    book.save(folder / name)


def updated(capsys: pytest.CaptureFixture[str], name: str = "orders.xlsx", *more: str) -> tuple[int, dict[str, Any]]:
    code = run(["update", name, "--json", *more])
    return code, json.loads(capsys.readouterr().out)


def rows_of(folder: Path, name: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(folder / name)["orders"].iter_rows(values_only=True))


def test_without_an_edit_nothing_is_planned(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert updated(capsys)[1]["cells"] == []
    edit(folder, lambda sheet, _: sheet.move_range("A1:M66", rows=2))
    code, told = updated(capsys)
    assert (code, told["cells"], told["faults"], told["run"]) == (0, [], [], None)


def test_columns_that_are_called_as_hidden_ones_come_back_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = MAPPING.replace(
        "columns:\n", "columns:\n  Coupa id: id\n  Coupa version: version\n  Coupa line id#2: status\n"
    )
    (folder / "export.yaml").write_text(mapping, encoding="utf-8")
    assert run(["export", "export.yaml", "--editable", "-o", "ids.xlsx"]) == 0
    capsys.readouterr()
    edit(folder, lambda sheet, places: sheet.cell(2, places["Attention"], "Dock 9") and None, "ids.xlsx")
    assert updated(capsys, "ids.xlsx")[0] == 0
    shutil.copy(ROOT / "mappings/export/open-orders.yaml", folder / "open.yaml")
    assert run(["export", "open.yaml", "--editable", "-o", "open.xlsx"]) == 0
    assert run(["update", "open.xlsx"]) == 0


def test_what_was_edited_is_in_coupa_and_exported_anew_it_is_the_edited_workbook(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(2, at["Price"]).value = 99.5
        sheet.cell(3, at["Description"]).value = "new text"
        sheet.cell(4, at["Attention"]).value = "007"
        sheet.cell(5, at["Need by"]).value = None

    edit(folder, change)
    code, told = updated(capsys)
    assert [(it["cell"], it["element"], it["old"], it["new"]) for it in told["cells"]] == [
        ("K2", "order-lines/price", "4.25", "99.5"),
        ("I3", "order-lines/description", "Safety gloves, nitrile, size L", "new text"),
        ("F4", "ship-to-attention", "", "007"),
        ("L5", "order-lines/need-by-date", "2026-02-13T00:00:00", ""),
    ]
    assert (code, told["changed"]) == (0, 3)
    assert run(["export", "export.yaml", "--editable", "-o", "again.xlsx"]) == 0
    shown = [row[3:5] + row[6:] for row in rows_of(folder, "again.xlsx")]
    assert [row[3:5] + row[6:] for row in rows_of(folder, "orders.xlsx")] == shown
    assert run(["undo", str(told["run"])]) == 0
    capsys.readouterr()
    code, told = updated(capsys, "orders.xlsx", "--dry-run")
    assert (code, len(told["cells"]), told["conflicts"]) == (0, 4, [])


def test_rows_that_are_gone_change_nothing_and_rows_that_were_added_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.delete_rows(10, 3)
        sheet.cell(sheet.max_row + 1, at["PO Number"]).value = "NEW-1"
        sheet.insert_cols(2)

    edit(folder, change)
    code, told = updated(capsys)
    assert (code, told["cells"]) == (1, [])
    assert told["faults"] == [
        "orders.xlsx, sheet orders, row 64: this row was not exported; say --upsert if it is to be added"
    ]


def test_what_cannot_be_taken_keeps_its_order_alone_from_being_changed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(2, at["Price"]).value = "cheap"
        sheet.cell(3, at["Quantity"]).value = 7
        sheet.cell(4, at["Price"]).value = 8
        sheet.cell(5, at["Status"]).value = "closed"

    edit(folder, change)
    _, told = updated(capsys)
    assert [(it["cell"], it["new"]) for it in told["cells"]] == [("K4", "8")]
    assert told["faults"] == [
        "orders.xlsx, sheet orders, cell K2: Price: it holds 'cheap', which is no number",
        (
            "orders.xlsx, sheet orders, cell G5: Status cannot be changed here: it was 'draft' and is 'closed'; "
            "put it back"
        ),
    ]


def test_fields_of_ones_own_are_edited_too_of_orders_and_of_lines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = "  Project: custom-fields/project-code\n  Note: order-lines/custom-fields/gl-note\n"
    (folder / "own.yaml").write_text(MAPPING + own, encoding="utf-8")
    assert run(["export", "own.yaml", "--editable", "-o", "own.xlsx"]) == 0

    def change(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(2, at["Project"]).value = "0042"
        sheet.cell(3, at["Note"]).value = "new text"

    edit(folder, change, "own.xlsx")
    capsys.readouterr()
    code, told = updated(capsys, "own.xlsx")
    assert (code, told["changed"], [(it["element"], it["new"]) for it in told["cells"]]) == (
        0,
        1,
        [("custom-fields/project-code", "0042"), ("order-lines/custom-fields/gl-note", "new text")],
    )
    assert run(["export", "own.yaml", "--editable", "-o", "again.xlsx"]) == 0
    rows = rows_of(folder, "again.xlsx")
    assert [row[-2:] for row in rows[1:3]] == [("0042", None), ("0042", "new text")]


@pytest.mark.parametrize(
    ("column", "typed", "fault"),
    [
        ("Coupa id", "\u00b2", "row 3: this row was not exported; say --upsert if it is to be added"),
        (
            "Description",
            12345678901234567890,
            (
                "cell I3: Description: it holds the number 12345678901234570000, and a spreadsheet keeps 15 digits of "
                "one; type it as text"
            ),
        ),
        (
            "Price",
            "=1+1",
            (
                "cell K3: Price: it holds a formula without a stored value; type its value, or open the file in Excel, "
                "let it calculate, save it and run again"
            ),
        ),
    ],
)
def test_what_a_cell_cannot_mean_is_told_at_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str], column: str, typed: object, fault: str
) -> None:
    edit(folder, lambda sheet, at: setattr(sheet.cell(3, at[column]), "value", typed))
    code, told = updated(capsys)
    assert (code, told["cells"], told["faults"]) == (1, [], [f"orders.xlsx, sheet orders, {fault}"])


@pytest.fixture
def acme(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[SandboxServer]:
    """An instance of its own, with orders, and a workbook of them."""
    monkeypatch.setenv("SECRET", "sandbox")
    with SandboxServer(None, SandboxOptions(references=References.OPEN)) as server:
        for_profile(folder, server)
        orders = str(ROOT / "samples/legacy-orders.xlsx")
        mapping = str(ROOT / "mappings/import/legacy-orders.yaml")
        assert run(["import", mapping, orders, "--to", "acme", "--yes", "--no-preflight", "--out", "."]) == 0
        assert run(["export", "export.yaml", "--to", "acme", "--editable", "-o", "acme.xlsx"]) == 0
        edit(folder, lambda sheet, at: setattr(sheet.cell(2, at["Price"]), "value", 6), "acme.xlsx")
        capsys.readouterr()
        yield server


def for_profile(folder: Path, server: SandboxServer) -> None:
    scopes = ", ".join(SCOPES)
    profile = (
        f"{{url: '{server.url}', workers: 1, client_id: sandbox, client_secret_variable: SECRET, scopes: [{scopes}]}}"
    )
    text = f"bulkpo: profiles/1\nprofiles:\n  acme: {profile}\n  sandbox: {{workers: 1}}\n"
    (folder / "bulkpo.yaml").write_text(text, encoding="utf-8")


def test_a_workbook_of_one_instance_changes_no_other(
    acme: SandboxServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["update", "acme.xlsx"]) == 2
    assert " ".join(capsys.readouterr().err.split()) == (
        f"bulkpo: acme.xlsx: it was exported from acme ({acme.url}), and this would change the sandbox, where the same "
        "ids mean other documents; give the profile it came from with --to, or export it anew from there"
    )
    with SandboxServer(None, SandboxOptions(references=References.OPEN)) as other:
        for_profile(folder, other)
        assert run(["update", "acme.xlsx", "--to", "acme", "--yes"]) == 2
    for_profile(folder, acme)
    assert run(["update", "acme.xlsx", "--to", "acme", "--yes"]) == 0


@pytest.mark.usefixtures("acme")
def test_what_somebody_changes_after_the_cells_were_shown_is_not_overwritten(folder: Path) -> None:
    shutil.copy(folder / "acme.xlsx", folder / "other.xlsx")
    edit(folder, lambda sheet, at: setattr(sheet.cell(2, at["Price"]), "value", 5), "other.xlsx")

    class Meanwhile(Silent):
        def edited(self, *_: object) -> None:
            assert run(["update", "other.xlsx", "--to", "acme", "--yes"]) == 0

    request = bulkpo.UpdateRequest(Path("acme.xlsx"), "acme")
    with pytest.raises(RunError) as raised:
        bulkpo.update(request, Session(watch=Meanwhile()))
    assert str(raised.value) == (
        "acme.xlsx: somebody changed in Coupa what K2 is to change, just now; nothing was sent. Run it again: it shows "
        "what is there"
    )


@pytest.mark.parametrize(("choice", "changed"), [("skip", 1), ("theirs", 1), ("mine", 2)])
def test_what_somebody_else_changed_is_not_overwritten_unless_that_is_meant(
    folder: Path, capsys: pytest.CaptureFixture[str], choice: str, changed: int
) -> None:
    def theirs(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(2, at["Price"]).value = 5

    def mine(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(2, at["Price"]).value = 6
        sheet.cell(4, at["Price"]).value = 7

    shutil.copy(folder / "orders.xlsx", folder / "other.xlsx")
    edit(folder, theirs, "other.xlsx")
    assert updated(capsys, "other.xlsx")[0] == 0
    edit(folder, mine)
    code, told = updated(capsys, "orders.xlsx", "--on-conflict", choice)
    assert told["conflicts"] == ["K2 Price: was '4.25', yours '6', theirs '5'"]
    assert (told["changed"], told["conflict"], code) == (changed, int(choice == "skip"), 1)
    if choice == "skip":
        said = "/price was '4.25', yours '6', theirs '5.00'"
        book = openpyxl.load_workbook(told["result"])
        row = next(book["Rows"].iter_rows(min_row=2, values_only=True))
        assert (row[0], row[-5]) == ("2", "conflict")
        assert str(row[-3]).startswith("changed in Coupa since: order-lines[")
        assert str(row[-3]).endswith(said)
        assert run(["show", "3"]) == 0
        shown = " ".join(capsys.readouterr().out.split())
        assert said in shown
        assert "(row " not in shown
        assert "Run 3, done: update of" in shown
        assert "what was edited in it is in" in shown
    assert told["failed_file"] is None
    columns = ("po-number", "order-lines/price")
    bulkpo.export(
        bulkpo.ExportRequest(bulkpo.Selection("purchase_orders", columns=columns, rows="order-lines"), Path("x.csv"))
    )
    first = (folder / "x.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert first.startswith("0004711")
    assert first.split(",")[-1].rstrip("0").rstrip(".") == ("6" if choice == "mine" else "5")


def test_where_all_that_was_edited_is_in_conflict_a_run_says_so_and_sends_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(folder / "orders.xlsx", folder / "other.xlsx")
    edit(folder, lambda sheet, at: setattr(sheet.cell(2, at["Need by"]), "value", datetime(2027, 1, 2)), "other.xlsx")
    assert updated(capsys, "other.xlsx")[0] == 0
    edit(folder, lambda sheet, at: setattr(sheet.cell(2, at["Need by"]), "value", datetime(2027, 1, 3)))
    assert run(["update", "orders.xlsx"]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "0 orders to change, 0 as the file says already 1 order left: somebody else changed in Coupa" in text
    assert "Run 3: 1 conflict" in text
    code, told = updated(capsys)
    assert (code, told["conflict"], told["changed"], told["requests"]) == (1, 1, 0, told["requests"])


def test_what_coupa_cannot_take_is_told_at_the_cell_of_the_workbook(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["do", "cancel", "--run", "1", "--yes"]) == 0
    edit(folder, lambda sheet, at: setattr(sheet.cell(5, at["Price"]), "value", 6))
    capsys.readouterr()
    assert run(["update", "orders.xlsx"]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "is cancelled in Coupa and cannot be changed; leave it out sheet orders, row 5 (status-fixed)" in text
    assert ".csv" not in text


def test_an_update_that_ended_before_it_was_written_down_is_not_planned_anew_on_what_others_did_since(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, lambda sheet, at: setattr(sheet.cell(2, at["Price"]), "value", 6))
    (journal,) = folder.rglob("journal.db")
    with closing(sqlite3.connect(journal)) as database:
        database.execute("CREATE TRIGGER ends BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'ended'); END")
        assert run(["update", "orders.xlsx"]) != 0
        database.execute("DROP TRIGGER ends")
    capsys.readouterr()
    assert run(["resume", "2"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "run 2 ended before it was written down what it changes, so nothing was sent; `bulkpo update" in told
    assert run(["runs"]) == 0
    assert "orders.xlsx" in capsys.readouterr().out
    assert updated(capsys)[1]["changed"] == 1
    assert run(["runs", "--json"]) == 0
    (file,) = json.loads(capsys.readouterr().out)["runs"][0]["files"]
    assert (Path(file["file"]).name, Path(file["edited"]).name) == ("orders.csv", "orders.xlsx")


def test_a_newer_version_alone_is_told_once_with_its_order_and_stops_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def theirs(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(2, at["Quantity"]).value = 77

    def mine(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(2, at["Price"]).value = 6
        sheet.cell(4, at["Price"]).value = 7

    assert run(["do", "issue-without-send", "--run", "1", "--yes"]) == 0
    assert run(["export", "export.yaml", "--editable", "-o", "orders.xlsx"]) == 0
    capsys.readouterr()
    shutil.copy(folder / "orders.xlsx", folder / "other.xlsx")
    edit(folder, theirs, "other.xlsx")
    told = updated(capsys, "other.xlsx")[1]
    assert (told["changed"], told["newer"]) == (1, [])
    edit(folder, mine)
    assert run(["update", "orders.xlsx", "--dry-run"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.count("newer version") == 1
    assert (
        "note: 1 order to change has a newer version in Coupa than was exported, and no edited cell was changed there: "
        "0004711"
    ) in said
    code, told = updated(capsys)
    assert (code, told["newer"], told["conflicts"], told["changed"]) == (0, ["0004711"], [], 2)


def test_what_stands_in_a_column_without_a_title_is_told_and_of_many_faults_the_first_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(3, sheet.max_column + 1).value = "my note"
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, at["PO Number"]).value = int(str(sheet.cell(row, at["PO Number"]).value) or 0)

    edit(folder, change)
    assert run(["update", "orders.xlsx", "--dry-run"]) == 1
    text = capsys.readouterr().out
    assert "note: column Q has no title, and is not read" in text
    assert text.count("not taken: orders.xlsx, sheet orders, row") == 20
    assert "more; --json has them all" in text


def test_a_workbook_that_does_not_know_what_was_exported_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(folder / "orders.xlsx")
    hidden = book["bulkpo exported"]
    hidden.cell(2, 1).value = str(hidden.cell(2, 1).value).replace("0004711", "0004712")
    book.save(folder / "tampered.xlsx")
    assert run(["update", "tampered.xlsx"]) == 3
    assert "its hidden sheet was changed, so what was exported is not known" in capsys.readouterr().err
    del book["bulkpo exported"]
    book.save(folder / "lost.xlsx")
    assert run(["update", "lost.xlsx"]) == 3
    assert "the hidden sheet 'bulkpo exported' is gone" in capsys.readouterr().err
    assert run(["update", "nix.xlsx"]) == 3
    assert "nix.xlsx: there is no such file; check the name and the folder" in capsys.readouterr().err
    (folder / "orders.csv").write_text("PO Number\n0004711\n", encoding="utf-8")
    assert run(["update", "orders.csv"]) == 3
    assert "save the edited workbook as .xlsx or .ods" in " ".join(capsys.readouterr().err.split())


def test_keys_are_hidden_and_locked_and_what_can_be_edited_has_its_limits(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "orders.xlsx")
    sheet = book["orders"]
    assert [sheet.column_dimensions[letter].hidden for letter in "ABCD"] == [True, True, True, False]
    assert sheet.protection.sheet
    assert (sheet["D2"].protection.locked, sheet["K2"].protection.locked) == (True, False)
    assert sheet["D2"].fill.fgColor.rgb == "FFE7E6E6"
    assert book["bulkpo exported"].sheet_state == "hidden"
    assert {limit.type for limit in sheet.data_validations.dataValidation} >= {"decimal", "date", "textLength"}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not there")
def test_saved_by_libreoffice_nothing_is_planned_and_edits_are_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in ("ods", "xlsx"):
        source = "orders.xlsx" if form == "ods" else "saved/orders.ods"
        subprocess.run(["soffice", "--headless", "--convert-to", form, "--outdir", "saved", source], check=True)  # noqa: S607
        code, told = updated(capsys, f"saved/orders.{form}")
        assert (code, told["cells"], told["faults"]) == (0, [], [])

    def change(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(2, at["Price"]).value = 99.5

    edit(folder, change, "saved/orders.xlsx")
    assert updated(capsys, "saved/orders.xlsx")[1]["changed"] == 1


def copy_row(sheet: Any, source: int, target: int) -> None:  # noqa: ANN401 - openpyxl's
    for number in range(1, sheet.max_column + 1):
        sheet.cell(target, number).value = sheet.cell(source, number).value


def test_said_so_a_copied_row_with_a_new_number_is_a_new_order_and_with_a_new_line_number_a_new_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        last = sheet.max_row
        for place in (1, 2, 3):
            copy_row(sheet, 2, last + place)
            sheet.cell(last + place, at["Price"]).value = place
        sheet.cell(last + 1, at["PO Number"]).value = "00077"
        sheet.cell(last + 2, at["Line"]).value = 99
        sheet.cell(2, at["Price"]).value = 88.5

    edit(folder, change)
    code, told = updated(capsys, "orders.xlsx", "--dry-run")
    assert (code, [it["cell"] for it in told["cells"]], told["added"]) == (1, [], [])
    assert [fault.partition("row ")[2] for fault in told["faults"]] == [
        "69: the same as row 2 by its hidden ids; keep one of them",
        "67: this row was not exported; say --upsert if it is to be added",
        "68: this row was not exported; say --upsert if it is to be added",
    ]
    edit(folder, lambda sheet, _: sheet.delete_rows(sheet.max_row))
    code, told = updated(capsys, "orders.xlsx", "--upsert")
    assert (code, told["faults"], told["changed"], [it["created"] for it in told["also"]]) == (0, [], 1, [1])
    assert [it["order"] for it in told["added"]] == ["00077", rows_of(folder, "orders.xlsx")[1][3]]
    assert run(["export", "export.yaml", "--editable", "-o", "again.xlsx"]) == 0
    capsys.readouterr()
    shown = {(row[3], row[7]): row[10] for row in rows_of(folder, "again.xlsx")[1:]}
    first = rows_of(folder, "orders.xlsx")[1]
    assert (shown["00077", first[7]], shown[first[3], "99"], shown[first[3], first[7]]) == (1, 2, 88.5)
    assert len(shown) == 67
    code, told = updated(capsys, "orders.xlsx", "--upsert")
    assert (code, told["run"], len(told["faults"]), told["already"]) == (1, None, 2, 1)
    assert "is in Coupa and was not exported with the others" in told["faults"][0]
    assert "is in Coupa by now; export anew, to change it" in told["faults"][1]


@pytest.mark.parametrize("number", ["PO Number", "Line"])
def test_a_row_that_shows_another_key_than_its_hidden_ids_changes_nothing_and_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], number: str
) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        sheet.cell(2, at[number]).value = "777"
        sheet.cell(2, at["Price"]).value = 1

    edit(folder, change)
    code, told = updated(capsys, "orders.xlsx", "--dry-run")
    assert (code, told["cells"]) == (1, [])
    assert "cells were moved or sorted without the rest of their row" in told["faults"][0]


def test_columns_that_were_sorted_without_their_rows_are_refused_unless_that_is_meant(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(sheet: Any, at: dict[str, int]) -> None:  # noqa: ANN401 - openpyxl's
        prices = sorted(sheet.cell(row, at["Price"]).value for row in range(2, sheet.max_row + 1))
        for row, price in enumerate(prices, 2):
            sheet.cell(row, at["Price"]).value = price

    edit(folder, change)
    code, told = updated(capsys, "orders.xlsx", "--dry-run")
    assert code == 3
    assert "the values of 'Price' are those that were exported, but in other rows" in told["error"]
    code, told = updated(capsys, "orders.xlsx", "--dry-run", "--moved", "take")
    assert (code, told["faults"]) == (0, [])
    assert len(told["cells"]) > 3


def start_of_day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20)
EDITS = {
    "Attention": st.one_of(TEXTS, st.none()),
    "Description": TEXTS,
    "Price": st.decimals(1, 9999, places=2).map(float),
    "Need by": st.one_of(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(start_of_day), st.none()),
}


@pytest.mark.slow
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def test_whatever_is_edited_and_however_it_is_arranged_exported_anew_it_is_the_edited_workbook(
    folder: Path, capsys: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    for name in ("law.xlsx", "again.xlsx"):
        (folder / name).unlink(missing_ok=True)
    assert run(["export", "export.yaml", "--editable", "-o", "law.xlsx"]) == 0
    capsys.readouterr()
    book = openpyxl.load_workbook(folder / "law.xlsx")
    sheet = book["orders"]
    titles, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    data.draw(st.randoms(use_true_random=False)).shuffle(rows)
    spots = st.tuples(st.integers(0, len(rows) - 1), st.sampled_from(sorted(EDITS)))
    for number, title in data.draw(st.sets(spots, max_size=6)):
        value = data.draw(EDITS[title])
        same = [row for row in rows if row[3] == rows[number][3]] if title == "Attention" else [rows[number]]
        for row in same:
            row[titles.index(title)] = value
    formats = [sheet.cell(2, place).number_format for place in range(1, len(titles) + 1)]
    order = data.draw(st.permutations(range(len(titles))))
    for number, row in enumerate([titles, *rows], 1):
        for column, place in enumerate(order, 1):
            cell = sheet.cell(number, column)
            cell.value, cell.number_format = row[place], formats[place]
    sheet.insert_cols(data.draw(st.integers(1, len(titles))))
    sheet.title = data.draw(st.sampled_from(["orders", "Mine", "März 2026"]))
    book.save(folder / "law.xlsx")
    code, told = updated(capsys, "law.xlsx", "--moved", "take")
    assert (code, told["faults"]) == (0, [])
    assert run(["export", "export.yaml", "--editable", "-o", "again.xlsx"]) == 0
    capsys.readouterr()
    _, *shown = rows_of(folder, "again.xlsx")
    key = lambda row: (str(row[0]), str(row[1]))  # noqa: E731 - short and used twice
    assert [row[3:] for row in sorted(shown, key=key)] == [tuple(row[3:]) for row in sorted(rows, key=key)]
    assert updated(capsys, "again.xlsx")[1]["cells"] == []
