"""What is attached to an order or a line of one: attachments with their files, and comments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bulkpo.sandbox.catalog import Kind
from bulkpo.sandbox.records.instance import Instance
from bulkpo.sandbox.records.lines import Lines
from bulkpo.sandbox.records.order_lines import line_of
from bulkpo.sandbox.records.orders import Orders
from bulkpo.sandbox.records.references import stamp
from bulkpo.sandbox.refused import RefusedRequest, not_found
from bulkpo.sandbox.storage.store import Body
from bulkpo.sandbox.uploads import Upload

ATTACHED = {"attachments": "attachment", "comments": "comment"}
"""What can be attached: its name in the address, and its kind."""
OWNERS = frozenset({"purchase_orders", "purchase_order_lines"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is attached: to one document of a resource, as one of its attachments or comments."""

    resource: str
    id: int
    name: str


class Attached:
    """Adds, shows and removes what is attached."""

    def __init__(self, instance: Instance, orders: Orders, lines: Lines) -> None:
        self._instance = instance
        self._orders = orders
        self._lines = lines

    def kind(self, name: str) -> Kind:
        """The kind of an attachment or a comment."""
        return self._instance.catalog.kind(ATTACHED[name])

    def list(self, place: Place) -> list[Body]:
        """Everything attached there; raises RefusedRequest (404)."""
        return list(self._owner(place)[1].get(place.name, ()))

    def get(self, place: Place, id_: int) -> Body:
        """One of what is attached; raises RefusedRequest (404)."""
        return self._one(self._owner(place)[1], place, id_)

    def add(self, place: Place, raw: Mapping[str, Any], upload: Upload | None = None) -> Body:
        """Attach something, with its file if one was sent; raises RefusedRequest."""
        kind = self.kind(place.name)
        with self._instance.writing():
            order, owner = self._owner(place)
            intake = self._instance.intake()
            added = intake.read(kind, raw)
            if intake.errors:
                raise RefusedRequest(400, intake.errors, kind.name)
            if upload is not None:
                self._keep(added, place, upload)
            stamp(kind, added, self._instance.author)
            owner.setdefault(place.name, []).append(added)
            self._orders.keep(order)
        return added

    def delete(self, place: Place, id_: int) -> Body:
        """Take away one of what is attached; gives it. Raises RefusedRequest (404)."""
        with self._instance.writing():
            order, owner = self._owner(place)
            gone = self._one(owner, place, id_)
            owner[place.name].remove(gone)
            self._orders.keep(order)
        return gone

    def file(self, place: Place, id_: int) -> Upload | None:
        """The file of an attachment, None of one without; raises RefusedRequest (404)."""
        one = self.get(place, id_)
        rows = self._instance.store.rows("file", (id_,))
        return Upload(one["file-file-name"], one["file-content-type"], rows[0][0]) if rows else None

    def _owner(self, place: Place) -> tuple[Body, Body]:
        """The order, and the document within it that has the attachment: itself, or a line."""
        if place.resource == "purchase_order_lines":
            order = self._lines.order_of(place.id)
            return order, line_of(order, place.id)
        order = self._instance.get(self._orders.served, place.id)
        return order, order

    def _one(self, owner: Body, place: Place, id_: int) -> Body:
        for one in owner.get(place.name, ()):
            if one["id"] == id_:
                found: Body = one
                return found
        raise not_found(f"{self.kind(place.name).title} with id {id_}")

    def _keep(self, attachment: Body, place: Place, upload: Upload) -> None:
        attachment |= {
            "type": "AttachmentFile",
            "file": upload.name,
            "file-file-name": upload.name,
            "file-content-type": upload.media,
            "file-file-size": str(len(upload.content)),
            "file-url": f"/api/{place.resource}/{place.id}/attachments/{attachment['id']}",
        }
        self._instance.store.insert_file(attachment["id"], upload.content)
