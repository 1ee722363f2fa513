"""What no look-up can settle, a person decides: it is noted, checked as far as Coupa shows it, and gone on with."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_proxy import Cue, Cut, HostileProxy, hostile_proxy
from world import World, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import RunError
from bulkpo.journal.options import AfterCreate
from bulkpo.journal.run import RunJournal
from bulkpo.runs.imports.decide import decide_created, decide_not_made
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.runs.imports.run import run_import
from bulkpo.runs.imports.undo import UndoOptions, undo
from bulkpo.states import ActionState, Event, State

ORDERS = "/api/purchase_orders"


def rows(count: int) -> list[str]:
    return [f"PO-{number:04},Acme Supplies,1,Bolts,1,{number}.50" for number in range(1, count + 1)]


def trail(world: World, key: str) -> list[str]:
    return [it.event for it in world.journal.happenings(there(world.journal.entry(1, key)))]


@pytest.fixture
def proxy(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileProxy]:
    """A proxy that shows nothing new in lists, and in which an order's creation was answered without what was made."""
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with hostile_proxy(world.sandbox.url, tmp_path / "proxy.pem") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        world.client.close()
        world.client = CoupaClient(replace(world.client.profile, url="http://acme.example", workers=1))
        world.faults(duplicate_check=False)
        yield proxy


def made_and_never_shown(world: World, proxy: HostileProxy) -> int:
    """Bring two orders, of which the second is made and never shown; its id, which nobody knows from the lists."""
    proxy.lag = 3600
    proxy.cues = [Cue(Cut.NO_ID_AFTER, "POST", ORDERS, 1)]
    result = world.bring(rows(2))
    assert (result.counts[State.UNKNOWN], result.exit_code) == (1, 5)
    assert world.resume().exit_code == 5
    proxy.lag = 0
    (found,) = world.client.find("purchase_orders", [("po-number", "PO-0002")], ["id"])
    proxy.lag = 3600
    return int(found["id"])


def test_an_order_that_a_person_found_is_created_and_can_be_undone(world: World, proxy: HostileProxy) -> None:
    coupa_id = made_and_never_shown(world, proxy)
    settled = decide_created(world.client, RunJournal(world.journal, 1), "PO-0002", coupa_id)
    assert (settled.entry.state, settled.entry.coupa_id, settled.unknown) == (State.CREATED, coupa_id, 0)
    assert trail(world, "PO-0002") == ["send", "taken", "said made"]
    assert world.resume().counts[State.CREATED] == 2
    proxy.lag = 0
    assert world.in_coupa() == ["PO-0001", "PO-0002"]
    assert undo(world.client, RunJournal(world.journal, 1), threading.Event(), UndoOptions(0.05, 2)).undone == 2


def test_an_order_that_was_not_made_by_a_persons_word_is_sent(world: World, proxy: HostileProxy) -> None:
    proxy.cues = [Cue(Cut.NO_ID_BEFORE, "POST", ORDERS, 1)]
    assert world.bring(rows(2)).exit_code == 5
    settled = decide_not_made(RunJournal(world.journal, 1), "PO-0002")
    assert (settled.entry.state, settled.unknown) == (State.PLANNED, 0)
    assert world.resume().exit_code == 0
    assert trail(world, "PO-0002") == ["send", "taken", "said not made", "send", "accepted"]
    assert world.in_coupa() == ["PO-0001", "PO-0002"]


def test_an_order_that_the_network_sent_twice_is_made_this_runs_by_a_persons_word_issued_and_undone(
    world: World, proxy: HostileProxy
) -> None:
    world.faults(duplicate_check=True)
    proxy.cues = [Cue(Cut.TWICE, "POST", ORDERS, 1)]
    options = ImportOptions(settle_seconds=0.05, patience_seconds=2, after_create=AfterCreate.ISSUE)
    result = world.bring(rows(2), options)
    assert (result.counts[State.CREATED], result.counts[State.EXISTING], result.failed) == (1, 1, None)
    assert trail(world, "PO-0002") == ["send", "refusal", "found the same"]
    number = there(world.entry("PO-0002").coupa_id)
    assert f"`bulkpo settle 1 --order PO-0002 --created {number}`" in world.messages()["PO-0002"]
    settled = decide_created(world.client, RunJournal(world.journal, 1), "PO-0002", number)
    assert settled.entry.state is State.CREATED
    result = world.resume()
    assert (result.counts[State.CREATED], result.actions[ActionState.DONE], result.exit_code) == (2, 2, 0)
    assert undo(world.client, RunJournal(world.journal, 1), threading.Event(), UndoOptions(0.05, 2)).undone == 2


