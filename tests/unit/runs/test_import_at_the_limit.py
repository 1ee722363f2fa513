import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bulkpo.coupa.client import CoupaClient
from bulkpo.runs.imports.run import run_import
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer
from bulkpo.states import State

World = Any  # the fixture of conftest.py, which cannot be imported
ORDERS, RATE, KEPT_BURST = 260, 25, 10
LOOK_UPS, READ_BACKS = 2, 6


@pytest.mark.slow
def test_the_limit_is_reached_and_never_overrun(world_of: Callable[[SandboxServer], World]) -> None:
    with SandboxServer(None, SandboxOptions(rate_limit=True)) as sandbox:
        world = world_of(sandbox)
        world.faults(latency={"seconds": 0.3})
        profile = replace(world.client.profile, rate=Decimal(RATE), burst=20, workers=12, timeout=Decimal(10))
        world.client.close()
        world.client = CoupaClient(profile)
        world.write([f"PO-{number:04},Acme Supplies,1,Bolts,1,1" for number in range(ORDERS)])
        job = world.begin()
        told: list[float] = []
        job.progress = lambda _done, _total: told.append(time.monotonic())
        result = run_import(job)
        assert result.counts[State.CREATED] == ORDERS
        assert result.requests == 1 + ORDERS + LOOK_UPS + READ_BACKS
        best = (ORDERS + LOOK_UPS + READ_BACKS - KEPT_BURST) / RATE
        assert told[-1] - told[0] <= best * 1.1, "on a busy machine; the benchmark holds it to 3 %"
        assert world.statistics()["refused_by_limit"] == 0
