"""`bulkpo export` against the sandbox over HTTP: what a person types, and what then is in the file."""

import csv
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import requests

from bulkpo.cli.main import run
from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created
from bulkpo.coupa.reader import Listing
from bulkpo.coupa.windows import Span
from bulkpo.errors import RunError
from bulkpo.journal.notebook import Notebook
from bulkpo.mapping.language.export import ExportContext, export_of
from bulkpo.runs.exports.checkpoint import Checkpoint, notebook_of, question_of
from bulkpo.sandbox.serving.server import (
    CLIENT_ID,
    CLIENT_SECRET,
    FirstStatus,
    References,
    SandboxOptions,
    SandboxServer,
)
from bulkpo.schema.tables import ElementTables
from bulkpo.settings import load_profile
from bulkpo.shipped import schema_text

JSON = "application/json"
OPEN_AND_ISSUED = SandboxOptions(references=References.OPEN, created=FirstStatus.ISSUED)
MAPPINGS = Path(__file__).parents[2] / "mappings" / "export"


def order(number: str, supplier: str, *lines: tuple[str, str, str]) -> bytes:
    return json.dumps(
        {
            "po-number": number,
            "type": "ExternalOrderHeader",
            "ship-to-user": {"login": "migration"},
            "supplier": {"name": supplier},
            "currency": {"code": "USD"},
            "order-lines": [
                {
                    "line-num": str(position),
                    "type": "OrderQuantityLine",
                    "description": description,
                    "quantity": quantity,
                    "price": price,
                    "uom": {"code": "EA"},
                    "currency": {"code": "USD"},
                    "account": {"code": "01-100-8000"},
                    "need-by-date": "2026-03-01T00:00:00-08:00",
                }
                for position, (description, quantity, price) in enumerate(lines, 1)
            ],
        }
    ).encode()


ORDERS = (
    order("00042", "Acme", ("=HYPERLINK(1)", "2", "5.10"), ("Ünïcode & <tag>", "3", "100")),
    order("PO-2", "Globex", ("Paper", "1", "0.000001")),
    order("PO-3", "Acme, Inc", ("Pens", "10", "1.5"), ("Ink", "1", "20"), ("Cable", "4", "7.25")),
)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A sandbox with three orders that are issued, reached by the profile `there` of the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULKPO_THERE_CLIENT_SECRET", CLIENT_SECRET)
    with SandboxServer(None, OPEN_AND_ISSUED) as server:
        text = f"bulkpo: profiles/1\nprofiles:\n  there: {{url: '{server.url}', client_id: {CLIENT_ID}}}\n"
        (tmp_path / "bulkpo.yaml").write_text(text, encoding="utf-8")
        profile = replace(load_profile("sandbox", tmp_path, {}), url=server.url)
        with CoupaClient(profile) as client:
            for body in ORDERS:
                assert isinstance(client.create("purchase_orders", body, JSON), Created)
        yield server.url


