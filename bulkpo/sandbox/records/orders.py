"""Purchase orders: external ones as the API makes them, their changes, their actions and their lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bulkpo.sandbox.catalog import CUSTOM_FIELDS, REVISION
from bulkpo.sandbox.records import derived
from bulkpo.sandbox.records.instance import Instance
from bulkpo.sandbox.records.intake import Intake, wants
from bulkpo.sandbox.records.references import stamp
from bulkpo.sandbox.refused import RefusedRequest, not_found
from bulkpo.sandbox.storage.store import Body
from bulkpo.sandbox.uploads import Upload
from bulkpo.sandbox.values import now

KIND = "order-header"


@dataclass(frozen=True, slots=True)
class Move:
    """What an action does: the statuses it can be taken in, the order's next one, and its lines'."""

    sources: frozenset[str]
    order: str
    line: str
    sends: bool = False


_HELD = frozenset({"draft", "error", "buyer_hold", "currency_hold", "supplier_hold", "supplier_window_hold"})
_OPEN = frozenset({"issued", "exported"})
ACTIONS: Mapping[str, Move] = {
    "issue": Move((_HELD - {"buyer_hold"}) | _OPEN, "issued", "created", sends=True),
    "ignore_window_and_issue": Move((_HELD - {"buyer_hold"}) | _OPEN, "issued", "created", sends=True),
    "issue_without_send": Move((_HELD - {"buyer_hold"}) | _OPEN, "issued", "created"),
    "release_from_buyer_hold": Move(frozenset({"buyer_hold"}), "issued", "created", sends=True),
    "cancel": Move(_HELD | _OPEN | {"soft_closed"}, "cancelled", "cancelled"),
    "close": Move(_OPEN | {"soft_closed"}, "closed", "closed"),
    "reopen": Move(frozenset({"closed", "soft_closed"}), "issued", "created"),
}
LINE_ACTIONS: Mapping[str, Move] = {
    "soft_close_for_receiving": Move(frozenset({"created"}), "", "soft_closed_for_receiving"),
    "soft_close_for_invoicing": Move(frozenset({"created"}), "", "soft_closed_for_invoicing"),
    "reopen_for_receiving": Move(frozenset({"soft_closed_for_receiving"}), "", "created"),
    "reopen_for_invoicing": Move(frozenset({"soft_closed_for_invoicing"}), "", "created"),
}
_SENDINGS = {
    "email": "scheduled_for_email",
    "cxml": "scheduled_for_cxml",
    "xml": "scheduled_for_xml",
    "prompt": "pending_manual",
    "mark_as_sent": "sent_manually",
    "buy_online": "awaiting_online_purchase",
}


class Orders:
    """Creates and changes purchase orders. `duplicates` and `transmissions` count what should not happen unseen."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._store = instance.store
        self._served = instance.catalog.resource("purchase_orders")
        self._kind = self._served.kind
        self.checks_duplicates = True
        self.duplicates = 0
        self.transmissions = 0

    def create(self, raw: Mapping[str, Any]) -> Body:
        """Make an external order; raises RefusedRequest with all that is wrong."""
        with self._instance.writing():
            intake = self._instance.intake()
            order = intake.read(self._kind, raw)
            order.setdefault("type", "ExternalOrderHeader")
            order |= {"exported": False, "version": 1, "internal-revision": 1}
            order["status"] = self._first_status(order)
            stamp(self._kind, order, self._instance.author)
            duplicate = self._settle(order, intake)
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
            before = self._instance.get(self._served, id_)
            if before["status"] in ("cancelled", "closed"):
                raise self._refusal(f"Purchase order {id_} cannot be changed: its status is {before['status']}")
            intake = self._instance.intake()
            order = intake.read(self._kind, raw, before)
            order["version"] = before["version"]
            self._settle(order, intake)
            if order != before:
                self._change(order, before)
        return order

    def act(self, id_: int, action: str) -> Body:
        """Take one of the actions; raises RefusedRequest where the order's status does not allow it."""
        move = ACTIONS[action]
        with self._instance.writing():
            order = self._instance.get(self._served, id_)
            if order["status"] not in move.sources:
                raise self._refusal(
                    f"Cannot {action.replace('_', ' ')} a purchase order whose status is {order['status']}"
                )
            order["status"] = move.order
            order["internal-revision"] += 1
            for line in order["order-lines"]:
                line["status"] = move.line
            stamp(self._kind, order, self._instance.author)
            if move.sends:
                self._transmit(order)
            self._store.replace(KIND, order)
            self._revise(order, action)
        return order

    def attach(self, id_: int, raw: Mapping[str, Any], upload: Upload | None = None) -> Body:
        """Add an attachment, with its file if one was sent; gives the attachment."""
        with self._instance.writing():
            order = self._instance.get(self._served, id_)
            intake = self._instance.intake()
            kind = self._kind.links["attachments"].kind
            attachment = intake.read(kind, raw)
            self._raise(intake)
            if upload is not None:
                self._keep(attachment, id_, upload)
            stamp(kind, attachment, self._instance.author)
            order.setdefault("attachments", []).append(attachment)
            stamp(self._kind, order, self._instance.author)
            self._store.replace(KIND, order)
        return attachment

    def _keep(self, attachment: Body, order: int, upload: Upload) -> None:
        attachment |= {
            "type": "AttachmentFile",
            "file": upload.name,
            "file-file-name": upload.name,
            "file-content-type": upload.media,
            "file-file-size": str(len(upload.content)),
            "file-url": f"/api/purchase_orders/{order}/attachments/{attachment['id']}",
        }
        self._store.insert_file(attachment["id"], upload.content)

    def file(self, id_: int, attachment: int) -> Upload:
        """The file of an order's attachment; raises RefusedRequest (404)."""
        order = self._instance.get(self._served, id_)
        for one in order.get("attachments", ()):
            if one["id"] == attachment and (rows := self._store.rows("file", (attachment,))):
                return Upload(one["file-file-name"], one["file-content-type"], rows[0][0])
        raise not_found(f"a file with id {attachment}")

    def line(self, id_: int) -> Body:
        """One line of any order; raises RefusedRequest (404)."""
        return _line_of(self._order_of(id_), id_)

    def act_on_line(self, id_: int, action: str) -> Body:
        """Close a line softly, or open it again."""
        move = LINE_ACTIONS[action]
        with self._instance.writing():
            order = self._order_of(id_)
            line = _line_of(order, id_)
            if line["status"] not in move.sources:
                raise self._refusal(f"Cannot {action.replace('_', ' ')} a line whose status is {line['status']}")
            line["status"] = move.line
            stamp(self._kind.links["order-lines"].kind, line, self._instance.author)
            order["internal-revision"] += 1
            stamp(self._kind, order, self._instance.author)
            self._store.replace(KIND, order)
        return line

    def delete_line(self, id_: int) -> Body:
        """Take a line out of its order, which makes a new version; gives the line."""
        line = self.line(id_)
        self.update(line["order-header-id"], {"order-lines": [{"id": id_, "_delete": True}]})
        return line

    def _order_of(self, line: int) -> Body:
        rows = self._store.orders_of_lines([line])
        if not rows:
            raise not_found(f"OrderLine with id {line}")
        return self._instance.get(self._served, rows[0][1])

    def _change(self, order: Body, before: Body) -> None:
        """Keep a changed order. What the supplier sees makes a new version, is not exported yet, and is sent anew."""
        order["internal-revision"] += 1
        if {**order, CUSTOM_FIELDS: None, "internal-revision": 0} != {
            **before,
            CUSTOM_FIELDS: None,
            "internal-revision": 0,
        }:
            order["version"] += 1
            order["exported"] = False
            self._transmit(order)
        stamp(self._kind, order, self._instance.author)
        self._store.replace(KIND, order)
        self._revise(order, "update")

    def _first_status(self, order: Body) -> str:
        supplier = self._instance.viewer.record("supplier", order["supplier"]) if "supplier" in order else {}
        if supplier.get("buyer-hold"):
            return "buyer_hold"
        return "supplier_hold" if supplier.get("on-hold") else "issued"

    def _settle(self, order: Body, intake: Intake) -> bool:
        """Check what spans elements and work out what follows; True if the po-number was there already."""
        for number, line in enumerate(order.get("order-lines", ()), 1):
            _check_line(line, f"Order lines[{number}] ", intake)
        taken = any(id_ != order["id"] for id_ in self._store.numbered(order.get("po-number")))
        if taken and self.checks_duplicates:
            intake.complain("", "po-number", "has already been taken")
        self._raise(intake)
        _complete(order)
        return taken

    def _transmit(self, order: Body) -> None:
        """Send the order to its supplier, unless it is held, has none, or is to keep silent."""
        order.setdefault("transmission-status", "created")
        method = order.get("transmission-method-override", "supplier_default")
        if order["status"] == "issued" and method != "do_not_transmit" and "supplier" in order:
            supplier = self._instance.viewer.record("supplier", order["supplier"])
            means = "email" if method == "email" else supplier.get("po-method", "prompt")
            order["transmission-status"] = _SENDINGS[means]
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

    def _raise(self, intake: Intake) -> None:
        if intake.errors:
            raise RefusedRequest(400, intake.errors, KIND)

    @staticmethod
    def _refusal(message: str) -> RefusedRequest:
        return RefusedRequest(400, [message], KIND)


