"""Lists that lag behind, and answers that say only half: nothing is sent again before its absence is proved."""

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hostile_proxy import Cue, Cut, HostileProxy, hostile_proxy
from world import QuickClock, World, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Outcome
from bulkpo.journal.moves import Facts
from bulkpo.journal.options import AfterCreate
from bulkpo.journal.records import Entry
from bulkpo.journal.run import RunJournal
from bulkpo.payload.encode import BodyFormat, Encoder
from bulkpo.runs.imports.absence import Absence
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.runs.imports.run import run_import
from bulkpo.runs.imports.undo import UndoOptions, undo
from bulkpo.states import Event, State

QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)
ORDERS = "/api/purchase_orders"


def rows(count: int, first: int = 1) -> list[str]:
    return [f"PO-{number:04},Acme Supplies,1,Bolts,1,{number}.50" for number in range(first, first + count)]


@pytest.fixture
def proxy(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileProxy]:
    """The world's sandbox behind a proxy; numbers may be taken twice."""
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    with hostile_proxy(world.sandbox.url, tmp_path / "proxy.pem") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        world.faults(duplicate_check=False)
        settle_for(world, "0.2")
        yield proxy


def settle_for(world: World, seconds: str) -> None:
    world.client.close()
    profile = replace(world.client.profile, url="http://acme.example", settle_for=Decimal(seconds), workers=1)
    world.client = CoupaClient(profile)


def trail(world: World, key: str) -> list[str]:
    return [it.event for it in world.journal.happenings(there(world.journal.entry(1, key)))]


@pytest.mark.parametrize("cut", [Cut.HALF_AFTER, Cut.NO_ID_AFTER], ids=lambda cut: cut.name.lower())
def test_what_coupa_took_is_never_sent_again_however_long_a_list_lacks_it(
    world: World, proxy: HostileProxy, cut: Cut
) -> None:
    proxy.lag = 3600
    proxy.cues = [Cue(cut, "POST", ORDERS, skip) for skip in (1, 3)]
    result = world.bring(rows(4))
    assert (result.counts[State.CREATED], result.counts[State.UNKNOWN], result.exit_code) == (2, 2, 5)
    assert trail(world, "PO-0002") == ["send", "taken"]
    assert world.resume().exit_code == 5
    proxy.lag = 0
    assert world.resume().exit_code == 0
    assert trail(world, "PO-0002") == ["send", "taken", "found ours"]
    assert world.in_coupa() == [f"PO-{number:04}" for number in range(1, 5)]


def test_an_order_that_a_list_shows_late_is_waited_for_and_made_once(world: World, proxy: HostileProxy) -> None:
    settle_for(world, "5")
    proxy.lag = 0.5
    proxy.cues = [Cue(Cut.HANG_UP_AFTER, "POST", ORDERS, 3)]
    assert world.bring(rows(4)).exit_code == 0
    assert trail(world, "PO-0004") == ["send", "unclear", "found ours"]
    assert world.in_coupa() == [f"PO-{number:04}" for number in range(1, 5)]


def test_an_order_is_sent_again_before_the_time_has_passed_where_a_later_one_shows(
    world: World, proxy: HostileProxy
) -> None:
    settle_for(world, "3600")
    proxy.cues = [Cue(Cut.HANG_UP_BEFORE, "POST", ORDERS, 1)]
    assert world.bring(rows(4)).exit_code == 0
    assert trail(world, "PO-0002") == ["send", "unclear", "found nothing", "send", "accepted"]
    (reason,) = [it.detail for it in world.journal.happenings(there(world.journal.entry(1, "PO-0002"))) if it.detail][
        1:2
    ]
    assert reason == "not found, though PO-0004, which was sent later, is"


def test_a_later_one_proves_nothing_while_the_list_lacks_it_too(world: World, proxy: HostileProxy) -> None:
    settle_for(world, "5")
    proxy.lag = 0.5
    proxy.cues = [Cue(Cut.HANG_UP_AFTER, "POST", ORDERS, 1)]
    assert world.bring(rows(4)).exit_code == 0
    assert trail(world, "PO-0002") == ["send", "unclear", "found ours"]
    assert world.in_coupa() == [f"PO-{number:04}" for number in range(1, 5)]


def test_the_last_order_of_all_is_sent_again_once_time_has_passed(world: World, proxy: HostileProxy) -> None:
    proxy.cues = [Cue(Cut.HANG_UP_BEFORE, "POST", ORDERS, 3)]
    assert world.bring(rows(4)).exit_code == 0
    assert trail(world, "PO-0004") == ["send", "unclear", "found nothing", "send", "accepted"]