def export(capsys: pytest.CaptureFixture[str], *arguments: str, to: str = "there") -> dict[str, object]:
    assert run(["export", *arguments, "--to", to, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    return answer


def problems(capsys: pytest.CaptureFixture[str]) -> list[str]:
    heading, *lines = capsys.readouterr().err.splitlines()
    assert heading == f"bulkpo: {len(lines)} problems"
    return [line.strip() for line in lines]


@pytest.mark.usefixtures("instance")
def test_order_lines_come_as_a_workbook_with_typed_cells(capsys: pytest.CaptureFixture[str]) -> None:
    answer = export(capsys, str(MAPPINGS / "order-lines.yaml"), "-o", "lines.xlsx")
    assert list(answer) == ["documents", "rows", "requests", "seconds", "file"]
    assert (answer["documents"], answer["rows"], answer["file"]) == (3, 6, "lines.xlsx")
    sheet = openpyxl.load_workbook("lines.xlsx")["Order lines"]
    titles, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    first = dict(zip(titles, rows[0], strict=True))
    assert (first["PO number"], first["Supplier"], first["Line"]) == ("00042", "Acme", "1")
    assert (first["Quantity"], first["Price"], first["Line total"]) == (2, 5.1, 10.2)
    assert first["Description"] == "=HYPERLINK(1)"
    assert first["Need by"] == datetime(2026, 3, 1)
    assert [row[titles.index("PO number")] for row in rows] == ["00042", "00042", "PO-2", "PO-3", "PO-3", "PO-3"]
    formats = {cell.number_format for cell in sheet["O"][1:]}
    assert (titles[14], formats) == ("Need by", {"yyyy-mm-dd"})
    cell = next(cell for cell in sheet[2] if cell.value == "=HYPERLINK(1)")
    assert cell.data_type == "s"


@pytest.mark.usefixtures("instance")
def test_a_command_line_needs_no_mapping(capsys: pytest.CaptureFixture[str]) -> None:
    answer = export(
        capsys,
        "purchase_orders",
        "--where", "status[in]=issued,closed",
        "--where", "supplier[name][contains]=Acme",
        "--columns", "po-number,supplier/name,order-lines/line-num",
        "-o", "open.csv",
    )  # fmt: skip
    assert (answer["documents"], answer["rows"]) == (2, 2)
    with Path("open.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["po-number", "supplier/name", "order-lines/line-num"],
            ["00042", "Acme", "1; 2"],
            ["PO-3", "Acme, Inc", "1; 2; 3"],
        ]


def test_people_are_told_which_instance_was_read_and_how_much(
    instance: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(MAPPINGS / "open-orders.yaml"), "--to", "there"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"Reading purchase_orders of there ({instance})"
    assert said[1] == "  where status[in]=draft,issued,buyer_hold,currency_hold,supplier_hold,supplier_window_hold"
    assert said[2].startswith("3 documents, 3 rows in open-orders.xlsx (")


@pytest.mark.usefixtures("instance")
def test_a_parameter_that_is_missing_is_told_before_anything_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(MAPPINGS / "recently-changed.yaml"), "--to", "there"]) == 2
    assert "there is no value for ${since}; give one with --set since=..." in capsys.readouterr().err
    answer = export(capsys, str(MAPPINGS / "recently-changed.yaml"), "--set", "since=today - 7 days")
    assert answer["documents"] == 3


@pytest.mark.usefixtures("instance")
def test_a_wrong_mapping_tells_all_its_errors_with_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    Path("wrong.yaml").write_text(
        "bulkpo: export/1\n"
        "name: wrong\n"
        "where:\n"
        "  updated-at: {contains: '2026'}\n"
        "  status: {in: [issud]}\n"
        "  po-numbr: 1\n"
        "rows: supplier\n"
        "columns: {A: supplier, B: suplier/name}\n",
        encoding="utf-8",
    )
    assert run(["export", "wrong.yaml", "--to", "there"]) == 2
    assert problems(capsys) == [
        "wrong.yaml:4:16: updated-at: contains looks inside a text, and this is a datetime; write gt_or_eq or lt",
        (
            "wrong.yaml:5:12: status: 'issud' is not a value of status; did you mean issued? "
            "(--any-value asks for it as it is)"
        ),
        "wrong.yaml:6:3: order-header has no element 'po-numbr'; did you mean po-number?",
        "wrong.yaml:7:1: supplier is no collection; name one, such as order-lines or attachments",
        "wrong.yaml:8:11: supplier is a whole supplier; name an element of it, as in supplier/id",
        "wrong.yaml:8:24: order-header has no element 'suplier'; did you mean supplier or supplier-site?",
    ]


@pytest.mark.usefixtures("instance")
def test_a_wrong_command_line_names_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["export", "purchase_orders", "--where", "status[strts_with]=x", "--columns", "po-nmber", "--to", "there"])
        == 2
    )
    assert problems(capsys) == [
        "--where 'status[strts_with]=x': 'strts-with' is not an operator of Coupa's queries; did you mean starts_with?",
        "--columns 'po-nmber': order-header has no element 'po-nmber'; did you mean po-number?",
    ]
    assert run(["export", "purchase_order", "--to", "there"]) == 2
    assert "RESOURCE: 'purchase_order' is not a resource of Coupa; did you mean purchase_orders" in (
        capsys.readouterr().err
    )


