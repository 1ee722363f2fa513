"""A small world to import into: a sandbox over HTTP, a journal on disk, a spreadsheet and its mapping."""

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.limiter import SECOND
from bulkpo.journal.journal import Journal
from bulkpo.journal.records import Entry
from bulkpo.journal.sqlite import SqliteStore
from bulkpo.model.profile import Profile, Secret
from bulkpo.model.table import stored
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.runs.imports.job import ImportOptions, Job
from bulkpo.runs.imports.run import ImportResult, begin, run_import
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.sandbox.serving.server import SandboxServer
from bulkpo.schema.tables import ElementTables
from bulkpo.shelves import as_they_were
from bulkpo.shipped import schema_text
from bulkpo.states import State
from bulkpo.tables.source import SourceOptions, open_source

MAPPING = """\
bulkpo: import/1
name: small
resource: purchase_orders
document: {key: po-number}
columns:
  Number: po-number
  Supplier: supplier/name
  Line: order-lines/line-num
  Description: order-lines/description
  Quantity: order-lines/quantity
  Price: order-lines/price
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  currency/code: USD
  order-lines/type: OrderQuantityLine
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""
TITLES = "Number,Supplier,Line,Description,Quantity,Price"
SCOPES = (
    "core.accounting.read",
    "core.common.read",
    "core.purchase_order.read",
    "core.purchase_order.write",
    "core.supplier.read",
    "core.supplier.write",
)
T = TypeVar("T")
_TIMES = 40
QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)


def orders(count: int, lines: int = 2) -> list[str]:
    """Rows of clean orders: order N has lines of one piece at N.50 each."""
    return [
        f"PO-{number:04},Acme Supplies,{line},Bolts & nuts {line},1,{number}.50"
        for number in range(1, count + 1)
        for line in range(1, lines + 1)
    ]


def there(value: T | None) -> T:
    """A value that must be there."""
    assert value is not None
    return value


@dataclass
class World:
    """Everything an import needs, with the ways to look at what it did."""

    folder: Path
    sandbox: SandboxServer
    client: CoupaClient
    journal: Journal
    file: Path = field(init=False)
    mapping: Path = field(init=False)

    def __post_init__(self) -> None:
        self.file = self.folder / "orders.csv"
        self.mapping = self.folder / "small.yaml"
        self.mapping.write_text(MAPPING, encoding="utf-8")

    def write(self, rows: Sequence[str]) -> None:
        self.file.write_text("\n".join([TITLES, *rows]) + "\n", encoding="utf-8")

    def plan(self, run: int = 0) -> FilePlan:
        mapped = open_mapped(self.mapping, self.file, ElementTables(schema_text))
        if run:
            unfit = self.journal.run(run).summary.unfit_files
            mapped = replace(
                mapped, mapping=replace(mapped.mapping, shelves=as_they_were(mapped.mapping.shelves, unfit))
            )
        return FilePlan(mapped, check(mapped))

    def job(self, options: ImportOptions = QUICK, run: int = 0) -> Job:
        return Job(self.plan(run), self.client, self.journal, run, options)

    def begin(self, options: ImportOptions = QUICK) -> Job:
        return begin(self.job(options))

    def bring(self, rows: Sequence[str], options: ImportOptions = QUICK) -> ImportResult:
        self.write(rows)
        return run_import(self.begin(options))

    def resume(self, run: int = 1, options: ImportOptions = QUICK) -> ImportResult:
        return run_import(self.job(options, run))

    def faults(self, **plan: object) -> None:
        """From now on, let the sandbox go wrong; without a plan, let it behave."""
        self._ask("PUT", "faults", plan)

    def statistics(self) -> dict[str, Any]:
        return self._ask("GET", "statistics", {})

    def _ask(self, method: str, what: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Ask the sandbox's own paths, with patience: by a fault it may refuse all connections for a moment."""
        last = time.monotonic() + 10
        while True:
            try:
                return self._ask_once(method, what, body)
            except ConnectionError:
                if time.monotonic() > last:
                    raise
                time.sleep(0.05)

    def _ask_once(self, method: str, what: str, body: Mapping[str, object]) -> dict[str, Any]:
        connection = HTTPConnection(urlsplit(self.sandbox.url).netloc, timeout=10)
        connection.request(method, f"/_sandbox/{what}", json.dumps(body))
        answer = connection.getresponse()
        data: dict[str, Any] = json.loads(answer.read())
        connection.close()
        assert answer.status == 200, data
        return data

    def in_coupa(self) -> list[str]:
        found = self.client.find("purchase_orders", [], ["id", "po_number"])
        return sorted(str(order["po-number"]) for order in found)

    def entry(self, key: str, run: int = 1) -> Entry:
        return there(self.journal.entry(run, key))

    @property
    def connection(self) -> sqlite3.Connection:
        """The journal's own, to let it go wrong."""
        store = self.journal._store
        assert isinstance(store, SqliteStore)
        return store._writer

    def states(self, run: int = 1) -> dict[str, State]:
        return {entry.key: entry.state for entry in self.journal.entries(run)}

    def messages(self, run: int = 1) -> dict[str, str]:
        return {entry.key: entry.message for entry in self.journal.entries(run)}

    def sheet(self, file: Path, name: str) -> list[dict[str, Any]]:
        source = open_source(file, SourceOptions(sheet=name))
        titles = [column.title for column in source.columns]
        return [
            dict(zip(titles, map(stored, cells), strict=True))
            for chunk in source.chunks()
            for cells in zip(*chunk.columns, strict=True)
        ]


class QuickClock:
    """A clock that runs forty times as fast as it should: Coupa's limit is kept as in production, and costs no time."""

    def now(self) -> int:
        """Nanoseconds since some fixed moment."""
        return _TIMES * time.monotonic_ns()

    def wait(self, nanoseconds: int) -> None:
        """Come back after that long by this clock."""
        time.sleep(nanoseconds / _TIMES / SECOND)


def profile_of(url: str) -> Profile:
    """The profile of a sandbox, with the limit that real instances have."""
    return Profile(
        "sandbox",
        url,
        "sandbox",
        Secret("sandbox"),
        SCOPES,
        rate=Decimal(25),
        burst=20,
        workers=4,
        timeout=Decimal("0.6"),
        settle_for=Decimal("0.2"),
    )
