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
from hostile_proxy import HostileProxy, Odds, hostile_proxy
from test_kill import KILLS, LOSSES, OF_SANDBOX, PATIENT, Case, Way

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
    with hostile_proxy(sandbox.url, tmp_path / "proxy.pem") as proxy:
        proxy.late = 1.0
        proxy.cues = [Odds(cut, "PUT", "/api/", 0.02, random.Random(number)) for number, cut in enumerate(LOSSES)]  # noqa: S311
        yield proxy


@pytest.fixture(params=["direct", "plain proxy", "tunnel"])
def way(request: pytest.FixtureRequest, proxy: HostileProxy, tmp_path: Path) -> Way:
    match request.param:
        case "direct":
            return Way(proxy.url, PATIENT, OF_SANDBOX)  # a gateway in front of it
        case "plain proxy":
            return Way("http://acme.example", {**PATIENT, "HTTP_PROXY": proxy.url}, OF_SANDBOX)
        case _:
            trust = {"HTTPS_PROXY": proxy.url, "REQUESTS_CA_BUNDLE": str(tmp_path / "proxy.pem")}
            return Way("https://localhost", {**PATIENT, **trust}, OF_SANDBOX)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_again_and_again_each_order_is_done_with_once_and_sent_to_its_supplier_once(
    tmp_path: Path, sandbox: SandboxServer, proxy: HostileProxy, way: Way, deed: Deed
) -> None:
    chance = random.Random(18)  # noqa: S311 - repeatable on purpose
    kills = number = 0
    while kills < max(1, KILLS // 8):
        number += 1
        case = Case(tmp_path / f"run{number}", sandbox, ORDERS)
        mapping = case.folder / "orders.yaml"
        mapping.write_text(mapping.read_text(encoding="utf-8").replace(SILENCED, ""), encoding="utf-8")
        assert case.run()[0] == 0
        sent = case.transmissions()
        case.reach_by(way)
        code = -9
        while code in (-9, 2):  # 2: it was killed before it was written down what to do, so nothing was asked
            at_step = chance.random() < 0.5
            step, seconds = chance.randrange(1, 70), None if at_step else chance.uniform(0.4, 1.6)
            code, answer = case.run(step, seconds, "do", deed.task)
            kills += code == -9
            assert code in (-9, 0, 2), answer
        case.check_acted(deed.actions, deed.status)
        assert case.transmissions() - sent == deed.sent * ORDERS
        shutil.rmtree(case.folder)
    print(f"{deed.task}: {kills} kills, {number} runs of {ORDERS} orders, {proxy.cut} answers cut: 0 lost, 0 twice")  # noqa: T201 - by -s