def test_an_order_that_coupa_has_is_not_told_as_refused_because_its_number_is_taken(
    world: World, proxy: HostileProxy
) -> None:
    world.faults(duplicate_check=True)
    settle_for(world, "0.8")
    proxy.lag = 1.2
    proxy.cues = [Cue(Cut.HANG_UP_AFTER, "POST", ORDERS, 3)]
    result = world.bring(rows(4))
    assert trail(world, "PO-0004") == ["send", "unclear", "found nothing", "send", "refused in doubt", "found ours"]
    assert (result.counts[State.CREATED], result.failed, result.exit_code) == (4, None, 0)


def test_a_run_that_is_stopped_while_it_waits_leaves_the_order_unknown(world: World, proxy: HostileProxy) -> None:
    settle_for(world, "3600")
    proxy.cues = [Cue(Cut.HANG_UP_BEFORE, "POST", ORDERS)]
    world.write(rows(1))
    job = world.begin()
    job.progress = lambda _done, _total: job.stop.set()
    result = run_import(job)
    assert (result.counts[State.UNKNOWN], result.exit_code) == (1, 130)


def test_whoever_waits_for_a_proof_is_told_so_once(world: World, proxy: HostileProxy) -> None:
    settle_for(world, "0.5")
    proxy.cues = [Cue(Cut.HANG_UP_BEFORE, "POST", ORDERS, 3)]
    world.write(rows(4))
    job = world.begin()
    told: list[tuple[str, float]] = []
    job.waits = lambda orders, seconds: told.append((orders, seconds))
    assert run_import(job).exit_code == 0
    ((orders, seconds),) = told
    assert orders == "1 order"
    assert 0 < seconds <= 0.5


def test_a_list_that_does_not_heed_what_it_is_asked_for_sends_nothing(world: World, proxy: HostileProxy) -> None:
    world.bring(rows(2, first=8))
    proxy.cues = [Cue(Cut.NO_CONDITIONS, "GET", ORDERS, 1)]
    result = world.bring(rows(2))
    assert str(result.trouble) == (
        "the sandbox was asked for purchase_orders whose po-number is PO-0001 or PO-0002 or PO-0009 and answered "
        "PO-0008: such an answer proves nothing about what is there, so nothing more is sent"
    )
    assert (result.counts[State.PLANNED], result.exit_code) == (2, 4)


@pytest.mark.parametrize("spelled", ["po-0001", "PÓ-0001"])
def test_a_number_that_comes_back_in_another_spelling_is_no_proof_of_absence(
    world: World, proxy: HostileProxy, spelled: str
) -> None:
    proxy.spelling = {b'"PO-0001"': json.dumps(spelled).encode()}
    proxy.cues = [Cue(Cut.HANG_UP_AFTER, "POST", ORDERS)]
    result = world.bring(rows(2))
    assert (world.states()["PO-0001"], result.exit_code) == (State.DIFFERS, 1)
    assert world.messages()["PO-0001"] == (
        f"another order has this number: po-number: sent 'PO-0001', Coupa has {spelled!r}"
    )
    assert len(world.in_coupa()) == 2
    assert world.bring(rows(2)).counts[State.EXISTING] == 2


def test_a_number_that_comes_back_with_a_blank_more_is_the_order_that_was_sent(
    world: World, proxy: HostileProxy
) -> None:
    proxy.spelling = {b'"PO-0001"': b'" PO-0001 "'}
    proxy.cues = [Cue(Cut.HANG_UP_AFTER, "POST", ORDERS)]
    assert world.bring(rows(2)).counts[State.CREATED] == 2
    assert len(world.in_coupa()) == 2


def test_an_answer_about_another_number_is_looked_up_and_the_order_has_the_id_that_is_its_own(
    world: World, proxy: HostileProxy
) -> None:
    proxy.answering = {b">PO-0001<": b">PO-0002<"}
    assert world.bring(rows(2)).exit_code == 0
    assert trail(world, "PO-0001") == ["send", "answered other", "found ours"]
    made = {it["po-number"]: it["id"] for it in world.client.find("purchase_orders", [], ["id", "po-number"])}
    assert {entry.key: entry.coupa_id for entry in world.journal.entries(1)} == made


