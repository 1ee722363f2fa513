"""One Coupa instance in small: its store, its records, and what can be done with them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from bulkpo.sandbox.catalog import Catalog, Kind, Served
from bulkpo.sandbox.queries.query import Query
from bulkpo.sandbox.queries.search import Search
from bulkpo.sandbox.queries.views import Tree, View, Viewer
from bulkpo.sandbox.records import derived
from bulkpo.sandbox.records.intake import Intake
from bulkpo.sandbox.records.order_lines import DELETED
from bulkpo.sandbox.records.references import ReferenceBook, References, stamp
from bulkpo.sandbox.refused import RefusedRequest, not_found
from bulkpo.sandbox.storage.store import Body, Store
from bulkpo.sandbox.values import Shown, now
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

API_USER = "sandbox"


class Instance:
    """Creates, changes and finds documents."""

    def __init__(
        self, folder: Path | None, references: References, time_zone: str, required: Sequence[str] = ()
    ) -> None:
        self.catalog = _catalog()
        self.store = Store(folder)
        self.references = ReferenceBook(self.catalog, self.store, references)
        self.viewer = Viewer(self.catalog, self.store, Shown(time_zone))
        self._search = Search(self.catalog, self.store, self.viewer)
        self.author = 0
        self.required = frozenset(required)
        self.filters: dict[str, tuple[str, str]] = {}

    def forget(self) -> None:
        """Read and look up records anew, after one has changed."""
        self.references.forget()
        self.viewer.forget()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Changes made within are kept together, or not at all; what was remembered of a failed one is forgotten."""
        try:
            with self.store.writing():
                yield
        except BaseException:
            self.forget()
            raise

    def intake(self) -> Intake:
        """A reader for one document."""
        return Intake(self.store, self.references, self.author, required=self.required)

    def get(self, served: Served, id_: int) -> Body:
        """A document; raises RefusedRequest (404)."""
        body = self.store.get(served.kind.name, id_)
        if body is None:
            raise not_found(f"{served.kind.title} with id {id_}")
        return body

    def page(self, served: Served, query: Query) -> list[Body]:
        """The documents that answer a query."""
        return self._search.page(served, query)

    def tree(self, kind: Kind, body: Body, view: View) -> Tree:
        """A document as an answer shows it."""
        if view.shows_deleted and DELETED in body:
            body = {**body, "order-lines": [*body["order-lines"], *body[DELETED]]}
        return self.viewer.tree(kind, body, view)

    def create(self, served: Served, raw: Mapping[str, Any]) -> Body:
        """Make a record; raises RefusedRequest with all that is wrong."""
        kind = served.kind
        with self.writing():
            intake = self.intake()
            body = intake.read(kind, raw)
            self._finish(kind, body, intake)
            self.store.insert(kind.name, body, kind.keys)
        return body

    def update(self, served: Served, id_: int, raw: Mapping[str, Any]) -> Body:
        """Change a record; raises RefusedRequest with all that is wrong."""
        kind = served.kind
        with self.writing():
            before = self.get(served, id_)
            intake = self.intake()
            body = intake.read(kind, raw, before)
            self._finish(kind, body, intake)
            self.store.replace(kind.name, body, kind.keys)
            self.forget()
        return body

    def mark_exported(self, served: Served, id_: int, exported: bool) -> Body:  # noqa: FBT001 - it is the value to be kept
        """Note that a document was exported, or was not; nothing else changes, not even `updated-at`."""
        with self.writing():
            body = self.get(served, id_)
            body["exported"] = exported
            if exported and "last-exported-at" in served.kind.elements:
                body["last-exported-at"] = now()
            self.store.replace(served.kind.name, body, served.kind.keys)
            if served.resource.name != "purchase_orders":
                self.forget()
        return body

    def note(self, served: Served, id_: int, **values: object) -> Body:
        """Write elements that no client can fill, as an action does; raises RefusedRequest (404)."""
        with self.writing():
            body = self.get(served, id_)
            body |= values
            stamp(served.kind, body, self.author)
            self.store.replace(served.kind.name, body, served.kind.keys)
            self.forget()
        return body

    def load(self, resource: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
        """Keep reference data as they are given, read-only elements too; gives what is wrong with them."""
        kind = self.catalog.resource(resource).kind
        problems: list[str] = []
        for number, raw in enumerate(records, 1):
            intake = Intake(self.store, self.references, self.author, trusts=True)
            body = intake.read(kind, raw)
            problems.extend(f"{resource}[{number}]: {error}" for error in intake.errors)
            if not intake.errors:
                stamp(kind, body, self.author or None)
                derived.complete(kind, body)
                self.store.insert(kind.name, body, kind.keys)
        return problems

    def _finish(self, kind: Kind, body: Body, intake: Intake) -> None:
        for key in _UNIQUE.get(kind.name, ()):
            if key in body and any(id_ != body["id"] for id_ in self.store.find(kind.name, key, str(body[key]))):
                intake.complain("", key, "has already been taken")
        if intake.errors:
            raise RefusedRequest(400, intake.errors, kind.name)
        stamp(kind, body, self.author)
        derived.complete(kind, body)


@cache
def _catalog() -> Catalog:
    """The element tables never change, and take a tenth of a second to read: all sandboxes of a process share them."""
    return Catalog(ElementTables(schema_text))


_UNIQUE = {
    "account-type": ("name",),
    "department": ("name",),
    "payment-term": ("code",),
    "shipping-term": ("code",),
    "supplier": ("name", "number"),
    "user": ("login", "email"),
}
