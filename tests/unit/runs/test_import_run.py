from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from world import World, there

from bulkpo.errors import RunError
from bulkpo.journal.moves import Facts
from bulkpo.journal.options import OnExisting
from bulkpo.journal.records import RunStatus
from bulkpo.payload.encode import BodyFormat
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.runs.imports.run import run_import
from bulkpo.states import Event, State

QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)


def rows(count: int, supplier: str = "Acme Supplies") -> list[str]:
    return [
        f"PO-{number:04},{supplier},{line},Bolts,1,{number}.50" for number in range(1, count + 1) for line in (1, 2)
    ]


def mark_as_sending(world: World, key: str, run: int = 1) -> None:
    """What a killed process leaves behind: an order announced as being sent."""
    entry = world.entry(key, run)
    world.journal.wait(world.journal.record(entry, Event.SEND, Facts(sent=b"..."))[1])


@pytest.mark.parametrize("form", BodyFormat)
def test_every_clean_order_is_created_once_and_the_totals_agree(world: World, form: BodyFormat) -> None:
    result = world.bring(rows(60), replace(QUICK, format=form))
    assert len(world.in_coupa()) == 60
    assert result.exit_code == 0
    assert result.counts[State.CREATED] == 60
    assert result.as_json() == {
        "run": 1, "created": 60, "refused": 0, "unknown": 0, "existing": 0, "differs": 0, "planned": 0,
        "changed": 0, "unchanged": 0, "conflict": 0,
        "result": str(world.folder / "orders.result.xlsx"), "failed_file": None, "statuses": {"draft": 60},
        "requests": result.requests, "seconds": round(result.seconds, 3), "notices": [],
        "sign_off": there(result.sign_off).as_json(),
        "attachments": {"waiting": 0, "attaching": 0, "taken": 0, "attached": 0, "left": 0},
        "totals": [
            {
                "currency": "USD", "documents": 60, "lines": 120, "amount": "3720.00",
                "sent": {"documents": 60, "lines": 120, "amount": "3720.00"},
                "read_back": {"documents": 60, "lines": 120, "amount": "3720.00"},
            }
        ],
    }  # fmt: skip
    assert world.journal.run(1).status is RunStatus.DONE


def test_a_refused_order_says_why_and_the_others_are_created(world: World) -> None:
    result = world.bring([*rows(3), "PO-X,Nobody & Sons,1,Bolts,1,1"])
    assert world.in_coupa() == ["PO-0001", "PO-0002", "PO-0003"]
    assert result.exit_code == 1
    assert "Nobody & Sons" in world.messages()["PO-X"]


def test_resuming_a_finished_run_asks_coupa_nothing(world: World) -> None:
    first = world.bring(rows(5))
    again = world.resume()
    assert again.requests == 0
    assert (again.counts, again.totals) == (first.counts, first.totals)


def test_an_order_found_sending_is_looked_up_and_sent_if_it_is_not_there(world: World) -> None:
    world.write(rows(4))
    job = world.begin()
    job.stop.set()
    run_import(job)
    mark_as_sending(world, "PO-0002")
    result = world.resume()
    assert result.counts[State.CREATED] == 4
    assert len(world.in_coupa()) == 4
    trail = [it.event for it in world.journal.happenings(world.entry("PO-0002", 1))]
    assert trail == ["send", "found sending", "found nothing", "send", "accepted"]


def test_an_order_that_was_made_before_the_kill_is_recognised_and_not_sent_again(world: World) -> None:
    world.write(rows(3))
    world.bring(rows(3))
    created = world.entry("PO-0002", 1).coupa_id
    second = world.begin()
    second.stop.set()
    run_import(second)
    mark_as_sending(world, "PO-0002", run=2)
    result = world.resume(2)
    assert world.states(2) == {"PO-0001": State.EXISTING, "PO-0002": State.CREATED, "PO-0003": State.EXISTING}
    assert world.entry("PO-0002", 2).coupa_id == created
    assert len(world.in_coupa()) == 3
    assert result.exit_code == 0


def test_an_unknown_order_that_is_somebody_elses_is_reported_and_left(world: World) -> None:
    world.bring(rows(1))
    world.write([row.replace("Bolts", "Nuts") for row in rows(1)])
    job = world.begin()
    job.stop.set()
    run_import(job)
    mark_as_sending(world, "PO-0001", run=2)
    result = world.resume(2)
    assert world.states(2) == {"PO-0001": State.DIFFERS}
    assert world.messages(2)["PO-0001"] == (
        "another order has this number: order-lines[1]/description: sent 'Nuts', Coupa has 'Bolts'; "
        "order-lines[2]/description: sent 'Nuts', Coupa has 'Bolts'"
    )
    assert result.exit_code == 1


