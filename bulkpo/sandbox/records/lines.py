"""Lines of orders as documents of their own: shown, changed, closed softly, opened again, and removed."""

from collections.abc import Mapping
from typing import Any

from bulkpo.sandbox.records.instance import Instance
from bulkpo.sandbox.records.moves import LINE_ACTIONS
from bulkpo.sandbox.records.order_lines import line_of
from bulkpo.sandbox.records.orders import Orders, refusal
from bulkpo.sandbox.records.references import stamp
from bulkpo.sandbox.refused import not_found
from bulkpo.sandbox.storage.store import Body


class Lines:
    """Finds the order of a line, and changes the line within it."""

    def __init__(self, instance: Instance, orders: Orders) -> None:
        self._instance = instance
        self._orders = orders

    def get(self, id_: int) -> Body:
        """One line of any order; raises RefusedRequest (404)."""
        return line_of(self.order_of(id_), id_)

    def order_of(self, line: int) -> Body:
        """The order a line belongs to; raises RefusedRequest (404)."""
        rows = self._instance.store.orders_of_lines([line])
        if not rows:
            raise not_found(f"OrderLine with id {line}")
        return self._instance.get(self._orders.served, rows[0][1])

    def update(self, id_: int, raw: Mapping[str, Any]) -> Body:
        """Change a line, which changes its order; raises RefusedRequest."""
        order = self.order_of(id_)
        return line_of(self._orders.update(order["id"], {"order-lines": [{**raw, "id": id_}]}), id_)

    def act(self, id_: int, action: str) -> Body:
        """Close a line softly, or open it again."""
        next_ = LINE_ACTIONS[action]
        with self._instance.writing():
            order = self.order_of(id_)
            line = line_of(order, id_)
            if line["status"] not in next_:
                raise refusal(f"Cannot {action.replace('_', ' ')} a line whose status is {line['status']}")
            line["status"] = next_[line["status"]]
            stamp(self._orders.kind.links["order-lines"].kind, line, self._instance.author)
            self._orders.keep(order)
        return line

    def delete(self, id_: int) -> Body:
        """Take a line out of its order, which makes a new version; gives the line."""
        line = self.get(id_)
        self._orders.update(line["order-header-id"], {"order-lines": [{"id": id_, "_delete": True}]})
        return line
