"""XML and JSON: one content in two forms, and both as the element tables say."""

import re
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sandbox_api import Api, a_line, an_order

from bulkpo.schema.tables import Element, ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
ORDERS = "purchase_orders"
XML_TYPES = {"integer": "integer", "decimal": "decimal", "float": "float", "boolean": "boolean", "datetime": "dateTime"}
XML_TYPES |= {"date": "date", "time": "time"}
NO_CONTENT = {"id", "created-at", "updated-at", "po-number", "order-header-id", "order-header-number"}


def to_json(node: etree._Element, object_name: str) -> dict[str, Any]:
    """What an XML answer says, in the manner of JSON; holds every element to its table on the way."""
    elements = TABLES.object(object_name).elements
    found: dict[str, Any] = {}
    for child in node:
        name = str(child.tag)
        assert name not in found
        if name == "custom-fields":
            found[name] = {str(field.tag): custom_to_json(field) for field in child}
            continue
        found[name] = element_to_json(child, elements[name])
    return found


def element_to_json(node: etree._Element, element: Element) -> object:
    if node.get("nil") == "true":
        assert (dict(node.items()), node.text) == ({"nil": "true"}, None)
        return None
    if element.many:
        assert dict(node.items()) == {"type": "array"}
        return [to_json(member, element.type) if not element.is_plain else member.text or "" for member in node]
    if not element.is_plain:
        assert not node.attrib
        return to_json(node, element.type)
    assert dict(node.items()) == ({"type": XML_TYPES[element.type]} if element.type in XML_TYPES else {})
    text = node.text or ""
    return typed(element.type, text)


def typed(type_: str, text: str) -> object:
    if type_ == "integer":
        return int(text)
    return text == "true" if type_ == "boolean" else text


def custom_to_json(node: etree._Element) -> object:
    if len(node):
        return {str(field.tag): custom_to_json(field) for field in node}
    return typed(node.get("type", ""), node.text or "")


def check(tree: dict[str, Any], object_name: str) -> None:
    """Every name of an answer stands in the element table, and every value has its type."""
    elements = TABLES.object(object_name).elements
    for name, value in tree.items():
        if name == "custom-fields":
            continue
        element = elements[name]
        if value is None:
            assert element.is_plain, name
        elif element.many:
            assert isinstance(value, list), name
            for member in value if not element.is_plain else ():
                check(member, element.type)
        elif not element.is_plain:
            check(value, element.type)
        else:
            check_plain(element, value)


def check_plain(element: Element, value: object) -> None:
    expected = {"integer": int, "boolean": bool}.get(element.type, str)
    assert type(value) is expected, element
    if element.type == "decimal":
        assert re.fullmatch(r"-?\d+\.\d+", str(value)), element
    if element.type == "datetime":
        assert datetime.fromisoformat(str(value)).utcoffset() is not None
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", str(value)), element


def content(tree: object) -> object:
    """A document without what differs from one creation to the next."""
    if isinstance(tree, dict):
        return {name: content(value) for name, value in tree.items() if name not in NO_CONTENT}
    return [content(one) for one in tree] if isinstance(tree, list) else tree


def to_xml(name: str, value: object) -> str:
    if isinstance(value, dict):
        return f"<{name}>{''.join(to_xml(key, one) for key, one in value.items())}</{name}>"
    if isinstance(value, list):
        return f"<{name}>{''.join(to_xml(name[:-1], one) for one in value)}</{name}>"
    if value is None:
        return f'<{name} nil="true"/>'
    kind = {bool: ' type="boolean"', int: ' type="integer"'}.get(type(value), "")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}{kind}>{escape(text, {chr(13): '&#13;'})}</{name}>"


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40
) | st.sampled_from(["", " ", "<&>\"'", "]]>", "a\tb", "line\nbreak", "00042", "=1+1", "Ünïcödé 💶", "null", "true"])
NUMBERS = st.decimals(-(10**9), 10**9, places=6, allow_nan=False).map(lambda number: format(number, "f"))


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    def line() -> dict[str, Any]:
        return a_line(
            **{
                "description": draw(TEXTS.filter(str.strip)),
                "price": draw(NUMBERS),
                "quantity": draw(NUMBERS),
                "source-part-num": draw(TEXTS),
                "receipt-required": draw(st.booleans() | st.none()),
                "sub-line-num": draw(st.integers(-(10**9), 10**9) | st.none()),
                "need-by-date": draw(
                    st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1)).map(lambda d: d.isoformat() + "Z")
                ),
                "custom-fields": draw(
                    st.dictionaries(
                        st.sampled_from(["a", "b-c"]), TEXTS | st.integers(0, 99) | st.booleans(), max_size=2
                    )
                ),
            }
        )

    return an_order(
        "...",
        ship_to_attention=draw(TEXTS | st.none()),
        payment_term=draw(st.sampled_from([{"code": "Net 30"}, {"code": "2/10 Net 30"}, ...])),
        order_lines=[line() for _ in range(draw(st.integers(1, 3)))],
    )


