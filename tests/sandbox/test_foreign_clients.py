"""Calls as public integrations and Coupa's own pages make them, with the standard library's client and nothing else."""

import json
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from sandbox_api import EVERY_SCOPE, a_line, an_order

from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer

FILTERS = 'filters:\n  slim: {resource: purchase_orders, query: \'status=draft&fields=["id","po_number"]\'}\n'
ORDER_XML = """<order-header>
   <type>ExternalOrderHeader</type>
   <version>1</version>
   <currency><code>USD</code></currency>
   <po-number>EXTPO-1</po-number>
   <order-confirmation-level>line</order-confirmation-level>
   <confirm-by-hrs>24</confirm-by-hrs>
   <supplier><name>Acme Supplies</name></supplier>
   <ship-to-address><street1>1 Main Street</street1><city>San Mateo</city></ship-to-address>
   <ship-to-user><login>migration</login></ship-to-user>
   <payment-method/>
   <shipping-term><code></code></shipping-term>
   <order-lines type="array">
      <order-line>
         <line-num>1</line-num>
         <need-by-date>2026/03/1</need-by-date>
         <description>Test line 1</description>
         <price type="decimal">100</price>
         <quantity type="decimal">5</quantity>
         <uom><code>EA</code></uom>
         <currency><code>USD</code></currency>
         <account><segment-1>01</segment-1><segment-2>100</segment-2><segment-3>8000</segment-3></account>
      </order-line>
   </order-lines>
</order-header>"""


