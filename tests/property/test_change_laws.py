"""Laws of a change: applied, the document is as wanted and nothing else of it has moved; there, and back again."""

import copy
import json
from decimal import Decimal, InvalidOperation
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bulkpo.model.document import Document, Field, Level, Member
from bulkpo.model.matching import EMPTIED, MemberMatch, Missing, New
from bulkpo.model.path import ElementPath
from bulkpo.payload.change import Change
from bulkpo.payload.change_body import change_body, change_from, change_text
from bulkpo.payload.differ import Terms, change_of
from bulkpo.payload.encode import BodyFormat
from bulkpo.payload.rebase import Stand, rebase, reverse

SUPPLIERS = {1: "Acme", 2: "Globex", 3: "Initech"}
IDS = {name: number for number, name in SUPPLIERS.items()}
Tree = dict[str, Any]


def field(path: str, kind: str = "string", prefix: str = "") -> Field:
    return Field(ElementPath.parse(path), kind, prefix + path)


LINES = Level(
    "order-lines",
    "order-line",
    (
        field("line-num", prefix="order-lines/"),
        field("price", "decimal", "order-lines/"),
        field("description", prefix="order-lines/"),
    ),
)
LAYOUT = Level("", "order-header", (field("po-number"), field("supplier/name"), field("internal-note")), LINES)


def terms(missing: Missing = Missing.LEAVE) -> Terms:
    return Terms(LAYOUT, "po-number", {"order-lines": MemberMatch("line-num", missing, New.ADD)})


texts = st.sampled_from(["a", "b", "c d", "é"])
prices = st.sampled_from(["1", "1.00", "2.5", "0", "17.125"])
suppliers = st.sampled_from(sorted(IDS))


def or_none(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.just(EMPTIED), values)


@st.composite
def states(draw: st.DrawFn) -> Tree:
    numbers = draw(st.lists(st.integers(1, 6), unique=True, max_size=5))
    supplier = draw(st.one_of(st.none(), suppliers))
    return {
        "id": 7,
        "po-number": "PO-1",
        "version": 3,
        "supplier": None if supplier is None else {"id": IDS[supplier], "name": supplier},
        "internal-note": draw(st.one_of(st.none(), texts)),
        "other": draw(texts),
        "order-lines": [
            {
                "id": 100 + number,
                "line-num": str(number),
                "price": draw(st.one_of(st.none(), prices)),
                "description": draw(st.one_of(st.none(), texts)),
                "other": draw(texts),
            }
            for number in numbers
        ],
    }


@st.composite
def documents(draw: st.DrawFn) -> Document:
    numbers = draw(st.lists(st.integers(1, 8), unique=True, max_size=5))
    lines = [
        Member(row, (str(number), draw(or_none(prices)), draw(or_none(texts)))) for row, number in enumerate(numbers, 2)
    ]
    return Document("PO-1", 2, ("PO-1", draw(or_none(suppliers)), draw(or_none(texts))), tuple(lines))


def applied(change: Change, state: Tree) -> Tree:
    """What a PUT of the change makes of a document, by Coupa's rules."""
    after = copy.deepcopy(state)
    put(after, json.loads(change_body(change, BodyFormat.JSON)))
    return after


def put(tree: Tree, body: Tree) -> None:
    for name, value in body.items():
        if name == "order-lines":
            for line in value:
                put_line(tree[name], line)
        elif name == "supplier":
            tree[name] = referred(value)
        elif name != "id":
            tree[name] = value


def put_line(lines: list[Tree], body: Tree) -> None:
    if "id" not in body:
        new: Tree = {"id": 900 + len(lines), "line-num": None, "price": None, "description": None, "other": None}
        put(new, body)
        lines.append(new)
        return
    line = next(it for it in lines if it["id"] == body["id"])
    if body.get("_delete"):
        lines.remove(line)
    else:
        put(line, body)


def referred(value: Tree | None) -> Tree | None:
    if value is None:
        return None
    number = int(value["id"]) if "id" in value else IDS[value["name"]]
    return {"id": number, "name": SUPPLIERS[number]}


