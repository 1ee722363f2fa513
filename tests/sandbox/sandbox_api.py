"""A plain HTTP client for the sandbox, and orders to send: nothing here comes from bulkpo's own client."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from lxml import etree

from bulkpo.sandbox.scopes import KNOWN
from bulkpo.sandbox.serving.server import CLIENT_ID, CLIENT_SECRET
from bulkpo.schema.tables import Element, ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
EVERY_SCOPE = " ".join(sorted(KNOWN))
JSON, XML = "application/json", "application/xml"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the answer holds
        return json.loads(self.body)

    @property
    def xml(self) -> etree._Element:
        return etree.fromstring(self.body)

    @property
    def errors(self) -> list[str]:
        if self.headers["content-type"].startswith(XML):
            return [(error.text or "").strip() for error in self.xml.iter("error")]
        return [message for messages in self.json["errors"].values() for message in messages]


@dataclass
class Api:
    """A plain HTTP client: what it sends is what the test wrote."""

    url: str
    scope: str = EVERY_SCOPE
    media: str = JSON
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.token:
            self.token = self.grant(scope=self.scope).json["access_token"]

    def grant(self, **form: str) -> Reply:
        facts = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **form}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.raw("POST", "/oauth2/token", urlencode(facts).encode(), headers)

    def raw(self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        try:
            connection.request(method, target, body or None, headers or {})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())
        finally:
            connection.close()

    def call(self, method: str, path: str, body: object = None, query: dict[str, str] | str = "") -> Reply:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": self.media, **self.headers}
        data = b""
        if body is not None:
            headers["Content-Type"] = self.media
            data = (
                body
                if isinstance(body, bytes)
                else body.encode()
                if isinstance(body, str)
                else json.dumps(body).encode()
            )
        text = query if isinstance(query, str) else urlencode(query)
        return self.raw(method, f"{path}?{text}" if text else path, data, headers)

    def get(self, path: str, **query: str) -> Reply:
        return self.call("GET", f"/api/{path}", query=query)

    def find(self, path: str, query: str) -> Reply:
        return self.call("GET", f"/api/{path}", query=query)

    def post(self, path: str, body: object, **query: str) -> Reply:
        return self.call("POST", f"/api/{path}", body, query)

    def put(self, path: str, body: object = None, **query: str) -> Reply:
        return self.call("PUT", f"/api/{path}", body, query)

    def admin(self, method: str, path: str, body: object = None) -> Reply:
        data = b"" if body is None else json.dumps(body).encode()
        return self.raw(method, f"/_sandbox/{path}", data, {"Content-Type": JSON})

    def in_xml(self) -> "Api":
        return Api(self.url, self.scope, XML, self.token)

    def create(self, number: str, **changes: object) -> Any:  # noqa: ANN401 - an order as the answer holds it
        reply = self.post("purchase_orders", an_order(number, **changes))
        assert reply.status == 201, reply.body
        return reply.json


def a_line(**changes: object) -> dict[str, Any]:
    line = {
        "description": "Chairs",
        "type": "OrderQuantityLine",
        "price": "10.50",
        "quantity": "3",
        "uom": {"code": "EA"},
        "currency": {"code": "USD"},
        "account": {"code": "01-100-8000", "account-type": {"name": "SAP100"}},
    }
    return {name: value for name, value in {**line, **changes}.items() if value is not ...}


def an_order(number: str, **changes: object) -> dict[str, Any]:
    order = {
        "po-number": number,
        "type": "ExternalOrderHeader",
        "supplier": {"number": "V100"},
        "ship-to-user": {"login": "migration"},
        "order-lines": [a_line()],
    }
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in {**order, **named}.items() if value is not ...}


def sample(element: Element, number: int) -> object:
    if element.values:
        return element.values[number % len(element.values)]
    by_type: dict[str, object] = {
        "integer": number * 7,
        "decimal": f"{number}.50",
        "float": f"{number}.50",
        "boolean": number % 2 == 0,
        "datetime": f"2026-0{number}-15T10:00:00-08:00",
        "date": f"2026-0{number}-15",
        "time": f"0{number}:30:00",
    }
    return by_type.get(element.type, f"{'abc'[number % 3]}x{number}"[: element.length or 99])


def askable(resource: str) -> list[Element]:
    """The plain elements that answers show; `active?` is seen in `active`."""
    elements = TABLES.object(TABLES.resource(resource).object).elements
    plain = [element for element in elements.values() if element.is_plain and not element.many and element.name != "id"]
    return [element for element in plain if element.name.removesuffix("?") in elements]
