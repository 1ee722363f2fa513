"""What bears out that a column is the one thing its cells look like: words of its name, or what the rows say.

Cells that look like dates are one piece of evidence; that they never come before the date of the order is another.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.cells.day_order import comes_after
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders, varies
from bulkpo.schema.hearing import set_apart
from bulkpo.schema.notions import Heard, heard

_FEWEST, _ALL = 3, 0.95
_SOME_FORMS = 0.12
_FEWEST_FORMS = 2
_FORM_WORDS = r"""
GmbH AG KG OHG e\.?K\.? UG mbH Ltd Limited LLC Inc Corp(?:oration)? Co PLC LLP LP S\.?A S\.?A\.?S S\.?A\.?R\.?L EURL SNC
S\.?L S\.?L\.?U S\.?r\.?l S\.?p\.?A S\.?n\.?c S\.?a\.?s Lda Ltda EIRL SpA B\.?V N\.?V V\.?O\.?F Pty AB ApS Oy A/S SE
C\.?V S\.?C Sons Bros Group Gruppe Holding Gebr\.? ME EPP S/A Cie
"""
_LEGAL_FORM = re.compile(rf"(?:^|[\s,&])(?:{'|'.join(_FORM_WORDS.split())})\.?(?=$|[\s,)])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The columns beside an offered one, and the orders that the rows make."""

    judged: Sequence[ColumnSoFar]
    orders: RowsAsOrders

    def known(self, target: str) -> ColumnSoFar | None:
        """The column that is this and decided, if there is one."""
        return next((each for each in self.judged if each.target == target and not each.is_open), None)


def second_reason(target: str, each: ColumnSoFar, beside: Neighbours) -> str:
    """The second reason to take a column for what its cells look like; empty where there is none."""
    said = heard(each.title)
    judge = _JUDGES.get(target)
    return "" if judge is None else judge(each, said, beside)


def is_apart(target: str, title: str) -> bool:
    """Whether a name has a word by which the column is something else."""
    said = heard(title)
    apart = set_apart(target, said) - (_OTHER_TEXTS if target == _TEXT else frozenset())
    return bool(apart) or said.says(*_SAYS_ELSE.get(target, ()))


_NEED, _SUPPLIER, _TEXT = "order-lines/need-by-date", "supplier/name", "order-lines/description"
_SAYS_ELSE = {_SUPPLIER: ("text", "item"), _TEXT: ("supplier", "company"), _NEED: ("number", "id", "reference")}
_OTHER_TEXTS = frozenset(("other",))
"""A text of the catalogue, or another one than usual, is what a line is of all the same."""


def _need_by(each: ColumnSoFar, said: Heard, beside: Neighbours) -> str:
    if is_apart(_NEED, each.title):
        return ""
    if said.says("need", "delivery"):
        return "a word of its name says when something is wanted"
    ordered = beside.known("ORDER_DATE")
    after = None if ordered is None else comes_after(each.column, ordered.column)
    if ordered is not None and after is not None:
        return f"it never comes before {ordered.title!r}" if after else ""
    several, differing = varies(each, beside.orders)
    if several >= _FEWEST and differing * 2 >= several:
        return "it differs between the lines of an order"
    return ""


def _supplier_name(each: ColumnSoFar, said: Heard, _: Neighbours) -> str:
    if is_apart(_SUPPLIER, each.title) or each.column.numbers_names:
        return ""
    if has_legal_forms(each.column):
        return "its cells are names of companies"
    return "a word of its name says so" if said.says("supplier", "company", "name") else ""


def _description(each: ColumnSoFar, _: Heard, beside: Neighbours) -> str:
    if each.target == "NOTE":
        several, differing = varies(each, beside.orders)
        is_filled = each.column.filled >= _ALL * len(each.column.cells)
        return "every line has one" if is_filled and differing * 2 >= several > 0 else ""
    return "" if is_apart(_TEXT, each.title) else "no other column has texts of lines"


def _supplier_number(each: ColumnSoFar, said: Heard, beside: Neighbours) -> str:
    if is_apart("supplier/number", each.title) or said.says("order", "item", "line"):
        return ""
    name = beside.known(_SUPPLIER)
    if name is not None and go_together(each.column, name.column):
        return f"each goes with one {name.title!r}"
    return "a word of its name says so" if said.says("supplier") and not each.target else ""


def has_legal_forms(column: ColumnCells) -> bool:
    """Whether many texts are names of companies, by their legal forms: `GmbH`, `Ltd`, `S.r.l.`."""
    texts = {text for text, _ in column.texts if text}
    forms = sum(bool(_LEGAL_FORM.search(text)) for text in texts)
    return forms >= min(_FEWEST_FORMS, len(texts)) and forms >= _SOME_FORMS * len(texts) and forms > 0


def go_together(one: ColumnCells, other: ColumnCells, fewest: int = _FEWEST) -> bool:
    """Whether each code goes with one name, and each name with one code, of so many at least."""
    pairs = {(code, name) for code, name in zip(one.keys, other.keys, strict=True) if code and name}
    codes, names = {code for code, _ in pairs}, {name for _, name in pairs}
    return len(codes) >= fewest and len(pairs) == len(codes) == len(names)


_JUDGES: Mapping[str, Callable[[ColumnSoFar, Heard, Neighbours], str]] = {
    _NEED: _need_by,
    _SUPPLIER: _supplier_name,
    _TEXT: _description,
    "supplier/number": _supplier_number,
}
