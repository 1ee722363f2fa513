"""Exports with `mark_exported` or `since` killed at every step around their file: no order is lost or comes twice."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created
from bulkpo.sandbox.serving.server import CLIENT_ID, CLIENT_SECRET, References, SandboxOptions, SandboxServer
from bulkpo.settings import load_profile

ORDERS = [f"PO-{number:03}" for number in range(130)]  # more than two pages, so that there is a checkpoint too
MAPPING = """\
bulkpo: export/1
name: new orders
where: {exported: false}
columns: [po-number]
mark_exported: true
"""
SINCE = """\
bulkpo: export/1
name: changed orders
columns: [po-number]
since: updated-at
"""
PROGRAM = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from bulkpo import settings
from bulkpo.cli.main import run
from bulkpo.coupa.client import CoupaClient
from bulkpo.cli import export as command
from bulkpo.journal.notebook import Notebook
from bulkpo.runs.exports import run as exports

def die(kept, step, count=1):
    left = [count]
    def dying(*arguments):
        left[0] -= 1
        if not left[0] and step == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = kept(*arguments)
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return dying

match sys.argv[1]:
    case "before the file is put in place":
        Notebook.placing = die(Notebook.placing, "after")
    case "after the file is put in place":
        Path.replace = die(Path.replace, "after")
    case "before the first mark":
        exports.mark_all = die(exports.mark_all, "before")
    case "between two marks":
        CoupaClient.mark_exported = die(CoupaClient.mark_exported, "before", 70)
    case "after the last mark":
        CoupaClient.mark_exported = die(CoupaClient.mark_exported, "after", 130)
    case "before the answer is told":
        command._say = die(command._say, "before")
    case "before the delivery is acknowledged":
        Notebook.acknowledge = die(Notebook.acknowledge, "before")
load = settings.load_profile
settings.load_profile = lambda *arguments: replace(load(*arguments), rate=None)  # 25 requests a second take long
sys.exit(run(sys.argv[2:]))
"""
IN_PLACE = "before the file is put in place"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[CoupaClient]:
    """A sandbox with the orders, reached by the profile `there` of the folder."""
    with SandboxServer(None, SandboxOptions(references=References.OPEN)) as server:
        text = f"bulkpo: profiles/1\nprofiles:\n  there: {{url: '{server.url}', client_id: {CLIENT_ID}}}\n"
        (tmp_path / "bulkpo.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "new.yaml").write_text(MAPPING, encoding="utf-8")
        (tmp_path / "since.yaml").write_text(SINCE, encoding="utf-8")
        with CoupaClient(replace(load_profile("sandbox", tmp_path, {}), url=server.url)) as client:
            for number in ORDERS:
                create(client, number)
            yield client


def create(client: CoupaClient, number: str) -> None:
    line = {
        "line-num": "1", "type": "OrderAmountLine", "description": "Work", "price": "1",
        "currency": {"code": "USD"}, "account": {"code": "01-100-8000"},
    }  # fmt: skip
    header = {"po-number": number, "ship-to-user": {"login": "migration"}, "supplier": {"name": "Acme"}}
    body = json.dumps({**header, "currency": {"code": "USD"}, "order-lines": [line]}).encode()
    assert isinstance(client.create("purchase_orders", body, "application/json"), Created)


def export(folder: Path, file: str, step: str = "never", mapping: str = "new.yaml") -> int:
    command = [sys.executable, "-c", PROGRAM, step, "export", mapping, "-o", file, "--to", "there"]
    environment = {**os.environ, "BULKPO_THERE_CLIENT_SECRET": CLIENT_SECRET}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode


def numbers_in(path: Path) -> list[str]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["po-number"] for row in csv.DictReader(file)]


AFTER = ["after the file is put in place", "before the answer is told", "before the delivery is acknowledged"]
MARKING = ["before the first mark", "between two marks", "after the last mark"]


@pytest.mark.parametrize("step", [IN_PLACE, *AFTER, *MARKING])
def test_a_killed_export_neither_loses_an_order_nor_repeats_one(client: CoupaClient, tmp_path: Path, step: str) -> None:
    assert export(tmp_path, "first.csv", step) == -signal.SIGKILL
    assert (tmp_path / "first.csv").exists() == (step != IN_PLACE)
    create(client, "PO-new")
    assert export(tmp_path, "second.csv") == 0
    assert export(tmp_path, "third.csv") == 0
    files = [numbers_in(tmp_path / f"{name}.csv") for name in ("first", "second", "third")]
    assert Counter(number for numbers in files for number in numbers) == Counter([*ORDERS, "PO-new"])
    assert all(found["exported"] for found in client.find("purchase_orders", []))
    assert list((tmp_path / ".bulkpo/exports").iterdir()) == []
    assert len(list(tmp_path.glob(".first.csv.*.part"))) == (step == IN_PLACE)


@pytest.mark.parametrize("step", [IN_PLACE, *AFTER])
def test_an_export_that_goes_on_from_a_killed_one_neither_loses_an_order_nor_repeats_one(
    client: CoupaClient, tmp_path: Path, step: str
) -> None:
    assert export(tmp_path, "first.csv", step, "since.yaml") == -signal.SIGKILL
    create(client, "PO-new")
    assert export(tmp_path, "second.csv", mapping="since.yaml") == 0
    assert export(tmp_path, "third.csv", mapping="since.yaml") == 0
    assert export(tmp_path, "fourth.csv", mapping="since.yaml") == 0
    files = [numbers_in(tmp_path / f"{name}.csv") for name in ("first", "second", "third", "fourth")]
    assert Counter(number for numbers in files for number in numbers) == Counter([*ORDERS, "PO-new"])
    assert files[3] == []


@pytest.mark.parametrize("mapping", ["new.yaml", "since.yaml"])
@pytest.mark.parametrize("step", AFTER)
def test_the_same_command_after_a_kill_leaves_the_file_that_stands_and_is_then_done(
    client: CoupaClient, tmp_path: Path, step: str, mapping: str
) -> None:
    assert export(tmp_path, "out.csv", step, mapping) == -signal.SIGKILL
    create(client, "PO-new")
    assert export(tmp_path, "out.csv", mapping=mapping) == 0
    assert numbers_in(tmp_path / "out.csv") == ORDERS
    assert export(tmp_path, "out.csv", mapping=mapping) == 0
    assert numbers_in(tmp_path / "out.csv") == ["PO-new"]


@pytest.mark.usefixtures("client")
def test_where_the_file_was_taken_away_after_the_kill_the_next_export_holds_all_again(tmp_path: Path) -> None:
    assert export(tmp_path, "first.csv", "after the file is put in place", "since.yaml") == -signal.SIGKILL
    (tmp_path / "first.csv").unlink()
    assert export(tmp_path, "second.csv", mapping="since.yaml") == 0
    assert numbers_in(tmp_path / "second.csv") == ORDERS


def test_a_file_that_was_replaced_since_is_not_taken_for_the_one_that_was_written(
    client: CoupaClient, tmp_path: Path
) -> None:
    assert export(tmp_path, "first.csv", IN_PLACE) == -signal.SIGKILL
    (tmp_path / "first.csv").write_text("something else", encoding="utf-8")
    assert export(tmp_path, "first.csv") == 0
    assert (tmp_path / "first.csv").read_text(encoding="utf-8") == "something else"
    assert numbers_in(tmp_path / "first.2.csv") == ORDERS
    assert list(tmp_path.glob(".*.part")) == []
    assert all(found["exported"] for found in client.find("purchase_orders", []))
