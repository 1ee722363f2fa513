"""Every way in which a request can go wrong: every order exactly once, with duplicates allowed in the sandbox."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from world import World, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import JournalError
from bulkpo.journal.journal import journal_in
from bulkpo.journal.options import OnExisting
from bulkpo.journal.records import RunStatus
from bulkpo.journal.run import RunJournal
from bulkpo.payload.encode import BodyFormat, Encoder
from bulkpo.runs.delivery.deliver import Deliverer, Manner
from bulkpo.runs.imports.absence import Absence
from bulkpo.runs.imports.job import Halt, ImportOptions, Job, OrderPair, walk
from bulkpo.runs.imports.lookups import LookUps
from bulkpo.runs.imports.run import run_import
from bulkpo.runs.imports.send import Orders, Outgoing, Tally
from bulkpo.sandbox.serving.faults import Fault
from bulkpo.states import Event, State

QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)
WRITE_SUPPLIERS = "core.supplier.write"
CREATES = {"method": "POST", "path": "/api/purchase_orders"}
MIXED = {
    "429": 0.02, "500": 0.01, "503": 0.01, "500_after": 0.01, "502_after": 0.01, "reset_before": 0.01,
    "reset_after": 0.01, "truncate": 0.01, "garble": 0.005, "hang_after": 0.0025, "hang_before": 0.0025,
}  # fmt: skip


def rows(count: int) -> list[str]:
    return [
        f"PO-{number:04},Acme Supplies,{line},Bolts,1,{number}.50" for number in range(1, count + 1) for line in (1, 2)
    ]


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.DRIP], ids=lambda fault: fault.value)
def test_whatever_goes_wrong_every_order_is_made_exactly_once(world: World, fault: Fault) -> None:
    script = [{"fault": fault.value, **CREATES, "skip": skip} for skip in (0, 4, 9)]
    world.faults(script=script, duplicate_check=False, retry_after=0.05, hang=2, refuse=0.2)
    result = world.bring(rows(20))
    assert world.in_coupa() == [f"PO-{number:04}" for number in range(1, 21)]
    assert result.counts[State.CREATED] == 20
    assert result.totals is not None
    assert there(result.totals).agree
    assert result.exit_code == 0


@pytest.mark.slow
def test_two_thousand_orders_while_a_tenth_of_the_requests_go_wrong(world: World) -> None:
    world.faults(rates=MIXED, seed=3, duplicate_check=False, retry_after=0.05, hang=2)
    result = world.bring(rows(2000))
    world.faults()
    found = world.in_coupa()
    assert len(found) == len(set(found)) == 2000
    assert result.counts[State.CREATED] == 2000
    assert result.exit_code == 0


def in_doubt(world: World, key: str) -> Job:
    """A run with an order that may have been sent before, and was not found when it was looked up."""
    job: Job = world.begin()
    job.stop.set()
    run_import(job)
    entry = world.entry(key, job.run)
    for event in (Event.SEND, Event.UNCLEAR, Event.FOUND_NOTHING):
        entry, _ = world.journal.record(entry, event)
    job.stop.clear()
    return job


def look_ups(job: Job) -> LookUps:
    return LookUps(job.client, job.plan.shape, RunJournal(job.journal, job.run), Absence(0, 0))


def planned(job: Job) -> Iterator[OrderPair]:
    journal = RunJournal(job.journal, job.run)
    return walk(job.plan, journal, journal.entries([State.PLANNED]))


def send(job: Job) -> None:
    """Send what is planned, without a look at what is there."""
    journal, encode = RunJournal(job.journal, job.run), Encoder(job.plan.layout, BodyFormat.XML)
    ask = partial(job.client.create, job.plan.resource, content_type=encode.content_type)
    orders = Orders(journal, encode, ask, look_ups(job), Tally(1, Halt(job.stop)))
    manner = Manner(0.05, 2, 1, "`bulkpo resume` goes on from here", job.stop)
    Deliverer(orders, job.client.profile, manner).deliver_all(Outgoing(*pair) for pair in planned(job))


def test_an_order_refused_because_an_earlier_try_had_made_it_is_recognised(world: World) -> None:
    world.bring(rows(1))
    job = in_doubt(world, "PO-0001")
    send(job)
    trail = [it.event for it in world.journal.happenings(world.entry("PO-0001", 2))]
    assert trail == ["send", "unclear", "found nothing", "send", "refused in doubt", "found ours"]
    assert world.states(2) == {"PO-0001": State.CREATED}


def test_an_order_that_appears_late_is_recognised_before_it_is_sent_again(world: World) -> None:
    world.bring(rows(1))
    job = in_doubt(world, "PO-0001")
    assert list(look_ups(job).free(planned(job), OnExisting.SKIP)) == []
    trail = [it.event for it in world.journal.happenings(world.entry("PO-0001", 2))]
    assert trail == ["send", "unclear", "found nothing", "found late", "found ours"]


def test_an_order_in_doubt_that_is_refused_for_another_reason_is_refused(world: World) -> None:
    world.write(["PO-1,Nobody,1,Bolts,1,1"])
    job = in_doubt(world, "PO-1")
    send(job)
    assert world.states() == {"PO-1": State.REFUSED}
    assert world.messages()["PO-1"].startswith("Unable to find valid Supplier record")


def test_two_orders_with_our_number_are_reported_and_neither_is_touched(world: World) -> None:
    world.faults(duplicate_check=False)
    world.bring(rows(1))
    encoded = Encoder(world.plan().layout, BodyFormat.XML)(next(world.plan().documents()))
    world.client.create("purchase_orders", encoded, "application/xml")
    job = in_doubt(world, "PO-0001")
    assert list(look_ups(job).free(planned(job), OnExisting.SKIP)) == []
    assert world.states(2) == {"PO-0001": State.DIFFERS}
    assert world.messages(2)["PO-0001"].startswith("Coupa has 2 orders with this number (ids ")


def test_a_full_disk_in_mid_run_stops_it_and_what_was_sent_is_found_again(world: World) -> None:
    world.write(rows(60))
    job = world.begin()

    def fill_the_disk(done: int, _total: int) -> None:
        if done == 10:
            pages = world.connection.execute("PRAGMA page_count").fetchone()[0]
            world.connection.execute(f"PRAGMA max_page_count = {pages}")

    job.progress = fill_the_disk
    with pytest.raises(JournalError, match=r"the disk is not full\. What was sent is safe: `bulkpo resume`"):
        run_import(job)
    with pytest.raises(JournalError):
        world.journal.close()
    world.journal = journal_in(world.folder / ".bulkpo", lambda: "2026-11-21T10:00:00+00:00")
    assert world.resume().counts[State.CREATED] == 60
    found = world.in_coupa()
    assert len(found) == len(set(found)) == 60


def test_orders_whose_turn_does_not_come_are_not_announced(world: World) -> None:
    world.write(rows(40))
    job = world.begin()
    job.progress = lambda _done, _total: job.stop.set()
    result = run_import(job)
    assert result.counts[State.PLANNED] > 20
    for entry in world.journal.entries(1, [State.PLANNED]):
        assert world.journal.happenings(entry) == []
    assert world.resume().counts[State.CREATED] == 40
    assert world.in_coupa() == [f"PO-{number:04}" for number in range(1, 41)]


def test_an_order_sent_to_try_whose_answer_is_lost_is_looked_up_before_the_next(world: World) -> None:
    world.faults(script=[{"fault": "reset_after", **CREATES}])
    result = world.bring(rows(4), replace(QUICK, canary=2))
    assert result.counts[State.CREATED] == 4
    trail = [it.event for it in world.journal.happenings(world.entry("PO-0001", 1))]
    assert trail == ["send", "unclear", "found ours"]


def test_an_instance_that_takes_nothing_ends_the_run_and_all_stays_planned(world: World) -> None:
    world.faults(rates={"429": 1.0}, only=CREATES, retry_after=0.05)
    result = world.bring(rows(3), replace(QUICK, patience_seconds=0.2))
    assert str(result.trouble).startswith(
        "the sandbox has taken nothing for 0 seconds: too many requests (429); what is"
    )
    assert (result.counts[State.PLANNED], result.exit_code) == (3, 4)
    world.faults()
    assert world.resume().counts[State.CREATED] == 3


SUPPLIERS = """\
bulkpo: import/1
name: suppliers
resource: suppliers
document: {key: name}
columns: {Supplier: name, Number: {ignore: no}, Line: {ignore: no}, Description: {ignore: no}, Quantity: {ignore: no},
  Price: {ignore: no}}
