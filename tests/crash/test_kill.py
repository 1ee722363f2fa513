"""Processes killed with SIGKILL, at every durable step and at random instants: every order exactly once.

The sandbox takes an order twice if it is sent twice: its check for duplicates is off. It is reached directly, through a
plain proxy, and through a tunnel with TLS in it, each with faults and without: answers that are lost, cut short or
somebody else's, 5xx and 429, and orders that are made only after their answer. BULKPO_CRASH_KILLS is the number of
kills at random by each way, and BULKPO_CRASH_ORDERS that of the orders of an import; `make crash` asks for 200 and 500.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from case import KILLS, ORDERS, Case, Dying
from hostile_proxy import Cut, HostileProxy, Odds
from ways import EVERY, RATE, Way, losing_proxy, lost, way_of

from bulkpo.sandbox.records.moves import FirstStatus
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer

STEPS = ORDERS  # at which a process dies, at most; an import of so many takes some times as many


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(None, SandboxOptions()) as server:
        yield server


@pytest.fixture
def proxy(sandbox: SandboxServer, tmp_path: Path) -> Iterator[HostileProxy]:
    with losing_proxy(sandbox, tmp_path) as proxy:
        yield proxy


@pytest.fixture(params=[*EVERY, f"direct, {RATE}"])
def way(request: pytest.FixtureRequest, sandbox: SandboxServer, proxy: HostileProxy) -> Way:
    rest = [Odds(Cut.HANG_UP_AFTER, "GET", "/api/", 0.02), Odds(Cut.HANG_UP_ON_TUNNEL, "CONNECT", "", 0.02)]
    return way_of(request.param, sandbox, proxy, [*lost({"POST": 0.007}), *rest])


@pytest.mark.slow
def test_killed_at_every_durable_step_an_import_goes_on_to_its_end(tmp_path: Path, sandbox: SandboxServer) -> None:
    whole = Case(tmp_path / "whole", sandbox, 4)
    code, answer = whole.run()
    assert code == 0, answer
    whole.check_exactly_once()
    steps = int(answer.split()[0])
    for step in range(1, steps + 1):
        case = Case(tmp_path / f"step{step}", sandbox, 4)
        killed, _ = case.run(step)
        assert killed in (-9, 0), f"step {step}"
        assert killed == -9 or step > steps - 12, f"step {step} of {steps} was not reached"
        code, answer = case.run()
        assert code == 0, f"step {step}: {answer}"
        case.check_exactly_once()


@pytest.mark.slow
def test_killed_anywhere_an_import_of_twelve_files_goes_on_to_its_end(tmp_path: Path, sandbox: SandboxServer) -> None:
    whole = Case(tmp_path / "whole", sandbox, 24, files=12)
    code, answer = whole.run()
    assert code == 0, answer
    whole.check_exactly_once()
    steps = int(answer.split()[0])
    for step in sorted({1, 2, 3, *range(4, steps, steps // 9)}):
        case = Case(tmp_path / f"step{step}", sandbox, 24, files=12)
        killed, _ = case.run(step)
        assert killed in (-9, 0), f"step {step}"
        code, answer = case.run()
        assert code == 0, f"step {step}: {answer}"
        case.check_exactly_once()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_again_and_again_an_import_ends_with_every_order_once(
    tmp_path: Path, sandbox: SandboxServer, proxy: HostileProxy, way: Way
) -> None:
    dying = Dying(random.Random(7), STEPS, 0.6 + ORDERS / 500)  # noqa: S311 - repeatable on purpose
    kills = number = 0
    while kills < KILLS:
        number += 1
        case = Case(tmp_path / f"run{number}", sandbox, ORDERS, way)
        kills += case.run_to_its_end(dying, KILLS - kills)
        case.check_exactly_once()
    cut = proxy.cut
    print(f"{kills} kills, {number} imports of {ORDERS} orders, {cut} answers cut: 0 lost, 0 twice")  # noqa: T201 - by -s


@pytest.mark.slow
def test_killed_at_every_durable_step_an_undo_goes_on_to_its_end(tmp_path: Path, sandbox: SandboxServer) -> None:
    whole = Case(tmp_path / "whole", sandbox, 3)
    whole.run()
    code, answer = whole.run(0, None, "undo")
    assert code == 0, answer
    for step in range(1, int(answer.split()[0]) + 1):
        case = Case(tmp_path / f"step{step}", sandbox, 3)
        case.run()
        killed, _ = case.run(step, None, "undo")
        assert killed in (-9, 0), f"step {step}"
        code, answer = case.run(0, None, "undo")
        assert code == 0, f"step {step}: {answer}"
        case.check_all_cancelled()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_at_every_durable_step_orders_are_closed_once_and_no_further(tmp_path: Path) -> None:
    with SandboxServer(None, SandboxOptions(created=FirstStatus.ISSUED)) as sandbox:
        whole = Case(tmp_path / "whole", sandbox, 2)
        whole.run()
        code, answer = whole.run(0, None, "do", "close")
        assert code == 0, answer
        whole.check_acted({"close": 1}, "soft_closed")
        for step in range(1, int(answer.split()[0]) + 1):
            case = Case(tmp_path / f"step{step}", sandbox, 2)
            case.run()
            killed, _ = case.run(step, None, "do", "close")
            assert killed in (-9, 0), f"step {step}"
            code, answer = case.run(0, None, "do", "close")
            if code == 2:  # it was killed before it was written down what to do: nothing was asked
                code, answer = case.run(0, None, "do", "close")
            assert code == 0, f"step {step}: {answer}"
            case.check_acted({"close": 1}, "soft_closed")
