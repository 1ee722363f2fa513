"""Processes killed with SIGKILL, at every durable step and at random instants: every order exactly once.

The sandbox takes an order twice if it is sent twice: its check for duplicates is off. It is reached directly, through a
plain proxy, and through a tunnel with TLS in it, each with faults and without: answers that are lost, cut short or
somebody else's, 5xx and 429, and orders that are made only after their answer. BULKPO_CRASH_KILLS is the number of
kills at random by each way, and BULKPO_CRASH_ORDERS that of the orders of an import; `make crash` asks for 200 and 500.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hostile_proxy import Cut, HostileProxy, Odds, hostile_proxy

from bulkpo.coupa.client import CoupaClient
from bulkpo.model.profile import Profile, Secret
from bulkpo.sandbox.records.moves import FirstStatus
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer
from bulkpo.tables.source import SourceOptions, open_source

DRIVER = Path(__file__).parent / "driver.py"
KILLS = int(os.environ.get("BULKPO_CRASH_KILLS", "6"))
ORDERS = int(os.environ.get("BULKPO_CRASH_ORDERS", "60"))
SCOPES = ("core.common.read", "core.purchase_order.read", "core.purchase_order.write", "core.supplier.read")
STEPS = ORDERS  # at which a process dies, at most; an import of so many takes some times as many
MAPPING = """\
bulkpo: import/1
name: crash
resource: purchase_orders
document: {key: po-number}
columns:
  Number: po-number
  Line: order-lines/line-num
  Price: order-lines/price
constants:
  type: ExternalOrderHeader
  supplier/name: Acme Supplies
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  currency/code: USD
  order-lines/description: Bolts
  order-lines/type: OrderQuantityLine
  order-lines/quantity: "1"
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""


WAYS = ("direct", "plain proxy", "tunnel")
RATE = "at the limit of 25 a second"
FAULTS = "with faults"
OF_SANDBOX = {"rates": {"500_after": 0.01, "503": 0.01, "reset_after": 0.01, "429": 0.03}, "seed": 5}
LOSSES = (
    Cut.HANG_UP_BEFORE, Cut.HANG_UP_AFTER, Cut.RESET_AFTER, Cut.HALF_AFTER, Cut.FORBID_AFTER, Cut.NO_ID_AFTER,
    Cut.BAD_GATEWAY_AFTER, Cut.UNAVAILABLE_BEFORE, Cut.LATE,
)  # fmt: skip
PATIENT = {"BULKPO_CRASH_TIMEOUT": "3"}  # a request that is passed on late is still at work until then


@dataclass(frozen=True)
class Way:
    """How an instance is reached: by which address, with which variables, and what goes wrong."""

    url: str
    variables: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, object] = field(default_factory=dict)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(None, SandboxOptions()) as server:
        yield server


@pytest.fixture
def proxy(sandbox: SandboxServer, tmp_path: Path) -> Iterator[HostileProxy]:
    with hostile_proxy(sandbox.url, tmp_path / "proxy.pem") as proxy:
        proxy.late = 1.0
        yield proxy


@pytest.fixture(params=[*(f"{way}, {state}" for way in WAYS for state in ("clean", FAULTS)), f"direct, {RATE}"])
def way(request: pytest.FixtureRequest, sandbox: SandboxServer, proxy: HostileProxy, tmp_path: Path) -> Way:
    name, state = request.param.split(", ")
    if state == FAULTS:
        lost = [Odds(cut, "POST", "/api/", 0.007, random.Random(number)) for number, cut in enumerate(LOSSES)]  # noqa: S311
        rest = [Odds(Cut.HANG_UP_AFTER, "GET", "/api/", 0.02), Odds(Cut.HANG_UP_ON_TUNNEL, "CONNECT", "", 0.02)]
        proxy.cues = [*lost, *rest]
    faults = OF_SANDBOX if state == FAULTS else {}
    variables = {"BULKPO_CRASH_RATE": "25"} if state == RATE else PATIENT if state == FAULTS else {}
    match name:
        case "direct":
            return Way(proxy.url if state == FAULTS else sandbox.url, variables, faults)  # a gateway in front of it
        case "plain proxy":
            return Way("http://acme.example", {**variables, "HTTP_PROXY": proxy.url}, faults)
        case _:
            trust = {"HTTPS_PROXY": proxy.url, "REQUESTS_CA_BUNDLE": str(tmp_path / "proxy.pem")}
            return Way("https://localhost", {**variables, **trust}, faults)


