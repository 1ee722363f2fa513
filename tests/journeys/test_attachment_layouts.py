"""Attachments in every layout: wide rows, two tables, record types, bases, conditions; and where a mapping is wrong."""

from pathlib import Path

import pytest
from attaching import CONSTANTS, attached, mapping, said, sheet, told

from bulkpo.cli.main import run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scans").mkdir()
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / "scans" / name).write_bytes(name.encode())
    return tmp_path


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name.replace("_yaml", ".yaml").replace("_csv", ".csv")).write_text(text, encoding="utf-8")


def names(folder: Path) -> dict[str, list[str]]:
    return {owner: [name for name, _ in found] for owner, found in attached(folder).items()}


def test_wide_rows_attach_to_each_of_their_lines(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    columns = "".join(
        f"  Price {n}: order-lines[{n}]/price\n"
        f"  File {n}: {{to: 'order-lines[{n}]/attachments', folder: scans, several: ';'}}\n"
        for n in (1, 2)
    )
    head = "bulkpo: import/1\nname: wide\ndocument: {key: po-number, number_lines: true}\ncolumns:\n  PO: po-number\n"
    orders = "PO,Price 1,File 1,Price 2,File 2\nP-1,1,a.pdf,2,b.pdf;c.pdf\nP-2,3,,4,a.pdf\n"
    write(folder, m_yaml=f"{head}{columns}{CONSTANTS}", o_csv=orders)
    assert told(capsys, "import", "m.yaml", "o.csv")["attachments"]["attached"] == 4
    assert names(folder) == {"P-1/1": ["a.pdf"], "P-1/2": ["b.pdf", "c.pdf"], "P-2/2": ["a.pdf"]}


def test_two_tables_attach_to_orders_and_lines(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    text = (
        "bulkpo: import/1\nname: two\ndocument: {key: po-number}\ntables:\n"
        "  heads:\n    columns:\n      PO: po-number\n      Scan: {to: attachments, folder: scans}\n"
        "  lines:\n    source: {file: lines.csv}\n    columns:\n      PO: po-number\n      Line: order-lines/line-num\n"
        "      Price: order-lines/price\n      Scan: {to: order-lines/attachments, folder: scans}\n" + CONSTANTS
    )
    write(folder, m_yaml=text, heads_csv="PO,Scan\nP-1,a.pdf\nP-2,\n")
    write(folder, lines_csv="PO,Line,Price,Scan\nP-2,1,1,c.pdf\nP-1,7,1,b.pdf\nP-1,3,1,\n")
    assert told(capsys, "import", "m.yaml", "heads.csv")["attachments"]["attached"] == 3
    assert names(folder) == {"P-1": ["a.pdf"], "P-1/7": ["b.pdf"], "P-2/1": ["c.pdf"]}


def test_record_types_attach_too(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    text = (
        "bulkpo: import/1\nname: types\ndocument: {key: po-number}\nrecord_types:\n"
        "  H:\n    columns:\n      PO: po-number\n      Scan: {to: attachments, folder: scans}\n"
        "  L:\n    columns:\n      Line: order-lines/line-num\n      Price: order-lines/price\n"
        "      Scan: {to: order-lines/attachments, folder: scans}\n" + CONSTANTS
    )
    rows = "H,PO,Scan\nL,Line,Price,Scan\nH,P-1,a.pdf\nL,1,5,b.pdf\nL,2,6,\nH,P-2,\nL,1,7,c.pdf\n"
    write(folder, m_yaml=text, o_csv=rows)
    assert told(capsys, "import", "m.yaml", "o.csv")["attachments"]["attached"] == 3
    assert names(folder) == {"P-1": ["a.pdf"], "P-1/1": ["b.pdf"], "P-2/1": ["c.pdf"]}


def test_files_on_several_rows_of_an_order_are_all_attached_to_it_each_once(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    columns = "  Files: {to: attachments, folder: scans}\n  More: {to: attachments, folder: scans}\n"
    orders = "PO,Line,Price,Files,More\nP-1,1,1,a.pdf,b.pdf\nP-1,2,1,b.pdf,\nP-1,3,1,c.pdf,a.pdf\n"
    write(folder, m_yaml=mapping(columns), o_csv=orders)
    assert told(capsys, "import", "m.yaml", "o.csv")["attachments"]["attached"] == 3
    assert names(folder) == {"P-1": ["a.pdf", "b.pdf", "c.pdf"]}


def test_what_a_base_says_of_attachments_holds_and_conditions_blanks_and_defaults_do(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    files = "  Files: {to: attachments, folder: scans, when: {Send: 'yes'}, blanks: ['-'], default: c.pdf}\n"
    files += "  Send: {ignore: read above}\n"
    write(folder, base_yaml=mapping(files), m_yaml="bulkpo: import/1\nname: child\nextends: base.yaml\n")
    orders = "PO,Line,Price,Files,Send\nP-1,1,1,a.pdf,yes\nP-2,1,1,missing.pdf,no\nP-3,1,1,-,yes\n"
    write(folder, o_csv=orders)
    assert told(capsys, "import", "m.yaml", "o.csv")["attachments"]["attached"] == 2
    assert names(folder) == {"P-1": ["a.pdf"], "P-3": ["c.pdf"]}


def test_a_template_makes_names_of_several_columns(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "scans/P-1").mkdir()
    (folder / "scans/P-1/00042.pdf").write_bytes(b"x")
    files = "  Files: {to: attachments, folder: scans, template: '{PO}/{Files}.pdf', parts: {Files: {pad: 5}}}\n"
    write(folder, m_yaml=mapping(files), o_csv="PO,Line,Price,Files\nP-1,1,1,42\n")
    assert told(capsys, "import", "m.yaml", "o.csv")["attachments"]["attached"] == 1


UPDATE = """\
bulkpo: import/1
name: more
mode: update
document: {key: po-number}
columns:
  PO: po-number
  Line: order-lines/line-num
  Price: order-lines/price
  Files: {to: attachments, folder: scans, several: ";"}
  Drawing: {to: order-lines/attachments, folder: scans}
"""


def test_an_update_attaches_only_what_is_missing(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    columns = UPDATE[UPDATE.index("  Files") :]
    write(folder, m_yaml=mapping(columns), o_csv="PO,Line,Price,Files,Drawing\nP-1,1,1,a.pdf,b.pdf\nP-2,1,1,,\n")
    told(capsys, "import", "m.yaml", "o.csv")
    update = "PO,Line,Price,Files,Drawing\nP-1,1,1,a.pdf;c.pdf,b.pdf\nP-2,1,5,a.pdf,\n"
    write(folder, u_yaml=UPDATE, u_csv=update)
    result = told(capsys, "import", "u.yaml", "u.csv")
    assert (result["code"], result["changed"], result["unchanged"]) == (0, 1, 1)
    assert result["attachments"] == {"waiting": 0, "attaching": 0, "taken": 0, "attached": 4, "left": 0}
    assert names(folder) == {"P-1": ["a.pdf", "c.pdf"], "P-1/1": ["b.pdf"], "P-2": ["a.pdf"]}
    assert told(capsys, "undo", "2")["code"] == 0
    assert names(folder)["P-2"] == ["a.pdf"]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("{to: attachments}", "say which folder or ZIP file the files are in: {to: attachments, folder: scans}"),
        ("{to: order-lines/description, folder: scans}", "folder is for attachments only; say to: attachments"),
        ("{to: attachments, as: url, folder: scans}", "folder is for files, and this attaches addresses; remove it"),
        ("{to: attachments, folder: scam}", "scam: there is no such folder or ZIP file; create it, or correct"),
        ("{to: supplier/attachments, folder: scans}", "supplier has no element 'attachments'"),
        ("{to: order-lines/account-allocations/attachments, folder: scans}", "has no element 'attachments'"),
    ],
)
def test_a_wrong_mapping_is_told(capsys: pytest.CaptureFixture[str], folder: Path, column: str, expected: str) -> None:
    write(folder, m_yaml=mapping(f"  Files: {column}\n"), o_csv="PO,Line,Price,Files\nP-1,1,1,a.pdf\n")
    text = said(capsys, "check", "m.yaml", "o.csv")
    assert expected in text
    assert "m.yaml:8:" in text
    assert run(["check", "m.yaml", "o.csv"]) == 2


def test_an_update_that_cannot_tell_the_line_is_refused(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    write(folder, u_yaml=UPDATE.replace("  Line: order-lines/line-num\n", "  Line: order-lines/id\n"))
    write(folder, u_csv="PO,Line,Price,Files,Drawing\nP-1,1,1,,a.pdf\n")
    text = said(capsys, "check", "u.yaml", "u.csv")
    assert "which line it belongs to cannot be told; map order-lines/line-num too" in text


def test_an_order_that_was_there_already_gets_nothing(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    write(folder, p_yaml=mapping(""), p_csv="PO,Line,Price\nP-1,1,1\n")
    told(capsys, "import", "p.yaml", "p.csv")
    columns = "  Files: {to: attachments, folder: scans}\n"
    write(folder, m_yaml=mapping(columns), o_csv="PO,Line,Price,Files\nP-1,1,1,a.pdf\nP-2,1,1,b.pdf\n")
    result = told(capsys, "import", "m.yaml", "o.csv")
    assert (result["existing"], result["attachments"]["attached"], result["attachments"]["waiting"]) == (1, 1, 0)
    assert names(folder) == {"P-2": ["b.pdf"]}
    rows = sheet(folder / "o.result.xlsx", "Attachments")
    assert [(row[0], row[5]) for row in rows[1:]] == [
        ("P-1", "not attached: its order is not there"),
        ("P-2", "attached"),
    ]


def test_rows_piped_to_another_program_have_no_place_for_files(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    write(folder, e_yaml="bulkpo: export/1\nname: e\ncolumns: {PO: po-number, Files: attachments}\n")
    assert "attached files need a place beside" in said(capsys, "export", "e.yaml", "-o", "-")


def test_attached_files_are_not_edited(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    write(folder, e_yaml="bulkpo: export/1\nname: e\ncolumns: {PO: po-number, Files: attachments}\n")
    text = said(capsys, "export", "e.yaml", "--editable", "-o", "e.xlsx")
    assert "Files: attached files cannot be edited; leave the column out, or --editable" in text
