"""Orders in one table and their lines in another, found by the numbers both have."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar, by_target
from bulkpo.mapping.guessing.fits.meanings import fit
from bulkpo.mapping.guessing.judging.engine import CURRENCY, JudgedTable
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.schema.names import plain_name

_LINE = "order-lines/"
_SHARED = 0.8
_FEWEST = 3
_ONLY_OF_LINES = ("order-lines/quantity", "order-lines/price", "order-lines/line-num")
_NO_ELEMENT = ("", "order-lines/item/item-number", "order-lines/source-part-num", "order-lines/contract/number")
"""What a number of orders may be taken for that has no name of one."""
_LINE_CURRENCY = "order-lines/currency/code"


def header_of(lines: JudgedTable, others: Sequence[JudgedTable]) -> JudgedTable | None:
    """The table that has what the orders of these lines have once; None where the lines say it themselves."""
    fitting = [each for each in others if each is not lines and _is_header(each, lines)]
    return max(fitting, key=lambda each: len(_elements(each)), default=None)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A table of orders, and the number of the column in which lines say which they are of by another number.

    `own` is the column of that number in the table of orders, `theirs` that of the lines. `rivals` are the numbers of
    those that may be the orders' number besides.
    """

    header: JudgedTable
    column: int
    own: ColumnSoFar
    theirs: ColumnSoFar
    rivals: tuple[int, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether nothing else in the table of orders numbers them."""
        return not self.rivals

    @property
    def joined_by(self) -> dict[str, str]:
        """How the mapping says it, where it is sure: cells and headings agree, and not as what counts rows does."""
        is_sure = _are_called_alike(self.own, self.theirs) and not (self.is_number or _may_count(self.theirs))
        return {self.theirs.title: self.own.title} if is_sure else {}

    @property
    def title(self) -> str:
        """The heading of the number in the table of orders."""
        return self.own.title

    @property
    def said(self) -> str:
        """What is to be done about it."""
        own, theirs = (json.dumps(each.title, ensure_ascii=False) for each in (self.own, self.theirs))
        return (
            f"it says which order a line is of as {self.title!r} does there; join the tables by it (in this table "
            f"`joined_by: {{{theirs}: {own}}}`, and of this column `{{ignore: joins}}`), or put the order's own number "
            "into the lines"
        )


def pointer_of(lines: JudgedTable, others: Sequence[JudgedTable]) -> Pointer | None:
    """How lines that have no number of their orders point to these by another, such as a key of an interface.

    Columns that are called alike go before others.
    """
    own = by_target(lines.columns).get(KEY)
    if own is not None and not own.is_open:
        return None
    found = list(_pointers(lines, [table for table in others if table is not lines]))
    alike = [each for each in found if _are_called_alike(each.own, each.theirs)]
    return next(iter([*alike, *found]), None)


def _pointers(lines: JudgedTable, others: Sequence[JudgedTable]) -> Iterator[Pointer]:
    """All that lines have in common with a number of orders that each has for itself."""
    for table in others:
        key = by_target(table.columns).get(KEY)
        for head in table.columns if key is not None else ():
            wanted = set(head.column.keys)
            is_known = head is key and not key.is_open
            if is_known or not all(wanted) or len(wanted) < max(_FEWEST, len(head.column.keys)):
                continue
            for each in lines.columns:
                theirs = set(each.column.keys) - {""}
                if len(theirs) < each.column.filled and theirs <= wanted and len(theirs) >= _SHARED * len(wanted):
                    yield Pointer(table, each.column.column.number, head, each, _rivals(head, key, table))


def _are_called_alike(one: ColumnSoFar, other: ColumnSoFar) -> bool:
    return plain_name(one.title) == plain_name(other.title)


def _may_count(each: ColumnSoFar) -> bool:
    """Whether cells are all numbers from 1 on, or all tens, as those are that count the rows of either table."""
    texts = set(each.column.keys) - {""}
    numbers = {int(text) for text in texts if text.isdecimal()}
    return len(numbers) == len(texts) and any(
        numbers == set(range(step, step * len(texts) + 1, step)) for step in (1, 10)
    )


def _rivals(head: ColumnSoFar, key: ColumnSoFar | None, table: JudgedTable) -> tuple[int, ...]:
    """The numbers of other columns in a table of orders that may be their number: each order has one of its own."""
    others = [each for each in table.columns if each is key or each.target in _NO_ELEMENT]
    return tuple(each.column.column.number for each in others if each is not head and _is_own(each))


def _is_own(each: ColumnSoFar) -> bool:
    keys = each.column.keys
    return fit(KEY, each.column).value > 0 and all(keys) and len(set(keys)) == len(keys)


def _is_header(table: JudgedTable, lines: JudgedTable) -> bool:
    keys = [key for key in _keys(table) if key]
    if not keys or len(set(keys)) < _SHARED * len(keys):
        return False
    wanted = {key for key in _keys(lines) if key}
    has_lines = any(path.startswith(_LINE) for path in _elements(lines))
    news = {path for path in _elements(table) if not path.startswith(_LINE)} - _elements(lines)
    return has_lines and bool(news) and len(wanted & set(keys)) >= _SHARED * len(wanted) > 0


def _keys(table: JudgedTable) -> Sequence[str]:
    """The numbers of the orders its rows are of; none where no column has them."""
    if table.orders.parts:
        return table.orders.keys
    own = by_target(table.columns).get(KEY)
    return own.column.keys if own is not None else ()


def _elements(table: JudgedTable) -> set[str]:
    return {each.target for each in table.columns if each.target and not each.target[:1].isupper()}


def settle_number(header: JudgedTable, lines: JudgedTable) -> None:
    """Take what lines say of their order for its number, where all of it is among the numbers of the orders."""
    own, key = by_target(lines.columns).get(KEY), by_target(header.columns).get(KEY)
    if own is None or key is None or not own.is_open or key.is_open:
        return
    theirs, wanted = own.column.keys, set(key.column.keys)
    others = [each for each in lines.columns if each is not own and set(each.column.keys) <= wanted]
    if all(theirs) and set(theirs) <= wanted and len(set(theirs)) >= _SHARED * len(wanted) and not others:
        said = f"all its cells are numbers of orders, which stand once each in {key.title!r}"
        own.settle(KEY, (said, "all that lines have, the orders have"))


def part_ways(header: JudgedTable, lines: JudgedTable) -> None:
    """Let each table fill what is its own: the first what an order has once, the second the lines."""
    in_header = {each.target for each in header.columns}
    for each in lines.columns:
        if each.target == CURRENCY and not each.is_open:
            each.target = _LINE_CURRENCY
        elif (
            each.target in in_header
            and each.target != KEY
            and each.target[:1].islower()
            and not each.target.startswith(_LINE)
        ):
            _leave(each, "stands with the orders")
    in_lines = {each.target for each in lines.columns}
    has_currency = any(each.target == _LINE_CURRENCY for each in lines.columns)
    for each in header.columns:
        if each.target.startswith(_LINE) and (each.target != _LINE_CURRENCY or has_currency):
            if each.target in in_lines or each.target in _ONLY_OF_LINES or each.is_offered:
                _leave(each, "stands with the lines")
            else:
                each.open_between([each.target], "it stands with the orders, and the lines have none")


def _leave(each: ColumnSoFar, reason: str) -> None:
    each.target, each.rivals = "", ()
    each.reasons = (reason,)
