import threading
from dataclasses import replace

import pytest
from world import World, there

from bulkpo.errors import RunError
from bulkpo.journal.moves import Facts
from bulkpo.journal.options import AfterCreate
from bulkpo.journal.run import RunJournal
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.runs.imports.run import run_import
from bulkpo.runs.imports.undo import LeftOrder, UndoOptions, UndoResult
from bulkpo.runs.imports.undo import undo as undo_run
from bulkpo.states import ActionEvent, ActionState, Event, State

QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)


def rows(count: int) -> list[str]:
    return [f"PO-{number:04},Acme Supplies,1,Bolts,1,{number}.50" for number in range(1, count + 1)]


def undo(world: World, run: int, stop: threading.Event | None = None, patience_seconds: float = 2) -> UndoResult:
    options = UndoOptions(settle_seconds=0.05, patience_seconds=patience_seconds)
    return undo_run(world.client, RunJournal(world.journal, run), stop or threading.Event(), options)


def statuses(world: World) -> dict[str, str]:
    found = world.client.find("purchase_orders", [], ["id", "po_number", "status"])
    return {order["po-number"]: order["status"] for order in found}


def test_undo_cancels_what_the_run_created_and_nothing_else(world: World) -> None:
    world.bring(["PO-0002,Acme Supplies,1,Bolts,1,2.50"])
    world.bring(rows(5))
    result = undo(world, 2)
    assert (result.undone, result.left, result.waiting, result.exit_code) == (4, (), 0, 0)
    now = statuses(world)
    assert [key for key, status in now.items() if status != "cancelled"] == ["PO-0002"]
    assert world.states(2)["PO-0001"] is State.UNDONE
    assert world.states(2)["PO-0002"] is State.EXISTING


def test_undo_leaves_what_somebody_changed_and_says_so(world: World) -> None:
    world.bring(rows(3))
    entry = world.entry("PO-0002", 1)
    world.journal.record(entry, Event.ACTED, Facts(version="0"))
    result = undo(world, 1)
    assert result.undone == 2
    assert [(it.key, it.coupa_id) for it in result.left] == [("PO-0002", entry.coupa_id)]
    assert result.left[0].reason.startswith("changed since: version was 0 and is ")
    assert result.exit_code == 1
    assert statuses(world)["PO-0002"] != "cancelled"


def test_undo_leaves_what_somebody_cancelled(world: World) -> None:
    world.bring(rows(2))
    entry = world.entry("PO-0001", 1)
    world.client.act("purchase_orders", there(entry.coupa_id), "cancel")
    result = undo(world, 1)
    assert result.left == (LeftOrder("PO-0001", entry.coupa_id, "somebody has cancelled it already"),)
    assert result.undone == 1


def test_undo_done_twice_does_nothing_more(world: World) -> None:
    world.bring(rows(3))
    undo(world, 1)
    again = undo(world, 1)
    assert (again.undone, again.requests, again.exit_code) == (3, 0, 0)


def test_an_undo_that_was_killed_recognises_what_it_had_cancelled(world: World) -> None:
    world.bring(rows(3))
    world.journal.plan_actions(1, "cancel", [1, 2, 3])
    first, second, _ = world.journal.actions(1, "cancel")
    world.journal.wait(world.journal.record_action(first, ActionEvent.ACT)[1])
    world.journal.wait(world.journal.record_action(second, ActionEvent.ACT)[1])
    world.client.act("purchase_orders", there(world.entry("PO-0001", 1).coupa_id), "cancel")
    result = undo(world, 1)
    assert (result.undone, result.left) == (3, ())
    trail = [it.event for it in world.journal.happenings(world.entry("PO-0001", 1))]
    assert trail == ["send", "accepted", "cancel: act", "cancel: found done", "cancelled"]
    trail = [it.event for it in world.journal.happenings(world.entry("PO-0002", 1))]
    assert trail[2:] == ["cancel: act", "cancel: not done", "cancel: act", "cancel: accepted", "cancelled"]


def test_undo_of_a_run_in_another_instance_is_refused(world: World) -> None:
    world.bring(rows(1))
    world.client.profile = replace(world.client.profile, name="production", url="https://acme.coupahost.com")
    with pytest.raises(RunError, match="run 1 was planned for sandbox"):
        undo(world, 1)


