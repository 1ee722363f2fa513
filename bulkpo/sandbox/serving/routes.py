"""From a request to an answer: which resource, which document, what to do with it."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from bulkpo.sandbox.catalog import Catalog, Kind, Served
from bulkpo.sandbox.http import Answer, Request
from bulkpo.sandbox.queries.query import pairs, read_query, read_view
from bulkpo.sandbox.queries.views import Size, Tree, View
from bulkpo.sandbox.records.attached import ATTACHED, OWNERS, Attached, Place
from bulkpo.sandbox.records.instance import Instance
from bulkpo.sandbox.records.lines import Lines
from bulkpo.sandbox.records.moves import ACTIONS, LINE_ACTIONS
from bulkpo.sandbox.records.orders import Orders
from bulkpo.sandbox.refused import RefusedRequest, bad_request, not_found
from bulkpo.sandbox.serving.reading import Format, read_body
from bulkpo.sandbox.serving.wire import NO_RESULTS, write_document, write_errors, write_list
from bulkpo.sandbox.storage.store import Body
from bulkpo.sandbox.uploads import is_form, read_form

_ORDERS = "purchase_orders"
_LINES = "purchase_order_lines"
_ALERTS = frozenset({"integration_history_records", "integration_errors"})
_STATUSES = {
    "pending": "pending",
    "run": "started",
    "pause": "paused",
    "finish": "finished",
    "success": "successful",
    "fail": "failed",
}
"""The actions of integration runs, with the status each leaves."""
_NOTED: Mapping[tuple[str, str], Mapping[str, object]] = {
    **{("integration_runs", action): {"status": status} for action, status in _STATUSES.items()},
    **{(name, "resolve"): {"resolved": True} for name in _ALERTS},
    **{(name, "unresolve"): {"resolved": False} for name in _ALERTS},
}
"""What actions on documents of a resource write into them."""

_ID = re.compile(r"([0-9]{1,18})(?:[^0-9].*)?", re.ASCII)
"""An id, as Rails reads one: what stands behind the number is left aside."""


class Api:
    """Answers requests below `/api/`."""

    def __init__(self, instance: Instance, orders: Orders) -> None:
        self._instance = instance
        self._orders = orders
        self._lines = Lines(instance, orders)
        self._attached = Attached(instance, orders, self._lines)
        self._finder = _Finder(instance.catalog)

    def served(self, request: Request) -> Served | None:
        """The resource that a request is for, or None."""
        return self._finder.find(request.path)[0]

    def answer(self, request: Request) -> Answer:
        """Do what is asked for; a refusal is an answer too."""
        try:
            return self._answer(request, answer_format(request))
        except RefusedRequest as refused:
            return refusal(refused, preferred_format(request))
        except RecursionError:
            return refusal(bad_request("The body is nested too deeply"), preferred_format(request))

    def _answer(self, request: Request, format_: Format) -> Answer:
        served, rest = self._finder.find(request.path)
        if served is None:
            raise not_found(f"a resource at {request.path}")
        match rest:
            case [] if request.method == "GET":
                return self._list(served, request, format_)
            case [id_, name, *which] if served.resource.name in OWNERS and name in ATTACHED:
                return self._attachment(Place(served.resource.name, _id(id_), name), which, request, format_)
        view = read_view(
            request.query, served.kind, self._instance.filters
        )  # before anything is done: what is refused must not have happened
        if view.size is Size.NONE and request.method == "GET":
            raise bad_request("return_object=none is for POST and PUT")
        status, body = self._one(served, rest, request)
        return self._shown(status, body, view, served.kind, format_)

    def _shown(self, status: int, body: Body, view: View, kind: Kind, format_: Format) -> Answer:
        if view.size is Size.NONE:
            return _answer(status, b"", format_)
        return _answer(status, write_document(self._instance.tree(kind, body, view), format_, kind), format_)

    def _one(self, served: Served, rest: list[str], request: Request) -> tuple[int, Body]:
        """Show, make or change one document; gives the answer's status and the document."""
        name, status = served.resource.name, 200
        match request.method, rest:
            case "GET", [id_]:
                body = self._get(served, id_)
            case "POST", ([] | ["create_alert"]) if served.can_create and (not rest or name in _ALERTS):
                status, body = 201, self._create(served, self._read(served.kind, request))
            case (("PUT" | "PATCH"), [id_]) if served.can_create or name == _LINES:
                body = self._update(served, _id(id_), request)
            case "PUT", [id_, action] if name == _ORDERS and action in ACTIONS:  # whatever its body says
                body = self._orders.act(_id(id_), action)
            case "PUT", [id_, action] if name == _LINES and action in LINE_ACTIONS:
                body = self._lines.act(_id(id_), action)
            case "PUT", [id_, action] if (name, action) in _NOTED:
                body = self._instance.note(served, _id(id_), **_NOTED[name, action])
            case "DELETE", [id_] if name == _LINES:
                body = self._lines.delete(_id(id_))
            case _:
                raise self._unserved(request, rest)
        return status, body

    @staticmethod
    def _unserved(request: Request, rest: list[str]) -> RefusedRequest:
        if len(rest) > 1:
            return not_found(f"an action {request.method} {request.path}")
        return RefusedRequest(405, [f"{request.method} is not allowed for {request.path}"])

    def _list(self, served: Served, request: Request, format_: Format) -> Answer:
        query = read_query(request.query, served.kind, self._instance.filters)
        bodies = self._instance.page(served, query)
        trees = [self._instance.tree(served.kind, body, query.view) for body in bodies]
        return _list_answer(trees, format_, served.kind, served.resource.plural)

    def _get(self, served: Served, text: str) -> Body:
        if served.kind.name == "order-line":
            return self._lines.get(_id(text))
        return self._instance.get(served, _id(text))

    def _create(self, served: Served, raw: dict[str, Any]) -> Body:
        if served.resource.name == _ORDERS:
            return self._orders.create(raw)
        return self._instance.create(served, raw)

    def _update(self, served: Served, id_: int, request: Request) -> Body:
        exported = dict(pairs(request.query)).get("exported")
        if exported is not None and "exported" in served.kind.elements:
            if exported.lower() not in ("true", "false"):
                raise bad_request(f"exported must be true or false, not {exported!r}")
            return self._instance.mark_exported(served, id_, exported.lower() == "true")
        raw = self._read(served.kind, request)
        if served.resource.name == _ORDERS:
            return self._orders.update(id_, raw)
        if served.resource.name == _LINES:
            return self._lines.update(id_, raw)
        return self._instance.update(served, id_, raw)

    def _attachment(self, place: Place, which: list[str], request: Request, format_: Format) -> Answer:
        """What is attached to a document: listed, added, shown, fetched, or removed."""
        kind = self._attached.kind(place.name)
        view = read_view(request.query, kind, {})
        match request.method, which:
            case "GET", []:
                trees = [self._instance.tree(kind, body, view) for body in self._attached.list(place)]
                return _list_answer(trees, format_, kind, place.name)
            case "GET", [id_]:
                file = self._attached.file(place, _id(id_))
                if file is not None:
                    return Answer(200, file.content, file.media)
                return self._shown(200, self._attached.get(place, _id(id_)), view, kind, format_)
            case "POST", []:
                facts, upload = read_form(request) if is_form(request) else (self._read(kind, request), None)
                return self._shown(201, self._attached.add(place, facts, upload), view, kind, format_)
            case "DELETE", [id_]:
                return self._shown(200, self._attached.delete(place, _id(id_)), view, kind, format_)
        raise RefusedRequest(405, [f"{request.method} is not allowed for {request.path}"])

    @staticmethod
    def _read(kind: Kind, request: Request) -> dict[str, Any]:
        return read_body(request.body, body_format(request), kind)