def test_orders_already_there_are_skipped(world: World) -> None:
    world.bring(rows(2))
    result = world.bring(rows(4))
    assert (result.counts[State.EXISTING], result.counts[State.CREATED], result.exit_code) == (2, 2, 0)
    assert world.messages(2)["PO-0001"] == "was in Coupa before this run, draft"


def test_orders_already_there_are_compared(world: World) -> None:
    world.bring(rows(2))
    changed = [*rows(2)[:2], *[row.replace(",2.50", ",3.50") for row in rows(2)[2:]]]
    result = world.bring(changed, replace(QUICK, on_existing=OnExisting.COMPARE))
    assert world.states(2) == {"PO-0001": State.EXISTING, "PO-0002": State.DIFFERS}
    assert "order-lines[1]/price: sent '3.50', Coupa has '2.5" in world.messages(2)["PO-0002"]
    assert result.exit_code == 1


def test_orders_already_there_stop_the_run_before_anything_is_sent(world: World) -> None:
    world.bring(rows(2))
    result = world.bring(rows(4), replace(QUICK, on_existing=OnExisting.FAIL))
    assert len(world.in_coupa()) == 2
    assert result.exit_code == 2
    assert str(result.trouble) == (
        "2 of the orders are in the sandbox already: PO-0001, PO-0002; nothing was sent. "
        "Leave them out with --on-existing skip, or see how they differ with --on-existing compare"
    )


def test_a_limit_holds_for_the_whole_run_until_all_is_asked_for(world: World) -> None:
    first = world.bring(rows(5), replace(QUICK, limit=2))
    assert (first.counts[State.CREATED], first.counts[State.PLANNED], first.exit_code) == (2, 3, 0)
    assert first.notices == ("--limit 2 left 3 out; `bulkpo resume 1 --all` sends them",)
    assert world.resume().counts[State.CREATED] == 2
    assert world.in_coupa() == ["PO-0001", "PO-0002"]
    assert world.resume(options=replace(QUICK, send_all=True)).counts[State.CREATED] == 5


def test_a_limited_run_that_was_interrupted_sends_the_rest_of_its_limit(world: World) -> None:
    world.write(rows(30))
    job = world.begin(replace(QUICK, limit=20))
    job.progress = lambda done, _total: job.stop.set() if done == 5 else None
    assert run_import(job).counts[State.CREATED] < 20
    assert world.resume().counts[State.CREATED] == 20
    assert world.in_coupa() == [f"PO-{number:04}" for number in range(1, 21)]


def test_a_canary_is_tried_again_when_the_run_goes_on(world: World) -> None:
    bad = ["PO-X,Nobody,1,Bolts,1,1", "PO-Y,Nobody,1,Bolts,1,1", *rows(5)]
    assert world.bring(bad, replace(QUICK, canary=3)).counts[State.PLANNED] == 6
    again = world.resume()
    assert again.counts[State.PLANNED] == 5
    assert again.stopped_because.startswith("order PO-Y, one of those sent first as a trial, was not created: ")
    assert world.resume().counts[State.CREATED] == 5


def test_as_many_refused_orders_as_were_allowed_count_over_the_whole_run(world: World) -> None:
    stopped = world.bring(rows(40, supplier="Nobody"), replace(QUICK, max_failures=3))
    again = world.resume()
    assert again.counts == stopped.counts
    assert again.stopped_because == stopped.stopped_because
    assert world.resume(options=replace(QUICK, send_all=True)).counts[State.REFUSED] == 40


def test_a_canary_that_fails_stops_the_run(world: World) -> None:
    bad = [*rows(1), "PO-X,Nobody,1,Bolts,1,1", *rows(5)[2:]]
    result = world.bring(bad, replace(QUICK, canary=3))
    assert world.in_coupa() == ["PO-0001"]
    assert result.stopped_because.startswith(
        "order PO-X, one of those sent first as a trial, was not created: Unable to find"
    )
    assert result.counts[State.PLANNED] == 4
    assert not result.interrupted


def test_a_run_that_goes_wrong_is_stopped(world: World) -> None:
    result = world.bring(rows(40, supplier="Nobody"), replace(QUICK, max_failures=3))
    assert result.stopped_because == (
        "more were refused than the 3 allowed; once the cause is mended in Coupa, `bulkpo resume --retry-refused` goes "
        "on; `bulkpo resume --all` goes on without them"
    )
    assert 4 <= result.counts[State.REFUSED] < 20
    assert result.exit_code == 1


def test_refused_orders_are_sent_again_when_asked_after_correction_in_coupa(world: World) -> None:
    world.bring(rows(2, supplier="Late Ltd"))
    assert world.states() == {"PO-0001": State.REFUSED, "PO-0002": State.REFUSED}
    assert world.resume().counts[State.REFUSED] == 2
    made = world.client.create("suppliers", b"<supplier><name>Late Ltd</name></supplier>", "application/xml")
    assert type(made).__name__ == "Created", made
    assert world.resume(options=replace(QUICK, retry_refused=True)).counts[State.CREATED] == 2


