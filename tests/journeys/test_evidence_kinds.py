"""Evidence of every kind of run: what is in each pack, that it holds, and that no secret is in any of them."""

import base64
import gzip
import hashlib
import html
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from world import SCOPES

from bulkpo.cli.main import run
from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer
from bulkpo.tables.source import SourceOptions, open_source

ROOT = Path(__file__).resolve().parents[2]
MAPPING = str(ROOT / "mappings/import/legacy-orders.yaml")
PRICES = """\
bulkpo: import/1
name: prices
mode: update
resource: purchase_orders
document: {key: po-number}
columns: {PO: po-number, Line: order-lines/line-num, Price: order-lines/price}
"""
EXPORT = """\
bulkpo: export/1
name: orders
resource: purchase_orders
time_zone: America/New_York
rows: order-lines
columns: {PO Number: po-number, Line: order-lines/line-num, Price: order-lines/price}
"""
TWO_TABLES = """\
bulkpo: import/1
name: two
document: {key: po-number}
tables:
  heads:
    columns:
      PO: po-number
      Scan: {to: attachments, folder: scans}
  lines:
    source: {file: lines.csv}
    columns:
      PO: po-number
      Line: order-lines/line-num
      Price: order-lines/price
constants:
  type: ExternalOrderHeader
  supplier/name: Acme
  currency/code: USD
  ship-to-user/login: migration
  order-lines/description: x
  order-lines/type: OrderAmountLine
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  transmission-method-override: do_not_transmit
"""
SECRET = 'S3cr3t & <Mark> "0123" ü'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run(["import", MAPPING, str(ROOT / "samples/legacy-orders.xlsx"), "--out", "."]) == 0
    (tmp_path / "prices.yaml").write_text(PRICES, encoding="utf-8")
    (tmp_path / "prices.csv").write_text("PO,Line,Price\n0004711,1,99.50\n0004712,1,1\nX-1,1,2\n", encoding="utf-8")
    capsys.readouterr()
    return tmp_path