class _Finder:
    """Which resource a path is for. Some have names of several steps: `payables/order/reconciliation_lines`."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._names = frozenset(catalog.names)

    def find(self, path: str) -> tuple[Served | None, list[str]]:
        """The resource of a path, and the steps that come after it."""
        steps = path.removeprefix("/api/").rstrip("/").split("/")
        for length in (3, 2, 1):
            name = "/".join(steps[:length])
            if len(steps) >= length and name in self._names:
                return self._catalog.resource(name), steps[length:]
        return None, steps


def answer_format(request: Request) -> Format:
    """The form of the answer: what Accept names, else that of the body, else XML. Raises RefusedRequest."""
    accepted = request.headers.get("accept", "*/*").lower()
    has_body = bool(request.body.strip())
    says = (has_body or "content-type" in request.headers) and not is_form(request)
    return _chosen_format(accepted, body_format(request) if says else None, has_body=has_body)


@lru_cache(maxsize=64)
def _chosen_format(accepted: str, sent: Format | None, *, has_body: bool) -> Format:
    named = [form for form in Format if form.name.lower() in accepted]
    if sent is not None and has_body and named and sent not in named:
        raise RefusedRequest(406, [f"Content-Type and Accept must name the same type; Accept lacks {sent.value}"])
    if named:
        return sent if sent in named else min(named, key=lambda form: accepted.index(form.name.lower()))
    if "*" not in accepted:
        raise RefusedRequest(406, ["Accept must name application/xml or application/json"])
    return sent or Format.XML


def preferred_format(request: Request) -> Format:
    """The form of a refusal: that of the answer, or XML if the request names none that can be."""
    try:
        return answer_format(request)
    except RefusedRequest:
        return Format.XML


def body_format(request: Request) -> Format:
    """The form of a body; XML if nothing is said. Raises RefusedRequest."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media in ("", "application/xml", "text/xml"):
        return Format.XML
    if media == "application/json":
        return Format.JSON
    if media == "application/x-www-form-urlencoded":  # what clients send that name no type
        return Format.JSON if request.body.lstrip().startswith(b"{") else Format.XML
    if not request.body.strip():
        return Format.XML
    raise RefusedRequest(415, [f"Content-Type must be application/xml or application/json, not {media}"])


def refusal(refused: RefusedRequest, format_: Format) -> Answer:
    """The answer that says why nothing was done."""
    return _answer(refused.status, write_errors(refused, format_), format_)


def _answer(status: int, body: bytes, format_: Format) -> Answer:
    return Answer(status, body, f"{format_.value}; charset=utf-8")


def _list_answer(trees: Sequence[Tree], format_: Format, kind: Kind, plural: str) -> Answer:
    if not trees and format_ is Format.XML:
        raise RefusedRequest(404, [NO_RESULTS])
    return _answer(200, write_list(trees, format_, kind, plural), format_)


def _id(text: str) -> int:
    found = _ID.fullmatch(text)
    if found is None:
        raise not_found(f"a record with id {text}")
    return int(found[1])
