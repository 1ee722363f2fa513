"""Orders are looked up ahead of their sending and read back behind it, and nothing depends on either going well."""

from dataclasses import replace

from world import World, there

from bulkpo.journal.options import OnExisting
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.states import State

QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)
READS = {"method": "GET", "path": "/api/purchase_orders"}


LANDMARK = 2  # questions for an order to be asked for beside others; where there is none that is asked twice


def rows(first: int, last: int) -> list[str]:
    return [f"PO-{number:04},Acme Supplies,1,Bolts,2,{number}.50" for number in range(first, last + 1)]


def test_a_page_is_read_back_while_others_are_sent_and_the_rest_at_the_end(world: World) -> None:
    result = world.bring(rows(1, 170))
    assert there(result.totals).agree
    # a token, look-ups, the orders; read back by number: three pages, another, and after each that nothing follows
    assert result.requests == 1 + LANDMARK + 2 + 170 + 4 + 2


def test_what_could_not_be_read_back_meanwhile_is_read_at_the_end(world: World) -> None:
    world.faults(script=[{"fault": "garble", **READS, "skip": 3}])
    result = world.bring(rows(1, 70))
    assert (result.exit_code, there(result.totals).agree) == (0, True)
    assert there(result.totals).read_back[0].documents == 70
    assert result.requests == 1 + LANDMARK + 1 + 70 + 3 + 1


def test_orders_are_looked_up_as_far_as_they_are_sent(world: World) -> None:
    world.write(rows(1, 400))
    result = world.bring(rows(1, 400), replace(QUICK, limit=10))
    assert result.counts[State.CREATED] == 10
    assert result.requests == 1 + LANDMARK + 2 + 10 + 2  # the look-up of the orders sent, and the one ahead of it


def test_existing_orders_amid_new_ones_are_left_out(world: World) -> None:
    world.bring(rows(140, 160))
    result = world.bring(rows(1, 400))
    assert (result.counts[State.EXISTING], result.counts[State.CREATED]) == (21, 379)
    assert len(world.in_coupa()) == 400


def test_where_none_may_exist_all_are_looked_up_before_the_first_is_sent(world: World) -> None:
    world.bring(rows(399, 399))
    result = world.bring(rows(1, 400), replace(QUICK, on_existing=OnExisting.FAIL))
    assert str(result.trouble).startswith("1 of the orders are in the sandbox already: PO-0399; nothing was sent")
    assert len(world.in_coupa()) == 1