def packed(capsys: pytest.CaptureFixture[str], number: int) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What is told of a pack, which holds, and its members."""
    capsys.readouterr()
    name = f"{number}.zip"
    assert run(["evidence", str(number), "-o", name, "--json"]) == 0
    made: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert run(["evidence", "--verify", name, "--sha256", made["sha256"], "--json"]) == 0, capsys.readouterr().out
    assert made["accounting"]["closes"], made["accounting"]
    with zipfile.ZipFile(name) as archive:
        return made, {each: archive.read(each) for each in archive.namelist()}


def lines(text: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.usefixtures("folder")
def test_an_update_has_every_change_that_was_sent_and_each_element_as_it_was_read_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["import", "prices.yaml", "prices.csv"]) == 1
    made, members = packed(capsys, 2)
    back = lines(members["read-back.jsonl"])
    assert [(it["key"], it["differs"], it["fields"]) for it in back] == [
        ("0004711", False, [["order-lines[1]/price", "99.50", "99.50", "same"]]),
        ("0004712", False, [["order-lines[1]/price", "1", "1.00", "same"]]),
    ]
    assert len(lines(members["payloads.jsonl"])) == 2
    outcomes = {row["row"]: row["outcome"] for row in lines(members["rows.jsonl"])}
    assert outcomes == {2: "changed", 3: "changed", 4: "not sent"}
    sums = {each["what"]: each["parts"] for each in made["accounting"]["sums"]}
    assert sums["orders, as the check found them"] == {"with errors": 0, "held back": 1, "changed": 2}


@pytest.mark.usefixtures("folder")
def test_a_plan_that_was_approved_and_applied_is_in_the_pack_with_who_approved_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["import", "prices.yaml", "prices.csv", "--plan", "plan.xlsx"]) == 0
    book = openpyxl.load_workbook("plan.xlsx")
    for row in book["Plan"].iter_rows():
        if row[0].value in ("Approved by", "Approved on"):
            row[1].value = "M. Keller" if row[0].value == "Approved by" else datetime(2026, 11, 27)
    book.save("plan.xlsx")
    assert run(["apply", "plan.xlsx"]) == 1
    made, members = packed(capsys, 2)
    (plan,) = [copy for copy in made["files"] if copy["what"] == "plan that was approved"]
    assert members[plan["member"]] == Path("plan.xlsx").read_bytes()
    facts = json.loads(members["run.json"])
    assert facts["run"]["summary"]["approved_by"] == "M. Keller"
    assert not any(gap["what"] == "approval" for gap in made["not_checked"])
    source = open_source(Path("prices.result.xlsx"), SourceOptions(sheet="Run"))
    told = {str(name): value for chunk in source.chunks() for name, value in zip(*chunk.columns, strict=True)}
    assert (told["Approved by"], told["Command"]) == ("M. Keller", "bulkpo apply plan.xlsx")


@pytest.mark.usefixtures("folder")
def test_a_workbook_that_was_edited_is_in_the_pack_with_what_was_made_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("export.yaml").write_text(EXPORT, encoding="utf-8")
    assert run(["export", "export.yaml", "--editable", "-o", "orders.xlsx"]) == 0
    book = openpyxl.load_workbook("orders.xlsx")
    sheet = book.worksheets[0]
    at = [cell.value for cell in sheet[1]].index("Price") + 1
    sheet.cell(2, at).value = 77.25
    book.save("orders.xlsx")
    assert run(["update", "orders.xlsx"]) == 0
    made, members = packed(capsys, 2)
    standing = {copy["what"]: copy for copy in made["files"]}
    assert members[standing["workbook that was edited"]["member"]] == Path("orders.xlsx").read_bytes()
    assert standing["input"]["standing"] == standing["mapping"]["standing"] == "packed"
    (back,) = lines(members["read-back.jsonl"])
    assert [it[1:] for it in back["fields"]] == [["77.25", "77.25", "same"]]


def test_what_was_done_with_a_list_has_the_list_and_each_action(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["do", "issue-without-send", "--run", "1"]) == 0
    (folder / "old.txt").write_text("0004711\n0004712\nXX-1\n", encoding="utf-8")
    assert run(["do", "close", "old.txt"]) == 1
    made, members = packed(capsys, 3)
    assert {copy["what"]: copy["standing"] for copy in made["files"]} == {"list": "packed", "result": "packed"}
    assert "rows.jsonl" not in members
    told = [(it.get("key"), it.get("event")) for it in lines(members["events.jsonl"])]
    assert ("0004711", "close: accepted") in told, told
    source = open_source(folder / "old.close.xlsx", SourceOptions(sheet="Run"))
    facts = {str(name): str(value) for chunk in source.chunks() for name, value in zip(*chunk.columns, strict=True)}
    assert (facts["Action"], facts["Command"]) == ("close", "bulkpo do close old.txt")
    assert facts["OAuth client id"] == "sandbox"


@pytest.mark.usefixtures("folder")
def test_a_run_that_was_undone_has_both_in_one_pack(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "prices.yaml", "prices.csv"]) == 1
    assert run(["undo", "2"]) == 0
    made, members = packed(capsys, 2)
    work = json.loads(members["run.json"])["work"]
    assert [(it["what"], it["by"]["command"]) for it in work] == [
        ("import", "bulkpo import prices.yaml prices.csv"),
        ("undo", "bulkpo undo 2"),
    ]
    assert {row["outcome"] for row in lines(members["orders.jsonl"])} == {"undone"}
    assert "what was undone" in {copy["what"] for copy in made["files"]}
    source = open_source(Path("prices.undone.xlsx"), SourceOptions(sheet="Run"))
    facts = {str(name): str(value) for chunk in source.chunks() for name, value in zip(*chunk.columns, strict=True)}
    assert (facts["Command"], facts["First command"]) == ("bulkpo undo 2", "bulkpo import prices.yaml prices.csv")


def test_several_files_joined_tables_and_attachments_are_all_accounted_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans/a.pdf").write_bytes(b"%PDF-1.4 scan")
    (tmp_path / "m.yaml").write_text(TWO_TABLES, encoding="utf-8")
    (tmp_path / "heads.csv").write_text("PO,Scan\nP-1,a.pdf\nP-2,\n", encoding="utf-8")
    (tmp_path / "lines.csv").write_text("PO,Line,Price\nP-2,1,1\nP-1,7,1\nP-1,3,x\n", encoding="utf-8")
    assert run(["import", "m.yaml", "heads.csv"]) == 1
    (tmp_path / "lines.csv").write_text("PO,Line,Price\nP-2,1,1\nP-1,7,1\nP-1,3,2\n", encoding="utf-8")
    assert run(["import", "m.yaml", "heads.csv", "--on-existing", "compare"]) == 0
    made, members = packed(capsys, 2)
    assert sorted(copy["what"] for copy in made["files"]) == ["input", "input", "mapping", "result"]
    (attached,) = lines(members["attachments.jsonl"])
    digest = hashlib.sha256(b"%PDF-1.4 scan").hexdigest()
    assert (attached["key"], attached["name"], attached["bytes"]) == ("P-1", "a.pdf", 13)
    assert (attached["sha256"], attached["outcome"]) == (digest, "attached")
    assert {row["outcome"] for row in lines(members["rows.jsonl"])} == {"created", "existing"}
    files = {copy["path"]: copy["standing"] for copy in packed(capsys, 1)[0]["files"]}
    assert files[str(tmp_path / "lines.csv")] == "changed since"
    assert files[str(tmp_path / "heads.csv")] == "packed"


def test_a_folder_of_months_has_every_file_and_the_rows_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "samples/monthly", tmp_path / "monthly")
    assert run(["import", str(ROOT / "mappings/import/monthly.yaml"), "monthly/orders-*", "--out", "."]) == 0
    made, members = packed(capsys, 1)
    inputs = [copy for copy in made["files"] if copy["what"] == "input"]
    assert len(inputs) == len(list((tmp_path / "monthly").glob("orders-*")))
    assert {copy["standing"] for copy in made["files"]} == {"packed"}
    assert {row["file"] for row in lines(members["rows.jsonl"])} == {Path(copy["path"]).name for copy in inputs}


def test_reports_and_exports_say_who_wrote_them_when_and_as_whom(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = str(ROOT / "samples/legacy-orders.xlsx")
    for name in ("report.xlsx", "report.html", "report.json"):
        assert run(["check", MAPPING, orders, "--report", name]) == 0
    (folder / "export.yaml").write_text(EXPORT, encoding="utf-8")
    assert run(["export", "export.yaml", "-o", "out.xlsx"]) == 0
    capsys.readouterr()
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))["run"]
    assert told["Command"] == f"bulkpo check {MAPPING} {orders} --report report.json"
    assert told["Started (UTC)"] < told["Ended (UTC)"]
    assert told["Operator"] in (folder / "report.html").read_text(encoding="utf-8")
    for name, sheet in (("report.xlsx", "bulkpo run"), ("out.xlsx", "About")):
        rows = openpyxl.load_workbook(folder / name)[sheet].iter_rows(values_only=True)
        facts = {row[0]: row[1] for row in rows}
        assert {"Operator", "Machine", "Command", "Started (UTC)", "Ended (UTC)"} <= facts.keys(), name
    assert facts["OAuth client id"] == "sandbox"
    assert run(["check", MAPPING, "report.xlsx"]) == 0, "a report may be checked again: its own sheets are left out"


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a profile of an instance whose secret is marked."""
    monkeypatch.chdir(tmp_path)
    options = SandboxOptions(references=References.OPEN)
    with SandboxServer(None, options) as server:
        profile = (
            f"{{url: '{server.url}', client_id: sandbox, client_secret_variable: ODD_NAME, scopes: "
            f"[{', '.join(SCOPES)}]}}"
        )
        text = f"bulkpo: profiles/1\nprofiles:\n  acme: {profile}\n"
        (tmp_path / "bulkpo.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setenv("ODD_NAME", "sandbox")
        yield tmp_path


def is_marked(text: bytes, secret: str) -> bool:
    """Whether a file says a secret, in whatever way its letters are written."""
    if base64.b64encode(secret.encode()).rstrip(b"=") in text:
        return True
    for code in ("utf-8", "utf-16-le", "utf-16-be"):
        said = text.decode(code, "ignore")
        for _ in range(3):
            said = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), said).replace('\\"', '"')
            said = html.unescape(said).replace('""', '"')
            if secret in said or secret in re.sub(r"<[^<>]*>", "", said):
                return True
    return False


