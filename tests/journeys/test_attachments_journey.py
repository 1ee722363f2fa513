"""What a user does to attach files, addresses and notes to orders and their lines, from the command line."""

import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attaching import attached, mapping, said, sheet, told
from hostile_server import HostileServer, Hostility, hostile_server
from other_sizes import forbidden, sizes_said

from bulkpo.cli.main import run
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer
from bulkpo.tables.writing import xlsx_links

FILES = """\
  Files: {to: attachments, folder: scans, several: ";"}
  Drawing: {to: order-lines/attachments, folder: scans, intent: Supplier}
"""
ORDERS = """\
PO,Line,Price,Files,Drawing
P-1,1,1.50,order.pdf; Müller.pdf,
P-1,2,2.50,order.pdf,bolt.png
P-2,1,1.00,,bolt.png
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    scans = tmp_path / "scans"
    scans.mkdir()
    (scans / "order.pdf").write_bytes(b"%PDF-1.7\r\n--\r\nabc" + bytes(range(256)) * 900)
    (scans / "Müller.pdf").write_bytes(b"%PDF \r\n\r\n--x--\r\n")
    (scans / "bolt.png").write_bytes(b"\x89PNG")
    (tmp_path / "files.yaml").write_text(mapping(FILES), encoding="utf-8")
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    return tmp_path


def test_files_are_attached_to_orders_and_lines_byte_by_byte(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    result = told(capsys, "import", "files.yaml", "orders.csv")
    assert (result["code"], result["created"]) == (0, 2)
    assert result["attachments"] == {"waiting": 0, "attaching": 0, "taken": 0, "attached": 4, "left": 0}
    scans = folder / "scans"
    drawing = [("bolt.png", (scans / "bolt.png").read_bytes())]
    assert attached(folder) == {
        "P-1": [(name, (scans / name).read_bytes()) for name in ("Müller.pdf", "order.pdf")],
        "P-1/2": drawing,
        "P-2/1": drawing,
    }
    rows = sheet(folder / "orders.result.xlsx", "Attachments")
    assert [(row[0], row[2], row[3], row[4], row[5]) for row in rows[1:]] == [
        ("P-1", None, 2, "order.pdf", "attached"),
        ("P-1", None, 2, "Müller.pdf", "attached"),
        ("P-1", "2", 3, "bolt.png", "attached"),
        ("P-2", "1", 4, "bolt.png", "attached"),
    ]


def test_an_import_done_again_attaches_nothing_twice(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    told(capsys, "import", "files.yaml", "orders.csv")
    before = attached(folder)
    assert told(capsys, "import", "files.yaml", "orders.csv")["existing"] == 2
    assert told(capsys, "resume", "1")["code"] == 0
    assert attached(folder) == before


def test_addresses_and_notes_are_attached_too(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    columns = "  Files: {to: attachments, as: url}\n  Drawing: {to: attachments, as: text}\n"
    (folder / "files.yaml").write_text(mapping(columns), encoding="utf-8")
    orders = 'PO,Line,Price,Files,Drawing\nP-1,1,1,https://example.org/a?b=1&c=ü,see "the" & <file>\n'
    (folder / "orders.csv").write_text(orders, encoding="utf-8")
    assert told(capsys, "import", "files.yaml", "orders.csv")["attachments"]["attached"] == 2
    assert attached(folder)["P-1"] == [
        ("text", 'see "the" & <file>'),
        ("url", "https://example.org/a?b=1&c=ü"),
    ]


def test_files_in_a_zip_file_are_attached(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    with zipfile.ZipFile(folder / "scans.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in (folder / "scans").iterdir():
            packed.write(path, f"2024/{path.name}")
    (folder / "files.yaml").write_text(mapping(FILES.replace("folder: scans", "folder: scans.zip")), encoding="utf-8")
    orders = ORDERS.replace("order.pdf", r"2024\order.pdf").replace("Mü", "2024/Mü").replace("bolt", "2024/bolt")
    (folder / "orders.csv").write_text(orders, encoding="utf-8")
    assert told(capsys, "import", "files.yaml", "orders.csv")["attachments"]["attached"] == 4
    assert attached(folder)["P-1/2"] == [("bolt.png", b"\x89PNG")]


def test_a_missing_file_is_an_error_of_its_cell_or_left_out_where_the_mapping_says_so(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "orders.csv").write_text(ORDERS.replace("P-2,1,1.00,,bolt", "P-2,1,1.00,,bold"), encoding="utf-8")
    text = said(capsys, "check", "files.yaml", "orders.csv")
    assert "there is no file 'bold.png' in scans; did you mean 'bolt.png'?" in text
    assert "orders.csv, line 4, column 5 (attachment-missing)" in text
    lenient = FILES.replace("intent: Supplier", "intent: Supplier, unfit: leave_out")
    (folder / "files.yaml").write_text(mapping(lenient), encoding="utf-8")
    result = told(capsys, "import", "files.yaml", "orders.csv")
    assert (result["code"], result["created"], result["attachments"]["attached"]) == (0, 2, 3)
    assert "there is no file 'bold.png' in scans; left out, as the mapping says" in said(
        capsys, "check", "files.yaml", "orders.csv"
    )


def test_undo_still_knows_the_orders_that_files_were_attached_to(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    told(capsys, "import", "files.yaml", "orders.csv")
    result = told(capsys, "undo", "1")
    assert (result["code"], result["undone"], result["left"]) == (0, 2, [])
    assert len(attached(folder)["P-1"]) == 2


EXPORT = """\
bulkpo: export/1
name: files
resource: purchase_orders
rows: order-lines
columns: {PO: po-number, Line: order-lines/line-num, Files: attachments, Drawing: order-lines/attachments}
"""


def test_an_export_brings_the_files_back_byte_by_byte_and_links_them(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "export.yaml").write_text(EXPORT, encoding="utf-8")
    told(capsys, "import", "files.yaml", "orders.csv")
    result = told(capsys, "export", "export.yaml", "-o", "out.xlsx")
    assert (result["code"], result["rows"]) == (0, 3)
    there = sorted(path for path in (folder / "out.files").rglob("*") if path.is_file())
    assert Counter(path.name.partition(" ")[2] for path in there) == {"order.pdf": 1, "Müller.pdf": 1, "bolt.png": 2}
    assert all(path.read_bytes() == (folder / "scans" / path.name.partition(" ")[2]).read_bytes() for path in there)
    cells: Any = openpyxl.load_workbook(folder / "out.xlsx")["files"].iter_rows(min_row=2)
    of_order, drawing = next((row[2], row[3]) for row in cells if (row[0].value, row[1].value) == ("P-1", "2"))
    named = of_order.value.split("; ")
    assert all((folder / name).is_file() for name in (*named, drawing.value))
    assert of_order.hyperlink.target == named[0].rpartition("/")[0]
    assert drawing.hyperlink.target == drawing.value.replace(" ", "%20")


def test_an_export_says_which_sheet_has_more_links_than_excel_takes(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_links, "MOST_LINKS", 1)
    (folder / "export.yaml").write_text(EXPORT, encoding="utf-8")
    told(capsys, "import", "files.yaml", "orders.csv")
    result = told(capsys, "export", "export.yaml", "-o", "out.xlsx")
    book: Any = openpyxl.load_workbook(folder / "out.xlsx")
    cells = [cell for row in book["files"].iter_rows(min_row=2, min_col=3) for cell in row if cell.value]
    assert [bool(cell.hyperlink) for cell in cells].count(True) == 1
    said = (
        f"sheet files: {len(cells) - 1} cells have no link, only the path in words: Excel takes 1 links in a sheet; "
        "export fewer orders at a time where each is to be opened with a click"
    )
    assert result["code"] == 0
    assert ("Note", said) in list(book["About"].iter_rows(values_only=True))


def test_files_that_are_there_are_not_fetched_again_and_others_not_written_over(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "export.yaml").write_text(f"{EXPORT}attachments: {{folder: scans out}}\n", encoding="utf-8")
    told(capsys, "import", "files.yaml", "orders.csv")
    first = told(capsys, "export", "export.yaml", "-o", "out.xlsx")
    changed = next((folder / "scans out").rglob("*Müller.pdf"))
    changed.write_bytes(b"mine")
    again = told(capsys, "export", "export.yaml", "-o", "out.xlsx")
    assert (first["requests"] - again["requests"], changed.read_bytes()) == (3, b"mine")
    beside = changed.with_name(f"{changed.stem} (2).pdf")
    assert beside.read_bytes() == (folder / "scans/Müller.pdf").read_bytes()


@pytest.mark.parametrize("size", [b'"3 KB"', b'"5.0"', b"null", b"-1.5"])
def test_files_are_fetched_whatever_is_said_of_their_size(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch, size: bytes
) -> None:
    with behind_a_hostile_server(capsys, folder, monkeypatch) as server:
        server.hostility = Hostility("GET", "/api/purchase_orders?", answer=sizes_said(size))
        result = told(capsys, "export", "export.yaml", "-o", "out.xlsx", "--to", "acme")
    assert (result["code"], server.hostility.hit > 0) == (0, True)
    there = [path for path in (folder / "out.files").rglob("*") if path.is_file()]
    assert all(path.read_bytes() == (folder / "scans" / path.name.partition(" ")[2]).read_bytes() for path in there)
    assert len(there) == 4


def test_a_file_that_is_not_to_be_had_keeps_no_other_from_being_fetched(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind_a_hostile_server(capsys, folder, monkeypatch) as server:
        told(capsys, "export", "export.yaml", "-o", "known.xlsx", "--to", "acme")
        (bad,) = (path for path in (folder / "known.files").rglob("*Müller.pdf"))
        order, number = bad.parent.name, bad.name.partition(" ")[0]
        path = f"/api/purchase_orders/{order}/attachments/{number}"
        server.hostility = Hostility("GET", path, answer=forbidden, passes_on=False)
        result = told(capsys, "export", "export.yaml", "-o", "out.xlsx", "--to", "acme")
    assert (result["code"], result["rows"]) == (1, 3)
    assert len([path for path in (folder / "out.files").rglob("*") if path.is_file()]) == 3
    cells = [str(row[2]) for row in sheet(folder / "out.xlsx", "files")]
    assert any("(not fetched: " in cell for cell in cells)


def test_an_order_that_lacks_a_file_is_not_marked_as_exported_and_comes_again(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind_a_hostile_server(capsys, folder, monkeypatch) as server:
        told(capsys, "export", "export.yaml", "-o", "known.xlsx", "--to", "acme")
        (bad,) = (path for path in (folder / "known.files").rglob("*Müller.pdf"))
        marking = EXPORT.replace("name: files", "name: marking") + "where: {exported: false}\nmark_exported: true\n"
        (folder / "marking.yaml").write_text(marking, encoding="utf-8")
        path = f"/api/purchase_orders/{bad.parent.name}/attachments/{bad.name.partition(' ')[0]}"
        server.hostility = Hostility("GET", path, answer=forbidden, passes_on=False)
        first = told(capsys, "export", "marking.yaml", "-o", "one.xlsx", "--to", "acme")
        server.hostility = Hostility()
        again = told(capsys, "export", "marking.yaml", "-o", "two.xlsx", "--to", "acme")
        last = told(capsys, "export", "marking.yaml", "-o", "three.xlsx", "--to", "acme")
    assert [(each["code"], each["documents"]) for each in (first, again, last)] == [(1, 2), (0, 1), (0, 0)]
    assert any(path.name == bad.name for path in (folder / "two.files").rglob("*"))


@contextmanager
def behind_a_hostile_server(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HostileServer]:
    """The orders and their files imported, and the sandbox with them behind a server, as profile acme."""
    (folder / "export.yaml").write_text(EXPORT, encoding="utf-8")
    told(capsys, "import", "files.yaml", "orders.csv")
    monkeypatch.setenv("BULKPO_ACME_CLIENT_SECRET", "sandbox")
    with SandboxServer(folder / ".bulkpo/sandbox", SandboxOptions()) as sandbox, hostile_server(sandbox.url) as server:
        text = f'bulkpo: profiles/1\nprofiles:\n  acme: {{url: "{server.url}", client_id: sandbox}}\n'
        (folder / "bulkpo.yaml").write_text(text, encoding="utf-8")
        (folder / "bulkpo.yaml").chmod(0o600)
        yield server


def test_a_file_that_is_too_large_is_told_and_not_fetched(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "export.yaml").write_text(f"{EXPORT}attachments: {{most_mb: 1}}\n", encoding="utf-8")
    (folder / "scans/order.pdf").write_bytes(b"x" * (1 << 20) + b"y")
    told(capsys, "import", "files.yaml", "orders.csv")
    text = said(capsys, "export", "export.yaml", "-o", "out.xlsx")
    assert "order.pdf of purchase_orders" in text
    assert "not fetched, it has 1,048,577 bytes" in text
    cells = " ".join(str(row[2]) for row in sheet(folder / "out.xlsx", "files")[1:])
    assert "(not fetched, it has 1,048,577 bytes)" in cells
    assert told(capsys, "export", "export.yaml", "-o", "out.xlsx")["code"] == 1


def test_a_plan_that_was_approved_is_not_applied_with_another_file(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    told(capsys, "import", "files.yaml", "orders.csv", "--plan", "plan.xlsx")
    before = (folder / "scans/bolt.png").read_bytes()
    (folder / "scans/bolt.png").write_bytes(before + b"!")
    assert run(["apply", "plan.xlsx"]) != 0
    assert attached(folder) == {}
    (folder / "scans/bolt.png").write_bytes(before)
    assert told(capsys, "apply", "plan.xlsx")["attachments"]["attached"] == 4
