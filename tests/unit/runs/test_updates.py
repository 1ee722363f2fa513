"""Orders that are there and are changed: only what differs, on what was read right before, each once."""

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from world import QUICK, World, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Outcome
from bulkpo.journal.options import OnConflict
from bulkpo.journal.run import RunJournal
from bulkpo.runs.imports.run import ImportResult, begin, run_import
from bulkpo.runs.imports.undo import UndoOptions, UndoResult, undo
from bulkpo.runs.planning.batch import of_one_file
from bulkpo.runs.planning.changes import plan_changes
from bulkpo.states import Event, State

UPDATE = """\
bulkpo: import/1
name: corrections
mode: update
document: {key: po-number}
columns:
  Number: po-number
  Supplier: supplier/name
  Line: order-lines/line-num
  Description: order-lines/description
  Quantity: order-lines/quantity
  Price: order-lines/price
remove_line: {Description: gone}
"""
ADDING = (
    UPDATE.replace("remove_line", "members: {order-lines: {new: add}}\nremove_line")
    + """\
constants:
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""
)
ROWS = [
    f"PO-{number:04},Acme Supplies,{line},Bolts {line},1,{number}.50" for number in range(1, 5) for line in (1, 2, 3)
]
PUT = {"method": "PUT", "path": "/api/purchase_orders/"}


def puts(world: World) -> int:
    answers = world.statistics()["answers"]
    return sum(it["count"] for it in answers if it["method"] == "PUT" and it["path"].startswith("/api/"))


def changed_rows(**cells: str) -> list[str]:
    """The rows with other prices: `PO_0001_2="9.75"` is that of line 2 of PO-0001."""
    wanted = {tuple(name.replace("PO_", "PO-").rsplit("_", 1)): value for name, value in cells.items()}
    rows = []
    for row in ROWS:
        number, supplier, line, description, quantity, price = row.split(",")
        rows.append(",".join([number, supplier, line, description, quantity, wanted.get((number, line), price)]))
    return rows


def update(world: World, rows: list[str], mapping: str = UPDATE) -> ImportResult:
    world.mapping.write_text(mapping, encoding="utf-8")
    return world.bring(rows)


def order(world: World, number: str) -> dict[str, Any]:
    (found,) = world.client.find("purchase_orders", [("po_number", number)])
    return found


def lines(world: World, number: str, element: str = "price") -> dict[str, Any]:
    return {line["line-num"]: line[element] for line in order(world, number)["order-lines"]}


def put_by_another(world: World, number: str, body: dict[str, Any]) -> None:
    world.client.update(
        "purchase_orders", int(order(world, number)["id"]), json.dumps(body).encode(), "application/json"
    )


def take_back(world: World, run: int = 2) -> UndoResult:
    return undo(world.client, RunJournal(world.journal, run), threading.Event(), UndoOptions(0.05, 2))


@pytest.fixture
def orders(world: World) -> World:
    world.bring(ROWS)
    return world


def test_only_what_differs_is_sent_and_orders_that_are_so_already_need_no_request(orders: World) -> None:
    result = update(orders, changed_rows(PO_0001_2="9.75", PO_0003_1="7.25"))
    assert orders.states(2) == {
        "PO-0001": State.CHANGED,
        "PO-0002": State.UNCHANGED,
        "PO-0003": State.CHANGED,
        "PO-0004": State.UNCHANGED,
    }
    assert (result.exit_code, puts(orders), result.notices) == (0, 2, ())
    assert lines(orders, "PO-0001") == {"1": "1.50", "2": "9.75", "3": "1.50"}
    line = next(it for it in order(orders, "PO-0001")["order-lines"] if it["line-num"] == "2")
    (sent,) = [it.sent for it in orders.journal.happenings(orders.entry("PO-0001", 2)) if it.event == Event.UPDATE]
    assert sent.decode().endswith(
        f"<order-header><order-lines><order-line><id>{line['id']}</id><price>9.75</price></order-line></order-lines>"
        "</order-header>"
    )
    assert orders.messages(2)["PO-0001"] == "order-lines[2]/price '1.50' → '9.75'"


def test_what_somebody_else_changed_since_the_plan_is_a_conflict_and_stays_theirs(orders: World) -> None:
    orders.mapping.write_text(UPDATE, encoding="utf-8")
    orders.write(changed_rows(PO_0001_2="9.75", PO_0003_1="7.25"))
    orders.client.act("purchase_orders", int(order(orders, "PO-0003")["id"]), "issue_without_send")
    job = orders.job()
    job.changes = plan_changes(of_one_file(job.plan), orders.client)
    line = next(it for it in order(orders, "PO-0001")["order-lines"] if it["line-num"] == "2")
    put_by_another(orders, "PO-0001", {"order-lines": [{"id": line["id"], "price": "5.00"}]})
    put_by_another(orders, "PO-0003", {"supplier": {"name": "Globex"}})
    result = run_import(begin(job))
    assert result.exit_code == 1
    assert orders.states(2)["PO-0001"] is State.CONFLICT
    assert orders.messages(2)["PO-0001"] == (
        "changed in Coupa since: order-lines[2]/price was '1.50', yours '9.75', theirs '5.00'"
    )
    assert orders.states(2)["PO-0003"] is State.CHANGED
    assert order(orders, "PO-0003")["supplier"]["name"] == "Globex"
    (notice,) = result.notices
    assert notice == (
        "1 order had a newer version in Coupa than the one the changes were planned on, and no element that was to "
        "change was changed there: PO-0003"
    )
    assert lines(orders, "PO-0001")["2"] == "5.00"


@pytest.mark.parametrize(
    ("rule", "state", "price"),
    [(OnConflict.THEIRS, State.UNCHANGED, "5.00"), (OnConflict.MINE, State.CHANGED, "9.75")],
)
def test_a_conflict_is_decided_as_it_was_said(orders: World, rule: OnConflict, state: State, price: str) -> None:
    orders.mapping.write_text(UPDATE, encoding="utf-8")
    orders.write(changed_rows(PO_0001_2="9.75"))
    job = orders.job(replace(QUICK, on_conflict=rule))
    job.changes = plan_changes(of_one_file(job.plan), orders.client)
    line = next(it for it in order(orders, "PO-0001")["order-lines"] if it["line-num"] == "2")
    put_by_another(orders, "PO-0001", {"order-lines": [{"id": line["id"], "price": "5.00"}]})
    run_import(begin(job))
    assert orders.states(2)["PO-0001"] is state
    assert lines(orders, "PO-0001")["2"] == price


@pytest.mark.parametrize("fault", ["500", "500_after", "reset_before", "reset_after", "truncate", "garble", "429"])
def test_whatever_becomes_of_the_answer_a_change_is_made_once_and_known(orders: World, fault: str) -> None:
    orders.faults(script=[{"fault": fault, **PUT}], retry_after=0.05, hang=2)
    result = update(orders, changed_rows(PO_0001_2="9.75", PO_0003_1="7.25"))
    assert (result.exit_code, result.trouble) == (0, None)
    assert orders.states(2)["PO-0001"] is State.CHANGED
    assert lines(orders, "PO-0001")["2"] == "9.75"
    assert there(order(orders, "PO-0001")["internal-revision"]) == 2


def test_undo_puts_the_old_values_back_and_a_removed_line_comes_back_as_a_new_one(orders: World) -> None:
    before = lines(orders, "PO-0001")
    rows = changed_rows(PO_0001_2="9.75", PO_0003_1="7.25")
    rows[2] = rows[2].replace("Bolts 3", "gone")
    update(orders, rows)
    assert lines(orders, "PO-0001") == {"1": "1.50", "2": "9.75"}
    result = take_back(orders)
    assert (result.undone, result.left, result.exit_code) == (2, (), 0)
    assert lines(orders, "PO-0001") == before
    assert lines(orders, "PO-0001", "description")["3"] == "Bolts 3"
    assert orders.states(2)["PO-0001"] is State.UNDONE
    assert orders.messages(2)["PO-0001"] == "order-lines[3] came back as new, with another id"


def test_undo_leaves_what_somebody_has_changed_since_and_says_so(orders: World) -> None:
    update(orders, changed_rows(PO_0001_1="8.75", PO_0001_2="9.75"))
    line = next(it for it in order(orders, "PO-0001")["order-lines"] if it["line-num"] == "2")
    put_by_another(orders, "PO-0001", {"order-lines": [{"id": line["id"], "price": "5.00"}]})
    result = take_back(orders)
    assert [it.reason for it in result.left] == [
        "changed in Coupa since: order-lines[2]/price was '9.75', yours '1.50', theirs '5.00'"
    ]
    assert lines(orders, "PO-0001") == {"1": "1.50", "2": "5.00", "3": "1.50"}


def test_a_number_that_is_not_there_is_a_finding_at_its_cell(orders: World) -> None:
    update(orders, [*changed_rows(), "PO-0099,Acme Supplies,1,Bolts,1,1.00"])
    held = there(orders.journal.run(2).summary.held)
    assert [(it.code, it.row, it.column, it.key) for it in held.findings] == [("key-not-there", 14, 1, "PO-0099")]


def test_an_upsert_changes_what_is_there_and_creates_the_rest(world: World) -> None:
    world.bring(ROWS[:3])
    upsert = world.mapping.read_text(encoding="utf-8").replace("name: small", "name: small\nmode: upsert")
    result = update(world, changed_rows(PO_0001_2="9.75"), upsert)
    assert result.exit_code == 0, result.trouble
    assert world.states(2) == {"PO-0001": State.CHANGED, **{f"PO-000{n}": State.CREATED for n in (2, 3, 4)}}
    assert lines(world, "PO-0001")["2"] == "9.75"


class Doubling(CoupaClient):
    """Behind something that passes every change on twice."""

    def update(self, resource: str, id: int, body: bytes, content_type: str) -> Outcome:  # noqa: A002
        super().update(resource, id, body, content_type)
        return super().update(resource, id, body, content_type)


def test_a_request_that_is_passed_on_twice_does_no_harm_to_values_and_is_told_where_it_adds_a_line(
    orders: World,
) -> None:
    with Doubling(orders.client.profile) as client:
        there_before, orders.client = orders.client, client
        update(orders, [*changed_rows(PO_0001_2="9.75"), "PO-0002,Acme Supplies,4,Nuts,1,4.00"], ADDING)
        orders.client = there_before
    assert orders.states(2)["PO-0001"] is State.CHANGED
    assert order(orders, "PO-0001")["internal-revision"] == 2
    assert orders.states(2)["PO-0002"] is State.DIFFERS
    assert "order-lines[4]" in orders.messages(2)["PO-0002"]
    assert "there 2 times" in orders.messages(2)["PO-0002"]


def test_a_line_is_added_once_though_its_answer_was_lost(orders: World) -> None:
    for fault, number in (("reset_after", 5), ("500", 6), ("reset_before", 7)):
        orders.faults(script=[{"fault": fault, **PUT}])
        result = update(orders, [f"PO-0002,Acme Supplies,{number},Nuts,1,4.00"], ADDING)
        assert (result.exit_code, result.counts[State.CHANGED]) == (0, 1)
    assert sorted(line["line-num"] for line in order(orders, "PO-0002")["order-lines"]) == list("123567")


def test_nothing_differs_and_nothing_is_written_though_numbers_and_dates_are_written_otherwise(orders: World) -> None:
    result = update(orders, [row.replace(".50", ".5") for row in changed_rows()])
    assert (result.counts[State.UNCHANGED], puts(orders)) == (4, 0)


def test_an_empty_cell_leaves_alone_and_what_is_to_be_emptied_is_said(orders: World) -> None:
    note = UPDATE.replace(
        "  Description: order-lines/description\n", '  Description: {to: order-lines/need-by-date, clear: "-"}\n'
    ).replace("remove_line: {Description: gone}\n", "dates: {order: YMD, time_zone: UTC}\n")
    update(orders, ["PO-0001,Acme Supplies,1,2026-12-01,1,1.50", "PO-0002,Acme Supplies,1,2026-12-01,1,2.50"], note)
    update(orders, ["PO-0001,Acme Supplies,1,-,1,1.50", "PO-0002,Acme Supplies,1,,1,2.50"], note)
    assert lines(orders, "PO-0001", "need-by-date")["1"] is None
    kept = lines(orders, "PO-0002", "need-by-date")["1"]
    assert kept is not None
    assert take_back(orders, 3).undone == 1
    assert lines(orders, "PO-0001", "need-by-date")["1"] == kept


def test_lines_that_the_file_does_not_have_go_where_that_is_said(orders: World) -> None:
    removing = UPDATE.replace("remove_line", "members: {order-lines: {missing: remove}}\nremove_line")
    update(orders, ["PO-0001,Acme Supplies,2,Bolts 2,1,1.50"], removing)
    assert lines(orders, "PO-0001") == {"2": "1.50"}
    assert take_back(orders).undone == 1
    assert lines(orders, "PO-0001") == {"1": "1.50", "2": "1.50", "3": "1.50"}


def test_documents_and_lines_are_found_by_their_ids_too(orders: World) -> None:
    by_id = UPDATE.replace("key: po-number", "key: id").replace("Number: po-number", "Number: id")
    by_id = by_id.replace("Line: order-lines/line-num", "Line: order-lines/id")
    found = order(orders, "PO-0003")
    line = found["order-lines"][1]
    result = update(orders, [f"{found['id']},Acme Supplies,{line['id']},Nuts,1,7.00"], by_id)
    assert (result.exit_code, result.counts[State.CHANGED]) == (0, 1)
    assert lines(orders, "PO-0003")[line["line-num"]] == "7.00"


def test_a_line_that_is_not_there_is_a_finding_with_the_way_to_add_it(orders: World) -> None:
    update(orders, ["PO-0001,Acme Supplies,2,A,1,1.00", "PO-0002,Acme Supplies,9,A,1,1.00"])
    held = there(orders.journal.run(2).summary.held)
    assert [(it.code, it.row, it.key) for it in held.findings] == [("line-not-there", 3, "PO-0002")]
    assert held.findings[0].message == (
        "Coupa has no order-lines[9] in this document; correct line-num, or say that it is to be added: "
        "members: {order-lines: {new: add}}"
    )


def test_the_first_are_tried_one_by_one_and_a_refusal_ends_the_run(orders: World) -> None:
    rows = [row.replace("Acme Supplies", "Nobody & Sons") for row in changed_rows(PO_0002_1="7.25")]
    orders.mapping.write_text(UPDATE, encoding="utf-8")
    result = orders.bring(rows, replace(QUICK, canary=1))
    assert result.stopped_because.startswith("order PO-0001, one of those sent first as a trial, was not changed: ")
    assert (result.counts[State.REFUSED], result.counts[State.PLANNED], puts(orders)) == (1, 3, 1)


def test_an_upsert_makes_no_line_that_its_file_removes(world: World) -> None:
    world.bring(ROWS[:3])
    upsert = world.mapping.read_text(encoding="utf-8").replace("name: small", "name: small\nmode: upsert")
    upsert += "remove_line: {Description: gone}\n"
    rows = [row.replace("Bolts 2", "gone") for row in ROWS[:6]]
    assert update(world, rows, upsert).exit_code == 0
    assert world.states(2) == {"PO-0001": State.CHANGED, "PO-0002": State.CREATED}
    assert lines(world, "PO-0001") == {"1": "1.50", "3": "1.50"}
    assert lines(world, "PO-0002") == {"1": "2.50", "3": "2.50"}
