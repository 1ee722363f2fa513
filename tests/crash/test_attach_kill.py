"""Processes killed while they attach files to orders and lines: each is there once, with the very bytes it has here.

The sandbox takes an attachment twice if it is sent twice. It is reached directly and through proxies, with faults and
without. Three of four orders have a file, of themselves or of a line. BULKPO_CRASH_ATTACH_KILLS is the number of kills
by each way, BULKPO_CRASH_ATTACH_ORDERS that of the orders.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from case import MAPPING, Case, Dying
from hostile_proxy import HostileProxy, Odds
from ways import CLEAN, FAULTS, WAYS, Way, losing_proxy, lost, way_of

from bulkpo.coupa.client import CoupaClient
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer

KILLS = int(os.environ.get("BULKPO_CRASH_ATTACH_KILLS", "3"))
ORDERS = int(os.environ.get("BULKPO_CRASH_ATTACH_ORDERS", "24"))
FILES = """\
  Files: {to: attachments, folder: scans, several: ";"}
  Drawing: {to: order-lines/attachments, folder: scans}
constants:
"""
HEAD = "Number,Line,Price,Files,Drawing"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(None, SandboxOptions()) as server:
        yield server


@pytest.fixture
def proxy(sandbox: SandboxServer, tmp_path: Path) -> Iterator[HostileProxy]:
    with losing_proxy(sandbox, tmp_path) as proxy:
        yield proxy


@pytest.fixture(params=[f"direct, {CLEAN}", *(f"{way}, {FAULTS}" for way in WAYS)])
def way(request: pytest.FixtureRequest, sandbox: SandboxServer, proxy: HostileProxy) -> Way:
    cues = lost({"POST": 0.01})
    return way_of(request.param, sandbox, proxy, [*cues, Odds(cues[1].cut, "GET", "/api/", 0.01)])


class AttachCase(Case):
    """Orders of two lines with files, some of them with the same content or the same name."""

    def __init__(self, folder: Path, sandbox: SandboxServer, orders: int, way: Way | None = None) -> None:
        super().__init__(folder, sandbox, orders, way)
        (folder / "orders.yaml").write_text(MAPPING.replace("constants:\n", FILES), encoding="utf-8")
        chance = random.Random(orders)  # noqa: S311 - repeatable on purpose
        self.files_of: dict[str, list[tuple[str, bytes]]] = {}
        rows = []
        for number, key in enumerate(self.keys):
            names = ["", "", ""]
            if number % 4:
                name = f"Anlage {number} ü.pdf" if number % 8 < 5 else f"{number}/scan.pdf"
                path = folder / "scans" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                size = chance.choice((1, 700, 70_000))
                content = b"%PDF" * 5 if number % 16 == 1 else chance.randbytes(size)
                path.write_bytes(content)
                names[number % 3] = name
                owner = key if number % 3 == 0 else f"{key}/{number % 3}"
                self.files_of[owner] = [(path.name, content)]
            rows += [f"{key},1,1.25,{names[0]},{names[1]}", f"{key},2,2.25,{names[0]},{names[2]}"]
        self.files[0].write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")

    def check_attached_once(self) -> None:
        """Every order is there once, and so is every file, with its bytes."""
        self.check_exactly_once()
        found: dict[str, list[tuple[str, bytes]]] = {}
        with CoupaClient(self._profile()) as client:
            for order in client.find("purchase_orders", []):
                lines: Any = order["order-lines"]
                owners = [("purchase_orders", order, str(order["po-number"]))]
                owners += [("purchase_order_lines", it, f"{order['po-number']}/{it['line-num']}") for it in lines]
                for resource, owner, name in owners:
                    for each in owner["attachments"] or ():
                        content = client.attached_file(resource, int(owner["id"]), int(each["id"]))
                        found.setdefault(name, []).append((str(each["file-file-name"]), content or b""))
        assert Counter({name: len(each) for name, each in found.items()}) == Counter(dict.fromkeys(self.files_of, 1))
        assert found == self.files_of


@pytest.mark.slow
def test_killed_at_every_durable_step_files_are_attached_once(tmp_path: Path, sandbox: SandboxServer) -> None:
    whole = AttachCase(tmp_path / "whole", sandbox, 4)
    code, answer = whole.run()
    assert code == 0, answer
    whole.check_attached_once()
    steps = int(answer.split()[0])
    for step in range(3, steps + 1, 5 if KILLS < 10 else 1):
        case = AttachCase(tmp_path / f"step{step}", sandbox, 4)
        killed, _ = case.run(step)
        assert killed in (-9, 0), f"step {step}"
        code, answer = case.run()
        assert code == 0, f"step {step}: {answer}"
        case.check_attached_once()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_again_and_again_every_file_is_attached_once(
    tmp_path: Path, sandbox: SandboxServer, proxy: HostileProxy, way: Way
) -> None:
    chance = random.Random(11)  # noqa: S311 - repeatable on purpose
    dying = Dying(chance, 5 * ORDERS, 1.0 + ORDERS / 100, first=ORDERS)
    kills = number = 0
    while kills < KILLS:
        number += 1
        case = AttachCase(tmp_path / f"run{number}", sandbox, ORDERS, way)
        kills += case.run_to_its_end(dying, KILLS - kills)
        case.check_attached_once()
    files, cut = len(case.files_of), proxy.cut
    print(f"{kills} kills, {number} imports of {ORDERS} orders and {files} files, {cut} answers cut: 0 lost, 0 twice")  # noqa: T201 - by -s