def test_orders_are_issued_after_they_are_created(world: World) -> None:
    result = world.bring(rows(3), replace(QUICK, after_create=AfterCreate.ISSUE_WITHOUT_SEND))
    assert result.exit_code == 0
    assert set(statuses(world).values()) == {"issued"}
    trail = [it.event for it in world.journal.happenings(world.entry("PO-0001", 1))]
    assert trail == ["send", "accepted", "issue_without_send: act", "issue_without_send: accepted", "acted"]


def test_an_order_this_run_issued_can_be_undone(world: World) -> None:
    world.bring(rows(2), replace(QUICK, after_create=AfterCreate.ISSUE_WITHOUT_SEND))
    assert undo(world, 1).undone == 2
    assert set(statuses(world).values()) == {"cancelled"}


def test_issuing_is_not_repeated_when_the_run_is_resumed(world: World) -> None:
    world.bring(rows(2), replace(QUICK, after_create=AfterCreate.ISSUE_WITHOUT_SEND))
    assert world.resume().requests == 0


PUTS = {"method": "PUT", "path": "/api/purchase_orders"}
FAULTS = ["429", "500", "503_after", "refuse", "reset_before", "reset_after", "hang_after", "truncate", "garble"]


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_every_order_is_cancelled(world: World, fault: str) -> None:
    world.bring(rows(8))
    script = [{"fault": fault, **PUTS, "skip": skip} for skip in (0, 3)]
    world.faults(script=script, retry_after=0.05, hang=2, refuse=0.05)
    result = undo(world, 1)
    assert (result.undone, result.left, result.exit_code) == (8, (), 0)
    assert set(statuses(world).values()) == {"cancelled"}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_no_order_is_sent_to_its_supplier_twice(world: World, fault: str) -> None:
    mapping = world.mapping.read_text(encoding="utf-8")
    world.mapping.write_text(mapping.replace("do_not_transmit", "supplier_default"), encoding="utf-8")
    script = [{"fault": fault, **PUTS, "skip": skip} for skip in (0, 3)]
    world.bring(rows(8))
    before = world.statistics()["transmissions"]
    world.faults(script=script, retry_after=0.05, hang=2, refuse=0.05)
    world.write([row.replace("PO-", "PX-") for row in rows(8)])
    result = run_import(world.begin(replace(QUICK, after_create=AfterCreate.ISSUE)))
    assert result.counts[State.CREATED] == 8
    sent = world.statistics()["transmissions"] - 2 * before
    left = result.actions[ActionState.LEFT]
    assert sent <= 8, "each order at most once more than by being created"
    assert result.actions[ActionState.DONE] == 8 - left
    assert sent >= 8 - left
    assert left < 8


def test_an_order_that_is_gone_is_left(world: World) -> None:
    world.bring(rows(1))
    world._ask("POST", "reset", {})
    result = undo(world, 1)
    assert [it.reason for it in result.left] == ["it is no longer in Coupa"]
    assert result.exit_code == 1


def test_an_instance_that_takes_nothing_ends_an_undo_and_it_goes_on_later(world: World) -> None:
    world.bring(rows(3))
    world.faults(rates={"429": 1.0}, only=PUTS, retry_after=0.05)
    result = undo(world, 1, patience_seconds=0.2)
    assert str(result.trouble) == (
        "the sandbox has taken nothing for 0 seconds: too many requests (429); "
        "what is left waits: `bulkpo undo 1` goes on from here"
    )
    assert (result.undone, result.waiting, result.exit_code) == (0, 3, 4)
    world.faults()
    assert undo(world, 1).undone == 3


def test_an_interrupted_undo_goes_on_later(world: World) -> None:
    world.bring(rows(3))
    stop = threading.Event()
    stop.set()
    result = undo(world, 1, stop)
    assert (result.interrupted, result.waiting, result.exit_code) == (True, 3, 130)
    again = undo(world, 1)
    assert again.as_json() == {
        "run": 1, "undone": 3, "undone_before": 0, "waiting": 0, "left": [], "requests": 6,
        "attachments_left": 0,
        "file": None, "seconds": round(again.seconds, 3),
    }  # fmt: skip
