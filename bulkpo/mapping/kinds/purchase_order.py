"""Purchase orders: what bulkpo knows of them beyond their elements."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bulkpo.mapping.kinds.amounts import Amounts
from bulkpo.mapping.kinds.kind import Advice, DocumentKind, KindAction, Noun, is_optional
from bulkpo.mapping.kinds.order_rules import (
    ACCOUNT,
    ALLOCATIONS,
    QUANTITY,
    SHARE_ACCOUNT,
    SILENT,
    UOM,
    UOM_CODE,
    OrderRules,
)
from bulkpo.model.document import Layout, Level
from bulkpo.model.owned import naming

_SUPPLIER, _ADDRESS = "supplier", "ship-to-address"
_LINES = "order-lines"

_NO_TYPE = (
    "the mapping fills no order-lines/type, so Coupa takes every line for a quantity line, with quantity and "
    "unit; say it with the constant order-lines/type: OrderQuantityLine, or OrderAmountLine"
)
_NO_UNIT_EITHER = (
    f"the mapping fills neither order-lines/type nor {UOM}: Coupa takes every line for a quantity line, and refuses "
    f"those without a unit; map {UOM_CODE}, or say that yours needs none: rules: {{{UOM}: {{required: false}}}}"
)


def _advice(layout: Layout, declared: AbstractSet[str]) -> Iterator[Advice]:
    """Notices about a mapping's layout; `declared` are elements of which it says itself whether they are required.

    Coupa's R39 table requires supplier and ship-to address of every order, older tables neither.
    """
    filled = {field.path.names[0] for field in layout.fields}
    missing = [name for name in (_SUPPLIER, _ADDRESS) if name not in filled and name not in declared]
    if _SUPPLIER in missing:
        listed = " nor ".join(missing)
        neither = "neither " if len(missing) > 1 else "no "
        yield Advice(
            "perhaps-required",
            f"the mapping fills {neither}{listed}, and some instances refuse orders without; fill what yours requires, "
            f"or say that it does not: rules: {{{missing[0]}: {{required: false}}}} here, or `required` in its "
            "instance file",
        )
    if layout.below is not None and layout.below.collection == _LINES:
        yield from _advice_on_lines(layout.below, declared)


def _advice_on_lines(lines: Level, declared: AbstractSet[str]) -> Iterator[Advice]:
    in_lines = {field.path.names for field in lines.fields}
    filled = {names[0] for names in in_lines} | ({lines.below.collection} if lines.below is not None else set())
    is_billed = naming(lines.fields, "account") or "account-allocations" in filled
    if not is_billed and not declared & {ACCOUNT, ALLOCATIONS}:
        yield Advice(
            "account-left-open",
            f"the mapping fills neither {ACCOUNT} nor {ALLOCATIONS}, and Coupa refuses lines that are billed to "
            f"nothing; map {ACCOUNT}/code, or say that yours needs none: rules: {{{ACCOUNT}: {{required: false}}}}",
        )
    if ("quantity",) not in in_lines and ("type",) not in in_lines and QUANTITY not in declared:
        yield Advice(
            "quantity-left-open",
            f"the mapping fills neither {QUANTITY} nor order-lines/type, and Coupa refuses quantity lines without a "
            f"quantity; map {QUANTITY}, say with the constant order-lines/type: OrderAmountLine that they are amount "
            f"lines, or that yours needs none: rules: {{{QUANTITY}: {{required: false}}}}",
        )
    if ("quantity",) in in_lines and ("type",) not in in_lines:
        has_unit = "uom" in filled or bool(naming(lines.fields, "item"))
        lacks_unit = not has_unit and not is_optional(UOM, declared)
        yield Advice("line-type-left-open", _NO_UNIT_EITHER if lacks_unit else _NO_TYPE)


_HELD = frozenset({"draft", "error", "currency_hold", "supplier_hold", "supplier_window_hold"})
_OPEN = frozenset({"issued", "exported"})
_REASON = ("reason_insight_code", "reason-insight-event-comment")
"""As a published connector sends them; Coupa's purchase order page names reasons for reopening alone."""

_ACTIONS = {
    "issue": KindAction("issue", "issued", _HELD, "issued", sends=True, repeats=False),
    "issue_without_send": KindAction("issue_without_send", "issued", _HELD, "issued"),
    "release_from_buyer_hold": KindAction(
        "release_from_buyer_hold", "released", frozenset({"buyer_hold"}), "issued", sends=True
    ),
    "cancel": KindAction("cancel", "cancelled", _HELD | _OPEN | {"buyer_hold", "soft_closed"}, "cancelled"),
    "close": KindAction("close", "soft-closed", _OPEN, "soft_closed", repeats=False),
    "close_hard": KindAction("close", "closed", frozenset({"soft_closed"}), "closed"),
    "reopen": KindAction("reopen", "reopened", frozenset({"soft_closed"}), "issued", reason=_REASON),
}
"""Closing a soft-closed order closes it for good, so a close is never repeated before it is sure that none is left."""

_TASKS = {
    "close": ("close",),
    "close --hard": ("close", "close_hard"),
    "cancel": ("cancel",),
    "issue": ("issue",),
    "issue-without-send": ("issue_without_send",),
    "reopen": ("reopen",),
    "release": ("release_from_buyer_hold",),
}

PURCHASE_ORDER = DocumentKind(
    noun=Noun("order", "orders"),
    members={"order-lines": Noun("line", "lines"), "account-allocations": Noun("allocation", "allocations")},
    key_word="number",
    rules=OrderRules,
    worth=Amounts,
    attached_to={"order-lines": "purchase_order_lines"},
    has_worth=True,
    line_number="order-lines/line-num",
    lifted_with={SHARE_ACCOUNT: (ACCOUNT, ALLOCATIONS)},
    silencer=SILENT,
    actions=_ACTIONS,
    tasks=_TASKS,
    sent_in=frozenset({"issued", "exported"}),
    fixed_in=frozenset({"cancelled", "closed"}),
    partner=("supplier/name", "supplier/number", "supplier/id"),
    transmission=("transmission-status", frozenset({"created"})),
    history_type="ExternalOrderHeader",
    advice=_advice,
    remark=(
        "as external orders: they cannot be changed in Coupa's own pages nor received there on the desktop, and Coupa "
        "does not close them; load only what is yet to be received and invoiced"
    ),
)
