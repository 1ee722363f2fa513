"""Two imports of the same orders at once, from one folder: each order once, whichever sends it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from world import World, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.journal.options import OnExisting
from bulkpo.runs.imports.job import ImportOptions, Job
from bulkpo.runs.imports.run import run_import
from bulkpo.states import Event, State

QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)


def rows(count: int) -> list[str]:
    return [f"PO-{number:04},Acme Supplies,1,Bolts,1,{number}.50" for number in range(1, count + 1)]


def planned(world: World) -> Job:
    """A run whose orders are written down and not sent yet."""
    job = world.begin()
    job.stop.set()
    run_import(job)
    job.stop.clear()
    return job


def test_an_order_that_another_run_has_sent_and_not_settled_is_left_to_it(world: World) -> None:
    world.faults(duplicate_check=False)
    world.write(rows(3))
    first, second = planned(world), planned(world)
    entry = there(world.journal.entry(first.run, "PO-0002"))
    world.journal.record(entry, Event.SEND)
    result = run_import(second)
    assert (result.counts[State.CREATED], result.counts[State.PLANNED], result.exit_code) == (2, 1, 1)
    assert result.stopped_because == (
        "PO-0002 of this run is being sent by run 1 as well, so it was not sent; once that one is done "
        "(`bulkpo resume 1`), `bulkpo resume 2` goes on"
    )
    assert world.resume(1).exit_code == 0
    result = world.resume(2)
    assert (result.counts[State.EXISTING], result.exit_code) == (1, 0)
    assert world.in_coupa() == ["PO-0001", "PO-0002", "PO-0003"]


def test_an_order_that_another_run_is_sending_is_left_to_it_where_existing_ones_are_refused_as_well(
    world: World,
) -> None:
    world.faults(duplicate_check=False)
    world.write(rows(3))
    first = planned(world)
    world.journal.record(there(world.journal.entry(first.run, "PO-0002")), Event.SEND)
    result = world.bring(rows(3), replace(QUICK, on_existing=OnExisting.FAIL))
    assert (result.counts[State.CREATED], result.counts[State.PLANNED]) == (2, 1)
    assert result.stopped_because.startswith("PO-0002 of this run is being sent by run 1 as well, so it was not sent")


def test_two_imports_of_one_file_at_the_same_time_send_each_order_once(world: World) -> None:
    world.faults(duplicate_check=False, latency={"seconds": 0.01})
    world.write(rows(60))
    jobs = [planned(world), planned(world)]
    with CoupaClient(replace(world.client.profile)) as other, ThreadPoolExecutor(2) as pool:
        jobs[1] = replace(jobs[1], client=other)
        list(pool.map(run_import, jobs))
    world.resume(1)
    world.resume(2)
    assert world.in_coupa() == [f"PO-{number:04}" for number in range(1, 61)]
    told = [state for run in (1, 2) for state in world.states(run).values()]
    assert set(told) == {State.CREATED, State.EXISTING}


def adding(world: World, count: int) -> None:
    """A file that gives each of so many orders another line, where each has one."""
    world.bring(rows(count))
    world.faults(duplicate_check=False)
    mapping = world.mapping.read_text(encoding="utf-8")
    members = "mode: update\nmembers: {order-lines: {new: add}}\n"
    world.mapping.write_text(mapping.replace("resource:", f"{members}resource:"), encoding="utf-8")
    world.write([f"PO-{number:04},Acme Supplies,2,Nuts,1,4.00" for number in range(1, count + 1)])


def lines_of(world: World) -> list[list[str]]:
    found = world.client.find("purchase_orders", [])
    return [[line["line-num"] for line in order["order-lines"]] for order in found]


def test_two_updates_of_one_file_at_the_same_time_change_each_order_once(world: World) -> None:
    adding(world, 60)
    jobs = [planned(world), planned(world)]
    world.faults(duplicate_check=False, latency={"seconds": 0.02})
    with CoupaClient(replace(world.client.profile)) as other, ThreadPoolExecutor(2) as pool:
        jobs[1] = replace(jobs[1], client=other)
        list(pool.map(run_import, jobs))
    assert {world.resume(2).exit_code, world.resume(3).exit_code} == {0}
    assert lines_of(world) == [["1", "2"]] * 60
    assert {*world.states(2).values(), *world.states(3).values()} == {State.CHANGED, State.UNCHANGED}


def test_an_order_that_another_run_is_changing_is_left_to_it_until_that_is_known(world: World) -> None:
    adding(world, 3)
    first, second = planned(world), planned(world)
    world.journal.record(there(world.journal.entry(first.run, "PO-0002")), Event.UPDATE)
    result = run_import(second)
    assert (result.counts[State.CHANGED], result.counts[State.PLANNED], result.exit_code) == (2, 1, 1)
    assert result.stopped_because == (
        "PO-0002 of this run is being sent by run 2 as well, so it was not sent; once that one is done "
        "(`bulkpo resume 2`), `bulkpo resume 3` goes on"
    )


def test_a_run_that_has_not_written_down_its_orders_yet_is_waited_for(world: World) -> None:
    adding(world, 3)
    first = world.begin()
    with world.journal.claim(first.run):
        result = world.resume(world.begin().run)
    assert (result.counts[State.PLANNED], result.exit_code) == (3, 1)
    assert result.stopped_because.startswith("PO-0001 and 2 more of this run is being sent by run 2 as well")
    assert world.resume(2).exit_code == 0
    assert (world.resume(3).counts[State.UNCHANGED], lines_of(world)) == (3, [["1", "2"]] * 3)
