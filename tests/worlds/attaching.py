"""Orders with attachments, and what of them is in the sandbox that the commands have used."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bulkpo.cli.main import run
from bulkpo.coupa.client import CoupaClient
from bulkpo.model.profile import Profile, Secret
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer

COLUMNS = """\
  PO: po-number
  Line: order-lines/line-num
  Price: order-lines/price
"""
CONSTANTS = """\
constants:
  type: ExternalOrderHeader
  supplier/name: Acme
  ship-to-user/login: migration
  currency/code: USD
  order-lines/description: Bolts
  order-lines/type: OrderQuantityLine
  order-lines/quantity: "1"
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""
SCOPES = ("core.common.read", "core.purchase_order.read", "core.purchase_order.write")


def mapping(columns: str, head: str = "") -> str:
    return f"bulkpo: import/1\nname: files\n{head}document: {{key: po-number}}\ncolumns:\n{COLUMNS}{columns}{CONSTANTS}"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    code = run([*words, "--json"])
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return {**data, "code": code}


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    run(list(words))
    captured = capsys.readouterr()
    return " ".join((captured.out + captured.err).split())


def sheet(path: Path, name: str) -> list[Sequence[object]]:
    return list(openpyxl.load_workbook(path)[name].iter_rows(values_only=True))


@contextmanager
def coupa(folder: Path) -> Iterator[CoupaClient]:
    """The sandbox that the commands have used."""
    with SandboxServer(folder / ".bulkpo/sandbox", SandboxOptions()) as sandbox:
        profile = Profile("sandbox", sandbox.url, "sandbox", Secret("sandbox"), SCOPES, rate=None, timeout=Decimal(5))
        with CoupaClient(profile) as client:
            yield client


def attached(folder: Path) -> dict[str, list[tuple[str, bytes | str]]]:
    """What is attached to each order, and to its lines as P-1/2: the names and contents, in order."""
    found: dict[str, list[tuple[str, bytes | str]]] = {}
    with coupa(folder) as client:
        for order in client.find("purchase_orders", []):
            owners = [("purchase_orders", order, order["po-number"])]
            lines: Any = order["order-lines"]
            owners += [("purchase_order_lines", line, f"{order['po-number']}/{line['line-num']}") for line in lines]
            for resource, owner, name in owners:
                here = sorted(
                    _content(client, resource, owner, each) for each in client.attachments(resource, int(owner["id"]))
                )
                if here:
                    found[str(name)] = here
    return found


def _content(
    client: CoupaClient, resource: str, owner: Mapping[str, Any], each: Mapping[str, Any]
) -> tuple[str, bytes | str]:
    if not each.get("file-file-name"):
        return str(each["type"]), str(each.get("url") or each.get("text"))
    content = client.attached_file(resource, int(owner["id"]), int(each["id"]))
    return str(each["file-file-name"]), content or b""
