"""An import in a folder of its own, run by a process that can be killed, and what is to be true of it in the end."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ways import Way

from bulkpo.coupa.client import CoupaClient
from bulkpo.model.profile import Profile, Secret
from bulkpo.sandbox.serving.server import SandboxServer
from bulkpo.tables.source import SourceOptions, open_source

DRIVER = Path(__file__).parent / "driver.py"
KILLS = int(os.environ.get("BULKPO_CRASH_KILLS", "6"))
ORDERS = int(os.environ.get("BULKPO_CRASH_ORDERS", "60"))
SCOPES = ("core.common.read", "core.purchase_order.read", "core.purchase_order.write", "core.supplier.read")
KILLED = -9
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


@dataclass(frozen=True)
class Dying:
    """When processes are killed: at a durable step from `first` up to `steps`, or within `seconds`, by `chance`."""

    chance: random.Random
    steps: int
    seconds: float
    first: int = 1

    def moment(self) -> tuple[int, float | None]:
        """The step at which the next one is to die, or after how many seconds."""
        if self.chance.random() < 0.5:
            return self.chance.randrange(self.first, self.steps), None
        return 0, self.chance.uniform(0.4, self.seconds)


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

    def run_to_its_end(self, dying: Dying, most: int, *more: str, unplanned: int = KILLED) -> int:
        """Kill it again and again, so often at most, and let it end; says how often it was killed.

        `unplanned` is the exit code of one that was killed before it was written down what to do.
        """
        kills, code = 0, KILLED
        while code in (KILLED, unplanned):
            step, seconds = dying.moment() if kills < most else (0, None)
            code, answer = self.run(step, seconds, *more)
            kills += code == KILLED
            assert code in (KILLED, unplanned, 0), answer
        return kills

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