@pytest.mark.usefixtures("instance")
def test_nothing_found_is_a_file_with_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    answer = export(capsys, "purchase_orders", "--where", "po-number=none", "--columns", "id,po-number", "-o", "a.csv")
    assert (answer["documents"], answer["rows"]) == (0, 0)
    assert Path("a.csv").read_text(encoding="utf-8-sig") == "id,po-number\n"


def test_an_instance_that_is_not_there_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULKPO_GONE_CLIENT_SECRET", "x")
    (tmp_path / "bulkpo.yaml").write_text(
        "bulkpo: profiles/1\nprofiles:\n  gone: {url: 'http://127.0.0.1:9', client_id: x}\n", encoding="utf-8"
    )
    (tmp_path / "old.csv").write_text("as it was", encoding="utf-8")
    monkeypatch.setattr("bulkpo.coupa.limiter.time.sleep", lambda _: None)
    assert run(["export", "purchase_orders", "-o", "old.csv", "--to", "gone"]) == 4
    assert "gone (http://127.0.0.1:9) gives no token: it cannot be reached" in capsys.readouterr().err
    assert (tmp_path / "old.csv").read_text(encoding="utf-8") == "as it was"


def test_an_export_that_was_killed_goes_on_where_it_was(instance: str, tmp_path: Path) -> None:
    profile = replace(load_profile("sandbox", tmp_path, {}), url=instance)
    numbers = ["00042", "PO-2", "PO-3", *(f"MANY-{number:04}" for number in range(700))]
    with CoupaClient(profile) as client:
        for number in numbers[3:]:
            assert isinstance(client.create("purchase_orders", order(number, "Acme", ("Pen", "1", "1")), JSON), Created)
    settings = tmp_path / "bulkpo.yaml"
    quick = settings.read_text(encoding="utf-8")
    settings.write_text(quick.replace("{url", "{rate: 10, burst: 1, workers: 2, url"), encoding="utf-8")
    arguments = ["export", str(MAPPINGS / "open-orders.yaml"), "-o", "a.csv", "--to", "there"]
    command = [sys.executable, "-m", "bulkpo", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while windows_kept(tmp_path) < 2:
        assert process.poll() is None, "the export ended before it could be killed"
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert not Path("a.csv").exists()
    settings.write_text(quick, encoding="utf-8")
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert "note: resumed the export begun " in done.stderr
    assert (answer["documents"], answer["rows"]) == (703, 703)
    assert answer["requests"] < 16  # of 18 for all
    with Path("a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["PO number"] for row in csv.DictReader(file)] == numbers
    assert list((tmp_path / ".bulkpo" / "exports").iterdir()) == []


def windows_kept(folder: Path) -> int:
    """How many windows the one checkpoint there is holds; read from a copy, since its process holds the file."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in (folder / ".bulkpo" / "exports").glob("*.db*"):
        shutil.copy(path, copy / path.name)
    for path in copy.glob("*.db"):
        with closing(sqlite3.connect(path)) as connection, suppress(sqlite3.Error):
            return int(connection.execute("SELECT count(*) FROM windows").fetchone()[0])
    return 0


def test_one_export_at_a_time_works_on_a_checkpoint(tmp_path: Path) -> None:
    listing = Listing("purchase_orders", ((),), ["id"])
    now = datetime(2026, 11, 21, tzinfo=UTC)
    profile = load_profile("sandbox", tmp_path, {})
    path, asked = tmp_path / "exports" / "one.db", question_of(listing, profile)
    with closing(Notebook(path)) as notebook:
        first = Checkpoint(notebook, asked, now)
        first.begin(newest="noted")
        first.save(Span(0, 50, 1), b"x")
        with pytest.raises(RunError, match="this export is being made by another process; wait until it ends"):
            Checkpoint(Notebook(path), asked, now)
    with closing(Notebook(path)) as notebook:
        second = Checkpoint(notebook, asked, now + timedelta(hours=1))
        assert (second.begun, second.spans(), second.load(0)) == (now, [Span(0, 50, 1)], b"x")
        assert second.facts["newest"] == "noted"
        assert Checkpoint(notebook, asked, now + timedelta(hours=25)).begun is None
        assert Checkpoint(notebook, question_of(replace(listing, fields=["status"]), profile), now).begun is None
        second.begin()
        assert second.spans() == []


def test_what_nobody_went_on_with_for_a_day_is_removed_by_the_next_export(tmp_path: Path) -> None:
    profile = load_profile("sandbox", tmp_path, {})
    now = datetime.now(UTC)

    def keep(element: str, at: datetime) -> set[str]:
        data = {"name": element, "resource": "purchase_orders", "columns": [element]}
        mapping = export_of(data, ExportContext(ElementTables(schema_text), schema_text, {}, at, None))
        with closing(notebook_of(tmp_path, mapping, profile, at)) as notebook:
            checkpoint = Checkpoint(notebook, "asked", at)
            checkpoint.begin()
            checkpoint.save(Span(0, 50, 1), b"x")
        return {path.name for path in (tmp_path / "exports").iterdir()}

    first = keep("id", now)
    marks = tmp_path / "exports" / "sandbox-twenty-four-01234567.db"
    marks.touch()
    assert first < keep("po-number", now + timedelta(hours=23))
    left = keep("status", now + timedelta(hours=25))
    assert not first & left
    assert marks.name in left


NEW = """\
bulkpo: export/1
name: new orders
where: {exported: false}
columns: [po-number]
mark_exported: true
"""
SINCE = """\
bulkpo: export/1
name: changed orders
since: updated-at
columns: [po-number, version]
"""


def numbers_in(file: str) -> list[str]:
    with Path(file).open(encoding="utf-8-sig", newline="") as text:
        return [row["po-number"] for row in csv.DictReader(text)]


def client_of(instance: str, folder: Path) -> CoupaClient:
    return CoupaClient(replace(load_profile("sandbox", folder, {}), url=instance))


def test_what_was_exported_is_marked_and_not_exported_again(
    instance: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("new.yaml").write_text(NEW, encoding="utf-8")
    assert export(capsys, "new.yaml", "-o", "first.csv")["documents"] == 3
    with client_of(instance, tmp_path) as client:
        assert [found["exported"] for found in client.find("purchase_orders", [])] == [True, True, True]
        client.create("purchase_orders", order("PO-4", "Acme", ("Pen", "1", "1")), JSON)
    export(capsys, "new.yaml", "-o", "second.csv")
    assert (numbers_in("first.csv"), numbers_in("second.csv")) == (["00042", "PO-2", "PO-3"], ["PO-4"])
    assert list((tmp_path / ".bulkpo" / "exports").iterdir()) == []


def set_faults(instance: str, plan: dict[str, object]) -> None:
    requests.put(f"{instance}/_sandbox/faults", json=plan, timeout=10).raise_for_status()


def test_marks_that_were_left_out_are_made_first_and_the_file_stays(
    instance: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("new.yaml").write_text(NEW, encoding="utf-8")
    set_faults(instance, {"rates": {"502": 1}, "only": {"method": "PUT"}})
    assert run(["export", "new.yaml", "-o", "a.csv", "--to", "there"]) == 4
    assert "the file is in place: give the command again to mark the rest" in capsys.readouterr().err
    set_faults(instance, {})
    assert numbers_in("a.csv") == ["00042", "PO-2", "PO-3"]
    with client_of(instance, tmp_path) as client:
        assert not any(found["exported"] for found in client.find("purchase_orders", []))
        changed = next(client.find("purchase_orders", [("po-number", "PO-2")]))
        time.sleep(1.1)  # the instance's clock counts seconds
        client.act("purchase_orders", changed["id"], "cancel")
        client.create("purchase_orders", order("PO-4", "Acme", ("Pen", "1", "1")), JSON)
    assert run(["export", "new.yaml", "-o", "a.csv", "--to", "there"]) == 0
    said = capsys.readouterr().out
    assert (
        f"{tmp_path / 'a.csv'} is in place from the export before, which did not end; nothing new was asked for: "
        in said
    )
    assert "2 marked as exported" in said
    assert "1 changed since they were read; left for the next export" in said
    assert numbers_in("a.csv") == ["00042", "PO-2", "PO-3"]
    export(capsys, "new.yaml", "-o", "b.csv")
    assert numbers_in("b.csv") == ["PO-2", "PO-4"]


def test_a_mark_whose_answer_is_lost_is_looked_for_in_the_document(
    instance: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("new.yaml").write_text(NEW, encoding="utf-8")
    set_faults(instance, {"rates": {"502_after": 1}, "only": {"method": "PUT"}})
    assert run(["export", "new.yaml", "-o", "a.csv", "--to", "there"]) == 0
    assert "3 marked as exported" in capsys.readouterr().out
    with client_of(instance, tmp_path) as client:
        assert [found["exported"] for found in client.find("purchase_orders", [])] == [True, True, True]


def test_the_next_export_asks_only_for_what_is_new_and_repeats_nothing(
    instance: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("since.yaml").write_text(SINCE, encoding="utf-8")
    export(capsys, "since.yaml", "-o", "first.csv")
    export(capsys, "since.yaml", "-o", "second.csv")
    with client_of(instance, tmp_path) as client:
        changed = next(client.find("purchase_orders", [("po-number", "PO-2")]))
        time.sleep(1.1)  # the instance's clock counts seconds
        client.act("purchase_orders", changed["id"], "close")
        client.create("purchase_orders", order("PO-4", "Acme", ("Pen", "1", "1")), JSON)
    said = export(capsys, "since.yaml", "-o", "third.csv")
    assert said["documents"] == 2
    export(capsys, "since.yaml", "-o", "all.csv", "--fresh")
    assert [numbers_in(f"{name}.csv") for name in ("first", "second", "third", "all")] == [
        ["00042", "PO-2", "PO-3"],
        [],
        ["PO-2", "PO-4"],
        ["00042", "PO-2", "PO-3", "PO-4"],
    ]


def test_a_workbook_says_what_it_holds_and_adds_up_by_currency(
    instance: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("sum.yaml").write_text(
        "bulkpo: export/1\nname: sums\nwhere: {status: issued}\nrows: order-lines\n"
        "columns: {PO: po-number, Total: order-lines/total, Currency: order-lines/currency/code}\n"
        "output: {totals: [Total]}\n",
        encoding="utf-8",
    )
    export(capsys, "sum.yaml", "-o", "sum.xlsx")
    workbook = openpyxl.load_workbook("sum.xlsx")
    *_, last = workbook["sums"].iter_rows(values_only=True)
    assert list(last) == ["Total", 374.2, "USD"]
    said = about("sum.xlsx")
    assert said["Instance"] == f"there ({instance})"
    assert (said["Where"], said["Documents"], said["Rows"]) == ("status=issued", "3", "6")


@pytest.mark.usefixtures("instance")
def test_xml_and_json_give_the_same_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export(capsys, str(MAPPINGS / "order-lines.yaml"), "-o", "json.csv")
    settings = tmp_path / "bulkpo.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("{url", "{format: xml, url"), encoding="utf-8")
    export(capsys, str(MAPPINGS / "order-lines.yaml"), "-o", "xml.csv")
    assert Path("xml.csv").read_bytes() == Path("json.csv").read_bytes()
    export(capsys, "purchase_orders", "--where", "po-number=none", "--columns", "all", "-o", "none.csv")
    assert len(Path("none.csv").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.usefixtures("instance")
def test_other_resources_can_be_exported_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert export(capsys, "purchase_order_lines", "-o", "lines.csv")["documents"] == 6
    for resource in ("suppliers", "users", "currencies", "uoms", "accounts", "payment_terms", "commodities"):
        answer = export(capsys, resource, "-o", f"{resource}.csv", to="sandbox")
        assert answer["documents"] == answer["rows"] != 0, resource


def test_a_missing_scope_is_named(instance: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Path("bulkpo.yaml")
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("}", ", scopes: core.common.read}"), encoding="utf-8"
    )
    assert run(["export", "users", "--to", "there"]) == 4
    assert f"there ({instance}) does not allow this, and nothing was done (403: The access token lacks the scope " in (
        capsys.readouterr().err
    )


IN_EUROPE = """\
bulkpo: export/1
name: needed
rows: order-lines
columns:
  Created: created-at
  Need by: {path: order-lines/need-by-date, format: date}
  Price: order-lines/price
output: {csv: coupa}
"""


def about(file: str) -> dict[object, object]:
    return {row[0]: row[1] for row in openpyxl.load_workbook(file)["About"].iter_rows(values_only=True) if row[0]}


@pytest.mark.usefixtures("instance")
def test_a_resource_without_a_mapping_is_exported_in_the_zone_that_the_command_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    what = ("purchase_orders", "--rows", "order-lines", "--columns", "po-number,order-lines/need-by-date", "-o")
    for name, zone in (("pacific", "America/Los_Angeles"), ("berlin", "Europe/Berlin"), ("alone", None)):
        export(capsys, *what, f"{name}.csv", *(["--time-zone", zone] if zone is not None else []))
    rows = {name: Path(f"{name}.csv").read_text("utf-8-sig").splitlines()[1] for name in ("pacific", "berlin", "alone")}
    assert rows == {
        "pacific": "00042,2026-03-01",
        "berlin": "00042,2026-03-01 09:00:00",
        "alone": "00042,2026-03-01",
    }
    export(capsys, *what, "before.csv", "--where", "created-at[gt]=2999-01-01", "--time-zone", "Asia/Tokyo")
    assert run(["export", "purchase_orders", "--time-zone", "Paris", "-o", "x.csv"]) == 2
    assert capsys.readouterr().err == "bulkpo: --time-zone: 'Paris' is not a time zone; did you mean Europe/Paris?\n"
    assert run(["export", str(MAPPINGS / "order-lines.yaml"), "--time-zone", "Europe/Paris", "-o", "x.csv"]) == 2
    assert "a mapping file says them itself" in capsys.readouterr().err


@pytest.mark.usefixtures("instance")
def test_dates_are_in_the_declared_zone_and_the_workbook_says_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("needed.yaml").write_text(IN_EUROPE, encoding="utf-8")
    settings = tmp_path / "bulkpo.yaml"
    plain = settings.read_text(encoding="utf-8")
    shown, notes = {}, {}
    for zone in ("", "Europe/Berlin", "Asia/Tokyo"):
        settings.write_text(plain.replace("{url", f"{{time_zone: {zone}, url") if zone else plain, encoding="utf-8")
        export(capsys, "needed.yaml", "-o", "needed.xlsx")
        cell = openpyxl.load_workbook("needed.xlsx")["needed"]["B2"]
        said = about("needed.xlsx")
        shown[zone], notes[zone] = (cell.value, cell.number_format, said["Dates"]), said.get("Note")
    assert shown == {  # the orders are needed on a day that begins at midnight in California
        "": (datetime(2026, 3, 1), "yyyy-mm-dd", "as the instance shows them, in its own zone"),
        "Europe/Berlin": (datetime(2026, 3, 1, 9), "yyyy-mm-dd hh:mm", "in Europe/Berlin"),
        "Asia/Tokyo": (datetime(2026, 3, 1, 17), "yyyy-mm-dd hh:mm", "in Asia/Tokyo"),
    }
    assert notes == {
        "": None,
        **{
            zone: f"Need by: 6 of 6 are no midnight in {zone} and have their time beside them; "
            "say which they are meant in: time_zone in the export mapping or the profile, or --time-zone"
            for zone in ("Europe/Berlin", "Asia/Tokyo")
        },
    }
    Path("needed.yaml").write_text(IN_EUROPE + "time_zone: America/Los_Angeles\n", encoding="utf-8")
    export(capsys, "needed.yaml", "-o", "needed.xlsx")
    assert openpyxl.load_workbook("needed.xlsx")["needed"]["B2"].value == datetime(2026, 3, 1)
    assert about("needed.xlsx")["Dates"] == "in America/Los_Angeles"


@pytest.mark.usefixtures("instance")
def test_csv_can_be_written_by_coupas_conventions(capsys: pytest.CaptureFixture[str]) -> None:
    Path("needed.yaml").write_text(IN_EUROPE, encoding="utf-8")
    export(capsys, "needed.yaml", "-o", "needed.csv")
    heading, first, *_ = Path("needed.csv").read_bytes().split(b"\r\n")
    assert heading == b'"Created","Need by","Price"'
    assert first.endswith(b'","2026-03-01","5.10"')


@pytest.mark.usefixtures("instance")
def test_parquet_holds_exact_numbers_and_moments_with_their_zone(capsys: pytest.CaptureFixture[str]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: pip install 'bulkpo[parquet]'")
    text = IN_EUROPE.replace("output:", "time_zone: Europe/Berlin\noutput:").replace(
        "coupa}", "coupa, totals: [Price]}"
    )
    Path("needed.yaml").write_text(text, encoding="utf-8")
    assert export(capsys, "needed.yaml", "-o", "needed.parquet")["rows"] == 6
    table = parquet.read_table("needed.parquet")
    berlin = "timestamp[us, tz=Europe/Berlin]"
    assert [str(kind) for kind in table.schema.types] == [berlin, berlin, "decimal128(38, 12)"]
    assert table["Price"].to_pylist()[:3] == [Decimal("5.1"), Decimal(100), Decimal("0.000001")]
    assert {moment.isoformat() for moment in table["Need by"].to_pylist()} == {"2026-03-01T09:00:00+01:00"}


@pytest.mark.usefixtures("instance")
def test_conditions_pasted_from_coupas_pages_are_asked_and_what_is_odd_is_noted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    where = ["--where", "status[not_eq]=active", "--where", "purchase_orders/version[lt]=2"]
    asked = ["export", "purchase_orders", *where, "--where", "show_deleted_lines=true", "--columns", "po-number"]
    assert run([*asked, "-o", "odd.xlsx", "--to", "there"]) == 0
    said = capsys.readouterr().out
    assert "  where show_deleted_lines=true\n" in said
    assert "  note: status: 'active' is not among the documented values, so that it may find nothing: buyer_h" in said
    about = list(openpyxl.load_workbook("odd.xlsx")["About"].iter_rows(values_only=True))
    assert any("'active' is not among the documented values" in str(row) for row in about)
    assert run(["export", "purchase_orders", "--where", "status[in]=issued,canceled", "--to", "there"]) == 2
    assert (
        run(["export", "purchase_orders", "--where", "status[in]=issued,canceled", "--any-value", "--to", "there"]) == 0
    )


@pytest.mark.usefixtures("instance")
def test_custom_fields_are_typed_as_the_instance_file_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "bulkpo: instance/1\nname: acme\ncustom_fields:\n  order-header:\n    budget: {type: decimal}\n"
    text += "    due: {type: date}\n    cost-center: {type: lookup}\n    urgent: {type: boolean, namespace: global}\n"
    (tmp_path / "acme.yaml").write_text(text, encoding="utf-8")
    custom = {"budget": "10.50", "due": "2026-03-01", "cost-center": {"name": "0042"}}
    body = json.loads(ORDERS[0]) | {"po-number": "PO-9", "custom-fields": custom, "urgent": "true"}
    with CoupaClient(load_profile("there", tmp_path, {"BULKPO_THERE_CLIENT_SECRET": CLIENT_SECRET})) as client:
        assert isinstance(client.create("purchase_orders", json.dumps(body).encode(), JSON), Created)
    columns = "custom-fields/budget, custom-fields/due, custom-fields/cost-center/name, urgent"
    mapping = f"bulkpo: export/1\nname: custom\ninstance: acme.yaml\nwhere: {{po-number: PO-9}}\ncolumns: [{columns}]\n"
    (tmp_path / "custom.yaml").write_text(mapping, encoding="utf-8")
    export(capsys, "custom.yaml", "-o", "custom.xlsx")
    (row,) = list(openpyxl.load_workbook("custom.xlsx")["custom"].iter_rows(min_row=2, values_only=True))
    assert row == (10.5, datetime(2026, 3, 1), "0042", True)


@pytest.mark.usefixtures("instance")
@pytest.mark.parametrize(
    ("resource", "columns", "rows"),
    [
        ("purchase_order_revisions", "po-number,version,status", 3),
        ("purchase_order_lines", "order-header-number,line-num,received", 6),
    ],
)
def test_revisions_and_lines_are_resources_of_their_own(
    capsys: pytest.CaptureFixture[str], resource: str, columns: str, rows: int
) -> None:
    assert export(capsys, resource, "--columns", columns, "-o", "found.xlsx")["rows"] == rows
