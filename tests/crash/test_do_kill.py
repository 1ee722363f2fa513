"""Processes killed while they close or issue orders, straight and through proxies that lose answers: each order once.

Closing a soft-closed order closes it for good, and issuing one twice may send it to its supplier twice, so that a
repeated action shows: the sandbox counts the actions on each order, and what it sent to suppliers.
"""

import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from case import KILLS, Case, Dying
from hostile_proxy import HostileProxy
from ways import FAULTS, WAYS, Way, losing_proxy, lost, way_of

from bulkpo.sandbox.records.moves import FirstStatus
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer

ORDERS = 16
SILENCED = "  transmission-method-override: do_not_transmit\n"


@dataclass(frozen=True)
class Deed:
    """What is done with orders: the task, in which status they are first, and what is to come of it."""

    task: str
    first: FirstStatus
    actions: Mapping[str, int]
    status: str
    sent: int


DEEDS = (
    Deed("close", FirstStatus.ISSUED, {"close": 1}, "soft_closed", 0),
    Deed("close --hard", FirstStatus.ISSUED, {"close": 2}, "closed", 0),
    Deed("issue", FirstStatus.DRAFT, {"issue": 1}, "issued", 1),
)


@pytest.fixture(params=DEEDS, ids=lambda deed: deed.task)
def deed(request: pytest.FixtureRequest) -> Deed:
    assert isinstance(request.param, Deed)
    return request.param


@pytest.fixture
def sandbox(deed: Deed) -> Iterator[SandboxServer]:
    with SandboxServer(None, SandboxOptions(created=deed.first)) as server:
        yield server


@pytest.fixture
def proxy(sandbox: SandboxServer, tmp_path: Path) -> Iterator[HostileProxy]:
    with losing_proxy(sandbox, tmp_path) as proxy:
        yield proxy


@pytest.fixture(params=[f"{way}, {FAULTS}" for way in WAYS])
def way(request: pytest.FixtureRequest, sandbox: SandboxServer, proxy: HostileProxy) -> Way:
    return way_of(request.param, sandbox, proxy, lost({"PUT": 0.02}))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_again_and_again_each_order_is_done_with_once_and_sent_to_its_supplier_once(
    tmp_path: Path, sandbox: SandboxServer, proxy: HostileProxy, way: Way, deed: Deed
) -> None:
    dying = Dying(random.Random(18), 70, 1.6)  # noqa: S311 - repeatable on purpose
    kills = number = 0
    while kills < max(1, KILLS // 8):
        number += 1
        case = Case(tmp_path / f"run{number}", sandbox, ORDERS)
        mapping = case.folder / "orders.yaml"
        mapping.write_text(mapping.read_text(encoding="utf-8").replace(SILENCED, ""), encoding="utf-8")
        assert case.run()[0] == 0
        sent = case.transmissions()
        case.reach_by(way)
        # 2: it was killed before it was written down what to do, so nothing was asked
        kills += case.run_to_its_end(dying, max(1, KILLS // 8) - kills, "do", deed.task, unplanned=2)
        case.check_acted(deed.actions, deed.status)
        assert case.transmissions() - sent == deed.sent * ORDERS
        shutil.rmtree(case.folder)
    print(f"{deed.task}: {kills} kills, {number} runs of {ORDERS} orders, {proxy.cut} answers cut: 0 lost, 0 twice")  # noqa: T201 - by -s
