"""Which document, or which line of it, something is attached to."""

import threading
from collections.abc import Mapping
from typing import NamedTuple

from bulkpo.coupa.client import CoupaClient
from bulkpo.journal.records import PlannedAttachment
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.model.document import Layout
from bulkpo.model.tree import Tree

_MOST_KNOWN = 64


class Owner(NamedTuple):
    """What something is attached to: a document or a line, by its resource and id."""

    resource: str
    id: int


class Owners:
    """Which document or line each attachment goes to; an order is asked once for the ids of its lines."""

    def __init__(self, client: CoupaClient, resource: str, kind: DocumentKind, layout: Layout) -> None:
        self._client = client
        self._resource = resource
        self._lines = layout.below.collection if layout.below is not None else ""
        self._of_lines = kind.attached_to.get(self._lines, "")
        self._number = (kind.line_number or "").rpartition("/")[2]
        self._lock = threading.Lock()
        self._known: dict[int, Tree | None] = {}

    def of(self, order: int, planned: PlannedAttachment) -> Owner | str:
        """What something planned for the order with this id goes to, or why it can go to nothing."""
        if not planned.member:
            return Owner(self._resource, order)
        document = self._document(order)
        if document is None:
            return "it is no longer in Coupa"
        found = document.get(self._lines)
        lines = [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
        if planned.line:
            mine = [each for each in lines if str(each.get(self._number)) == planned.line]
        else:
            mine = lines[planned.member - 1 : planned.member]
        if len(mine) != 1:
            many = "more than one" if mine else "no"
            return f"it has {many} line {planned.line or planned.member} in Coupa"
        return Owner(self._of_lines, int(str(mine[0]["id"])))

    def _document(self, order: int) -> Tree | None:
        with self._lock:
            if order in self._known:
                return self._known[order]
        found = self._client.show(self._resource, order)
        with self._lock:
            if len(self._known) == _MOST_KNOWN:
                self._known.pop(next(iter(self._known)))
            self._known[order] = found
        return found