def inside(text: bytes) -> Iterator[bytes]:
    """A file, and what is inside it where it is an archive."""
    yield text
    if text.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(text)) as archive:
            for name in archive.namelist():
                yield from inside(archive.read(name))


def test_a_planted_secret_is_in_no_part_of_a_pack(
    acme: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = (ROOT / "samples/legacy-orders.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(orders))
    book["Orders"]["G2"].value = f"the word is {SECRET}"
    book.save(acme / "orders.xlsx")
    mapping = Path(MAPPING).read_text(encoding="utf-8").replace("../crosswalks/", "")
    (acme / "legacy.yaml").write_text(f"# {SECRET}\n{mapping}", encoding="utf-8")
    uom = (ROOT / "mappings/crosswalks/uom.csv").read_text(encoding="utf-8")
    (acme / "uom.csv").write_bytes(uom.encode())
    command = ["import", "legacy.yaml", "orders.xlsx", "--to", "acme", "--yes", "--no-preflight"]
    code = run(command)
    assert code in (0, 1), capsys.readouterr().err
    monkeypatch.setenv("ANY_SERVICE_TOKEN", SECRET)
    made, members = packed(capsys, 1)
    standing = {copy["what"]: copy["standing"] for copy in made["files"]}
    assert standing["input"] == standing["mapping"] == standing["result"] == "kept out"
    assert standing["crosswalk"] == "packed"
    for name, text in members.items():
        for piece in inside(text):
            assert not is_marked(piece, SECRET), name
    assert b"the word is ***" in members["payloads.jsonl"]
    assert b'"client": "***"' in members["run.json"], "where the id of the client is its secret as well"


def test_a_secret_on_the_command_line_is_masked_before_it_is_kept(
    acme: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BULKPO_ACME_CLIENT_SECRET", "hush-hush")
    (acme / "hush-hush").mkdir()
    mapping = str(ROOT / "mappings/import/legacy-orders.yaml")
    assert run(["import", mapping, str(ROOT / "samples/legacy-orders.xlsx"), "--out", "hush-hush"]) in (0, 3)
    made, members = packed(capsys, 1)
    assert b"--out ***" in members["run.json"]
    assert made["run"] == 1
    for text in members.values():
        assert not any(b"hush-hush" in piece for piece in inside(text))
    assert b"hush" not in gzip.compress(members["README.txt"])