def test_an_order_that_was_there_before_it_was_sent_is_never_made_this_runs(world: World, proxy: HostileProxy) -> None:
    assert not proxy.cues
    world.bring(rows(1))
    world.bring(rows(1))
    number = there(world.entry("PO-0001", 2).coupa_id)
    with pytest.raises(RunError, match="order PO-0001 of run 2 is existing, and not unknown: there is nothing to"):
        decide_created(world.client, RunJournal(world.journal, 2), "PO-0001", number)


def test_whoever_says_not_made_of_an_order_that_shows_up_after_all_does_not_make_it_twice(
    world: World, proxy: HostileProxy
) -> None:
    made_and_never_shown(world, proxy)
    decide_not_made(RunJournal(world.journal, 1), "PO-0002")
    proxy.lag = 0
    assert world.resume().counts[State.CREATED] == 2
    assert trail(world, "PO-0002") == ["send", "taken", "said not made", "found late", "found ours"]
    assert world.in_coupa() == ["PO-0001", "PO-0002"]


def test_what_was_said_counts_until_the_order_is_taken_again(world: World, proxy: HostileProxy) -> None:
    proxy.cues = [Cue(Cut.NO_ID_BEFORE, "POST", ORDERS, 1, times=2)]
    world.bring(rows(2))
    decide_not_made(RunJournal(world.journal, 1), "PO-0002")
    assert world.resume().exit_code == 5
    assert trail(world, "PO-0002") == ["send", "taken", "said not made", "send", "taken"]


def test_an_order_whose_sending_a_kill_broke_off_can_be_decided(world: World) -> None:
    world.write(rows(1))
    job = world.begin()
    job.stop.set()
    run_import(job)
    world.journal.record(world.entry("PO-0001"), Event.SEND)
    decide_not_made(RunJournal(world.journal, 1), "PO-0001")
    assert world.resume().exit_code == 0
    assert trail(world, "PO-0001") == ["send", "found sending", "said not made", "send", "accepted"]


def test_an_order_that_the_run_has_not_is_named(world: World) -> None:
    world.bring(rows(1))
    with pytest.raises(RunError, match=r"^run 1 has no order 'PO-9'; `bulkpo show 1` lists those that are unknown$"):
        decide_not_made(RunJournal(world.journal, 1), "PO-9")


def test_an_id_of_another_order_is_not_taken(world: World, proxy: HostileProxy) -> None:
    coupa_id = made_and_never_shown(world, proxy)
    journal, other = RunJournal(world.journal, 1), there(world.entry("PO-0001").coupa_id)
    assert other != coupa_id
    with pytest.raises(RunError) as refused:
        decide_created(world.client, journal, "PO-0002", other)
    assert str(refused.value) == (
        f"the order with the id {other} in the sandbox has po-number PO-0001, and not PO-0002; nothing was noted"
    )
    with pytest.raises(RunError, match="the sandbox has no order with the id 99999; nothing was noted"):
        decide_created(world.client, journal, "PO-0002", 99999)
    assert world.states()["PO-0002"] is State.UNKNOWN


def test_what_is_known_is_not_decided_anew(world: World) -> None:
    world.bring(rows(1))
    with pytest.raises(RunError) as refused:
        decide_not_made(RunJournal(world.journal, 1), "PO-0001")
    assert str(refused.value) == (
        "order PO-0001 of run 1 is created, and not unknown: there is nothing to decide; "
        "`bulkpo show 1 --order PO-0001` shows what happened to it"
    )