class Case:
    """An import in a folder of its own, into an emptied sandbox."""

    def __init__(
        self, folder: Path, sandbox: SandboxServer, orders: int, way: Way | None = None, files: int = 1
    ) -> None:
        """`files` above one are in a folder of their own, the orders dealt out among them."""
        folder.mkdir()
        self.folder = folder
        self.url = sandbox.url
        self.way = way or Way(sandbox.url)
        self.keys = [f"PO-{number:04}" for number in range(orders)]
        self.files = [folder / "orders.csv"]
        if files > 1:
            (folder / "orders").mkdir()
            self.files = [folder / f"orders/part-{number}.csv" for number in range(1, files + 1)]
        for number, file in enumerate(self.files):
            rows = [f"{key},{line},{line}.25" for key in self.keys[number::files] for line in (1, 2)]
            file.write_text("\n".join(["Number,Line,Price", *rows]) + "\n", encoding="utf-8")
        (folder / "orders.yaml").write_text(MAPPING, encoding="utf-8")
        self._ask("POST", "reset", {})
        self._ask("PUT", "faults", {"duplicate_check": False, **self.way.faults})

    def run(self, step: int = 0, seconds: float | None = None, *more: str) -> tuple[int, str]:
        """Run the driver until it ends or is killed, at a step or after some seconds; its exit code and answer."""
        command = [sys.executable, str(DRIVER), str(self.folder), self.way.url, str(step), *more]
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        with subprocess.Popen(
            command, env={**kept, **self.way.variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            if process.returncode is None:
                process.kill()
            answer, error = process.communicate()
        assert not error, error
        return process.returncode, answer

    def check_exactly_once(self) -> None:
        """Every order is in Coupa once, and every row of the result names its order's id."""
        self._ask("DELETE", "faults", {})
        with CoupaClient(self._profile()) as client:
            found = list(client.find("purchase_orders", [], ["id", "po_number"]))
        assert Counter(order["po-number"] for order in found) == dict.fromkeys(self.keys, 1)
        ids = {order["po-number"]: Decimal(order["id"]) for order in found}
        rows = []
        for number, file in enumerate(self.files):
            source = open_source(file.with_name(f"{file.stem}.result.xlsx"), SourceOptions(sheet="Rows"))
            titles = [column.title for column in source.columns]
            cells = (row for chunk in source.chunks() for row in zip(*chunk.columns, strict=True))
            mine = [dict(zip(titles, row, strict=True)) for row in cells]
            assert {str(row["Order"]) for row in mine} == set(self.keys[number :: len(self.files)])
            rows += mine
        assert len(rows) == 2 * len(self.keys)
        results = {path.name for path in self.files[0].parent.iterdir() if ".result" in path.name}
        assert results == {f"{file.stem}.result.xlsx" for file in self.files}
        assert all((row["Status"], row["Coupa id"]) == ("created", ids[str(row["Order"])]) for row in rows)

    def check_all_cancelled(self) -> None:
        """Every order is cancelled, by this run."""
        with CoupaClient(self._profile()) as client:
            found = list(client.find("purchase_orders", [], ["id", "status"]))
        assert [order["status"] for order in found] == ["cancelled"] * len(self.keys)

    def check_acted(self, actions: Mapping[str, int], status: str) -> None:
        """Every order has this status, by so many of these actions."""
        with CoupaClient(self._profile()) as client:
            found = list(client.find("purchase_orders", [], ["id", "status"]))
            revisions = list(client.find("purchase_order_revisions", [("change[not_eq]", "create")]))
        assert [order["status"] for order in found] == [status] * len(self.keys)
        done = Counter((each["order-header-id"], each["change"]) for each in revisions)
        assert done == {(order["id"], action): count for order in found for action, count in actions.items()}

    def transmissions(self) -> int:
        """How many orders the sandbox has sent to suppliers."""
        return int(self._ask("GET", "statistics", {})["transmissions"])

    def reach_by(self, way: Way) -> None:
        """From now on reach the sandbox by this way, with what goes wrong on it."""
        self.way = way
        self._ask("PUT", "faults", {"duplicate_check": False, **way.faults})

    def _profile(self) -> Profile:
        return Profile("sandbox", self.url, "sandbox", Secret("sandbox"), SCOPES, rate=None, timeout=Decimal(5))

    def _ask(self, method: str, what: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - an answer's JSON
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        connection.request(method, f"/_sandbox/{what}", json.dumps(body))
        answer = connection.getresponse()
        told = answer.read()
        assert answer.status == 200, told
        connection.close()
        return json.loads(told)


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
    chance = random.Random(7)  # noqa: S311 - repeatable on purpose
    kills = number = 0
    while kills < KILLS:
        number += 1
        case = Case(tmp_path / f"run{number}", sandbox, ORDERS, way)
        code = -9
        while code == -9:
            is_at_step = chance.random() < 0.5
            step = chance.randrange(1, STEPS) if is_at_step else 0
            seconds = None if is_at_step else chance.uniform(0.4, 0.6 + ORDERS / 500)
            code, answer = case.run(step, seconds) if kills < KILLS else case.run()
            kills += code == -9
            assert code in (-9, 0), answer
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