def test_an_interrupted_run_leaves_the_rest_planned_and_goes_on_later(world: World) -> None:
    world.write(rows(200))
    job = world.begin()
    job.progress = lambda done, _total: job.stop.set() if done == 20 else None
    result = run_import(job)
    assert result.interrupted
    assert result.exit_code == 130
    assert result.counts[State.SENDING] == result.counts[State.UNKNOWN] == 0
    assert 20 <= result.counts[State.CREATED] < 40
    assert len(world.in_coupa()) == result.counts[State.CREATED]
    assert world.resume().counts[State.CREATED] == 200
    assert len(world.in_coupa()) == 200


def test_a_changed_file_mapping_or_instance_is_named_and_nothing_is_sent(world: World) -> None:
    world.write(rows(2))
    world.begin()
    world.write(rows(3))
    with pytest.raises(RunError, match=r"orders\.csv: changed since run 1 was planned from it on 2026-11-21T10:00:00"):
        world.resume()
    world.write(rows(2))
    mapping = world.mapping.read_text(encoding="utf-8")
    world.mapping.write_text(mapping + "# changed\n", encoding="utf-8")
    changed = r"small\.yaml: the mapping, a base or a crosswalk it names, changed since run 1"
    with pytest.raises(RunError, match=changed):
        world.resume()
    world.mapping.write_text(mapping, encoding="utf-8")
    world.client.profile = replace(world.client.profile, name="production", url="https://acme.coupahost.com")
    with pytest.raises(RunError, match=r"run 1 was planned for sandbox .* cannot go on in production \(https://acme"):
        world.resume()
    assert world.client.requests == 0


def test_a_run_that_another_process_works_on_is_left_to_it(world: World) -> None:
    world.write(rows(2))
    job = world.begin()
    with world.journal.claim(1), pytest.raises(RunError, match="run 1 is being worked on by process"):
        run_import(job)


def test_a_run_interrupted_while_it_was_planned_is_planned_anew(world: World) -> None:
    world.write(rows(3))
    world.begin()
    assert world.journal.run(1).status is RunStatus.PLANNING
    assert world.resume().counts[State.CREATED] == 3


@pytest.mark.slow
def test_an_instance_that_cannot_be_reached_leaves_all_planned(world: World) -> None:
    world.write(rows(3))
    job = world.begin()
    world.sandbox.stop()
    result = run_import(job)
    assert result.exit_code == 4
    assert result.counts[State.PLANNED] == 3
    assert result.result is not None
    assert {row["Status"] for row in world.sheet(there(result.result), "Rows")} == {"not sent yet"}


def test_the_options_of_a_run_stay_those_it_was_begun_with(world: World) -> None:
    world.bring(rows(2), replace(QUICK, format=BodyFormat.JSON, limit=1))
    assert world.journal.run(1).options.format is BodyFormat.JSON
    assert world.resume(options=replace(QUICK, format=BodyFormat.XML)).exit_code == 0


def test_progress_is_told_from_nothing_to_all(world: World) -> None:
    world.write(rows(30))
    job = world.begin()
    told: list[tuple[int, int]] = []
    job.progress = lambda done, total: told.append((done, total))
    run_import(job)
    assert sorted(told) == [(number, 30) for number in range(1, 31)]


def test_amounts_stay_exact(world: World) -> None:
    result = world.bring(["PO-1,Acme Supplies,1,Bolts,3,0.1", "PO-1,Acme Supplies,2,Nuts,1,0.7"])
    assert result.totals is not None
    assert there(result.totals).read_back[0].amount == Decimal("1.0")
    assert there(result.totals).agree


def test_a_clock_that_goes_backwards_changes_nothing(world: World) -> None:
    times = iter(f"2026-11-{30 - number % 29:02}T10:00:00+00:00" for number in range(100_000))
    world.journal._now = lambda: next(times)
    world.write(rows(20))
    job = world.begin()
    job.progress = lambda done, _total: job.stop.set() if done == 5 else None
    run_import(job)
    assert world.resume().counts[State.CREATED] == 20
    assert len(world.in_coupa()) == 20


def test_two_processes_can_work_on_two_runs_of_one_journal(world: World, world_of: Callable[..., World]) -> None:
    other = world_of(world.sandbox)
    other.file = world.folder / "others.csv"
    other.write([row.replace("PO-", "PX-") for row in rows(150)])
    world.write(rows(150))
    jobs = [world.begin(), other.begin()]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run_import, jobs))
    assert [result.counts[State.CREATED] for result in results] == [150, 150]
    assert len(world.in_coupa()) == 300
