"""Queries: every operator on every resource, and agreement with a naive evaluation over what the sandbox shows."""

import itertools
import operator
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sandbox_api import Api, a_line, an_order, askable, sample

from bulkpo.sandbox.queries import candidates
from bulkpo.sandbox.serving.server import SandboxServer
from bulkpo.sandbox.storage import store
from bulkpo.schema.tables import Element, ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
RESOURCES = TABLES.resource_names()
LINE_RESOURCES = ("purchase_order_lines", "receivable_purchase_order_lines")
ORDERS = "purchase_orders"
OPERATORS = (
    "",
    "not_eq",
    "gt",
    "lt",
    "gt_or_eq",
    "lt_or_eq",
    "contains",
    "starts_with",
    "ends_with",
    "in",
    "not_in",
    "blank",
)
TEXT_OPERATORS = ("contains", "starts_with", "ends_with")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": operator.eq,
    "not_eq": operator.ne,
    "gt": operator.gt,
    "lt": operator.lt,
    "gt_or_eq": operator.ge,
    "lt_or_eq": operator.le,
}


# The naive evaluation: it reads answers in JSON, and makes the rows of a join one by one.


def read(element: Element, value: object) -> Any:  # noqa: ANN401 - a number, a moment or text
    if element.type == "boolean":
        return value if isinstance(value, bool) else value == "true"
    if value is None or value == "":
        return value if element.type in ("string", "text") else None
    match element.type:
        case "integer" | "decimal" | "float":
            return Decimal(str(value))
        case "datetime":
            found = datetime.fromisoformat(str(value))
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).replace(microsecond=0)
        case _:
            return str(value)


def holds(element: Element, operator_: str, operand: str, shown: object) -> bool:
    value = read(element, shown)
    if operator_ == "blank":
        return (value is None or value == "") == (operand == "true")
    if value is None:
        return False
    if operator_ in TEXT_OPERATORS:
        text = kept_text(element, shown)
        tests = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}
        return bool(tests[operator_](text, operand))
    if operator_ in ("in", "not_in"):
        return (value in [read(element, one) for one in operand.split(",")]) == (operator_ == "in")
    return COMPARE[operator_](value, read(element, operand))


def kept_text(element: Element, shown: object) -> str:
    """A number's text has no needless zeros, whatever the answer shows."""
    if element.type in ("decimal", "float"):
        text = str(shown)
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(shown).lower() if isinstance(shown, bool) else str(shown)


def joined(tree: dict[str, Any], paths: list[tuple[str, ...]]) -> Iterator[dict[tuple[str, ...], object]]:
    """The rows of a join: one for each choice of a member from every collection that a path goes through."""
    row: dict[tuple[str, ...], object] = {path: tree.get(path[0]) for path in paths if len(path) == 1}
    choices = []
    for name in dict.fromkeys(path[0] for path in paths if len(path) > 1):
        below = [path[1:] for path in paths if path[0] == name and len(path) > 1]
        found = tree.get(name)
        members = found if isinstance(found, list) else [] if found is None else [found]
        options = [one for member in members or [{}] for one in joined(member, below)]
        choices.append([{(name, *path): value for path, value in one.items()} for one in options])
    for combination in itertools.product(*choices):
        yield {key: value for part in (row, *combination) for key, value in part.items()}


Condition = tuple[tuple[str, ...], Element, str, str]


def answers(trees: list[dict[str, Any]], conditions: list[Condition]) -> list[int]:
    paths = [path for path, *_ in conditions]
    return [
        tree["id"]
        for tree in trees
        if any(all(holds(e, op, text, row[path]) for path, e, op, text in conditions) for row in joined(tree, paths))
    ]


def key(path: tuple[str, ...], operator_: str) -> str:
    return path[0] + "".join(f"[{step}]" for step in (*path[1:], *([operator_] if operator_ else [])))


