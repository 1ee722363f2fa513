"""Actions on lists of orders that are in Coupa: each exactly once, or held back with the reason."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from world import World, orders, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import InputError, UsageError
from bulkpo.journal.moves import Facts
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.runs.doing.do import DoJob, Wish, begin_task, work
from bulkpo.runs.doing.listing import Lister, OrderList, Sending, Task, Verdict
from bulkpo.runs.doing.outcome import Became, DoResult
from bulkpo.runs.doing.wanted import ListColumn, Wanted, read_wanted
from bulkpo.runs.own_files import OwnFiles
from bulkpo.sandbox.records.moves import FirstStatus
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer
from bulkpo.states import Event

NO_COLUMN = ListColumn()
NOT_SENT = Sending()
NUMBERS = tuple(f"PO-{number:04}" for number in range(1, 5))


@pytest.fixture
def issued(world_of: Callable[[SandboxServer], World]) -> Iterator[World]:
    """Four orders that are issued."""
    with SandboxServer(None, SandboxOptions(created=FirstStatus.ISSUED)) as sandbox:
        world = world_of(sandbox)
        world.bring(orders(4))
        yield world


def listing(world: World, task: str, numbers: Sequence[str] = NUMBERS, sending: Sending = NOT_SENT) -> OrderList:
    lister = Lister(world.client, "purchase_orders", Task.of(kind_of("purchase_orders"), task), sending)
    return lister.wanted(Wanted("po-number", tuple(numbers)))


def started(world: World, found: OrderList, **said: str) -> int:
    wish = Wish("purchase_orders", "a list", str(world.folder / "done.xlsx"), **said)
    with ExitStack() as held:
        return begin_task(world.client, world.journal, found, wish, held)


def worked(world: World, run: int, stop: threading.Event | None = None) -> DoResult:
    own = OwnFiles(world.folder / ".bulkpo")
    job = DoJob(world.client, RunJournal(world.journal, run), own, stop or threading.Event())
    job.settle_seconds, job.patience_seconds = 0.05, 2
    return work(job)


def done(world: World, task: str, numbers: Sequence[str] = NUMBERS) -> DoResult:
    return worked(world, started(world, listing(world, task, numbers)))


def statuses(world: World) -> dict[str, str]:
    found = world.client.find("purchase_orders", [], ["id", "po_number", "status"])
    return {order["po-number"]: order["status"] for order in found}


def changes(world: World) -> Counter[str]:
    """How often each action was taken, on any order."""
    found = world.client.find("purchase_order_revisions", [("change[not_eq]", "create")])
    return Counter(str(each["change"]) for each in found)


def became(result: DoResult) -> dict[str, str]:
    return {each.key: str(each.became) for each in result.outcomes}


def test_orders_are_closed_softly_and_each_is_told(issued: World) -> None:
    result = done(issued, "close")
    assert (result.exit_code, result.count(Became.DONE), changes(issued)) == (0, 4, Counter(close=4))
    rows = issued.sheet(result.result, "Orders")
    assert [(row["Order"], row["Status before"], row["Status now"], row["Outcome"]) for row in rows] == [
        (number, "issued", "soft_closed", "done") for number in NUMBERS
    ]
    assert [str(total.amount) for total in result.totals(Became.DONE)] == ["24.000"]


def test_closing_softly_once_more_closes_nothing_for_good(issued: World) -> None:
    done(issued, "close")
    again = listing(issued, "close")
    assert {order.verdict for order in again.orders} == {Verdict.DONE}
    assert [order.reason for order in again.orders] == ["it is soft_closed already"] * 4
    result = worked(issued, started(issued, again))
    assert (result.count(Became.ALREADY), result.exit_code, changes(issued)) == (4, 0, Counter(close=4))


def test_closing_for_good_takes_issued_and_softly_closed_orders(issued: World) -> None:
    done(issued, "close", NUMBERS[:2])
    result = done(issued, "close --hard")
    assert (became(result), result.exit_code) == (dict.fromkeys(NUMBERS, "done"), 0)
    assert statuses(issued) == dict.fromkeys(NUMBERS, "closed")
    assert changes(issued) == Counter(close=8)


def test_what_a_status_does_not_allow_is_held_back_and_never_asked(issued: World) -> None:
    done(issued, "cancel", NUMBERS[:1])
    before = issued.client.requests
    found = listing(issued, "close", [*NUMBERS[:2], "XX-1"])
    assert [(order.key, order.verdict, order.reason) for order in found.orders] == [
        ("PO-0001", Verdict.HELD, "it is cancelled; only what is exported or issued can be soft-closed"),
        ("PO-0002", Verdict.TO_DO, ""),
        ("XX-1", Verdict.HELD, "it is not in Coupa"),
    ]
    result = worked(issued, started(issued, found))
    assert (became(result)["PO-0001"], became(result)["XX-1"], result.exit_code) == ("held back", "held back", 1)
    assert changes(issued) == Counter(cancel=1, close=1)
    assert issued.client.requests - before < 8


def test_an_order_that_somebody_changed_after_it_was_listed_is_left(issued: World) -> None:
    found = listing(issued, "close")
    issued.client.act("purchase_orders", there(issued.entry("PO-0001").coupa_id), "close")
    run = started(issued, found)
    issued.journal.record(issued.entry("PO-0002", run), Event.ACTED, Facts(version="0", message="issued"))
    result = worked(issued, run)
    told = {each.key: (str(each.became), each.message) for each in result.outcomes}
    assert told["PO-0001"] == ("done", "")
    assert statuses(issued)["PO-0001"] == "soft_closed"
    assert told["PO-0002"] == ("left", "changed since: version was 0 and is 1; ask again")
    assert told["PO-0003"] == ("done", "")
    assert (statuses(issued)["PO-0002"], changes(issued)["close"]) == ("issued", 3)


@pytest.mark.parametrize("fault", ["500", "500_after", "reset_before", "reset_after", "truncate", "hang_after", "429"])
def test_an_answer_that_is_lost_is_looked_for_in_the_order_and_no_order_is_closed_twice(
    issued: World, fault: str
) -> None:
    found = listing(issued, "close")
    run = started(issued, found)
    issued.faults(script=[{"fault": fault, "method": "PUT", "path": "/api/purchase_orders/", "skip": 1, "times": 2}])
    result = worked(issued, run)
    if not result.is_over:
        result = worked(issued, run)
    assert statuses(issued) == dict.fromkeys(NUMBERS, "soft_closed")
    assert (became(result), changes(issued)) == (dict.fromkeys(NUMBERS, "done"), Counter(close=4))


def test_a_close_that_may_still_arrive_is_not_repeated_before_settle_for_has_passed(issued: World) -> None:
    run = started(issued, listing(issued, "close", NUMBERS[:1]))
    issued.faults(script=[{"fault": "500", "method": "PUT", "path": "/api/purchase_orders/", "times": 1}])
    waits: list[tuple[int, float]] = []
    job = DoJob(issued.client, RunJournal(issued.journal, run), OwnFiles(issued.folder / ".bulkpo"))
    job.settle_seconds, job.waits = 0.05, lambda count, seconds: waits.append((count, seconds))
    assert work(job).exit_code == 0
    assert waits
    assert waits[0][0] == 1
    assert 0 < waits[0][1] <= 0.2


def test_a_close_whose_answer_was_lost_is_looked_at_once_more_where_all_others_took_longer_than_settle_for(
    issued: World,
) -> None:
    issued.client.close()
    issued.client = CoupaClient(replace(issued.client.profile, workers=1))
    run = started(issued, listing(issued, "close"))
    issued.faults(
        latency={"seconds": 0.3, "spread": 0},
        only={"method": "PUT"},
        script=[{"fault": "500", "method": "PUT", "path": "/api/purchase_orders/", "times": 1}],
    )
    assert worked(issued, run).exit_code == 0
    assert changes(issued) == Counter(close=4)


def test_stopped_and_taken_up_again_nothing_is_done_twice(issued: World) -> None:
    run = started(issued, listing(issued, "cancel"))
    stop = threading.Event()
    stop.set()
    assert worked(issued, run, stop).exit_code == 130
    assert changes(issued) == Counter()
    assert worked(issued, run).exit_code == 0
    assert worked(issued, run).count(Became.DONE) == 4
    assert changes(issued) == Counter(cancel=4)


def test_only_silent_orders_are_issued_unless_sending_is_meant(world: World) -> None:
    mapping = world.mapping.read_text(encoding="utf-8")
    world.bring(orders(1))
    world.mapping.write_text(mapping.replace("override: do_not_transmit", "override: email"), encoding="utf-8")
    world.bring(["PO-0009,Acme Supplies,1,Bolts,1,2.50"])
    found = listing(world, "issue", ["PO-0001", "PO-0009"])
    assert [order.verdict for order in found.orders] == [Verdict.TO_DO, Verdict.HELD]
    assert found.orders[1].reason == (
        "it would be sent to its supplier: its transmission-method-override is not do_not_transmit; "
        "--send-to-suppliers says that this is meant"
    )
    forbidden = listing(world, "issue", ["PO-0009"], Sending(is_meant=False, forbidden_by="production"))
    assert forbidden.orders[0].reason.endswith("the profile production says `silent: required`")
    worked(world, started(world, found))
    assert world.statistics()["transmissions"] == 0
    meant = listing(world, "issue", ["PO-0009"], Sending(is_meant=True))
    worked(world, started(world, meant))
    assert world.statistics()["transmissions"] == 1


def test_a_reason_goes_with_reopening_in_coupas_words(issued: World, monkeypatch: pytest.MonkeyPatch) -> None:
    done(issued, "close", NUMBERS[:1])
    bodies: list[bytes | None] = []
    once = issued.client._exchange.once

    def noting(method: str, path: str, body: bytes | None = None, media: str | None = None) -> Any:  # noqa: ANN401
        bodies.extend([body] if method == "PUT" else [])
        return once(method, path, body, media)

    monkeypatch.setattr(issued.client._exchange, "once", noting)
    run = started(issued, listing(issued, "reopen", NUMBERS[:1]), reason="LATE", comment="one more delivery")
    result = worked(issued, run)
    assert json.loads(there(bodies[0])) == {
        "reason_insight_code": "LATE",
        "reason-insight-event-comment": "one more delivery",
    }
    assert statuses(issued)["PO-0001"] == "issued"
    facts = {row["Fact"]: row["Value"] for row in issued.sheet(result.result, "Run")}
    assert (facts["Reason"], facts["Comment"]) == ("LATE", "one more delivery")


@pytest.mark.parametrize(
    ("text", "element", "values"),
    [
        ("PO Number,Note\n0004711,x\n0004712,\n", "po-number", ("0004711", "0004712")),
        ("0004711\n0004712\n0004711\n", "po-number", ("0004711", "0004712")),
        ("\n\nTo be closed,\nid,what\n12,a\n7,b\n", "id", ("12", "7")),
        ("Order,Coupa id\nA-1,5\n", "po-number", ("A-1",)),
        ("po_number\nA-1\n", "po-number", ("A-1",)),
    ],
)
def test_a_list_is_read_by_its_heading_or_as_it_stands(
    tmp_path: Path, text: str, element: str, values: tuple[str, ...]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    wanted = read_wanted(path, NO_COLUMN)
    assert (wanted.element, wanted.values) == (element, values)


def test_a_list_that_does_not_say_which_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Nummer,Betrag\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no column is called PO Number or id; say which it is by --column TITLE"):
        read_wanted(path, NO_COLUMN)
    assert read_wanted(path, ListColumn("nummer")).values == ("1",)
    with pytest.raises(UsageError, match="no column is called 'Numer'; did you mean Nummer"):
        read_wanted(path, ListColumn("Numer"))
    path.write_text("PO Number\n", encoding="utf-8")
    with pytest.raises(InputError, match="the list is empty"):
        read_wanted(path, NO_COLUMN)