@pytest.fixture(scope="module")
def numbers() -> dict[str, int]:
    return {"next": 0}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders())
def test_what_is_sent_in_either_form_is_kept_and_shown_alike_in_both(
    api: Api, numbers: dict[str, int], order: dict[str, Any]
) -> None:
    numbers["next"] += 1
    in_json = api.post(ORDERS, {**order, "po-number": f"J{numbers['next']}"})
    in_xml = api.in_xml().post(ORDERS, to_xml("order-header", {**order, "po-number": f"X{numbers['next']}"}))
    assert (in_json.status, in_xml.status) == (201, 201), (in_json.body, in_xml.body)
    check(in_json.json, "order-header")
    assert content(to_json(in_xml.xml, "order-header")) == content(in_json.json)
    path = f"{ORDERS}/{in_json.json['id']}"
    for view in (
        {},
        {"return_object": "shallow"},
        {"return_object": "limited"},
        {"fields": '["id",{"order_lines":["price"]}]'},
    ):
        shown = api.get(path, **view).json
        assert to_json(api.in_xml().get(path, **view).xml, "order-header") == shown
    assert shown == {
        "id": in_json.json["id"],
        "order-lines": [{"price": line["price"]} for line in in_json.json["order-lines"]],
    }


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders())
def test_an_answer_sent_back_changes_nothing(api: Api, numbers: dict[str, int], order: dict[str, Any]) -> None:
    numbers["next"] += 1
    created = api.post(ORDERS, {**order, "po-number": f"R{numbers['next']}"}).json
    path = f"{ORDERS}/{created['id']}"
    assert api.put(path, created).json == created
    xml = api.in_xml().get(path).body
    assert api.in_xml().put(path, xml).body == xml


@pytest.mark.parametrize("resource", TABLES.resource_names())
def test_the_answers_of_every_resource_are_as_its_element_table_says_in_both_forms(full: Api, resource: str) -> None:
    object_name = TABLES.resource(resource).object
    trees = full.get(resource, limit="10").json
    members = full.in_xml().get(resource, limit="10").xml
    assert [to_json(member, object_name) for member in members] == trees
    for tree in trees:
        check(tree, object_name)
        shown = {element.name for element in TABLES.object(object_name).elements.values() if element.is_plain}
        assert {name for name in shown if not name.endswith("?")} <= set(tree)


def test_plain_elements_come_first_then_associations_then_lines(api: Api) -> None:
    names = list(api.create("PO-1", payment_term={"code": "Net 30"}))
    assert names[:5] == ["id", "created-at", "updated-at", "po-number", "status"]
    assert names[-1] == "order-lines"
    plain = [name for name in names if TABLES.object("order-header").elements[name].is_plain]
    assert names[: len(plain)] == plain


def test_every_plain_element_appears_and_an_association_without_a_value_does_not(api: Api) -> None:
    order = api.create("PO-1", supplier=...)
    elements = TABLES.object("order-header").elements.values()
    assert {e.name for e in elements if e.is_plain} <= set(order)
    assert {e.name for e in elements if not e.is_plain and not e.many and e.name in order} == {
        *("created-by", "updated-by", "currency", "ship-to-user")
    }
    assert order["attachments"] == []
    assert api.in_xml().get(f"{ORDERS}/{order['id']}").xml.find("attachments") is not None


