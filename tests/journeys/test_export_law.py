"""The law of exports: a workbook read back is what a plain evaluation of the query over all orders gives."""

import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created
from bulkpo.mapping.language.export import ExportContext, load_export
from bulkpo.model.tree import Tree
from bulkpo.runs.exports.run import ExportOptions, ExportResult, export
from bulkpo.sandbox.serving.server import FirstStatus, References, SandboxOptions, SandboxServer
from bulkpo.schema.tables import ElementTables
from bulkpo.settings import load_profile
from bulkpo.shipped import schema_text

JSON = "application/json"
TABLES = ElementTables(schema_text)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SUPPLIERS = ("Acme", "Globex.com", "San Francisco Gray", "Müller & Söhne")

Shown = Callable[[Tree], bool]
CONDITIONS: dict[str, Shown] = {
    "supplier/name: {contains: co}": lambda order: "co" in order["supplier"]["name"].lower(),
    "supplier/name: {starts_with: San Francisco}": lambda order: order["supplier"]["name"].startswith("San Francisco"),
    "supplier/name: {ends_with: Gray}": lambda order: order["supplier"]["name"].endswith("Gray"),
    "supplier/name: Müller & Söhne": lambda order: order["supplier"]["name"] == "Müller & Söhne",
    "supplier/name: {not_eq: Acme}": lambda order: order["supplier"]["name"] != "Acme",
    "po-number: {in: [P0001, P0003, P0090, none]}": lambda order: order["po-number"] in ("P0001", "P0003", "P0090"),
    "po-number: {not_in: [P0001, P0003]}": lambda order: order["po-number"] not in ("P0001", "P0003"),
    "version: {gt: 0}": lambda order: order["version"] > 0,
    "version: {lt_or_eq: 0}": lambda order: order["version"] <= 0,
    "status: [issued, closed]": lambda order: order["status"] in ("issued", "closed"),
    "ship-to-attention: {blank: true}": lambda order: not order["ship-to-attention"],
    "ship-to-attention: {blank: false}": lambda order: bool(order["ship-to-attention"]),
    "created-at: {gt: 2020-01-15}": lambda order: order["created-at"] > "2020",
}
OF_A_LINE: dict[str, Shown] = {
    "order-lines/account/code: 01-200": lambda line: line["account"]["code"] == "01-200",
    "order-lines/price: {gt_or_eq: 50}": lambda line: Decimal(line["price"]) >= 50,
}
HEADER: dict[str, Callable[[Tree], object]] = {
    "po-number": lambda order: order["po-number"],
    "supplier/name": lambda order: order["supplier"]["name"],
    "version": lambda order: order["version"],
    "exported": lambda order: order["exported"],
    "ship-to-attention": lambda order: order["ship-to-attention"] or None,
}
LINE: dict[str, Callable[[Tree], object]] = {
    "order-lines/line-num": lambda line: line["line-num"],
    "order-lines/price": lambda line: float(line["price"]),
    "order-lines/account/code": lambda line: line["account"]["code"],
}


def order(number: int, chance: random.Random) -> bytes:
    header: dict[str, Any] = {
        "po-number": f"P{number:04}",
        "ship-to-user": {"login": "migration"},
        "supplier": {"name": chance.choice(SUPPLIERS)},
        "currency": {"code": "USD"},
        "ship-to-attention": chance.choice([None, "=1+1", "Dock 4"]),
    }
    lines = [
        {
            "line-num": str(line),
            "description": "Pen",
            "price": f"{chance.randrange(10_000)}.{chance.randrange(100):02}",
            "quantity": "1",
            "uom": {"code": "EA"},
            "currency": {"code": "USD"},
            "account": {"code": chance.choice(["01-100", "01-200"])},
        }
        for line in range(1, chance.randrange(2, 5))
    ]
    return json.dumps({**header, "order-lines": lines}).encode()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoupaClient]:
    """A client of a sandbox with 330 orders."""
    chance = random.Random(7)  # noqa: S311 - the same orders every time
    profile = replace(load_profile("sandbox", tmp_path_factory.mktemp("none"), {}), workers=3)
    with (
        SandboxServer(None, SandboxOptions(references=References.OPEN, created=FirstStatus.ISSUED)) as server,
        CoupaClient(replace(profile, url=server.url)) as made,
    ):
        for number in range(330):
            assert isinstance(made.create("purchase_orders", order(number, chance), JSON), Created)
        yield made