def wanted_value(value: str | None, before: object) -> object:
    return before if value is None else value or None


def same(one: object, other: object) -> bool:
    if one is None or other is None:
        return one is other
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return one == other


@given(states(), documents())
def test_what_was_wanted_is_there_and_nothing_else_has_moved(state: Tree, document: Document) -> None:
    change = change_of(terms(), document, state).change
    after = applied(change, state)
    name = None if state["supplier"] is None else state["supplier"]["name"]
    then = None if after["supplier"] is None else after["supplier"]["name"]
    assert then == wanted_value(document.values[1], name)
    assert after["internal-note"] == wanted_value(document.values[2], state["internal-note"])
    assert (after["id"], after["version"], after["other"]) == (7, 3, state["other"])
    before = {line["line-num"]: line for line in state["order-lines"]}
    lines = {line["line-num"]: line for line in after["order-lines"]}
    wanted = {member.values[0]: member.values for member in document.members}
    assert lines.keys() == before.keys() | wanted.keys()
    for number, line in lines.items():
        was = before.get(number, {"price": None, "description": None, "other": None})
        _, price, description = wanted.get(number, (None, None, None))
        assert same(line["price"], wanted_value(price, was["price"]))
        assert line["description"] == wanted_value(description, was["description"])
        assert line["other"] == was["other"]


@given(states(), documents())
def test_a_second_time_nothing_is_left_to_do(state: Tree, document: Document) -> None:
    change = change_of(terms(), document, state).change
    assert not change_of(terms(), document, applied(change, state)).change


@given(states(), documents())
def test_every_edit_of_a_change_is_of_an_element_that_differs(state: Tree, document: Document) -> None:
    change = change_of(terms(), document, state).change
    for cell in change.cells():
        assert not same(cell.old, cell.new) or cell.how != "changed"
    assert bool(change) == bool(change.cells())


@given(states(), documents(), st.sampled_from(Missing))
def test_the_document_shows_whether_it_was_changed(state: Tree, document: Document, missing: Missing) -> None:
    change = change_of(terms(missing), document, state).change
    if not change:
        return
    assert rebase(change, state).stands is Stand.OLD
    assert rebase(change, state).change == change
    assert rebase(change, applied(change, state)).stands is Stand.NEW


@given(states(), documents(), st.sampled_from(Missing))
def test_there_and_back_again_all_is_as_it_was(state: Tree, document: Document, missing: Missing) -> None:
    change = change_of(terms(missing), document, state).change
    after = applied(change, state)
    back = rebase(reverse(change), after)
    assert back.conflicts == ()
    assert known(applied(back.change, after)) == known(state)


@given(states(), documents(), st.sampled_from(Missing))
def test_the_journal_gives_back_the_very_change(state: Tree, document: Document, missing: Missing) -> None:
    change = change_of(terms(missing), document, state).change
    assert change_from(change_text(change)) == change


@given(states(), documents(), texts)
def test_what_somebody_else_has_changed_meanwhile_is_never_written_over(
    state: Tree, document: Document, other: str
) -> None:
    change = change_of(terms(), document, state).change
    now = copy.deepcopy(state)
    now["internal-note"] = other
    held = rebase(change, now)
    assert applied(held.change, now)["internal-note"] in {other, document.values[2] or None}
    if other not in (state["internal-note"], document.values[2]):
        assert applied(held.change, now)["internal-note"] == other
        is_wanted = any("internal-note" in edit.names for edit in change.header.edits)
        assert [it.path for it in held.conflicts] == (["internal-note"] if is_wanted else [])


def known(tree: Tree) -> Tree:
    """A document as far as the mapping knows it, whatever its lines' ids and their order."""
    lines = [{name: line[name] for name in ("line-num", "description")} for line in tree["order-lines"]]
    prices = {line["line-num"]: line["price"] and Decimal(line["price"]) for line in tree["order-lines"]}
    return {**tree, "order-lines": sorted(lines, key=lambda it: str(it["line-num"])), "prices": prices}