def test_nothing_is_nil_and_an_empty_text_is_an_empty_element(api: Api) -> None:
    order = api.create("PO-1", ship_to_attention="", confirm_by_hrs=None)
    assert (order["ship-to-attention"], order["confirm-by-hrs"]) == ("", None)
    body = api.in_xml().get(f"{ORDERS}/{order['id']}").body
    assert b"<ship-to-attention></ship-to-attention>" in body
    assert b'<confirm-by-hrs nil="true"/>' in body
    sent = (
        '<order-header><ship-to-attention nil="true"/><confirm-by-hrs type="integer">7</confirm-by-hrs></order-header>'
    )
    changed = api.in_xml().put(f"{ORDERS}/{order['id']}", sent).xml
    assert changed.find("ship-to-attention").get("nil") == "true"  # type: ignore[union-attr] # it is there
    assert changed.findtext("confirm-by-hrs") == "7"


@pytest.mark.parametrize("media", ["application/xml", "text/xml", "application/xml; charset=utf-8", ""])
def test_xml_comes_as_application_or_text_xml_or_without_a_content_type(api: Api, media: str) -> None:
    headers = {"Authorization": f"Bearer {api.token}", "Accept": "application/xml"}
    body = to_xml("order-header", an_order("PO-1")).encode()
    reply = api.raw("POST", f"/api/{ORDERS}", body, headers | ({"Content-Type": media} if media else {}))
    assert (reply.status, reply.headers["content-type"]) == (201, "application/xml; charset=utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_xml_may_be_written_in_the_encoding_it_declares(api: Api, encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?>' + to_xml(
        "order-header", an_order("PO-1", ship_to_attention="Zoë")
    )
    assert api.in_xml().post(ORDERS, body.encode(encoding)).xml.findtext("ship-to-attention") == "Zoë"


@pytest.mark.parametrize(
    ("accept", "content_type", "expected"),
    [
        (None, None, "application/xml"),
        ("*/*", None, "application/xml"),
        ("*/*", "application/json", "application/json"),
        ("application/json", None, "application/json"),
        ("application/xml", None, "application/xml"),
        ("text/xml", None, "application/xml"),
        ("application/json, */*;q=0.1", None, "application/json"),
        ("text/html", None, None),
    ],
)
def test_the_answer_takes_the_form_that_is_asked_for(
    api: Api, accept: str | None, content_type: str | None, expected: str | None
) -> None:
    given = {"Authorization": f"Bearer {api.token}", "Accept": accept, "Content-Type": content_type}
    reply = api.raw("GET", "/api/currencies", headers={name: value for name, value in given.items() if value})
    if expected is None:
        assert (reply.status, reply.errors) == (406, ["Accept must name application/xml or application/json"])
    else:
        assert (reply.status, reply.headers["content-type"]) == (200, f"{expected}; charset=utf-8")


def test_content_type_and_accept_must_name_the_same_type(api: Api) -> None:
    api.headers = {"Accept": "application/xml"}
    reply = api.post(ORDERS, an_order("PO-1"))
    assert reply.status == 406
    assert reply.errors == ["Content-Type and Accept must name the same type; Accept lacks application/json"]
    assert api.raw("POST", f"/api/{ORDERS}", b"a=b", {**auth(api), "Content-Type": "text/csv"}).status == 415


def auth(api: Api) -> dict[str, str]:
    return {"Authorization": f"Bearer {api.token}"}


@pytest.mark.parametrize(
    ("media", "body", "message"),
    [
        ("application/json", b"{", "The body is not JSON: "),
        ("application/json", b"[]", "The body must be one JSON object"),
        ("application/json", b'{"confirm-by-hrs": NaN}', "The body is not JSON: NaN is not allowed"),
        ("application/json", b"\xff", "The body is not JSON: "),
        ("application/json", b"[" * 100_000, "The body is not JSON: "),
        ("application/xml", b"<order-header>", "The body is not XML: "),
        ("application/xml", b"{}", "The body is not XML: "),
        ("application/xml", b"<order-line/>", "The body's root is <order-line>; expected <order-header>"),
        (
            "application/xml",
            b"<order-header><type>a</type><type>b</type></order-header>",
            "<type> stands twice in <order-header>",
        ),
        ("application/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><order-header/>", "The body must not have a DOCTYPE"),
        (
            "application/xml",
            b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><order-header/>",
            "The body must not have a DOCTYPE",
        ),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(api: Api, media: str, body: bytes, message: str) -> None:
    api.media = media
    reply = api.post(ORDERS, body)
    assert reply.status == 400
    (error,) = reply.errors
    assert error.startswith(message)
