from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from world import World

from bulkpo.coupa.client import CoupaClient
from bulkpo.runs.imports.run import run_import
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer
from bulkpo.states import State

ORDERS, RATE = 260, 25
LOOK_UPS, READ_BACKS = 2 + 2, 8  # by number, 150 and 110: three pages each, and that nothing follows


@pytest.mark.slow
def test_the_limit_is_never_overrun_by_requests_nobody_needs(world_of: Callable[[SandboxServer], World]) -> None:
    with SandboxServer(None, SandboxOptions(rate_limit=True)) as sandbox:
        world = world_of(sandbox)
        world.faults(latency={"seconds": 0.3})
        profile = replace(world.client.profile, rate=Decimal(RATE), burst=20, workers=12, timeout=Decimal(10))
        world.client.close()
        world.client = CoupaClient(profile)
        world.write([f"PO-{number:04},Acme Supplies,1,Bolts,1,1" for number in range(ORDERS)])
        job = world.begin()
        result = run_import(job)
        assert result.counts[State.CREATED] == ORDERS
        assert result.requests == 1 + ORDERS + LOOK_UPS + READ_BACKS
        assert world.statistics()["refused_by_limit"] == 0
