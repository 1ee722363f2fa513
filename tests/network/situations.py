"""The situations of a hostile network, and what bulkpo does in each: observed, never written by hand.

Three orders are imported one by one, or changed, and the second of them is hit; or 130 orders are exported. Once the
network is well again the same is done again (`bulkpo resume`, or the same export), where there is anything left to do.
"""

import csv
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from cues import Cue, Cut, Odds
from hostile_proxy import HostileProxy, hostile_proxy
from world import QuickClock, World, orders, profile_of, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created
from bulkpo.errors import BulkpoError
from bulkpo.journal.journal import journal_in
from bulkpo.mapping.language.export import ExportContext, load_export
from bulkpo.runs.exports.run import ExportOptions, export
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.runs.imports.run import ImportResult, run_import
from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

PATH = "/api/purchase_orders"
QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=1)
EXPORTED = 130
OPEN = SandboxOptions(references=References.OPEN)
ADDRESS = re.compile(r" ?\((?:https?://)[^)]*\)")
MAPPING = "bulkpo: export/1\nname: all\nresource: purchase_orders\ncolumns: [po-number]\n"
PRICES = """\
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
CHANGES = [("change", "update")]


@dataclass(frozen=True)
class Situation:
    """What goes wrong, in words and as cues; `lag` keeps new orders out of lists, `settle_for` is the profile's.

    `already` are the numbers of orders that somebody else made before, and `checks_numbers` is whether the server
    refuses a number that is taken. `words` are what is said by the proxy in place of its own words.
    """

    name: str
    cues: tuple[Cue, ...] = ()
    lag: float = 0.0
    settle_for: str = "0.2"
    is_tunnel: bool = False
    answering: Mapping[bytes, bytes] = field(default_factory=dict)
    already: tuple[str, ...] = ()
    checks_numbers: bool = False
    words: Mapping[Cut, tuple[int, str, bytes]] = field(default_factory=dict)

    @property
    def fresh(self) -> list[Cue | Odds]:
        """The cues, none of them seen yet."""
        return [replace(cue) for cue in self.cues]


def created(cut: Cut, **more: object) -> Situation:
    """The answer to the second order's creation goes wrong."""
    return Situation(f"a create: {cut.value}", (Cue(cut, "POST", PATH, 1),), **more)  # type: ignore[arg-type]


def changed(cut: Cut, **more: object) -> Situation:
    """The answer to the change of the second order goes wrong."""
    return Situation(f"a change: {cut.value}", (Cue(cut, "PUT", PATH, 1),), **more)  # type: ignore[arg-type]


def answered(what: str, status: int, media: str, body: str) -> Situation:
    """The change of the second order is answered so, and not passed on."""
    words = {Cut.NO_ROUTE_BEFORE: (status, media, body.encode())}
    return Situation(f"a change: is answered {what}", (Cue(Cut.NO_ROUTE_BEFORE, "PUT", PATH, 1),), words=words)


def read_before(cut: Cut, times: int = 1) -> Situation:
    """What is read right before the orders are changed goes wrong."""
    often = "every look-up" if times > 1 else "the look-up"
    name = f"{often} right before the changes: {cut.value}"
    return Situation(name, (Cue(cut, "GET", f"{PATH}?id", times=times),))


def looked_up(cut: Cut, times: int = 1) -> Situation:
    """The look-up before the orders are sent goes wrong."""
    often = "every look-up" if times > 1 else "a look-up before sending"
    return Situation(f"{often}: {cut.value}", (Cue(cut, "GET", PATH, times=times),))


def token(cut: Cut, times: int = 1) -> Situation:
    """The first token cannot be had."""
    often = "every token" if times > 1 else "a token"
    return Situation(f"{often}: {cut.value}", (Cue(cut, "POST", "/oauth2/token", times=times),))


def read(cut: Cut, skip: int, times: int = 1) -> Situation:
    """A page of an export goes wrong."""
    which = "every page" if times > 1 else f"page {skip + 1}"
    return Situation(f"{which}: {cut.value}", (Cue(cut, "GET", PATH, skip, times),))


