"""Purchase orders: external ones as the API makes them, their changes and their actions."""

from collections.abc import Mapping
from typing import Any

from bulkpo.sandbox.catalog import CUSTOM_FIELDS, REVISION
from bulkpo.sandbox.records.instance import Instance
from bulkpo.sandbox.records.intake import Intake, wants
from bulkpo.sandbox.records.moves import ACTIONS, SENDINGS, FirstStatus
from bulkpo.sandbox.records.order_lines import check_line, complete_lines, note_deleted, refuse_closed, set_statuses
from bulkpo.sandbox.records.references import stamp
from bulkpo.sandbox.refused import RefusedRequest
from bulkpo.sandbox.storage.store import Body
from bulkpo.sandbox.values import now

KIND = "order-header"
_OF_THE_BUYER = {CUSTOM_FIELDS: None, "internal-revision": None}
_OF_THE_BUYER_IN_LINES = {"status": None, "updated-at": None, "updated-by": None}


class Orders:
    """Creates and changes purchase orders. `duplicates` and `transmissions` count what should not happen unseen."""

    def __init__(self, instance: Instance, first: FirstStatus) -> None:
        self._instance = instance
        self._store = instance.store
        self._first = first
        self.served = instance.catalog.resource("purchase_orders")
        self.kind = self.served.kind
        self.checks_duplicates = True
        self.duplicates = 0
        self.transmissions = 0

    def create(self, raw: Mapping[str, Any]) -> Body:
        """Make an external order; raises RefusedRequest with all that is wrong."""
        with self._instance.writing():
            intake = self._instance.intake()
            order = intake.read(self.kind, raw)
            order.setdefault("type", "ExternalOrderHeader")
            order |= {"exported": False, "version": 1, "internal-revision": 1}
            order["status"] = self._first_status(order)
            stamp(self.kind, order, self._instance.author)
            duplicate = self._settle(order, intake, frozenset())
            self._transmit(order)
            self._store.insert(KIND, order)
            self._revise(order, "create")
            self.duplicates += duplicate
        return order

    def update(self, id_: int, raw: Mapping[str, Any]) -> Body:
        """Change header and lines, or cancel or close in the older form; raises RefusedRequest."""
        for command in ("cancel", "close"):
            if wants(raw, command):
                return self.act(id_, command)
        with self._instance.writing():
            before = self._instance.get(self.served, id_)
            if before["status"] in ("cancelled", "closed"):
                raise refusal(f"Purchase order {id_} cannot be changed: its status is {before['status']}")
            intake = self._instance.intake()
            order = intake.read(self.kind, raw, before)
            order["version"] = before["version"]
            refuse_closed(order, before, intake)
            note_deleted(order, before)
            for line in set_statuses(order, raw):
                stamp(self.kind.links["order-lines"].kind, line, self._instance.author)
            self._settle(order, intake, frozenset(line["id"] for line in before["order-lines"]))
            if order != before:
                self._change(order, before)
        return order

    def act(self, id_: int, action: str) -> Body:
        """Take one of the actions; raises RefusedRequest where the order's status does not allow it."""
        move = ACTIONS[action]
        with self._instance.writing():
            order = self._instance.get(self.served, id_)
            if order["status"] not in move.next:
                raise refusal(f"Cannot {action.replace('_', ' ')} a purchase order whose status is {order['status']}")
            order["status"] = move.next[order["status"]]
            order["internal-revision"] += 1
            for line in order["order-lines"]:
                line["status"] = move.lines[order["status"]]
            stamp(self.kind, order, self._instance.author)
            if move.sends:
                self._transmit(order)
            self._store.replace(KIND, order)
            self._revise(order, action)
        return order

    def keep(self, order: Body) -> None:
        """Keep an order whose supplier sees nothing of the change. Only within `writing`."""
        order["internal-revision"] += 1
        stamp(self.kind, order, self._instance.author)
        self._store.replace(KIND, order)

    def _change(self, order: Body, before: Body) -> None:
        """Keep a changed order. What the supplier sees makes a new version, is not exported yet, and is sent anew.

        Of a draft the supplier sees nothing.
        """
        order["internal-revision"] += 1
        if order["status"] != "draft" and _as_sent(order) != _as_sent(before):
            order["version"] += 1
            order["exported"] = False
            self._transmit(order)
        stamp(self.kind, order, self._instance.author)
        self._store.replace(KIND, order)
        self._revise(order, "update")

    def _first_status(self, order: Body) -> str:
        supplier = self._instance.viewer.record("supplier", order["supplier"]) if "supplier" in order else {}
        if supplier.get("buyer-hold"):
            return "buyer_hold"
        return "supplier_hold" if supplier.get("on-hold") else self._first.value

    def _settle(self, order: Body, intake: Intake, known: frozenset[int]) -> bool:
        """Check what spans elements and work out what follows; True if the po-number was there already.

        `known` are the lines it had before.
        """
        for number, line in enumerate(order.get("order-lines", ()), 1):
            check_line(line, f"Order lines[{number}] ", intake, is_added=bool(known) and line["id"] not in known)
        taken = any(id_ != order["id"] for id_ in self._store.numbered(order.get("po-number")))
        if taken and self.checks_duplicates:
            intake.complain("", "po-number", "has already been taken")
        if intake.errors:
            raise RefusedRequest(400, intake.errors, KIND)
        complete_lines(order)
        return taken

    def _transmit(self, order: Body) -> None:
        """Send the order to its supplier, unless it is a draft or held, has none, or is to keep silent."""
        if order["status"] == "draft":
            return
        order.setdefault("transmission-status", "created")
        method = order.get("transmission-method-override", "supplier_default")
        if order["status"] == "issued" and method != "do_not_transmit" and "supplier" in order:
            supplier = self._instance.viewer.record("supplier", order["supplier"])
            means = "email" if method == "email" else supplier.get("po-method", "prompt")
            order["transmission-status"] = SENDINGS[means]
            self.transmissions += 1

    def _revise(self, order: Body, change: str) -> None:
        revision = {
            "id": self._store.new_id(),
            "created-at": now(),
            "updated-at": now(),
            "order-header-id": order["id"],
            "change": change,
            "created-by": self._instance.author,
            **{name: order[name] for name in ("po-number", "status", "version", "internal-revision")},
        }
        self._store.insert(REVISION, revision)


def _as_sent(order: Body) -> Body:
    """An order without what its supplier does not see: custom fields, and whether lines are softly closed."""
    lines = [{**line, **_OF_THE_BUYER_IN_LINES} for line in order["order-lines"]]
    return {**order, **_OF_THE_BUYER, "order-lines": lines}


def refusal(message: str) -> RefusedRequest:
    """What cannot be done with an order."""
    return RefusedRequest(400, [message], KIND)
