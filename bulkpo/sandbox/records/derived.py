"""What an instance works out by itself: totals, full names, account codes, and whether a record is active."""

from decimal import ROUND_HALF_UP, Decimal

from bulkpo.sandbox.catalog import Kind
from bulkpo.sandbox.storage.store import Body
from bulkpo.sandbox.values import WIDE, canonical

_SEGMENTS = tuple(f"segment-{number}" for number in range(1, 21))
_SMALLEST = Decimal("0.0001")


def is_active(body: Body) -> bool:
    """True unless the record says otherwise: `active` or `enabled` false, or a supplier's status inactive."""
    return body.get("active") is not False and body.get("enabled") is not False and body.get("status") != "inactive"


def complete(kind: Kind, body: Body) -> None:
    """Fill in what follows from the other elements of a record."""
    for switch in ("active", "enabled"):
        if switch in kind.elements:
            body.setdefault(switch, True)
    for name in kind.elements:
        if name.endswith("?") and name[:-1] in body:
            body[name] = body[name[:-1]]
    if kind.name == "user":
        _user(body)
    elif kind.name == "account":
        _account(body)
    elif kind.name == "integration-run":
        body.setdefault("status", "pending")
    elif kind.name == "supplier":
        body.setdefault("status", "active")
        body.setdefault("display-name", body.get("name"))


def line_total(line: Body) -> str:
    """A line's amount: price times quantity, or the price of an amount line."""
    quantity = Decimal(1) if line.get("type") == "OrderAmountLine" else Decimal(line.get("quantity", "0"))
    total = WIDE.multiply(Decimal(line.get("price", "0")), quantity)
    return canonical(total.quantize(_SMALLEST, ROUND_HALF_UP, WIDE))


def _user(body: Body) -> None:
    given = body.get("login") or body.get("email") or body.get("employee-number") or ""
    body.setdefault("login", given)
    body.setdefault("email", given if "@" in given else f"{given}@sandbox.example")
    body.setdefault("firstname", given.partition("@")[0][:40])
    body.setdefault("lastname", body["firstname"])
    body["fullname"] = f"{body['firstname']} {body['lastname']}"


def _account(body: Body) -> None:
    """The code is the segments joined; a code given alone, as in reference files, is taken apart."""
    segments = [body[name] for name in _SEGMENTS if body.get(name)]
    if segments:
        body["code"] = "-".join(segments)
    elif "code" in body:
        body.update(zip(_SEGMENTS, body["code"].split("-"), strict=False))
    if "code" in body:
        body.setdefault("name", body["code"])
