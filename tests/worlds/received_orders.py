"""An instance with a few orders, of which some was received and invoiced: what the ready exports are about."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bulkpo.coupa.client import CoupaClient
from bulkpo.sandbox.serving.server import FirstStatus, References, SandboxOptions, SandboxServer
from bulkpo.sandbox.storage.store import Store
from bulkpo.settings import load_profile

ISSUED = SandboxOptions(references=References.OPEN, created=FirstStatus.ISSUED)


def line(number: int, quantity: str, price: str, currency: str) -> dict[str, object]:
    return {
        "line-num": str(number),
        "type": "OrderQuantityLine",
        "description": f"Item {number}",
        "quantity": quantity,
        "price": price,
        "uom": {"code": "EA"},
        "currency": {"code": currency},
        "account": {"code": "01-100-8000"},
    }


def order(number: str, supplier: str, currency: str, *lines: dict[str, object]) -> bytes:
    header = {"po-number": number, "type": "ExternalOrderHeader", "ship-to-user": {"login": "m"}}
    return json.dumps(
        {**header, "supplier": {"name": supplier}, "currency": {"code": currency}, "order-lines": lines}
    ).encode()


def amount_line(number: int, price: str, currency: str) -> dict[str, object]:
    whole = line(number, "1", price, currency) | {"type": "OrderAmountLine"}
    return {name: value for name, value in whole.items() if name not in ("quantity", "uom")}


ORDERS = (
    (
        order("PO-1", "Globex", "USD", line(1, "10", "0.1", "USD"), line(2, "3", "2.5", "USD")),
        (("4", "1"), ("3", "3")),
    ),
    (order("PO-2", "Acme", "USD", line(1, "7", "1.005", "USD")), (("0", "0"),)),
    (
        order("PO-3", "Globex", "EUR", line(1, "2", "100", "EUR"), amount_line(2, "1000", "EUR")),
        (("2", "0.5"), ("400", "150")),
    ),
)
"""Orders, with what of each line was received and invoiced."""


@contextmanager
def received_orders(folder: Path) -> Iterator[None]:
    """The profile `there` in a folder, whose secret is `sandbox` in the variable SECRET, and the instance it is of."""
    data = folder / "sandbox"
    with SandboxServer(data, ISSUED) as server:
        _profile(folder, server.url)
        with CoupaClient(load_profile("there", folder, {"SECRET": "sandbox"})) as client:
            for body, _ in ORDERS:
                client.create("purchase_orders", body, "application/json")
    _receive(data)
    with SandboxServer(data, ISSUED) as server:
        _profile(folder, server.url)
        yield


def _profile(folder: Path, url: str) -> None:
    (folder / "bulkpo.yaml").write_text(
        f"bulkpo: profiles/1\nprofiles:\n  there: {{url: {url}, client_id: sandbox, "
        "client_secret_variable: SECRET, time_zone: America/New_York}\n",
        encoding="utf-8",
    )


def _receive(data: Path) -> None:
    """Note what came and what was invoiced, as receipts and invoices do in Coupa."""
    with closing(Store(data)) as store, store.writing():
        for number, (_, done) in enumerate(ORDERS, 1):
            (id_,) = store.numbered(f"PO-{number}")
            order_body = store.get("order-header", id_)
            assert order_body is not None
            for each, (received, invoiced) in zip(order_body["order-lines"], done, strict=True):
                each |= {"received": received, "invoiced": invoiced}
            store.replace("order-header", order_body, ["po-number"])