rules:
  enterprise: {required: false}
  online-store: {required: false}
  payment-method: {required: false}
  primary-address: {required: false}
  primary-contact: {required: false}
"""


@pytest.mark.parametrize("canary", [0, 1])
def test_without_the_scope_nothing_was_made_and_the_run_goes_on_once_it_is_granted(world: World, canary: int) -> None:
    world.mapping.write_text(SUPPLIERS, encoding="utf-8")
    profile = world.client.profile
    world.client.close()
    world.client = CoupaClient(replace(profile, scopes=tuple(it for it in profile.scopes if it != WRITE_SUPPLIERS)))
    result = world.bring([f"1,New Ltd {number},1,Bolts,1,1" for number in range(6)], replace(QUICK, canary=canary))
    assert "does not allow this, and nothing was done (403: " in str(result.trouble)
    assert (result.counts[State.PLANNED], result.counts[State.UNKNOWN], result.exit_code) == (6, 0, 4)
    world.client.close()
    world.client = CoupaClient(profile)
    assert (world.resume().exit_code, world.journal.run(1).status) == (0, RunStatus.DONE)


def test_an_order_that_would_be_sent_otherwise_than_planned_is_not_sent(world: World) -> None:
    world.write(rows(2))
    job = world.begin()
    job.stop.set()
    run_import(job)
    world.connection.execute("UPDATE entries SET digest = 'other' WHERE number = 2")
    result = world.resume(options=replace(QUICK, canary=2))
    assert str(result.trouble).startswith("run 1: PO-0002 would be sent otherwise than it was planned, so it is not")
    assert (world.in_coupa(), result.exit_code) == (["PO-0001"], 2)


def test_an_input_that_gives_other_orders_than_were_planned_is_not_sent(world: World) -> None:
    world.write(rows(2))
    job = world.begin()
    job.stop.set()
    run_import(job)
    world.connection.execute("UPDATE entries SET key = 'PO-9' WHERE number = 2")
    result = world.resume()
    assert str(result.trouble) == (
        "run 1: order 2 was PO-9 when the run was planned and is PO-0002 now; "
        "the file or the mapping gives other orders than then"
    )
    assert world.in_coupa() == []