_UNSEEN = (Cue(Cut.NO_ID_AFTER, "POST", PATH, 1),)
IMPORTS = (
    *(created(cut) for cut in Cut if cut.is_of_create),
    Situation(f"a create: {Cut.NO_ID_AFTER.value}; lists do not show it", _UNSEEN, lag=3600),
    Situation(
        "a create: passes the request on, and hangs up; lists lag behind by half a second",
        (Cue(Cut.HANG_UP_AFTER, "POST", PATH, 1),),
        lag=0.5,
        settle_for="3",
    ),
    Situation("a create: is answered with another number", answering={b">PO-0002<": b">4711<"}),
    Situation(
        f"a create, where the server refuses numbers that are taken: {Cut.TWICE.value}",
        (Cue(Cut.TWICE, "POST", PATH, 1),),
        checks_numbers=True,
    ),
    *(looked_up(cut) for cut in Cut if cut.is_of_list),
    *(
        Situation(
            f"the number is taken, and {which}: {Cut.EMPTY_LIST.value}",
            (Cue(Cut.EMPTY_LIST, "GET", PATH, skip, times),),
            already=("PO-0002",),
        )
        for which, skip, times in (
            ("the first question is answered wrongly", 0, 1),
            ("the look-up is answered wrongly", 1, 1),
            ("every look-up is answered wrongly", 1, 99),
        )
    ),
    looked_up(Cut.NO_ROUTE_BEFORE, times=99),
    looked_up(Cut.LOGIN_PAGE_BEFORE, times=99),
    *(token(cut) for cut in (Cut.HANG_UP_BEFORE, Cut.HANG_UP_AFTER, Cut.HALF_AFTER, Cut.TIMEOUT_BEFORE)),
    *(token(cut, 99) for cut in (Cut.REDIRECT_BEFORE, Cut.LOGIN_PAGE_BEFORE)),
    *(Situation(f"the tunnel: {cut.value}", (Cue(cut, "CONNECT"),), is_tunnel=True) for cut in Cut if cut.is_of_tunnel),
)
_XML, _HTML = "application/xml", "text/html"
_ORDER = "<order-header><id type='integer'>{}</id><po-number>{}</po-number></order-header>"
_ERRORS = "<errors><error>{}</error></errors>"
UPDATES = (
    *(changed(cut) for cut in Cut if cut.is_of_create),
    answered("with another order", 200, _XML, _ORDER.format(4711, "PO-4711")),
    answered("with its id and another number", 200, _XML, _ORDER.format(2, "PO-4711")),
    answered("with 200 and an empty body", 200, _XML, ""),
    answered("with 204", 204, _XML, ""),
    answered("with 404 in Coupa's words", 404, _XML, _ERRORS.format("Resource not found")),
    answered("with 409 in Coupa's words", 409, _XML, _ERRORS.format("Order is locked by another user")),
    answered("with 422 in Coupa's words", 422, _XML, _ERRORS.format("Price is not valid")),
    answered("with 409 and a page", 409, _HTML, "<html>conflict</html>"),
    answered("with 422 and a page", 422, _HTML, "<html>no</html>"),
    *(read_before(cut) for cut in Cut if cut.is_of_list),
    Situation(f"the look-up at planning: {Cut.EMPTY_LIST.value}", (Cue(Cut.EMPTY_LIST, "GET", f"{PATH}?po"),)),
    *(read_before(cut, times=99) for cut in (Cut.EMPTY_LIST, Cut.NO_ROUTE_BEFORE, Cut.LOGIN_PAGE_BEFORE)),
)
EXPORTS = (
    *(read(cut, 1) for cut in Cut if cut.is_of_list and cut is not Cut.SHORT_PAGE),
    read(Cut.SHORT_PAGE, 0, times=99),
    *(read(cut, 0) for cut in (Cut.EMPTY_LIST, Cut.NO_CONDITIONS)),
    *(read(cut, 0, times=99) for cut in (Cut.NO_ROUTE_BEFORE, Cut.LOGIN_PAGE_BEFORE, Cut.ERRORS_200_BEFORE)),
    Situation("from page 2 on: answers an empty list itself", (Cue(Cut.EMPTY_LIST, "GET", f"{PATH}?id", 1, 99),)),
)


def row_of_import(situation: Situation, folder: Path) -> str:
    """A line of the table: what became of the second order, how often it was made, what is said, and the exit codes."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(SandboxServer(None, OPEN))
        world, proxy = stack.enter_context(_world(situation, folder, sandbox))
        world.faults(duplicate_check=situation.checks_numbers)
        with CoupaClient(profile_of(sandbox.url)) as other:
            for number in situation.already:
                create(other, number)
        codes, said = [], ""
        for again in (False, True):
            result = world.resume() if again else world.bring(orders(3, lines=1), QUICK)
            codes.append(result.exit_code)
            said = said or _said(result, world)
            proxy.cues, proxy.lag = [], 0.0
            if result.exit_code == 0:
                break
        key = "PO-0002"
        trail = [happening.event for happening in world.journal.happenings(there(world.journal.entry(1, key)))]
        made = world.in_coupa()
        assert made.count("PO-0001") == made.count("PO-0003") == 1, made
        return _row(situation, " → ".join(trail), str(made.count(key)), said, codes)


def row_of_update(situation: Situation, folder: Path) -> str:
    """A line of the table: what became of the second order's change, how often it was made, what is said, the codes."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(SandboxServer(None, OPEN))
        world, proxy = stack.enter_context(_world(replace(situation, cues=()), folder, sandbox))
        world.bring(orders(3, lines=1), QUICK)
        world.mapping.write_text(PRICES, encoding="utf-8")
        world.write([",".join([*row.split(",")[:-1], "77.5"]) for row in orders(3, lines=1)])
        codes, said = [], ""
        proxy.cues = situation.fresh
        for again in (False, True):
            result = world.resume(2) if again else run_import(world.begin(QUICK))
            codes.append(result.exit_code)
            said = said or _said(result, world, 2)
            proxy.cues = []
            if result.exit_code == 0:
                break
        key = "PO-0002"
        trail = [happening.event for happening in world.journal.happenings(there(world.journal.entry(2, key)))]
        with CoupaClient(profile_of(sandbox.url)) as other:
            ids = {it["id"]: it["po-number"] for it in other.find("purchase_orders", [])}
            made = Counter(ids[it["order-header-id"]] for it in other.find("purchase_order_revisions", CHANGES))
        assert made["PO-0001"] == made["PO-0003"] == 1, made
        return _row(situation, " → ".join(trail), str(made[key]), said, codes)


