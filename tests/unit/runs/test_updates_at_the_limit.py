"""An update goes as fast as Coupa's limit lets it, look-ups included, and is never turned away for being faster."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from world import QuickClock, World

from bulkpo.coupa.client import CoupaClient
from bulkpo.runs.imports.run import run_import
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer
from bulkpo.states import State

ORDERS = 260
UPDATE = """\
bulkpo: import/1
name: prices
mode: update
document: {key: po-number}
columns:
  Number: po-number
  Supplier: {ignore: same}
  Line: order-lines/line-num
  Description: {ignore: same}
  Quantity: {ignore: same}
  Price: order-lines/price
"""


@pytest.mark.slow
def test_an_update_asks_one_page_for_fifty_orders_before_and_after_and_nothing_else(
    world_of: Callable[[SandboxServer], World],
) -> None:
    with SandboxServer(None, SandboxOptions()) as sandbox:
        world = world_of(sandbox)
        profile = replace(world.client.profile, rate=Decimal(25), burst=20, workers=12, timeout=Decimal(10))
        world.client.close()
        world.client = CoupaClient(profile, QuickClock())
        world.bring([f"PO-{number:04},Acme Supplies,1,Bolts,1,1" for number in range(ORDERS)])
        world.mapping.write_text(UPDATE, encoding="utf-8")
        world.write([f"PO-{number:04},Acme Supplies,1,Bolts,1,{number % 2 + 1}" for number in range(ORDERS)])
        result = run_import(world.begin())
        changed = ORDERS // 2
        assert (result.counts[State.CHANGED], result.counts[State.UNCHANGED]) == (changed, ORDERS - changed)
        by_number = 5 + 3  # 187 numbers a question, and 73: four pages and two, and that nothing follows
        by_id = 6  # of 50 orders each, of which half are read, before they are changed
        read_back = 3  # of what was changed, 50 together
        assert result.requests == changed + by_number + by_id + read_back
