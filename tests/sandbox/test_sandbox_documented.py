"""What Coupa's documentation and its clients in the field say, one promise each."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from sandbox_api import Api, a_line, an_order

ORDERS = "purchase_orders"


def names(reply: Any) -> list[str]:  # noqa: ANN401 - a reply
    return [one["po-number"] for one in reply.json]


def test_a_list_without_a_match_is_404_in_xml_and_empty_in_json(api: Api) -> None:
    reply = api.in_xml().find(ORDERS, "po-number=none")
    assert (reply.status, reply.xml.tag) == (404, "errors")
    assert reply.errors == ["No results match your search criteria."]
    reply = api.find(ORDERS, "po-number=none")
    assert (reply.status, reply.body) == (200, b"[]")


def test_a_refusal_is_a_list_of_errors_in_xml_and_a_list_under_the_object_in_json(api: Api) -> None:
    reply = api.in_xml().post(ORDERS, "<order-header/>")
    assert (reply.status, reply.xml.tag) == (400, "errors")
    expected = ["Order lines can't be blank", "Po number can't be blank", "Ship to user can't be blank"]
    assert reply.errors == expected
    assert api.post(ORDERS, {}).json == {"errors": {"order-header": expected}}


def test_a_list_has_a_plural_root_of_type_array(api: Api) -> None:
    api.create("PO-1")
    root = api.in_xml().find(ORDERS, "").xml
    assert (root.tag, dict(root.items()), [child.tag for child in root]) == (
        "order-headers",
        {"type": "array"},
        ["order-header"],
    )


def test_a_single_object_has_its_name_for_root_and_collections_nest_plural_and_singular(api: Api) -> None:
    order = api.in_xml().get(f"{ORDERS}/{api.create('PO-1')['id']}").xml
    assert order.tag == "order-header"
    assert [child.tag for child in order.find("order-lines")] == ["order-line"]  # type: ignore[union-attr] # it is there


def test_typed_values_carry_an_attribute_and_po_number_and_line_num_none(api: Api) -> None:
    order = api.in_xml().get(f"{ORDERS}/{api.create('0042')['id']}").xml
    line = "order-lines/order-line"
    paths = ("id", "created-at", "exported", "po-number", f"{line}/price", f"{line}/line-num")
    seen = {path: dict(node.items()) for path in paths if (node := order.find(path)) is not None}
    assert seen == {
        "id": {"type": "integer"},
        "created-at": {"type": "dateTime"},
        "exported": {"type": "boolean"},
        "po-number": {},
        "order-lines/order-line/price": {"type": "decimal"},
        "order-lines/order-line/line-num": {},
    }
    assert order.findtext("po-number") == "0042"


def test_json_has_numbers_for_ids_and_text_for_decimals_and_line_numbers(api: Api) -> None:
    order = api.create("PO-1", order_lines=[a_line(price=100, quantity=5, **{"line-num": 1})])
    line = order["order-lines"][0]
    assert (type(order["id"]), type(order["version"]), order["exported"]) == (int, int, False)
    assert (line["line-num"], line["quantity"], line["price"]) == ("1", "5.0", "100.00")


def test_the_first_id_of_the_xml_is_the_headers(api: Api) -> None:
    order = api.create("PO-1")
    body = api.in_xml().get(f"{ORDERS}/{order['id']}").body.decode()
    assert body.partition('<id type="integer">')[2].startswith(f"{order['id']}<")


def test_no_limit_means_50_and_a_larger_one_is_cut(api: Api) -> None:
    for number in range(52):
        api.create(f"PO-{number}")
    assert len(api.find(ORDERS, "").json) == 50
    assert len(api.find(ORDERS, "limit=1000").json) == 50
    assert names(api.find(ORDERS, "offset=50")) == ["PO-50", "PO-51"]
    assert api.find(ORDERS, "offset=5000").json == []
    assert api.in_xml().find(ORDERS, f"offset={10**25}").status == 404


def test_names_take_dashes_and_underscores_alike(api: Api) -> None:
    api.create("PO-1")
    for query in ("po-number=PO-1", "po_number=PO-1", "order_lines[line_num]=1", "order-lines[line-num]=1"):
        assert names(api.find(ORDERS, query)) == ["PO-1"]
    assert api.find(ORDERS, "fields=" + quote('["po_number"]')).json == [{"po-number": "PO-1"}]


def test_a_trailing_slash_and_stray_keys_do_no_harm(api: Api) -> None:
    order = api.create("PO-1")
    assert names(api.get(f"{ORDERS}/")) == ["PO-1"]
    assert api.get(f"{ORDERS}/{order['id']}/").status == 200
    assert names(api.find(ORDERS, "_&stray&other=&&po-number=PO-1")) == ["PO-1"]


def test_fields_show_what_is_named_and_nothing_else(api: Api) -> None:
    order = api.create("PO-1")
    fields = [
        "id",
        "po_number",
        {"supplier": ["name"]},
        {"order_lines": ["id", "line_num", {"account": ["code"]}]},
        "unknown",
    ]
    line = {"id": order["order-lines"][0]["id"], "line-num": "1", "account": {"code": "01-100-8000"}}
    expected = {"id": order["id"], "po-number": "PO-1", "supplier": {"name": "Acme Supplies"}, "order-lines": [line]}
    assert api.get(ORDERS, fields=json.dumps(fields)).json == [expected]
    assert api.get(f"{ORDERS}/{order['id']}", fields=json.dumps(fields)).json == expected
    assert api.get(ORDERS, fields="[id]").errors == ['fields must be a JSON list, as in ["id",{"supplier":["name"]}]']


def test_return_object_shortens_answers(api: Api) -> None:
    reply = api.post(ORDERS, an_order("PO-1"), return_object="none")
    assert (reply.status, reply.body) == (201, b"")
    (limited,) = api.get(ORDERS, return_object="limited").json
    assert list(limited) == ["id"]
    (shallow,) = api.get(ORDERS, return_object="shallow").json
    assert shallow["supplier"] == {"id": shallow["supplier"]["id"], "number": "V100", "name": "Acme Supplies"}
    assert [list(line) for line in shallow["order-lines"]] == [["id", "line-num"]]
    assert shallow["ship-to-attention"] is None
    assert api.get(ORDERS, return_object="none").errors == ["return_object=none is for POST and PUT"]
    assert api.get(ORDERS, return_object="all").errors == ["return_object must be none, limited or shallow, not 'all'"]


@pytest.mark.parametrize("query", [{"return_object": "all"}, {"fields": "[id]"}])
def test_what_is_refused_for_its_view_has_not_happened(api: Api, query: dict[str, str]) -> None:
    assert api.post(ORDERS, an_order("PO-1"), **query).status == 400
    assert api.get(ORDERS).json == []


def test_the_documented_queries_are_understood(api: Api) -> None:
    api.create("PO-1", order_lines=[a_line(account={"code": "02-100-8000", "account-type": {"name": "SAP200"}})])
    api.create("PO-2", supplier={"name": "Globex"})
    assert names(api.find(ORDERS, "supplier[name][contains]=Acme")) == ["PO-1"]
    assert names(api.find(ORDERS, "order-lines[account][code]=02-100-8000")) == ["PO-1"]
    assert names(api.find(ORDERS, "order-lines[account][account-type][name][in]=SAP100,SAP9")) == ["PO-2"]
    assert [one["code"] for one in api.find("accounts", "account-type[name][in]=SAP200").json] == ["02-100-8000"]
    assert names(api.find(ORDERS, "version[gt]=0&dir=desc&order_by=po_number")) == ["PO-2", "PO-1"]


def test_a_range_is_two_conditions_on_one_attribute(api: Api) -> None:
    for number, price in enumerate(("1", "5", "9")):
        api.create(f"PO-{number}", order_lines=[a_line(price=price)])
    assert names(api.find(ORDERS, "order-lines[price][gt]=1&order-lines[price][lt_or_eq]=5")) == ["PO-1"]


def test_conditions_below_one_collection_are_about_one_member(api: Api) -> None:
    api.create("PO-1", order_lines=[a_line(price="1", quantity="9"), a_line(price="9", quantity="1")])
    assert api.find(ORDERS, "order-lines[price]=1&order-lines[quantity]=1").json == []
    assert names(api.find(ORDERS, "order-lines[price]=1&order-lines[quantity]=9")) == ["PO-1"]


def test_a_date_without_time_and_zone_is_midnight_utc(api: Api) -> None:
    api.create("PO-1", order_lines=[a_line(**{"need-by-date": "2026-01-31T00:00:00+00:00"})])
    assert names(api.find(ORDERS, "order-lines[need-by-date]=2026-01-31")) == ["PO-1"]
    assert api.find(ORDERS, "order-lines[need-by-date][gt]=2026-01-31").json == []
    query = "order-lines[need-by-date][lt]=" + quote("2026-01-30T16:00:01-08:00")
    assert names(api.find(ORDERS, query)) == ["PO-1"]


def test_a_plus_that_was_not_encoded_is_no_date(api: Api) -> None:
    reply = api.find(ORDERS, "updated-at[gt]=2026-01-30T16:00:01+08:00")
    assert reply.status == 400
    assert reply.errors[0].startswith("Invalid query: '2026-01-30T16:00:01 08:00' for 'updated-at' is not a date; ")


@pytest.mark.parametrize(
    "query", ["created-at[blank]=true", "updated_at[contains]=2026", "order-lines[need-by-date][starts_with]=2"]
)
def test_text_operators_and_blank_are_not_for_moments(api: Api, query: str) -> None:
    reply = api.find(ORDERS, query)
    operator = query.rsplit("[", maxsplit=1)[-1].split("]", maxsplit=1)[0]
    name = query.split(f"[{operator}]", maxsplit=1)[0].rsplit("[", maxsplit=1)[-1].strip("]").replace("_", "-")
    assert reply.status == 400
    remedy = "use gt, lt, gt_or_eq, lt_or_eq, not_eq, in, not_in or equality"
    message = f"Invalid query: {operator} cannot be used on '{name}', because it is a datetime; {remedy}"
    assert reply.errors == [message]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("suplier[name]=x", "'suplier' is not an attribute of order-header; did you mean 'supplier'?"),
        ("supplier[nam]=x", "'nam' is not an attribute of supplier; did you mean 'name'?"),
        ("zzz=1", "'zzz' is not an attribute of order-header"),
        ("supplier=Acme", "'supplier' is an association; name one of its attributes, as in supplier[id]"),
        ("version=x", "'x' for 'version' is not a whole number"),
        ("version[in]=1,", "a value for 'version' is missing"),
        ("order-lines[price][gt]=1,5", "'1,5' for 'price' is not a number"),
        ("exported=perhaps", "'perhaps' for 'exported' is not true or false"),
        ("status[blank]=maybe", "blank of 'status' takes true or false, not 'maybe'"),
        ("status[eq=x", "'status[eq' is not written as attribute[operator]"),
        ("limit=ten", "limit must be a whole number, not 'ten'"),
        ("limit=0", "limit must be at least 1"),
        ("offset=-1", "offset must be a whole number, not '-1'"),
        ("order_by=nothing", "'nothing' is not an attribute of order-header"),
        ("order_by=supplier", "cannot order by 'supplier'; it is an association"),
        ("dir=up", "dir must be asc or desc, not 'up'"),
        ("filter=mine", "there is no filter named 'mine' for order-header"),
    ],
)
def test_an_invalid_query_is_answered_with_what_was_wrong(api: Api, query: str, message: str) -> None:
    reply = api.find(ORDERS, query)
    assert (reply.status, reply.errors) == (400, [f"Invalid query: {message}"])


def test_an_unknown_operator_is_named_with_those_there_are(api: Api) -> None:
    known = "blank, contains, ends_with, gt, gt_or_eq, in, lt, lt_or_eq, not_eq, not_in, starts_with"
    message = f"Invalid query: 'like' is not an operator; operators are {known}"
    assert api.find(ORDERS, "status[like]=x").errors == [message]


def test_all_that_is_wrong_with_a_query_is_said_at_once(api: Api) -> None:
    assert len(api.find(ORDERS, "a=1&b=2&limit=x").errors) == 3


@pytest.mark.parametrize(
    "path", [f"{ORDERS}/1", f"{ORDERS}/x", "suppliers/1", "purchase_order_lines/1", "nothing", f"{ORDERS}/1/dance"]
)
def test_what_is_not_there_is_404(api: Api, path: str) -> None:
    for form in (api, api.in_xml()):
        assert form.get(path).status == 404
        assert form.put(path, b"").status in (404, 405)


def test_only_lines_can_be_deleted(api: Api) -> None:
    order = api.create("PO-1")
    reply = api.call("DELETE", f"/api/{ORDERS}/{order['id']}")
    assert (reply.status, reply.errors) == (405, [f"DELETE is not allowed for /api/{ORDERS}/{order['id']}"])


def test_the_old_api_key_opens_nothing(api: Api) -> None:
    assert api.raw("GET", "/api/uoms", headers={"X-COUPA-API-KEY": "sandbox"}).status == 401


def test_resources_below_a_folder_are_found(api: Api) -> None:
    for path in (
        "payables/order/reconciliation_lines",
        "expense_lines/expense_artifacts",
        "asn/headers",
        "contracts/templates",
    ):
        assert api.get(path).json == []


def test_what_was_never_exported_can_be_asked_of_every_resource(api: Api) -> None:
    assert len(api.find("uoms", "exported=false").json) == len(api.find("uoms", "").json)
    assert api.find("uoms", "exported=true").json == []
