"""What to tell of a mapping of orders that is not wrong, and may surprise: what some instances ask for besides."""

from collections.abc import Collection, Iterator

from bulkpo.mapping.kinds.kind import Advice
from bulkpo.model.document import Layout

_SUPPLIER, _ADDRESS = "supplier", "ship-to-address"
_LINES = "order-lines"


def order_advice(layout: Layout, declared: Collection[str]) -> Iterator[Advice]:
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
    lines = layout.below
    in_lines = {field.path.names for field in lines.fields} if lines is not None and lines.collection == _LINES else ()
    if ("quantity",) in in_lines and ("type",) not in in_lines:
        yield Advice(
            "line-type-left-open",
            "the mapping fills no order-lines/type, so Coupa takes every line for a quantity line, with quantity and "
            "unit; say it with the constant order-lines/type: OrderQuantityLine, or OrderAmountLine",
        )