class Orders(list[Tree]):
    """All of them, as they are before anything changes."""

    def __repr__(self) -> str:
        return f"{len(self)} orders"


@pytest.fixture(scope="module")
def orders(client: CoupaClient) -> Orders:
    return Orders(client.find("purchase_orders", []))


def meets(order: Tree, conditions: list[str]) -> bool:
    """Conditions on lines must hold for one and the same line."""
    of_a_line = [OF_A_LINE[text] for text in conditions if text in OF_A_LINE]
    return all(CONDITIONS[text](order) for text in conditions if text in CONDITIONS) and (
        not of_a_line or any(all(holds(line) for holds in of_a_line) for line in order["order-lines"])
    )


def exported(client: CoupaClient, folder: Path, text: str) -> tuple[ExportResult, list[tuple[object, ...]]]:
    context = ExportContext(TABLES, schema_text, {}, NOW)
    mapping = load_export(f"bulkpo: export/1\nname: law\n{text}", "law.yaml", context)
    result = export(mapping, client, folder / "law.xlsx", ExportOptions(folder, NOW, lambda _, __: None))
    with closing(openpyxl.load_workbook(folder / "law.xlsx", read_only=True)) as workbook:
        _, *rows = workbook["law"].iter_rows(values_only=True)
    width = len(mapping.columns)  # a reader leaves out empty cells at the end of a row
    return result, [(*row, *[None] * (width - len(row))) for row in rows]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    conditions=st.lists(
        st.sampled_from([*CONDITIONS, *OF_A_LINE]), max_size=3, unique_by=lambda text: text.split(":")[0]
    ),
    columns=st.lists(st.sampled_from([*HEADER, *LINE]), min_size=1, unique=True),
)
def test_a_workbook_read_back_is_what_a_plain_evaluation_gives(
    client: CoupaClient, orders: Orders, tmp_path: Path, conditions: list[str], columns: list[str]
) -> None:
    wanted = [found for found in orders if meets(found, conditions)]
    expected = [
        tuple(HEADER[path](found) if path in HEADER else LINE[path](line) for path in columns)
        for found in wanted
        for line in found["order-lines"]
    ]
    where = "".join(f"  {condition}\n" for condition in conditions)
    text = (f"where:\n{where}" if where else "") + f"rows: order-lines\ncolumns: [{', '.join(columns)}]\n"
    result, rows = exported(client, tmp_path, text)
    assert rows == expected
    assert (result.documents, result.rows) == (len(wanted), len(expected))


def test_orders_that_stay_come_exactly_once_while_others_come_and_go(client: CoupaClient, tmp_path: Path) -> None:
    """Orders are made and cancelled by another thread for as long as the export runs."""
    chance = random.Random(3)  # noqa: S311 - the same orders every time
    open_ones = list(client.find("purchase_orders", [("status", "issued")], ["id", "po-number"]))
    leaving = chance.sample(open_ones, 60)
    staying = {found["po-number"] for found in open_ones} - {found["po-number"] for found in leaving}
    over = threading.Event()

    def meddle() -> None:
        for number, found in enumerate(leaving):
            client.act("purchase_orders", found["id"], "cancel")
            client.create("purchase_orders", order(5000 + number, chance), JSON)
            if over.is_set():
                return

    meddler = threading.Thread(target=meddle)
    meddler.start()
    _, rows = exported(client, tmp_path, "where: {status: issued}\ncolumns: [po-number]\n")
    over.set()
    meddler.join()
    numbers = [row[0] for row in rows]
    assert len(numbers) == len(set(numbers))
    assert staying <= set(numbers)