def test_an_order_that_coupa_made_under_another_number_differs(world: World, proxy: HostileProxy) -> None:
    proxy.answering = {b">PO-0001<": b">4711<"}
    proxy.lag = 3600
    result = world.bring(rows(1))
    assert (world.states()["PO-0001"], result.exit_code) == (State.DIFFERS, 1)
    assert world.messages()["PO-0001"].startswith("Coupa answered that it made po-number 4711 (id ")
    proxy.lag = 0
    assert world.in_coupa() == ["PO-0001"]


def test_undo_cancels_no_order_whose_number_is_not_the_one_it_created(world: World) -> None:
    world.bring(rows(2))
    first, second = world.journal.entries(1)
    world.journal.record(first, Event.ACTED, Facts(coupa_id=second.coupa_id, version=second.version))
    journal = RunJournal(world.journal, 1)
    result = undo(world.client, journal, threading.Event(), UndoOptions(0.05, 2))
    assert result.undone == 1
    assert result.left[0].reason == "under this id Coupa has po-number PO-0002, which this run did not create"


def test_an_order_that_was_committed_late_and_sent_again_is_told_with_both_ids(
    world: World, proxy: HostileProxy
) -> None:
    settle_for(world, "3600")
    proxy.cues = [Cue(Cut.HANG_UP_BEFORE, "POST", ORDERS, 1)]
    world.write(rows(4))
    job = world.begin()
    payload = Encoder(job.plan.layout, BodyFormat.XML)(list(job.plan.documents())[1])

    def commit_late(_done: int, total: int) -> None:
        if total == 1:  # the one that is sent again
            world.client.create("purchase_orders", payload, "application/xml")

    job.progress = commit_late
    result = run_import(job)
    assert (result.counts[State.CREATED], result.counts[State.DIFFERS], result.exit_code) == (3, 1, 1)
    assert world.messages()["PO-0002"].startswith("Coupa has 2 orders with this number (ids ")


def test_an_order_that_another_import_made_meanwhile_exists_and_is_not_told_as_refused(
    world: World, proxy: HostileProxy
) -> None:
    world.bring(rows(2))
    world.faults(duplicate_check=True)
    world.write([rows(2)[0], rows(2)[1].replace("Bolts", "Nuts")])
    job = world.begin()
    proxy.lag = 3600

    def show(_done: int, _total: int) -> None:
        proxy.lag = 0

    job.progress = show
    result = run_import(job)
    assert world.states(2) == {"PO-0001": State.EXISTING, "PO-0002": State.REFUSED}
    number = there(world.entry("PO-0001", 2).coupa_id)
    assert world.messages(2)["PO-0001"].startswith(
        f"is in Coupa with the very content that was sent (id {number}), and was not there before: another import made "
        "it meanwhile, or this request arrived twice; if nobody else imports these, `bulkpo settle 2 --order PO-0001 "
        f"--created {number}` makes it this run's; Coupa refused it: "
    )
    assert result.exit_code == 1


def quickly(world: World, name: str = "sandbox") -> None:
    """Let time run quickly while the instance is asked again, and let it be called so."""
    world.client.close()
    world.client = CoupaClient(replace(world.client.profile, name=name), QuickClock())


@pytest.mark.parametrize("skip", range(4))
def test_one_false_empty_list_is_not_believed_whichever_look_up_it_answers(
    world: World, proxy: HostileProxy, skip: int
) -> None:
    world.bring(rows(2))
    quickly(world)
    proxy.cues = [Cue(Cut.EMPTY_LIST, "GET", ORDERS, skip)]
    result = world.bring(rows(4))
    assert (result.counts[State.EXISTING], result.counts[State.CREATED], result.exit_code) == (2, 2, 0)
    assert world.in_coupa() == ["PO-0001", "PO-0002", "PO-0003", "PO-0004"]


def test_look_ups_that_never_show_what_was_shown_before_send_nothing(world: World, proxy: HostileProxy) -> None:
    world.bring(rows(2))
    quickly(world, "acme")
    proxy.cues = [Cue(Cut.EMPTY_LIST, "GET", ORDERS, 1, 99)]
    result = world.bring(rows(4))
    assert str(result.trouble) == (
        "acme (http://acme.example) cannot be read: it leaves out purchase_orders that it has shown before, after 6 "
        "tries; try again later"
    )
    assert (result.counts[State.PLANNED], result.exit_code) == (4, 4)


def test_an_empty_list_proves_nothing_however_much_time_has_passed(world: World, proxy: HostileProxy) -> None:
    world.bring(rows(1, first=9))
    quickly(world)
    proxy.cues = [Cue(Cut.HANG_UP_AFTER, "POST", ORDERS), Cue(Cut.EMPTY_LIST, "GET", ORDERS, 3, 4)]
    assert world.bring(rows(1)).exit_code == 0
    assert world.in_coupa() == ["PO-0001", "PO-0009"]


