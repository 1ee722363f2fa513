"""An import that a limit ends early: what it leaves out is written down by name, and made once it is sent."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest
from judged_by_blocks import by_blocks
from world import QUICK, World, orders, there

from bulkpo.model.table import Chunk
from bulkpo.runs.imports.run import run_import
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.states import Event, State


class Growing(FilePlan):
    """An input to which somebody adds a row while its result is written."""

    def chunks(self) -> Iterator[Chunk]:
        chunks = super().chunks()
        yield next(chunks)
        with self.file.open("a", encoding="utf-8") as file:
            file.write("PO-9999,Acme Supplies,1,Bolts,1,1.00\n")
        yield from chunks


def digests(world: World) -> list[str]:
    return [entry.digest for entry in world.journal.entries(1)]


def sent(world: World) -> list[str]:
    """The digest of what was sent last of each order; empty where nothing was."""
    found = []
    for entry in world.journal.entries(1):
        payloads = [each.sent for each in world.journal.happenings(entry) if each.event == Event.SEND]
        found.append(sha256(payloads[-1]).hexdigest() if payloads else "")
    return found


def test_an_order_has_the_digest_of_what_was_sent_and_one_left_out_has_none(world: World) -> None:
    world.bring(orders(5), replace(QUICK, limit=2))
    assert digests(world)[2:] == ["", "", ""]
    assert digests(world) == sent(world)
    assert world.resume(options=replace(QUICK, send_all=True)).exit_code == 0
    assert "" not in digests(world)
    assert digests(world) == sent(world)


def test_without_a_limit_every_order_is_made_before_the_first_is_sent(world: World) -> None:
    world.write(orders(3))
    job = world.begin(QUICK)
    job.stop.set()
    run_import(job)
    before = digests(world)
    assert "" not in before
    world.resume()
    assert digests(world) == sent(world) == before


def test_what_somebody_approved_is_made_before_the_first_is_sent(world: World) -> None:
    world.write(orders(3))
    job = world.begin(replace(QUICK, limit=1))
    run = world.journal.run(1)
    world.journal.set_summary(1, replace(run.summary, approved_plan="the plan"))
    run_import(job)
    assert "" not in digests(world)
    assert digests(world)[:1] == sent(world)[:1]


def test_an_order_sent_once_is_never_sent_otherwise(world: World) -> None:
    world.write(orders(3))
    job = world.begin(replace(QUICK, limit=2))
    job.stop.set()
    run_import(job)
    entry, *_ = world.journal.entries(1)
    for event in (Event.SEND, Event.UNCLEAR, Event.FOUND_NOTHING):
        entry, _ = world.journal.record(entry, event)
    world.journal.flush()
    world.connection.execute("UPDATE entries SET digest = 'other' WHERE number = 1")
    result = world.resume()
    assert str(result.trouble).startswith("run 1: PO-0001 would be sent otherwise than it was planned, so it is not")
    assert world.journal.counts(1)[State.CREATED] == 0


def test_rows_left_out_by_a_limit_stand_in_the_result_by_their_orders(world: World) -> None:
    bad = "PO-0009,Acme Supplies,1,Bolts,one,2.00"
    result = world.bring([*orders(2, 1), bad, *orders(4, 1)[2:]], replace(QUICK, limit=1))
    rows = world.sheet(there(result.result), "Rows")
    assert [(row["Number"], row["Order"], row["Status"]) for row in rows] == [
        ("PO-0001", "PO-0001", "created"),
        ("PO-0002", "PO-0002", "not sent yet"),
        ("PO-0009", "PO-0009", "not sent"),
        ("PO-0003", "PO-0003", "not sent yet"),
        ("PO-0004", "PO-0004", "not sent yet"),
    ]


def test_a_file_read_by_blocks_that_grew_while_its_result_was_written_is_told_as_changed(world: World) -> None:
    pytest.importorskip("numpy")
    world.write(orders(900))
    job = world.begin(replace(QUICK, limit=1))
    (plan,) = job.plan.files()
    job.plan = Growing(plan.mapped, plan.checked)
    with by_blocks(100_000):
        result = run_import(job)
    assert str(result.trouble) == (
        f"{world.folder}/orders.result.xlsx: orders.csv changed while its result was written, so do not use it. "
        "`bulkpo resume 1` writes it anew once the file is as it was"
    )
