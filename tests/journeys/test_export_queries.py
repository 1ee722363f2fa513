"""The examples of Coupa's own page on queries, against the sandbox over HTTP: what is asked for comes, and no more."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bulkpo.cli.main import run
from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created
from bulkpo.sandbox.serving.server import CLIENT_ID, CLIENT_SECRET, References, SandboxOptions, SandboxServer
from bulkpo.settings import load_profile

RECORDS = """\
suppliers:
  - {name: Acme.com, number: S1, status: active, po-email: orders@acme.example}
  - {name: Dotcom, number: S2, status: inactive}
  - {name: Dorian Gray, number: S3, status: active}
  - {name: Gray & Sons, number: S4, status: draft, po-email: gray@sons.example}
accounts:
  - {code: A-100, name: One, account-type: {name: SAP100}}
  - {code: A-200, name: Two, account-type: {name: SAP200}}
  - {code: A-300, name: Three, account-type: {name: SAP300}}
account_types:
  - {name: SAP300, currency: {code: USD}}
inventory_transactions:
  - {notes: "San Francisco, pier 39"}
  - {notes: South San Francisco}
  - {notes: san}
"""
ORDERS = ["PO-1", "PO-2", "PO-3", "PO-4"]
PAST = """\
UPDATE documents SET body = json_set(body, '$.version', substr(body ->> '$.po-number', 4) + 0)
    WHERE kind = 'order-header';
UPDATE orders SET version = substr(po_number, 4) + 0;
UPDATE documents SET body = json_set(body, '$.updated-at', '2010-01-14T23:59:59Z') WHERE body ->> '$.number' = 'S1';
UPDATE documents SET body = json_set(body, '$.updated-at', '2010-01-15T00:00:00Z') WHERE body ->> '$.number' = 'S2';
INSERT INTO documents SELECT 100, kind, json_set(body, '$.id', 100, '$.name', 'The hundredth', '$.number', 'S100')
    FROM documents WHERE body ->> '$.number' = 'S3';
"""
"""What no request can bring about: versions 1 to 4, two suppliers around a midnight long ago, and the id 100."""


def order(number: str) -> bytes:
    line = {
        "line-num": "1",
        "type": "OrderQuantityLine",
        "description": "Paper",
        "quantity": "1",
        "price": "1",
        "uom": {"code": "EA"},
        "currency": {"code": "USD"},
        "account": {"code": "A-100"},
    }
    header = {"po-number": number, "ship-to-user": {"login": "migration"}, "supplier": {"number": "S1"}}
    return json.dumps({**header, "currency": {"code": "USD"}, "order-lines": [line]}).encode()


Ask = Callable[[str, str, str], list[str]]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sandbox with those records and orders."""
    folder = tmp_path_factory.mktemp("records")
    (folder / "records.yaml").write_text(RECORDS, encoding="utf-8")
    options = SandboxOptions(references=References.OPEN, reference_files=(folder / "records.yaml",))
    with SandboxServer(folder, options) as server, closing(client_of(server, folder)) as client:
        for number in ORDERS:
            assert isinstance(client.create("purchase_orders", order(number), "application/json"), Created)
    with closing(sqlite3.connect(folder / "sandbox.db")) as store, store:
        store.executescript(PAST)
    with SandboxServer(folder) as server:
        yield server.url


def client_of(server: SandboxServer, folder: Path) -> CoupaClient:
    return CoupaClient(replace(load_profile("sandbox", folder, {}), url=server.url))


@pytest.fixture
def ask(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The values of a column, of the records of a resource that meet a condition."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULKPO_THERE_CLIENT_SECRET", CLIENT_SECRET)
    text = f"bulkpo: profiles/1\nprofiles:\n  there: {{url: '{url}', client_id: {CLIENT_ID}}}\n"
    (tmp_path / "bulkpo.yaml").write_text(text, encoding="utf-8")

    def answer(resource: str, condition: str, column: str) -> list[str]:
        where = ["--where", condition] if condition else []
        arguments = ["export", resource, *where, "--columns", column, "-o", "found.csv", "--to", "there"]
        assert run(arguments) == 0, capsys.readouterr().err
        with Path("found.csv").open(encoding="utf-8-sig", newline="") as file:
            return [row[column] for row in csv.DictReader(file)]

    return answer


@pytest.mark.parametrize(
    ("resource", "condition", "column", "found", "others"),
    [
        ("suppliers", "id=100", "name", ["The hundredth"], ["Acme.com"]),
        ("suppliers", "name[contains]=.com", "name", ["Acme.com"], ["Dotcom", "Dorian Gray"]),
        ("suppliers", "name[contains]=y ", "name", ["Gray & Sons"], ["Dorian Gray"]),
        (
            "inventory_transactions",
            "notes[starts_with]=San Francisco",
            "notes",
            ["San Francisco, pier 39"],
            ["South San Francisco", "san"],
        ),
        ("suppliers", "name[ends_with]=Gray", "name", ["Dorian Gray"], ["Gray & Sons"]),
        ("purchase_orders", "version[gt]=1", "po-number", ["PO-2", "PO-3", "PO-4"], ["PO-1"]),
        ("suppliers", "updated-at[lt]=2010-01-15", "number", ["S1"], ["S2", "S3"]),
        ("purchase_orders", "version[gt_or_eq]=3", "po-number", ["PO-3", "PO-4"], ["PO-1", "PO-2"]),
        ("purchase_orders", "version[lt_or_eq]=1", "po-number", ["PO-1"], ["PO-2", "PO-3", "PO-4"]),
        ("suppliers", "status[not_eq]=active", "number", ["S2", "S4"], ["S1", "S3"]),
        ("accounts", "account-type[name][in]=SAP100,SAP200", "code", ["A-100", "A-200"], ["A-300"]),
        ("suppliers", "po-email[blank]=true", "number", ["S2", "S3"], ["S1", "S4"]),
    ],
    ids=lambda value: value if isinstance(value, str) and "=" in value else "",
)
def test_an_example_query_finds_what_meets_it_and_no_more(
    *, ask: Ask, resource: str, condition: str, column: str, found: list[str], others: list[str]
) -> None:
    everything, answer = ask(resource, "", column), ask(resource, condition, column)
    assert {*found, *others} <= set(everything)
    assert [value for value in answer if value in {*found, *others}] == found
    assert len(answer) < len(everything)
    assert not set(answer) & set(others)