class Client:
    """A script against an instance: one request at a time, whatever the status."""

    def __init__(self, url: str) -> None:
        self.url = url
        facts = {"client_id": "sandbox", "client_secret": "sandbox", "grant_type": "client_credentials"}
        asked = urllib.parse.urlencode({**facts, "scope": EVERY_SCOPE})
        with urllib.request.urlopen(f"{url}/oauth2/token?{asked}", data=b"") as answer:  # noqa: S310 - the sandbox
            self.token = json.load(answer)["access_token"]

    def call(self, method: str, path: str, body: object = None, media: str = "application/json") -> tuple[int, str]:
        data = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/{path}", data, method=method)  # noqa: S310 - the sandbox
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Accept", "application/xml" if isinstance(body, str) else media)
        if not isinstance(body, str):  # for a text, the standard library names a form
            request.add_header("Content-Type", media)
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - the sandbox
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def json(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - whatever the answer holds
        status, text = self.call(method, path, body)
        assert status in (200, 201), text
        return json.loads(text)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    file = tmp_path_factory.mktemp("filters") / "filters.yaml"
    file.write_text(FILTERS, encoding="utf-8")
    with SandboxServer(None, SandboxOptions(reference_files=(file,))) as sandbox:
        yield sandbox.url


@pytest.fixture
def client(url: str) -> Client:
    client = Client(url)
    reset = urllib.request.Request(f"{url}/_sandbox/reset", method="POST")  # noqa: S310 - the sandbox
    urllib.request.urlopen(reset).close()  # noqa: S310 - the sandbox
    return client


def made(client: Client, number: str = "PO-1", **changes: object) -> Any:  # noqa: ANN401 - an order
    return client.json("POST", "purchase_orders", an_order(number, **changes))


def test_an_order_in_xml_is_created_and_then_issued_with_the_same_body(client: Client) -> None:
    status, text = client.call("POST", "purchase_orders", ORDER_XML)
    order = etree.fromstring(text.encode())
    assert (status, order.findtext("status"), order.find("order-lines").attrib) == (201, "draft", {"type": "array"})  # type: ignore[union-attr]
    assert order.findtext("order-confirmation-level") == "line"
    assert order.findtext("ship-to-address/location-code") == "HQ"
    assert order.findtext("order-lines/order-line/account/code") == "01-100-8000"
    assert order.findtext("order-lines/order-line/need-by-date") == "2026-02-28T16:00:00-08:00"
    assert order.findtext("price-hidden") == "false"
    number = next(order.iter("id")).text
    status, text = client.call("PUT", f"purchase_orders/{number}/issue", ORDER_XML)
    assert (status, etree.fromstring(text.encode()).findtext("status")) == (200, "issued")
    assert client.call("GET", f"purchase_orders/{number}%7D")[0] == 200


def test_an_unknown_user_is_told_where_scripts_look_for_it(client: Client) -> None:
    status, text = client.call("POST", "purchase_orders", an_order("PO-1", ship_to_user={"login": "x"}))
    assert status == 400
    assert json.loads(text)["errors"]["order-header"] == [
        'Unable to find valid User record for ship_to_user with keys {"login"=>"x"}'
    ]


def test_pages_are_fetched_by_offset_until_one_is_empty(client: Client) -> None:
    for number in range(53):
        made(client, f"PO-{number}")
    seen: list[int] = []
    while page := client.json("GET", f"purchase_orders?offset={len(seen)}&limit=200&exported=false"):
        seen += [order["id"] for order in page]
    assert len(set(seen)) == 53
    for order in client.json("GET", "purchase_orders?exported=false&limit=3"):
        asked = urllib.parse.quote('["id","exported"]')
        marked = client.json("PUT", f"purchase_orders/{order['id']}?exported=true&fields={asked}")
        assert marked == {"id": order["id"], "exported": True}


def test_removed_lines_are_shown_where_it_is_asked_for(client: Client) -> None:
    order = made(client, order_lines=[a_line(), a_line(description="Desk")])
    body = {"order-lines": [{"id": order["order-lines"][0]["id"], "_delete": True}]}
    client.json("PUT", f"purchase_orders/{order['id']}", body)
    query = "purchase_orders?exported=false&status[in]=draft,issued,canceled"
    assert [len(one["order-lines"]) for one in client.json("GET", query)] == [1]
    shown = client.json("GET", f"{query}&show_deleted_lines=true")[0]["order-lines"]
    assert [line["status"] for line in shown] == ["draft", "deleted"]


def test_a_filter_kept_on_the_instance_is_asked_for_by_name(client: Client) -> None:
    order = made(client)
    assert client.json("GET", "purchase_orders?filter=slim&offset=0") == [{"id": order["id"], "po-number": "PO-1"}]
    assert client.json("GET", "purchase_orders?filter=slim&po-number=PO-2") == []
    assert client.call("GET", "purchase_orders?filter=other")[0] == 400
    assert client.call("GET", "suppliers?filter=slim")[0] == 400


def test_custom_fields_are_written_alone_and_shown_alone(client: Client) -> None:
    order = made(client)
    asked = urllib.parse.quote('["id","exported",{"custom_fields":{}}]')
    body = {"custom-fields": {"integration-status": "Success"}}
    assert client.json("PUT", f"purchase_orders/{order['id']}?fields={asked}", body) == {
        "id": order["id"],
        "exported": False,
        "custom-fields": {"integration-status": "Success"},
    }


def test_custom_fields_beside_the_standard_elements_are_kept_on_header_and_lines(client: Client) -> None:
    line = a_line(**{"cost-center": {"name": "CC1"}, "approved": True})
    order = made(client, legacy_number="L-1", order_lines=[line])
    shown = client.json("GET", f"purchase_orders/{order['id']}")
    assert (shown["legacy-number"], shown["order-lines"][0]["cost-center"]) == ("L-1", {"name": "CC1"})
    status, text = client.call("GET", f"purchase_orders/{order['id']}", media="application/xml")
    tree = etree.fromstring(text.encode())
    assert (status, tree.findtext("legacy-number"), tree.findtext("order-lines/order-line/approved")) == (
        200,
        "L-1",
        "true",
    )


def test_the_integration_history_is_told_as_coupas_page_shows_it(client: Client) -> None:
    made_ = {"name": "erp", "code": "ERP", "business-object": "PurchaseOrder", "direction": "from_coupa"}
    client.json("POST", "integrations", {**made_, "end-system": "erp", "end-system-type": "erp"})
    run = client.json("POST", "integration_runs", {"integration": {"code": "ERP"}})
    assert run["status"] == "pending"
    assert client.json("PUT", f"integration_runs/{run['id']}/run")["status"] == "started"
    record = {"document-type": "OrderHeader", "document-id": 7, "contact-alert-type": "Technical"}
    alert = client.json("POST", "integration_history_records/create_alert", record)
    asked = urllib.parse.quote('["id","resolved"]')
    found = client.json("GET", f"integration_history_records?resolved=false&document-id=7&fields={asked}")
    assert found == [{"id": alert["id"], "resolved": False}]
    assert client.json("PUT", f"integration_history_records/{alert['id']}/resolve")["resolved"] is True
    assert client.json("PUT", f"integration_runs/{run['id']}/success")["status"] == "successful"
    assert client.json("PUT", f"integration_runs/{run['id']}/fail")["status"] == "failed"


def test_lines_are_changed_closed_and_found_by_their_order(client: Client) -> None:
    order = made(client)
    client.json("PUT", f"purchase_orders/{order['id']}/issue_without_send")
    line = order["order-lines"][0]["id"]
    assert client.json("PUT", f"purchase_order_lines/{line}", {"description": "Stools"})["description"] == "Stools"
    for path in ("order-header[po-number]=PO-1", "order-header[id]=" + str(order["id"]), "order_header[status]=issued"):
        assert [one["id"] for one in client.json("GET", f"purchase_order_lines?{path}")] == [line]
    assert client.json("GET", "purchase_order_lines?order-header[po-number]=PO-2") == []
    closing = f"<order-header><order-lines><order-line><id>{line}</id><status>soft_closed_for_invoicing</status>"
    client.call("PUT", f"purchase_orders/{order['id']}", f"{closing}</order-line></order-lines></order-header>")
    assert client.json("GET", f"purchase_order_lines/{line}")["status"] == "soft_closed_for_invoicing"
    reopened = client.json("PUT", f"purchase_order_lines/{line}/reopen_for_receiving", {"reason-insight-code": "API"})
    assert reopened["status"] == "created"


def test_a_line_added_later_needs_no_unit(client: Client) -> None:
    order = made(client)
    added = client.json("PUT", f"purchase_orders/{order['id']}", {"order-lines": [a_line(uom=...)]})
    assert [line["line-num"] for line in added["order-lines"]] == ["1", "2"]


def test_a_change_request_is_made_of_its_header_alone(client: Client) -> None:
    order = made(client)
    body = f"<order-header-change><order-header-id>{order['id']}</order-header-id></order-header-change>"
    assert client.call("POST", "purchase_order_changes", body)[0] == 201


def test_an_id_that_is_none_finds_nothing(client: Client) -> None:
    assert client.json("GET", "accounts?id=NON_EXISTING") == []


@pytest.mark.parametrize("owner", ["purchase_orders", "purchase_order_lines"])
def test_attachments_and_comments_are_added_listed_and_removed(client: Client, owner: str) -> None:
    order = made(client)
    path = f"{owner}/{order['id'] if owner == 'purchase_orders' else order['order-lines'][0]['id']}"
    for name, body in (("attachments", {"text": "see contract"}), ("comments", {"comments": "late"})):
        added = client.json("POST", f"{path}/{name}", body)
        assert client.json("GET", f"{path}/{name}") == [added]
        client.json("DELETE", f"{path}/{name}/{added['id']}")
        assert client.json("GET", f"{path}/{name}") == []


def test_close_closes_softly_at_first(client: Client) -> None:
    path = f"purchase_orders/{made(client)['id']}"
    client.json("PUT", f"{path}/issue")
    assert [client.json("PUT", f"{path}/close")["status"] for _ in range(2)] == ["soft_closed", "closed"]


@pytest.mark.parametrize("text", ["2011-01-1", "2011/01/01", "2011-1-01T00:00:00Z", "2011.01.01 0:00:00", "2011-01-01"])
def test_dates_are_taken_in_whatever_form_they_can_be_read(client: Client, text: str) -> None:
    made(client, order_lines=[a_line(**{"need-by-date": "2011-01-01T00:00:00Z"})])
    asked = urllib.parse.quote(text)
    assert len(client.json("GET", f"purchase_orders?order-lines[need-by-date]={asked}")) == 1


def test_tls_on_the_plain_port_is_turned_away_at_once(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    with (
        socket.create_connection((host, int(port)), timeout=5) as plain,
        pytest.raises((ssl.SSLError, ConnectionError, HTTPException)),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")


@pytest.mark.parametrize("element", ["supplier", "ship-to-address"])
def test_an_instance_can_require_more(element: str, tmp_path: Path) -> None:
    with SandboxServer(tmp_path, SandboxOptions(required=(f"order-header/{element}",))) as sandbox:
        strict = Client(sandbox.url)
        address = {"location-code": "HQ"}
        lacking = {"ship_to_address": address} | {element.replace("-", "_"): ...}
        status, text = strict.call("POST", "purchase_orders", an_order("PO-1", **lacking))
        name = element.replace("-", " ").capitalize()
        assert (status, json.loads(text)["errors"]["order-header"]) == (400, [f"{name} can't be blank"])
        assert strict.call("POST", "purchase_orders", an_order("PO-1", ship_to_address=address))[0] == 201