def test_a_list_that_is_behind_what_an_earlier_run_created_is_waited_for(world: World, proxy: HostileProxy) -> None:
    quickly(world, "acme")
    world.bring(rows(2))
    proxy.lag = 0.7
    assert world.bring(rows(3)).counts[State.EXISTING] == 2
    proxy.lag = 0
    assert world.in_coupa() == ["PO-0001", "PO-0002", "PO-0003"]


def test_an_instance_without_any_order_is_told_as_such(world: World, proxy: HostileProxy) -> None:
    assert not proxy.cues
    quickly(world, "acme")
    assert world.bring(rows(1)).notices == (
        "acme (http://acme.example) shows no orders yet: that the numbers are free rests on its word alone",
    )
    assert world.bring(rows(2)).notices == ()


def test_what_is_asked_for_beside_the_numbers_costs_few_requests(world: World) -> None:
    world.bring(rows(1, first=9_000))
    before = world.client.requests
    result = world.bring(rows(450))
    questions = 3
    assert result.counts[State.CREATED] == 450
    assert (questions + 1) / (world.client.requests - before) < 0.02


def order(number: int) -> Entry:
    return Entry(1, number, f"PO-{number}", number, "", State.UNKNOWN, True, 1, None, None, None, "", "")


def test_an_order_sent_before_the_doubt_arose_witnesses_nothing() -> None:
    moments = iter(range(100))
    absence = Absence(50, 0, lambda: next(moments))
    absence.sending(order(2))
    absence.sending(order(1))
    absence.doubted(order(1))
    absence.created(order(2))
    assert absence.witness == "PO-2"
    assert absence.proof(order(1), absence.now(), witness_shown=True) == ""
    absence.sending(order(3))
    absence.created(order(3))
    assert absence.proof(order(1), absence.now(), witness_shown=False) == ""
    assert (
        absence.proof(order(1), absence.now(), witness_shown=True) == "not found, though PO-3, which was sent later, is"
    )


def test_a_later_order_is_no_witness_while_the_request_may_still_be_at_work() -> None:
    moment = 0.0
    absence = Absence(600, 60, lambda: moment)
    absence.doubted(order(1))
    moment = 1.0
    absence.sending(order(2))
    absence.created(order(2))
    assert absence.proof(order(1), 14.9, witness_shown=True) == ""
    assert absence.proof(order(1), 15.0, witness_shown=True) == "not found, though PO-2, which was sent later, is"


def test_time_proves_an_order_absent_only_if_it_was_looked_for_after_it_had_passed() -> None:
    moment = 0.0
    absence = Absence(10, 60, lambda: moment)
    moment = 5.0
    absence.doubted(order(1))
    assert absence.seconds_left(order(1)) == 10
    moment = 20.0
    assert absence.proof(order(1), 14.9, witness_shown=False) == ""
    assert absence.proof(order(1), 15.0, witness_shown=False) == "not found 10 seconds later"
    assert absence.seconds_left(order(1)) == 0


def test_a_doubt_left_by_another_process_counts_from_when_the_run_was_taken_up() -> None:
    absence = Absence(10, 60, lambda: 100.0)
    assert absence.seconds_left(order(1)) == 10


@pytest.mark.parametrize("after_create", [AfterCreate.NONE, AfterCreate.ISSUE])
def test_an_order_that_something_on_the_way_sent_twice_is_told_with_both_ids(
    world: World, proxy: HostileProxy, monkeypatch: pytest.MonkeyPatch, after_create: AfterCreate
) -> None:
    assert not proxy.cues
    create = world.client.create

    def twice(resource: str, body: bytes, content_type: str, key: str = "") -> Outcome:
        if b"PO-0002" in body:
            create(resource, body, content_type, key)
        return create(resource, body, content_type, key)

    monkeypatch.setattr(world.client, "create", twice)
    result = world.bring(rows(3), options=replace(QUICK, after_create=after_create))
    assert world.states() == {"PO-0001": State.CREATED, "PO-0002": State.DIFFERS, "PO-0003": State.CREATED}
    found = world.client.find("purchase_orders", [("po-number", "PO-0002")], ["id"])
    ids = [str(order["id"]) for order in found]
    assert len(ids) == 2
    assert all(number in world.messages()["PO-0002"] for number in ids)
    assert result.exit_code == 1
    assert result.totals is not None
    assert result.totals.agree