# Every resource, every operator


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_operator_works_on_every_plain_element_of_a_resource(full: Api, resource: str) -> None:
    trees = full.find(resource, "limit=50").json
    assert trees
    elements = askable(resource)
    for number, element in enumerate(elements):
        # All operators on the first of each type; on the others one in turn, and equality.
        first = element.type not in {earlier.type for earlier in elements[:number]}
        operators = OPERATORS if first else ("", OPERATORS[number % len(OPERATORS)])
        shown = [tree.get(element.name.removesuffix("?")) for tree in trees]
        operand = next((value for value in shown if value is not None), sample(element, 1))
        for operator_ in operators:
            check_one(full, resource, (element, operator_, "true" if operator_ == "blank" else text_of(operand)), trees)


def check_one(api: Api, resource: str, asked: tuple[Element, str, str], trees: list[dict[str, Any]]) -> None:
    element, operator_, operand = asked
    if element.name.endswith("?"):
        trees = [{**tree, element.name: tree.get(element.name[:-1])} for tree in trees]
    reply = api.find(resource, urlencode({key((element.name,), operator_): operand}))
    if element.type in ("datetime", "date") and operator_ in (*TEXT_OPERATORS, "blank"):
        assert reply.status == 400
        assert reply.errors[0].startswith(
            f"Invalid query: {operator_} cannot be used on '{element.name}', because it is a"
        )
        return
    expected = answers(trees, [((element.name,), element, operator_, operand)])
    assert reply.status == 200, (element, operator_, operand, reply.body)
    assert [one["id"] for one in reply.json] == expected, (element, operator_, operand)


