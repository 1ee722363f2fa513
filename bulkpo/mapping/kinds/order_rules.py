"""Rules between the elements of one purchase order: those of Coupa's purchase order pages, and a mapping's choices."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from bulkpo.mapping.kinds.choices import Choices
from bulkpo.mapping.kinds.kind import BrokenRule, Demands, is_optional
from bulkpo.model.document import Columns, Document, Level, Member, Values, has_any
from bulkpo.model.owned import naming
from bulkpo.model.totals import AMOUNT_LINE, line_amount

SILENT = ("transmission-method-override", "do_not_transmit")
"""The element that says how an order reaches its supplier, and the value by which it does not."""
QUANTITY, UOM, UOM_CODE = "order-lines/quantity", "order-lines/uom", "order-lines/uom/code"
ACCOUNT, ALLOCATIONS = "order-lines/account", "order-lines/account-allocations"
SHARE_ACCOUNT = f"{ALLOCATIONS}/account"
SHARE_AMOUNT = f"{ALLOCATIONS}/amount"
_CENT = Decimal("0.01")


class _Need(NamedTuple):
    """What a quantity line needs: its finding's code, the element, the one to map, what people call it, its fields."""

    code: str
    path: str
    filled_by: str
    noun: str
    places: Sequence[int]


class OrderRules:
    """The rules one mapping's orders must keep."""

    def __init__(self, levels: Sequence[Level], asked: Demands) -> None:
        self._silent = positions(levels[0], SILENT[0]) if asked.silent else []
        lines = levels[1] if len(levels) > 1 and levels[1].collection == "order-lines" else None
        self._type = positions(lines, "type")
        self._quantity = positions(lines, "quantity")
        self._uom = positions(lines, "uom")
        self._needs = (
            _Need("quantity-missing", QUANTITY, QUANTITY, "quantity", self._quantity),
            _Need("uom-missing", UOM, UOM_CODE, "unit of measure", self._uom),
        )
        self._optional = frozenset(path for path in (QUANTITY, UOM) if is_optional(path, asked.optional))
        self._needed = [] if asked.partial else [need.places for need in self._needs if need.places]
        needs_more = self._type and not asked.partial
        self._lacking = [
            need for need in self._needs if needs_more and not need.places and need.path not in self._optional
        ]
        self._may_be_silent = (SILENT[1], None) if asked.partial else (SILENT[1],)
        below = levels[2] if lines is not None and len(levels) > 2 else None
        has_allocations = below is not None and below.collection == "account-allocations"
        self._percent = positions(below, "pct") if has_allocations and not asked.partial else []
        self._price = positions(lines, "price")
        self._share_amount = positions(below, "amount") if has_allocations and self._price else []
        billed = (lines, below if has_allocations else None)
        self._accounts = [() if level is None or asked.partial else naming(level.fields, "account") for level in billed]
        self._items = () if lines is None else naming(lines.fields, "item")
        self._is_allocated = has_allocations
        need_not = is_optional(ACCOUNT, asked.optional) or ALLOCATIONS in asked.optional
        self._need_not_be_billed = (need_not, need_not or is_optional(SHARE_ACCOUNT, asked.optional))
        self._choices = Choices(levels, asked)

    def check(self, document: Document) -> Iterator[BrokenRule]:
        """Every rule a document breaks."""
        name, silencer = SILENT
        for position in self._silent:
            value = document.values[position]
            if value not in self._may_be_silent:
                message = (
                    f"the mapping is silent: required, but the order would be sent to its supplier; send {silencer}"
                )
                yield BrokenRule("not-silent", message, document.row, name, 0, position, document.values)
        if self._quantity or self._uom or self._is_allocated or self._lacking or any(self._accounts):
            for line in document.members:
                if self._type and line.values[self._type[0]] == AMOUNT_LINE:
                    yield from self._check_amount_line(line)
                elif self._lacking or not self._has_all(line.values):
                    yield from self._check_quantity_line(line)
                if self._percent:
                    yield from self._check_allocations(line)
                if self._share_amount:
                    yield from self._check_amounts(line)
                if any(self._accounts):
                    yield from self._check_accounts(line)
        yield from self._choices.check(document)

    def hold_for(self, header: Columns, lines: Columns) -> bool:
        """Whether orders whose rows are lines keep every rule, asked of their columns; no proof where it is not."""
        if self._is_allocated or any(set(header[place]) != {SILENT[1]} for place in self._silent):
            return False
        if not self._choices.hold_for(header, lines):
            return False
        if self._accounts[0] and all(None in lines[place] for place in self._accounts[0]):
            return False
        kinds = lines[self._type[0]] if self._type else ()
        have_items = any(None not in lines[place] for place in self._items)
        if set(kinds) != {AMOUNT_LINE} and any(need.path != UOM or not have_items for need in self._lacking):
            return False
        if AMOUNT_LINE not in kinds:
            return all(any(None not in lines[place] for place in places) for places in self._needed)
        are_amounts = [kind == AMOUNT_LINE for kind in kinds]
        return all(_are_blank([lines[place] for place in places]) == are_amounts for places in self._needed)

    def _has_all(self, values: Values) -> bool:
        """Whether a line has all a quantity line needs; nearly every line has."""
        for places in self._needed:  # noqa: SIM110 - all() with a generator takes longer, on every line
            if not has_any(values, places):
                return False
        return True

    def _check_amount_line(self, line: Member) -> Iterator[BrokenRule]:
        for name, places in (("quantity", self._quantity), ("uom", self._uom)):
            if has_any(line.values, places):
                message = f"an amount line has no {name}; leave it empty, or make it a quantity line"
                element = f"order-lines/{name}"
                yield BrokenRule("amount-line-with-quantity", message, line.row, element, 1, places[0], line.values)

    def _check_quantity_line(self, line: Member) -> Iterator[BrokenRule]:
        has_item = has_any(line.values, self._items)
        for code, path, filled_by, noun, _ in self._lacking:
            if has_item and path == UOM:
                continue
            message = (
                f"a quantity line needs a {noun}, and the mapping fills none; map {filled_by}, make it an amount "
                f"line, or say that yours needs none: rules: {{{path}: {{required: false}}}}"
            )
            yield BrokenRule(code, message, line.row, path, 1, self._type[0], line.values)
        for code, path, _, noun, places in self._needs:
            if places and not has_any(line.values, places):
                may = path in self._optional
                remedy = "the mapping says that it need not" if may else "fill it in, or make it an amount line"
                if has_item and path == UOM and not may:
                    may, remedy = True, "Coupa takes that of the item the line names"
                message = f"a quantity line needs a {noun}; {remedy}"
                yield BrokenRule(code, message, line.row, path, 1, places[0], line.values, may)

    def _check_accounts(self, line: Member) -> Iterator[BrokenRule]:
        of_line, of_shares = self._accounts
        if line.members:
            found = [(2, share) for share in line.members if of_shares and not has_any(share.values, of_shares)]
        else:
            found = [] if has_any(line.values, of_line) else [(1, line)]
        for level, billed in found:
            places, noun = (of_line, "a line") if level == 1 else (of_shares, "an allocation")
            may = self._need_not_be_billed[level - 1]
            remedy = "the mapping says that it need not" if may else "fill it in, or map a column or constant that does"
            message = f"{noun} needs an account to be billed to; {remedy}"
            element = ACCOUNT if level == 1 else SHARE_ACCOUNT
            place = places[0] if places else 0
            yield BrokenRule("account-missing", message, billed.row, element, level, place, billed.values, may)

    def _check_allocations(self, line: Member) -> Iterator[BrokenRule]:
        given = [pct for below in line.members for place in self._percent if (pct := below.values[place]) is not None]
        if given and sum(map(Decimal, given)) != 100:
            total = format(sum(map(Decimal, given)), "f")
            message = f"the allocations of the line add up to {total} percent, not 100; correct them"
            name = "order-lines/account-allocations/pct"
            first = line.members[0]
            yield BrokenRule("allocations-not-100", message, first.row, name, 2, self._percent[0], first.values)

    def _check_amounts(self, line: Member) -> Iterator[BrokenRule]:
        """What a line's shares come to in money, each of which may be rounded by a cent, beside what it is worth."""
        place = self._share_amount[0]
        given = [amount for below in line.members if (amount := below.values[place]) is not None]
        kind, price, quantity = (
            line.values[places[0]] if places else None for places in (self._type, self._price, self._quantity)
        )
        total, worth = sum(map(Decimal, given)), line_amount(kind, price, quantity)
        is_known = price is not None and (kind == AMOUNT_LINE or quantity is not None)
        if given and is_known and len(given) == len(line.members) and abs(total - worth) > _CENT * len(given):
            message = f"the allocations of the line come to {total:f}, but it is worth {worth:f}; see which is meant"
            first = line.members[0]
            yield BrokenRule(
                "allocations-not-amount", message, first.row, SHARE_AMOUNT, 2, place, first.values, is_told_only=True
            )


def positions(level: Level | None, name: str) -> list[int]:
    """Where an element, or the elements below it, stand among a level's fields."""
    if level is None:
        return []
    return [place for place, field in enumerate(level.fields) if field.path.names[0] == name]


def _are_blank(columns: Columns) -> list[bool]:
    """Row by row, whether there is nothing in any of these columns."""
    return [values.count(None) == len(values) for values in zip(*columns, strict=True)]