@contextmanager
def filled() -> Iterator[SandboxServer]:
    """A sandbox with orders to export."""
    with SandboxServer(None, OPEN) as sandbox, CoupaClient(profile_of(sandbox.url)) as client:
        for number in range(EXPORTED):
            create(client, f"PO-{number}")
        yield sandbox


def create(client: CoupaClient, number: str) -> None:
    """Make an order."""
    line = {
        "line-num": "1", "type": "OrderAmountLine", "description": "Work", "price": "1",
        "currency": {"code": "USD"}, "account": {"code": "01-100-8000"},
    }  # fmt: skip
    header = {"ship-to-user": {"login": "migration"}, "supplier": {"name": "Acme"}, "currency": {"code": "USD"}}
    body = json.dumps({**header, "po-number": number, "order-lines": [line]}).encode()
    assert isinstance(client.create("purchase_orders", body, "application/json"), Created)


def row_of_export(situation: Situation, folder: Path, sandbox: SandboxServer) -> str:
    """A line of the table: how many rows the file has and, where it is not written, what is said; the exit codes."""
    with ExitStack() as stack:
        world, proxy = stack.enter_context(_world(situation, folder, sandbox))
        codes, counts, said = [], [], ""
        for _ in range(2):
            file = folder / "all.csv"
            file.unlink(missing_ok=True)
            try:
                notices = _export(world, file)
                said = said or "; ".join(notices)
                codes.append(0)
            except BulkpoError as error:
                said = said or str(error)
                codes.append(error.exit_code)
            numbers = _numbers(file)
            assert len(numbers) == len(set(numbers))
            counts.append(str(len(numbers)) if file.exists() else "no file")
            proxy.cues = []
            if codes[-1] == 0:
                break
        return _row(situation, ", then ".join(counts), "", said, codes)


def _row(situation: Situation, what: str, made: str, said: str, codes: list[int]) -> str:
    cells = [situation.name, what, *([made] if made else []), ADDRESS.sub("", said), ", then ".join(map(str, codes))]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _said(result: ImportResult, world: World, run: int = 1) -> str:
    if result.trouble is not None:
        return str(result.trouble)
    if result.stopped_because:
        return result.stopped_because
    return world.messages(run).get("PO-0002", "")


def _export(world: World, file: Path) -> tuple[str, ...]:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    context = ExportContext(ElementTables(schema_text), schema_text, {}, now)
    mapping = load_export(MAPPING, "all.yaml", context)
    return export(
        mapping, world.client, file, ExportOptions(world.folder / ".bulkpo", now, lambda _done, _total: None)
    ).notices


def _numbers(file: Path) -> list[str]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8-sig", newline="") as text:
        return [row["po-number"] for row in csv.DictReader(text)]


@contextmanager
def _world(situation: Situation, folder: Path, sandbox: SandboxServer) -> Iterator[tuple[World, HostileProxy]]:
    """A proxy before a sandbox in which things go wrong, and what imports into it."""
    certificate = folder / "proxy.pem"
    url = "https://localhost" if situation.is_tunnel else "http://acme.example"
    with (
        hostile_proxy(sandbox.url, certificate) as proxy,
        _environment(proxy.url, certificate),
        CoupaClient(
            replace(
                profile_of(url), name="acme", workers=1, settle_for=Decimal(situation.settle_for), timeout=Decimal(1)
            ),
            QuickClock(),
        ) as client,
    ):
        proxy.cues, proxy.lag, proxy.answering = situation.fresh, situation.lag, dict(situation.answering)
        proxy.words = dict(situation.words)
        journal = journal_in(folder / ".bulkpo", lambda: "2026-11-27T10:00:00+00:00")
        try:
            yield World(folder, sandbox, client, journal), proxy
        finally:
            journal.close()


@contextmanager
def _environment(proxy: str, certificate: Path) -> Iterator[None]:
    """The variables of a machine that reaches the world through this proxy alone."""
    before = dict(os.environ)
    for name in before:
        if name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.update(HTTP_PROXY=proxy, HTTPS_PROXY=proxy, REQUESTS_CA_BUNDLE=str(certificate))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
