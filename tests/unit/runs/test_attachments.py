"""What becomes of attachments when answers are lost, files change, or Coupa says no."""

import hashlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hostile_server import Hostility, hostile_server
from other_sizes import sizes_said
from world import MAPPING, QuickClock, World, orders, profile_of

from bulkpo.attachment_states import AttachmentState
from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.queries import QueryRefusedError
from bulkpo.coupa.uploads import SentFile, UploadForm
from bulkpo.errors import InputError
from bulkpo.journal.run import RunJournal
from bulkpo.runs.imports.attachments import known_name
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.runs.imports.run import run_import
from bulkpo.runs.imports.undo import UndoOptions, undo
from bulkpo.states import State

POST = {"method": "POST", "path": "/api/purchase_orders/"}
TITLES = "Number,Supplier,Line,Description,Quantity,Price,Files"


MAPPED = MAPPING.replace("constants:", '  Files: {to: attachments, folder: scans, several: ";"}\nconstants:')


@pytest.fixture
def files(world: World) -> Path:
    """Orders of one line each, with a file each."""
    world.mapping.write_text(MAPPED, encoding="utf-8")
    scans = world.folder / "scans"
    scans.mkdir()
    rows = []
    for number, row in enumerate(orders(4, lines=1)):
        (scans / f"{number}.pdf").write_bytes(b"%PDF" + bytes([number]) * 1000)
        rows.append(f"{row},{number}.pdf")
    world.file.write_text("\n".join([TITLES, *rows]) + "\n", encoding="utf-8")
    return scans


