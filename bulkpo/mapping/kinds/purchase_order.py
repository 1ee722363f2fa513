"""Purchase orders: what bulkpo knows of them beyond their elements."""

from bulkpo.mapping.kinds.amounts import Amounts
from bulkpo.mapping.kinds.kind import DocumentKind, Noun
from bulkpo.mapping.kinds.order_advice import order_advice
from bulkpo.mapping.kinds.order_rules import SILENT, OrderRules

PURCHASE_ORDER = DocumentKind(
    noun=Noun("order", "orders"),
    members={"order-lines": Noun("line", "lines"), "account-allocations": Noun("allocation", "allocations")},
    key_word="number",
    rules=OrderRules,
    worth=Amounts,
    has_worth=True,
    line_number="order-lines/line-num",
    silencer=SILENT,
    actions=("issue", "issue_without_send", "cancel"),
    sending=("issue",),
    history_type="ExternalOrderHeader",
    advice=order_advice,
    remark=(
        "as external orders: they cannot be changed in Coupa's own pages nor received there on the desktop, and Coupa "
        "does not close them; load only what is yet to be received and invoiced"
    ),
)