def text_of(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("resource", [*RESOURCES, "purchase_order_revisions"])
def test_every_resource_lists_shows_and_answers_in_both_forms(full: Api, resource: str) -> None:
    listed = full.find(resource, "limit=2")
    assert listed.status == 200
    shown = full.get(f"{resource}/{listed.json[0]['id']}")
    assert shown.json == listed.json[0]
    root = full.in_xml().find(resource, "limit=2").xml
    object_name = "order-header-revision" if resource.endswith("revisions") else TABLES.resource(resource).object
    assert root.get("type") == "array"
    assert [child.tag for child in root] == [object_name] * len(listed.json)
    assert full.in_xml().get(f"{resource}/{listed.json[0]['id']}").xml.tag == object_name


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_resource_is_created_and_changed_where_its_table_says_so(full: Api, resource: str) -> None:
    allowed = "POST" in TABLES.resource(resource).methods
    created = full.post(resource, {})
    if not allowed:
        assert (created.status, created.errors) == (405, [f"POST is not allowed for /api/{resource}"])
        assert full.put(f"{resource}/1", {}).status == (404 if resource == "purchase_order_lines" else 405)
        return
    required = [e for e in askable(resource) if e.required and not e.read_only]
    assert created.status in (400, 201)
    if created.status == 201:
        assert full.put(f"{resource}/{created.json['id']}", {}).json["id"] == created.json["id"]
    assert (created.status == 400) >= bool(required and resource not in ("items", "suppliers", "users", "addresses"))


# Agreement over random stores and random queries


# As binary numbers these are one and the same.
NEIGHBOURS = ["12345678901234.567891", "12345678901234.567892"]


# As JSON it is written differently.
QUOTED = 'A 5" pipe \\ tube\tor "two"'


def random_order(chance: random.Random, number: int) -> dict[str, Any]:
    def maybe(value: object) -> object:
        return value if chance.random() < 0.7 else ...

    def line() -> dict[str, Any]:
        text = chance.choice(["Chair", "Desk", "chair", "Ärmel & Söhne", "a<b", "10% off_", QUOTED])
        amount = chance.random() < 0.3
        return a_line(
            **{
                "description": text,
                "type": "OrderAmountLine" if amount else "OrderQuantityLine",
                "quantity": ... if amount else str(chance.choice(["1", "10", "2.50", "100"])),
                "price": chance.choice(["9", "10", "10.5", "10.50", "-3", "0", *NEIGHBOURS]),
                "uom": maybe({"code": "EA"}) if amount else {"code": chance.choice(["EA", "BX"])},
                "account": {"code": chance.choice(["01-100-8000", "01-200-8000", "02-100-8000"])},
                "need-by-date": maybe(
                    chance.choice(["2026-01-31", "2026-02-01T03:00:00+09:00", "2026-01-30T16:00:00-08:00"])
                ),
                "item": maybe({"item-number": "PAPER-A4"}),
                "source-part-num": maybe(chance.choice(["", "007", "7"])),
                "receipt-required": maybe(chance.random() < 0.5),
            }
        )

    return an_order(
        f"PO-{number}",
        supplier=maybe({"number": chance.choice(["V100", "V200", "00042", "V700"])}),
        ship_to_attention=maybe(chance.choice(["", "Mia", "mia", "Jo"])),
        confirm_by_hrs=maybe(chance.choice([1, 2, 10])),
        acknowledged_flag=maybe(chance.random() < 0.5),
        payment_term=maybe({"code": "Net 30"}),
        order_lines=[line() for _ in range(chance.randint(1, 3))],
    )


@pytest.fixture(
    scope="module", params=[(1, 5_000, 16_384), (2, 1, 16_384), (3, 1, 40)], ids=["by index", "row by row", "by block"]
)
def filled(request: pytest.FixtureRequest) -> Iterator[tuple[Api, list[dict[str, Any]]]]:
    """A sandbox with 40 random orders, some of them cancelled or exported, and all its orders as it shows them.

    In a large store a condition that few orders meet is answered from an index, and others row by row, where blocks of
    orders without an answer are passed over: here all ways are taken by all, by setting how few is few, and how large
    a block is.
    """
    seed, few, block = request.param
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    with SandboxServer() as sandbox, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(candidates, "_SELECTIVE", few)
        monkeypatch.setattr(store, "_BLOCK", block)
        api = Api(sandbox.url)
        for number in range(40):
            reply = api.post(ORDERS, random_order(chance, number))
            assert reply.status == 201, reply.body
            if chance.random() < 0.3:
                api.put(f"{ORDERS}/{reply.json['id']}/cancel")
            if chance.random() < 0.3:
                api.put(f"{ORDERS}/{reply.json['id']}", exported="true")
        yield api, api.find(ORDERS, "").json


PATHS = [
    ("id",),
    ("po-number",),
    ("status",),
    ("exported",),
    ("created-at",),
    ("updated-at",),
    ("version",),
    ("ship-to-attention",),
    ("confirm-by-hrs",),
    ("acknowledged-flag",),
    ("supplier", "name"),
    ("supplier", "number"),
    ("supplier", "id"),
    ("supplier", "buyer-hold"),
    ("supplier", "payment-term", "code"),
    ("payment-term", "days-for-net-payment"),
    ("ship-to-user", "login"),
    ("order-lines", "id"),
    ("order-lines", "description"),
    ("order-lines", "price"),
    ("order-lines", "total"),
    ("order-lines", "quantity"),
    ("order-lines", "line-num"),
    ("order-lines", "need-by-date"),
    ("order-lines", "source-part-num"),
    ("order-lines", "receipt-required"),
    ("order-lines", "received"),
    ("order-lines", "invoiced"),
    ("order-lines", "department", "name"),
    ("order-lines", "created-by", "login"),
    ("order-lines", "order-header-id"),
    ("order-lines", "order-header-number"),
    ("order-lines", "account", "code"),
    ("order-lines", "account", "account-type", "name"),
    ("order-lines", "item", "item-number"),
    ("order-lines", "item", "name"),
    ("order-lines", "uom", "code"),
    ("order-lines", "uom", "allowable-precision"),
]
WORDS = [
    "Chair",
    "a",
    "i",
    "",
    "Acme Supplies",
    "V",
    "00042",
    "7",
    "007",
    "PO-1",
    "PO-2",
    "issued",
    "1",
    "EA",
    "Ä",
    "&",
    "01-1",
    QUOTED,
    '"two"',
    "tube\tor",
]
NUMBERS = ["9", "10", "10.5", "10.50", "-3", "0", "1", "2", "30", "1005", "1e1", "007", *NEIGHBOURS]
MOMENTS = ["2026-01-31", "2026-01-30T18:00:00Z", "2026-01-31T00:00:00+00:00", "2030-01-01", "2026-01-30T16:00:00-08:00"]


def element_at(path: tuple[str, ...]) -> Element:
    current = "order-header"
    for step in path[:-1]:
        current = TABLES.object(current).elements[step].type
    return TABLES.object(current).elements[path[-1]]


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    path = draw(st.sampled_from(PATHS))
    element = element_at(path)
    moment = element.type == "datetime"
    operator_ = draw(st.sampled_from([one for one in OPERATORS if not moment or one not in (*TEXT_OPERATORS, "blank")]))
    pools = {"integer": [n for n in NUMBERS if n.isdigit()], "decimal": NUMBERS, "boolean": ["true", "false"]}
    pool = MOMENTS if moment else pools.get(element.type, WORDS)
    if operator_ == "blank":
        operand = draw(st.sampled_from(["true", "false"]))
    elif operator_ in TEXT_OPERATORS:
        operand = draw(
            st.sampled_from(["1", "0", "a", "", "e", "Ch", "5", "PO-", "-", "\\", '"', 'A 5"', "\t", "Ä", "öhne"])
        )
    elif operator_ in ("in", "not_in"):
        operand = ",".join(draw(st.lists(st.sampled_from(pool), min_size=1, max_size=4)))
    else:
        operand = draw(st.sampled_from(pool))
    return path, element, operator_, operand


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(conditions(), min_size=1, max_size=4, unique_by=lambda one: (one[0], one[2])))
@example(asked=[(("order-lines", "price"), Element("price", "decimal"), "", "10.5")])
def test_the_sandbox_agrees_with_a_naive_evaluation(
    filled: tuple[Api, list[dict[str, Any]]], asked: list[Condition]
) -> None:
    api, trees = filled
    query = "&".join(f"{key(path, operator_)}={quote(operand)}" for path, _, operator_, operand in asked)
    reply = api.find(ORDERS, query)
    assert reply.status == 200, (query, reply.body)
    assert [one["id"] for one in reply.json] == answers(trees, asked), query


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.tuples(
        st.sampled_from(["id", "po-number", "status", "updated-at", "confirm-by-hrs", "ship-to-attention", "exported"]),
        st.sampled_from(["asc", "desc"]),
    ),
    limit=st.integers(1, 60),
    offset=st.integers(0, 50),
    status=st.sampled_from(["", "issued", "cancelled"]),
)
def test_pages_are_pieces_of_one_sorted_list(
    filled: tuple[Api, list[dict[str, Any]]], order: tuple[str, str], limit: int, offset: int, status: str
) -> None:
    api, trees = filled
    name, direction = order
    kept = [tree for tree in trees if status in ("", tree["status"])]

    def place(tree: dict[str, Any]) -> tuple[bool, Any, int]:
        value = tree[name]
        return value is not None, value if value is not None else 0, tree["id"]

    expected = [tree["id"] for tree in sorted(kept, key=place, reverse=direction == "desc")]
    filter_ = f"&status={status}" if status else ""
    query = f"order_by={name.replace('-', '_')}&dir={direction}&limit={limit}&offset={offset}{filter_}"
    assert [one["id"] for one in api.find(ORDERS, query).json] == expected[offset : offset + min(limit, 50)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(conditions(), max_size=2, unique_by=lambda one: (one[0], one[2])))