def attached(world: World) -> dict[str, list[tuple[str, str]]]:
    """The names and digests of what is attached to each order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for order in world.client.find("purchase_orders", []):
        here: Any = order["attachments"] or ()
        for each in here:
            content = world.client.attached_file("purchase_orders", int(order["id"]), int(each["id"])) or b""
            entry = (str(each["file-file-name"]), hashlib.sha256(content).hexdigest())
            found.setdefault(str(order["po-number"]), []).append(entry)
    return found


def expected(files: Path, *numbers: int) -> dict[str, list[tuple[str, str]]]:
    return {
        f"PO-{number + 1:04}": [(f"{number}.pdf", hashlib.sha256((files / f"{number}.pdf").read_bytes()).hexdigest())]
        for number in numbers
    }


@pytest.mark.parametrize(
    "fault", ["500_after", "reset_after", "truncate", "garble", "500", "503", "reset_before", "429", "504_after"]
)
def test_whatever_an_answer_says_each_file_is_attached_once(world: World, files: Path, fault: str) -> None:
    world.faults(script=[{"fault": fault, **POST, "times": 2}])
    result = run_import(world.begin())
    result = result if result.exit_code == 0 else world.resume()
    assert result.exit_code == 0, result
    assert attached(world) == expected(files, 0, 1, 2, 3)
    assert result.attachments[AttachmentState.ATTACHED] == 4


def test_a_file_that_changed_after_it_was_planned_is_not_sent_until_it_is_as_it_was(world: World, files: Path) -> None:
    world.faults(script=[{"fault": "503", **POST, "times": 1000}])
    stopped = run_import(world.begin(ImportOptions(settle_seconds=0.01, patience_seconds=0.2)))
    assert (stopped.exit_code, stopped.counts[State.CREATED], attached(world)) == (5, 4, {})
    before = (files / "1.pdf").read_bytes()
    (files / "1.pdf").write_bytes(before + b"more")
    (files / "2.pdf").unlink()
    world.faults()
    result = world.resume()
    assert result.exit_code == 1
    assert attached(world) == expected(files, 0, 3)
    rows = {row["Attachment"]: (row["Status"], row["Message"]) for row in sheet(world, "Attachments")}
    assert rows["1.pdf"] == ("not attached", "1.pdf changed since it was checked")
    assert rows["2.pdf"] == ("not attached", "2.pdf can no longer be read: No such file or directory")
    by_order = {row["Order"]: (row["Status"], row["Message"]) for row in sheet(world, "Rows")}
    assert by_order["PO-0002"] == ("created", "1.pdf was not attached: 1.pdf changed since it was checked")
    (files / "1.pdf").write_bytes(before)
    (files / "2.pdf").write_bytes(b"%PDF" + bytes([2]) * 1000)
    again = world.resume(options=ImportOptions(settle_seconds=0.01, patience_seconds=1, retry_refused=True))
    assert (again.exit_code, attached(world)) == (0, expected(files, 0, 1, 2, 3))


def sheet(world: World, name: str) -> list[dict[str, Any]]:
    return world.sheet(world.folder / "orders.result.xlsx", name)


def test_a_file_that_changes_between_the_check_and_the_plan_stops_the_import(world: World, files: Path) -> None:
    job = world.begin()
    (files / "0.pdf").unlink()
    result = run_import(job)
    assert isinstance(result.trouble, InputError)
    assert "0.pdf can no longer be read" in str(result.trouble)
    assert world.in_coupa() == []


def test_orders_stay_known_to_undo_and_their_files_stay_with_them(world: World, files: Path) -> None:
    run_import(world.begin())
    undone = undo(world.client, RunJournal(world.journal, 1), world.job().stop, UndoOptions(0.01, 1))
    assert (undone.exit_code, undone.undone, undone.left) == (0, 4, ())
    assert undone.as_json()["attachments_left"] == 4
    assert attached(world) == expected(files, 0, 1, 2, 3)


@pytest.mark.parametrize("size", [b'"1.0 KB"', b'"1004.0"', b'"1"', b"null"])
def test_an_instance_that_says_another_size_of_a_file_gets_it_once_all_the_same(
    world: World, files: Path, size: bytes
) -> None:
    with hostile_server(world.sandbox.url) as server:
        server.hostility = Hostility("GET", "/api/purchase_orders/", answer=sizes_said(size))
        profile = replace(profile_of(server.url), workers=1)
        with CoupaClient(profile, QuickClock()) as client:
            behind = World(world.folder, world.sandbox, client, world.journal)
            behind.mapping.write_text(MAPPED, encoding="utf-8")
            world.faults(script=[{"fault": "reset_after", **POST, "times": 4}])
            result = run_import(behind.begin())
            result = result if result.exit_code == 0 else behind.resume()
            assert server.hostility.hit
    assert (result.exit_code, attached(world)) == (0, expected(files, 0, 1, 2, 3))


def test_two_files_with_one_content_are_both_attached_after_a_lost_answer(world: World, files: Path) -> None:
    (files / "copy.pdf").write_bytes((files / "0.pdf").read_bytes())
    text = world.file.read_text(encoding="utf-8").replace(",0.pdf", ",0.pdf;copy.pdf")
    world.file.write_text(text, encoding="utf-8")
    world.faults(script=[{"fault": "reset_after", **POST, "times": 5}])
    result = run_import(world.begin())
    result = result if result.exit_code == 0 else world.resume()
    assert sorted(name for name, _ in attached(world)["PO-0001"]) == ["0.pdf", "copy.pdf"]
    assert result.attachments[AttachmentState.ATTACHED] == 5


def test_a_file_that_comes_after_the_check_changes_no_number_of_a_run_that_goes_on(world: World, files: Path) -> None:
    (files / "1.pdf").rename(files / "later.pdf")
    world.faults(script=[{"fault": "503", **POST, "times": 1000}])
    stopped = run_import(world.begin(ImportOptions(settle_seconds=0.01, patience_seconds=0.2)))
    assert (stopped.exit_code, stopped.counts[State.CREATED]) == (5, 3)
    (files / "later.pdf").rename(files / "1.pdf")
    world.faults()
    result = world.resume()
    assert (result.exit_code, attached(world)) == (0, expected(files, 0, 2, 3))


@pytest.mark.parametrize(
    "there",
    [
        "Auftrag Müller & Söhne.pdf",
        "Auftrag_M_ller___S_hne.pdf",
        "Auftrag MÃ¼ller & SÃ¶hne.pdf",
        "Auftrag M?ller & S?hne.pdf",
        "auftrag-mller-shne.PDF",
        "Auftrag Mller & Shne.pdf",
    ],
)
def test_a_name_is_known_again_however_an_instance_writes_it(there: str) -> None:
    assert known_name(there) == known_name("Auftrag Müller & Söhne.pdf")
    assert known_name(there) != known_name("Auftrag Meier.pdf")


def test_after_a_repair_of_the_journal_nothing_is_sent_before_it_is_looked_up(world: World, files: Path) -> None:
    world.faults(script=[{"fault": "503", **POST, "times": 1000}])
    run_import(world.begin(ImportOptions(settle_seconds=0.01, patience_seconds=0.2)))
    world.faults()
    world.connection.execute("UPDATE attachments SET state = 'waiting', message = 'the journal was repaired'")
    order = next(each for each in world.client.find("purchase_orders", []) if each["po-number"] == "PO-0001")
    content = (files / "0.pdf").read_bytes()
    file = SentFile("0.pdf", lambda: BytesIO(content), len(content), hashlib.sha256(content).hexdigest())
    world.client.attach("purchase_orders", int(order["id"]), UploadForm({"attachment[type]": "file"}, file))
    assert world.resume().exit_code == 0
    assert attached(world) == expected(files, 0, 1, 2, 3)


@pytest.mark.parametrize("fault", ["truncate", "reset_after", "500", "garble", "429"])
def test_a_download_is_whole_or_asked_for_again(world: World, files: Path, fault: str) -> None:
    run_import(world.begin())
    world.faults(script=[{"fault": fault, "method": "GET", "path": "/api/purchase_orders/", "times": 2}])
    order = next(iter(world.client.find("purchase_orders", [("po-number", "PO-0001")])))
    (each,) = world.client.attachments("purchase_orders", int(order["id"]))
    size = (files / "0.pdf").stat().st_size
    content = world.client.attached_file("purchase_orders", int(order["id"]), int(str(each["id"])), size)
    assert content == (files / "0.pdf").read_bytes()


def test_a_file_of_another_size_than_it_is_said_to_have_is_not_taken(world: World, files: Path) -> None:
    run_import(world.begin())
    order = next(iter(world.client.find("purchase_orders", [("po-number", "PO-0001")])))
    (each,) = world.client.attachments("purchase_orders", int(order["id"]))
    assert each["file-file-size"] == str((files / "0.pdf").stat().st_size)
    with pytest.raises(QueryRefusedError, match="gives 1,004 bytes in place of the file's 5 bytes"):
        world.client.attached_file("purchase_orders", int(order["id"]), int(str(each["id"])), 5)
