"""Whatever comes in, the answer is below 500, and the sandbox goes on."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sandbox_api import Api, an_order

from bulkpo.sandbox.http import MOST_BODY
from bulkpo.sandbox.serving.server import SandboxServer

LOOSE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = st.sampled_from(
    [
        *("po-number", "supplier", "order-lines", "account", "custom-fields", "id", "created-at", "exported", "price"),
        *("in", "blank", "gt", "limit", "offset", "order_by", "dir", "fields", "return_object", "filter", "[", "]", ""),
        *("attachments", "cancel", "..", "%2e%2e", "%00", "-1", "99999999999999999999", "1e9", "\u00e9", "9" * 400),
    ]
)
PLAIN = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False, allow_infinity=False)
)
NAMES = WORDS | st.text(max_size=10)
BODIES = st.recursive(
    PLAIN, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAMES, one, max_size=4), max_leaves=12
)
TAGS = st.sampled_from(
    [
        "order-lines",
        "order-line",
        "supplier",
        "custom-fields",
        "a",
        "id",
        "price",
        "quantity",
        "account",
        "_delete",
        "nil",
        "x-1",
    ]
)
ATTRIBUTES = st.sampled_from(["", ' nil="true"', ' type="array"', ' type="integer"', ' xmlns="urn:x"', " a='1'"])
TEXT = st.sampled_from(
    ["", "1", "x", "true", " ", "&lt;", "<!-- c -->", "<![CDATA[<]]>", "<?p?>", "99999999999999999999"]
)
XML = st.recursive(
    TEXT,
    lambda one: st.tuples(TAGS, ATTRIBUTES, st.lists(one, max_size=3)).map(
        lambda found: f"<{found[0]}{found[1]}>{''.join(found[2])}</{found[0]}>"
    ),
    max_leaves=10,
)
RESOURCES = st.sampled_from(["purchase_orders", "purchase_order_lines", "suppliers", "users"])
STEPS = st.lists(WORDS | st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=4)


@pytest.fixture(scope="module")
def sturdy() -> Iterator[Api]:
    with SandboxServer() as sandbox:
        api = Api(sandbox.url)
        for number in range(3):
            api.create(f"PO-{number}")
        yield api


def talk(api: Api, data: bytes) -> bytes:
    host, port = api.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while piece := connection.recv(65_536):
            found += piece
    return found


@LOOSE
@given(key=st.lists(WORDS, min_size=1, max_size=5), value=WORDS | st.text(max_size=20), resource=RESOURCES)
def test_any_query_is_answered_below_500(sturdy: Api, key: list[str], value: str, resource: str) -> None:
    name = key[0] + "".join(f"[{step}]" for step in key[1:])
    for text in (f"{quote(name, safe='[]')}={quote(value)}", f"{quote(name, safe='')}", f"&={quote(value)}"):
        assert sturdy.find(resource, text).status < 500


@LOOSE
@given(body=st.dictionaries(NAMES, BODIES, max_size=6), method=st.sampled_from(["POST", "PUT", "PATCH"]))
def test_any_json_is_answered_below_500(sturdy: Api, body: dict[str, Any], method: str) -> None:
    order = sturdy.get("purchase_orders", limit="1").json[0]
    for path in (
        "purchase_orders",
        f"purchase_orders/{order['id']}",
        f"purchase_orders/{order['id']}/attachments",
        "users",
    ):
        for whole in (body, {**an_order("PO-0"), **body}, {"order-lines": [body]}):
            reply = sturdy.call(method, f"/api/{path}", json.dumps(whole).encode())
            assert reply.status < 500, reply.body


@LOOSE
@given(inside=st.lists(XML, max_size=5), root=st.sampled_from(["order-header", "order_header", "order-line"]))
def test_any_xml_is_answered_below_500(sturdy: Api, inside: list[str], root: str) -> None:
    order = sturdy.get("purchase_orders", limit="1").json[0]
    body = f"<{root}>{''.join(inside)}</{root}>"
    for method, path in (("POST", "purchase_orders"), ("PUT", f"purchase_orders/{order['id']}")):
        assert sturdy.in_xml().call(method, f"/api/{path}", body).status < 500


@LOOSE
@given(steps=STEPS, method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "TRACE"]))
def test_any_path_is_answered_below_500(sturdy: Api, steps: list[str], method: str) -> None:
    target = "/" + "/".join(["api", "purchase_orders", *(quote(step, safe="") for step in steps)])
    for path in (target, target.replace("/api/", "/_sandbox/"), target.replace("/api", "", 1)):
        assert sturdy.call(method, path).status < 500


@LOOSE
@given(data=st.binary(max_size=200))
def test_any_bytes_on_the_wire_are_answered_below_500_or_not_at_all(sturdy: Api, data: bytes) -> None:
    for sent in (
        data,
        b"GET /api/uoms HTTP/1.1\r\n" + data,
        b"POST /api/users HTTP/1.1\r\nContent-Length: 3\r\n\r\n" + data,
        b"POST /api/users HTTP/1.1\r\n" + data + b"\r\n\r\n",
    ):
        answer = talk(sturdy, sent)
        assert answer == b"" or int(answer.split()[1]) < 500
    assert sturdy.get("uoms", limit="1").status == 200


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/3\r\n\r\n", 400),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 101 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\n" + b"a: b\r\n" * 101 + b"\r\n", 431),
        (b"POST / HTTP/3\r\n\r\n", 400),
        (b"POST /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"POST / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY + 1), 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", 413),
        (b"POST /oauth2/token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n", 400),
        (b"GET /oauth2/token HTTP/1.1\r\n\r\n", 405),
        (b"GET /elsewhere HTTP/1.1\r\n\r\n", 404),
    ],
)
def test_what_is_not_http_or_too_large_is_refused(sturdy: Api, request_: bytes, status: int) -> None:
    assert talk(sturdy, request_).split()[1] == str(status).encode()


def test_several_requests_on_one_connection_are_answered_in_turn(sturdy: Api) -> None:
    request = b"GET /api/uoms?limit=1 HTTP/1.1\r\nAuthorization: Bearer %s\r\n\r\n" % sturdy.token.encode()
    assert talk(sturdy, request * 3).count(b"HTTP/1.1 200 OK") == 3
    assert talk(sturdy, request.replace(b"HTTP/1.1", b"HTTP/1.0") * 3).count(b"HTTP/1.1 200 OK") == 1


def test_a_head_has_no_body(sturdy: Api) -> None:
    answer = talk(sturdy, b"HEAD /api/uoms HTTP/1.1\r\nAuthorization: Bearer %s\r\n\r\n" % sturdy.token.encode())
    assert answer.startswith(b"HTTP/1.1 405")
    assert answer.endswith(b"\r\n\r\n")


def test_a_client_that_waits_for_continue_is_told_to(sturdy: Api) -> None:
    head = b"POST /oauth2/token HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n"
    assert talk(sturdy, head).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400")


def test_an_xml_bomb_and_a_deep_body_are_refused(sturdy: Api) -> None:
    bomb = (
        b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><order-header><type>&b;</type></order-header>'
    )
    assert sturdy.in_xml().post("purchase_orders", bomb).status == 400
    deep = b"<order-header>" + b"<supplier>" * 5_000 + b"</supplier>" * 5_000 + b"</order-header>"
    assert sturdy.in_xml().post("purchase_orders", deep).status == 400
    nested = '{"custom-fields":' + '{"a":' * 900 + "1" + "}" * 901
    assert sturdy.post("purchase_orders", nested).status == 400
    assert sturdy.post("purchase_orders", '{"a":' * 100_000).status == 400


def test_the_sandbox_listens_on_the_loopback(sturdy: Api) -> None:
    assert sturdy.url.startswith("http://127.0.0.1:")
