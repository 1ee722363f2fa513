"""Lines and allocations that an update changes: told apart, added, and never guessed where they cannot be."""

import json
from decimal import Decimal
from typing import Any

import pytest
from world import World

from bulkpo.model.finding import Finding
from bulkpo.payload.differ import change_of
from bulkpo.payload.rebase import Stand, rebase
from bulkpo.runs.imports.run import ImportResult
from bulkpo.runs.planning.changes import Changes, plan_changes
from bulkpo.states import State

HEAD = "bulkpo: import/1\nname: members\nmode: update\ndocument: {key: po-number}\n"
COLUMNS = """\
columns:
  Number: po-number
  Supplier: {ignore: same}
  Line: order-lines/line-num
  Description: order-lines/description
  Quantity: order-lines/quantity
  Price: order-lines/price
"""
ACCOUNT = """\
constants:
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""
SPLIT = """\
columns:
  Number: po-number
  Supplier: {ignore: same}
  Line: order-lines/line-num
  Description: order-lines/account-allocations/account/code
  Quantity: {ignore: same}
  Price: order-lines/account-allocations/pct
"""


def order(world: World, number: str) -> dict[str, Any]:
    (found,) = world.client.find("purchase_orders", [("po_number", number)])
    return found


def put(world: World, number: str, body: dict[str, Any]) -> None:
    id_ = int(order(world, number)["id"])
    world.client.update("purchase_orders", id_, json.dumps(body).encode(), "application/json")


def update(world: World, rows: list[str], mapping: str) -> ImportResult:
    world.mapping.write_text(mapping, encoding="utf-8")
    return world.bring(rows)


def planned(world: World, rows: list[str], mapping: str) -> Changes:
    world.mapping.write_text(mapping, encoding="utf-8")
    world.write(rows)
    return plan_changes(world.plan(), world.client)


def codes(found: tuple[Finding, ...]) -> list[tuple[str, int]]:
    return [(finding.code, finding.row) for finding in found]


@pytest.fixture
def two(world: World) -> World:
    world.bring([f"PO-{number},Acme Supplies,{line},Bolts,1,1.50" for number in (1, 2) for line in (1, 2)])
    return world


def split(world: World, number: str, shares: dict[str, str]) -> None:
    """Bill line 1 of an order to these accounts by these shares."""
    (line, _) = order(world, number)["order-lines"]
    allocations = [
        {"account": {"code": code.partition("#")[0], "account-type": {"name": "SAP100"}}, "pct": share}
        for code, share in shares.items()
    ]
    put(world, number, {"order-lines": [{"id": line["id"], "account-allocations": allocations}]})


def shares_of(world: World, number: str) -> dict[str, str]:
    (line, _) = order(world, number)["order-lines"]
    return {it["account"]["code"]: it["pct"] for it in line["account-allocations"]}


def test_lines_of_one_number_in_coupa_are_a_finding_and_keep_no_other_order_from_going(two: World) -> None:
    lines = order(two, "PO-1")["order-lines"]
    put(two, "PO-1", {"order-lines": [{"id": lines[1]["id"], "line-num": "1"}]})
    changes = planned(two, ["PO-1,,1,Bolts,1,9", "PO-2,,1,Bolts,1,9"], HEAD + COLUMNS)
    (finding,) = changes.held.findings
    ids = " and ".join(str(line["id"]) for line in lines)
    assert finding.message == f"Coupa has order-lines[1] more than once (ids {ids}); match them by id"
    assert (list(changes.planned), finding.column) == (["PO-2"], 3)


def test_two_rows_for_one_line_are_a_finding_whatever_they_say(two: World) -> None:
    rows = ["PO-1,,1,Bolts,1,9", "PO-1,,01,Bolts,1,9", "PO-2,,1,,,9"]
    changes = planned(two, rows, HEAD + COLUMNS)
    assert [finding.code for finding in two.plan().checked.errors] == ["duplicate-line"]
    assert list(changes.planned) == ["PO-2"]
    changes = planned(two, rows, f"{HEAD}keys: exact\n{COLUMNS}")
    assert [code for code, _ in codes(changes.held.findings)] in (["line-twice"], ["line-not-there"])
    assert list(changes.planned) == ["PO-2"]


def test_allocations_are_told_apart_by_what_is_said_and_only_their_shares_are_sent(two: World) -> None:
    split(two, "PO-1", {"01-100-8000": "60", "01-200-8000": "40"})
    members = "members: {order-lines/account-allocations: {match: account/code}}\n"
    rows = ["PO-1,,1,01-200-8000,,30", "PO-1,,1,01-100-8000,,70"]
    result = update(two, rows, HEAD + members + SPLIT)
    assert (result.exit_code, two.states(2)["PO-1"]) == (0, State.CHANGED), two.messages(2)
    shares = {code: Decimal(share) for code, share in shares_of(two, "PO-1").items()}
    assert shares == {"01-100-8000": 70, "01-200-8000": 30}
    assert two.messages(2)["PO-1"].count("pct") == 2


def test_an_answer_that_leaves_out_the_lines_says_nothing_of_them_and_none_is_added(two: World) -> None:
    two.write(["PO-1,,1,Bolts,1,9"])
    two.mapping.write_text(f"{HEAD}members: {{order-lines: {{new: add}}}}\n{COLUMNS}{ACCOUNT}", encoding="utf-8")
    plan = two.plan()
    (document,) = plan.documents()
    there = order(two, "PO-1")
    worked = change_of(plan.terms, document, {name: it for name, it in there.items() if name != "order-lines"})
    assert [it.code for it in worked.hindrances] == ["lines-not-shown"]
    assert not worked.change
    assert [it.code for it in change_of(plan.terms, document, {**there, "order-lines": []}).hindrances] == []


@pytest.mark.parametrize("there", [{}, {"payment-term": None}, {"payment-term": {}}])
def test_an_element_that_is_left_out_or_empty_is_set_once_and_is_no_conflict_then(
    two: World, there: dict[str, Any]
) -> None:
    ignored = "".join(f"  {title}: {{ignore: same}}\n" for title in ("Line", "Description", "Quantity", "Price"))
    term = f"{HEAD}columns:\n  Number: po-number\n  Supplier: payment-term/code\n{ignored}"
    two.mapping.write_text(term, encoding="utf-8")
    two.write(["PO-1,Net 30,,,,"])
    plan = two.plan()
    (document,) = plan.documents()
    known = {"id": 1, "po-number": "PO-1", **there}
    change = change_of(plan.terms, document, known).change
    assert [str(cell) for cell in change.cells()] == ["payment-term/code (empty) → 'Net 30'"]
    assert rebase(change, known).conflicts == ()
    assert rebase(change, {**known, "payment-term": {"id": 3, "code": "Net 30"}}).stands is Stand.NEW


def test_allocations_that_cannot_be_told_apart_are_a_finding_and_never_guessed(two: World) -> None:
    split(two, "PO-1", {"01-100-8000#a": "60", "01-100-8000#b": "40"})
    members = "members: {order-lines/account-allocations: {match: account/code}}\n"
    changes = planned(two, ["PO-1,,1,01-100-8000,,100"], HEAD + members + SPLIT)
    (finding,) = changes.held.findings
    assert finding.code == "line-ambiguous"
    assert "order-lines[1]/account-allocations[01-100-8000] more than once" in finding.message
