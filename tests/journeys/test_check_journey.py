"""What a user does with a damaged file: check it, read what is wrong, correct it, and go on with the failed orders."""

import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from bulkpo.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
MAPPING = str(ROOT / "mappings/import/legacy-orders.yaml")
EU_MAPPING = str(ROOT / "mappings/import/legacy-orders-eu.yaml")
KEYS = ["rows", "skipped_rows", "documents", "lines", "ok", "failed", "findings", "totals", "report", "files"]

DAMAGE: dict[str, tuple[str | float | None, str]] = {
    "A9": (None, "empty-key"),
    "I10": ("EACH", "not-in-crosswalk"),
    "M11": ("31.31.2026", "not-a-date"),
    "E3": ("USD", "conflicting-values"),
    "D12": (None, "required"),
    "H14": ("x" * 300, "too-long"),
    "G16": (2, "duplicate-line"),
    "K21": (-4.5, "too-small"),
    "G23": ("#N/A", "error-cell"),
    "K41": ("1.2345678", "too-many-decimals"),
}
FAILED = 8  # two orders have two of the ten cells each; the row without a number keeps those beside it from going


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample in which ten cells are damaged in ten ways."""
    monkeypatch.chdir(tmp_path)
    book = openpyxl.load_workbook(ROOT / "samples/legacy-orders.xlsx")
    for cell, (value, _) in DAMAGE.items():
        book["Orders"][cell] = value
    book.save("orders.xlsx")
    return tmp_path


def correct(name: str) -> None:
    """Put back what the cells held, found by order and description since rows may have moved."""
    sample = openpyxl.load_workbook(ROOT / "samples/legacy-orders.xlsx")["Orders"]
    damaged = openpyxl.load_workbook("orders.xlsx")["Orders"]
    whole = {
        tuple(cell.value for cell in row): [cell.value for cell in sample[number]]
        for number, row in enumerate(damaged.iter_rows(), 1)
    }
    book = openpyxl.load_workbook(name)
    sheet = book["Orders"]
    for row in sheet.iter_rows(min_row=2, max_col=16):
        for cell, value in zip(row, whole[tuple(cell.value for cell in row)], strict=True):
            cell.value = value
    book.save(name)


def told(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> dict[str, object]:
    run([*arguments, "--json"])
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_ten_damaged_cells_give_ten_findings_that_name_sheet_and_cell(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", MAPPING, "orders.xlsx"]) == 1
    said = capsys.readouterr().out
    assert "\n10 errors\n" in said
    for cell, (_, code) in DAMAGE.items():
        assert f"sheet Orders, cell {cell} ({code})" in said
    assert max(map(len, said.splitlines())) <= 100


def test_the_answer_for_programs_has_exactly_these_keys(capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, ["check", MAPPING, "orders.xlsx"])
    assert list(answer) == KEYS
    assert (answer["rows"], answer["skipped_rows"], answer["documents"], answer["failed"]) == (67, 2, 24, FAILED)
    findings = answer["findings"]
    assert isinstance(findings, dict)
    assert findings["total"] == 10
    assert findings["by_code"] == {code: 1 for _, code in DAMAGE.values()}
    totals = answer["totals"]
    assert isinstance(totals, list)
    assert all(list(total) == ["currency", "documents", "lines", "amount"] for total in totals)
    assert answer["report"] is None


def test_a_clean_file_ends_with_exit_code_0_and_no_failed_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", MAPPING, str(ROOT / "samples/legacy-orders.xlsx"), "--failed", "failed.xlsx"]) == 0
    assert "failed.xlsx is not written: no order has errors" in capsys.readouterr().out
    assert not Path("failed.xlsx").exists()


def test_the_failed_orders_corrected_are_exactly_those_orders_clean(capsys: pytest.CaptureFixture[str]) -> None:
    first = told(capsys, ["check", MAPPING, "orders.xlsx", "--failed", "failed.xlsx"])
    again = told(capsys, ["check", MAPPING, "failed.xlsx"])
    assert again["findings"] == first["findings"]
    assert again["documents"] == again["failed"] == FAILED
    correct("failed.xlsx")
    assert run(["check", MAPPING, "failed.xlsx"]) == 0
    assert f"{FAILED} orders with " in capsys.readouterr().out


def test_the_marked_workbook_can_be_corrected_and_checked_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", MAPPING, "orders.xlsx", "--report", "report.xlsx"]) == 1
    assert "report.xlsx: your workbook with the wrong cells marked, and a summary" in capsys.readouterr().out
    assert run(["check", MAPPING, "report.xlsx"]) == 1
    assert "\n10 errors\n" in capsys.readouterr().out
    correct("report.xlsx")
    answer = told(capsys, ["check", MAPPING, "report.xlsx", "--report", "second.xlsx"])
    assert (answer["documents"], answer["ok"]) == (24, 24)
    assert answer["report"] == "second.xlsx"
    notices = {"finer-than-currency": 2, "crosswalk-unknown": 1, "crosswalk-unused": 1}
    assert answer["findings"] == {"total": 0, "by_code": {}, "notices": notices}
    sheet = openpyxl.load_workbook("second.xlsx")["Orders"]
    finer = ["K19", "K27"]  # prices of three decimals, which are sent as they stand
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == finer


def test_an_input_is_never_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "orders.xlsx").read_bytes()
    (folder / "alias.xlsx").symlink_to(folder / "orders.xlsx")
    for output in (["--report", "./orders.xlsx"], ["--failed", "orders.xlsx"], ["--failed", "alias.xlsx"]):
        assert run(["check", MAPPING, "orders.xlsx", *output]) == 2
        message = f"bulkpo: {Path(output[1])}: this file is read or written already; choose another name\n"
        assert capsys.readouterr().err == message
    assert run(["check", MAPPING, "orders.xlsx", "--report", "a.xlsx", "--failed", "a.xlsx"]) == 2
    assert (folder / "orders.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("option", "name", "message"),
    [
        ("--report", "r.pdf", "r.pdf: a report's form is chosen by its extension; use .xlsx, .html, .csv, .json"),
        (
            "--failed",
            "f.csv",
            "f.csv: what failed of orders.xlsx is written in its own layout; name a file ending in .xlsx",
        ),
    ],
)
def test_an_output_without_a_known_form_is_refused_before_the_check(
    option: str, name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", MAPPING, "orders.xlsx", option, name]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"bulkpo: {message}\n")


def test_failed_orders_of_a_text_file_keep_its_marks_and_letters(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (ROOT / "samples/legacy-orders-eu.csv").read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"Pair", b"Paar")
    (folder / "eu.csv").write_bytes(b"".join(lines))
    assert run(["check", EU_MAPPING, "eu.csv", "--failed", "failed.csv"]) == 1
    assert "failed.csv: 1 order to correct, in 2 rows" in capsys.readouterr().out
    title, wrong, right = (folder / "failed.csv").read_bytes().splitlines(keepends=True)
    assert title == lines[0].replace(b"\r\n", b";bulkpo findings\r\n")
    assert (wrong.startswith(lines[1].rstrip() + b';"UOM: '), right) == (True, lines[2])


def test_a_report_is_written_over_by_the_next_on_the_same_file_but_never_once_somebody_changed_it(folder: Path) -> None:
    for _ in range(2):
        assert run(["check", MAPPING, "orders.xlsx", "--report", "report.xlsx", "--failed", "failed.xlsx"]) == 1
    assert not list(folder.glob("*.2.xlsx"))
    for name in ("report.xlsx", "failed.xlsx"):
        (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    assert run(["check", MAPPING, "orders.xlsx", "--report", "report.xlsx", "--failed", "failed.xlsx"]) == 1
    assert sorted(path.name for path in folder.glob("*.2.xlsx")) == ["failed.2.xlsx", "report.2.xlsx"]
    assert (folder / "report.xlsx").read_bytes().endswith(b" ")
