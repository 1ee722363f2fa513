"""Orders with awkward values, exported and imported again, plan no change, whatever zone the instance is in."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bulkpo.cli.main import run
from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created
from bulkpo.sandbox.serving.server import CLIENT_ID, CLIENT_SECRET, References, SandboxOptions, SandboxServer
from bulkpo.settings import load_profile

ROOT = Path(__file__).resolve().parents[2]
EXPORT, IMPORT = (ROOT / "mappings" / way / "exported-orders.yaml" for way in ("export", "import"))

LINES: dict[str, list[dict[str, Any]]] = {
    "00042": [
        {"description": "=HYPERLINK(1)", "price": "0.000001", "quantity": "3", "need-by-date": "2026-03-01T05:00:00Z"},
        {"description": "-5% off", "price": "1234567890.12", "quantity": "0.5"},
        {"description": "@home", "price": "10", "quantity": "12345678.9"},
    ],
    "1E5": [
        {"description": 'Pipe 3/4", 2" "x"', "price": "19.90", "quantity": "1", "source-part-num": "0007"},
        {"description": "Ünïcode & <tag> \u20ac 漢字", "price": "5", "quantity": "2", "source-part-num": "1-2"},
        {"description": "two\nlines", "price": "7.1", "quantity": "100", "source-part-num": "2026-01-02"},
    ],
    "TRUE": [
        {"description": "12,5", "price": "0", "quantity": "1", "need-by-date": "2026-03-08T07:00:00Z"},
        {"description": "00", "price": "1", "quantity": "1", "need-by-date": "2026-07-01T13:45:10Z"},
        {"description": "n/a", "price": "1", "quantity": "1", "need-by-date": "2025-12-31T23:59:59Z"},
    ],
    "2026-03-01": [{"description": "#N/A", "price": "1.10", "quantity": "1"}],
}


def order(number: str) -> bytes:
    lines = [
        {
            "line-num": str(position),
            "type": "OrderQuantityLine",
            "uom": {"code": "EA"},
            "currency": {"code": "USD"},
            "account": {"code": "01-100-8000"},
            **line,
        }
        for position, line in enumerate(LINES[number], 1)
    ]
    header = {"po-number": number, "ship-to-user": {"login": "migration"}, "supplier": {"name": "Acme, Inc"}}
    return json.dumps({**header, "currency": {"code": "USD"}, "order-lines": lines}).encode()


@pytest.fixture(params=["America/Los_Angeles", "Asia/Tokyo"])
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """A sandbox with these orders that shows dates in a zone of its own, reached by the profile `there`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULKPO_THERE_CLIENT_SECRET", CLIENT_SECRET)
    with SandboxServer(None, SandboxOptions(references=References.OPEN, time_zone=request.param)) as server:
        text = f"bulkpo: profiles/1\nprofiles:\n  there: {{url: '{server.url}', client_id: {CLIENT_ID}}}\n"
        (tmp_path / "bulkpo.yaml").write_text(text, encoding="utf-8")
        with CoupaClient(replace(load_profile("sandbox", tmp_path, {}), url=server.url)) as client:
            for number in LINES:
                assert isinstance(client.create("purchase_orders", order(number), "application/json"), Created)
        yield server.url


@pytest.mark.usefixtures("instance")
@pytest.mark.parametrize("file", ["back.xlsx", "back.csv", "back.tsv"])
def test_awkward_values_come_back_unchanged(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(EXPORT), "-o", file, "--to", "there"]) == 0
    capsys.readouterr()
    code = run(["import", str(IMPORT), file, "--dry-run", "--to", "there", "--json"])
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (code, told["planned"], told["existing"], told["differences"]) == (0, 0, len(LINES), {}), said.err