def _line_of(order: Body, id_: int) -> Body:
    found: Body = next(line for line in order["order-lines"] if line["id"] == id_)
    return found


def _check_line(line: Body, where: str, intake: Intake) -> None:
    line.setdefault("type", "OrderQuantityLine")
    if line["type"] == "OrderAmountLine":
        if "quantity" in line:
            intake.complain(where, "quantity", "must be blank for an OrderAmountLine")
    else:
        for name in ("quantity", "uom"):
            if name not in line:
                intake.complain(where, name, "can't be blank")
    shares = line.get("account-allocations", ())
    if shares:
        total = sum((Decimal(share["pct"]) for share in shares if "pct" in share), Decimal(0))
        if total != 100 and all("pct" in share for share in shares):
            intake.complain(where, "account-allocations", f"must add up to 100 percent, not {total:f}")
    elif "account" not in line:
        intake.complain(where, "account", "can't be blank")


def _complete(order: Body) -> None:
    lines = order["order-lines"]
    order.setdefault("currency", lines[0]["currency"])
    numbers = {line.get("line-num") for line in lines}
    following = 1
    for line in lines:
        if not line.get("line-num"):
            while str(following) in numbers:
                following += 1
            line["line-num"] = str(following)
            numbers.add(line["line-num"])
        total = derived.line_total(line)
        line |= {"total": total, "accounting-total": total, "reporting-total": total}
        line |= {"accounting-total-currency": line["currency"], "order-header-id": order["id"]}
        line["order-header-number"] = order["po-number"]
        for name, value in (("status", "created"), ("version", 1), ("invoiced", "0"), ("received", "0.0")):
            line.setdefault(name, value)