def test_lines_across_orders_agree_with_a_naive_evaluation(
    filled: tuple[Api, list[dict[str, Any]]], asked: list[Condition]
) -> None:
    api, _ = filled
    asked = [(path[1:], *rest) for path, *rest in asked if path[0] == "order-lines"]  # type: ignore[misc] # the same tuple, shorter
    trees = [line for page in (0, 50) for line in api.find("purchase_order_lines", f"offset={page}").json]
    query = "&".join(f"{key(path, operator_)}={quote(operand)}" for path, _, operator_, operand in asked)
    found = [one["id"] for page in (0, 50) for one in api.find("purchase_order_lines", f"{query}&offset={page}").json]
    assert found == answers(trees, asked), query


def test_an_order_is_found_by_what_it_is_now_not_by_what_its_block_was(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_SELECTIVE", 1)
    monkeypatch.setattr(store, "_BLOCK", 1)
    first, second = api.create("PO-1"), api.create("PO-2")
    assert api.find(ORDERS, "po-number[contains]=X").json == []
    assert [one["id"] for one in api.find(ORDERS, "status[in]=issued,closed").json] == [first["id"], second["id"]]
    api.put(f"{ORDERS}/{first['id']}", {"po-number": "PO-X"})
    api.put(f"{ORDERS}/{second['id']}/cancel")
    assert api.post(ORDERS, an_order("PO-X2", supplier={"number": "none"})).status == 400
    third = api.create("PO-X3")
    assert [one["id"] for one in api.find(ORDERS, "po-number[contains]=X").json] == [first["id"], third["id"]]
    assert [one["id"] for one in api.find(ORDERS, "status=cancelled").json] == [second["id"]]
    assert api.admin("POST", "reset").status == 200
    assert api.find(ORDERS, "po-number[contains]=X").json == []


def test_conditions_on_one_line_are_not_met_by_two(api: Api) -> None:
    api.create("PO-1", order_lines=[a_line(price="1", quantity="9"), a_line(price="9", quantity="1")])
    assert api.find(ORDERS, "order-lines[price]=9&order-lines[quantity]=9").json == []
    found = api.find(ORDERS, "order-lines[price][gt]=8.99&order-lines[quantity]=1&fields=%5B%22po_number%22%5D").json
    assert found == [{"po-number": "PO-1"}]


def test_conditions_on_custom_fields_are_met_by_what_stands_there(api: Api) -> None:
    for number, fields in enumerate(({"region": "N/A"}, {"region": {"name": "South"}}, {"region": True, "x": 7}, {})):
        api.create(f"PO-{number}", custom_fields=fields, order_lines=[a_line(custom_fields=fields)])
    for place in ("custom-fields", "order-lines[custom-fields]"):
        for query, expected in (
            ("[region]=N/A", [0]),
            ("[region][starts_with]=S", [1]),
            ("[region]=true", [2]),
            ("[x]=7", [2]),
            ("[region][blank]=true", [3]),
            ("[region][not_eq]=South", [0, 2]),
            ("[y]=1", []),
        ):
            found = api.find(ORDERS, place + query).json
            assert [one["po-number"] for one in found] == [f"PO-{number}" for number in expected], place + query


def test_a_store_of_many_chunks_is_walked_to_its_end(tmp_path: Path) -> None:
    """Conditions that SQLite cannot tell are tested over every candidate, in order, page by page."""
    with SandboxServer(tmp_path) as sandbox:
        api = Api(sandbox.url)
        for number in range(330):
            api.post(ORDERS, an_order(f"PO-{number}", ship_to_attention="last" if number % 150 == 149 else "first"))
        found = api.find(ORDERS, "ship-to-attention=last").json
        assert [one["po-number"] for one in found] == ["PO-149", "PO-299"]
        names = [one["po-number"] for one in api.find(ORDERS, "ship-to-attention=first&offset=300").json]
        assert names == [f"PO-{number}" for number in range(302, 330)]
        ordered = api.find(ORDERS, "order_by=ship_to_attention&dir=desc&limit=3").json
        assert [one["po-number"] for one in ordered] == ["PO-299", "PO-149", "PO-329"]
        for order, offset, expected in (
            ("dir=desc", 300, range(27, -1, -1)),
            ("order_by=updated_at", 310, range(312, 330)),
        ):
            names = [
                one["po-number"] for one in api.find(ORDERS, f"ship-to-attention=first&{order}&offset={offset}").json
            ]
            assert names == [f"PO-{number}" for number in expected]
        lines = api.find("purchase_order_lines", "description[ends_with]=airs&dir=desc&offset=320").json
        assert [one["order-header-number"] for one in lines] == [f"PO-{number}" for number in range(9, -1, -1)]
