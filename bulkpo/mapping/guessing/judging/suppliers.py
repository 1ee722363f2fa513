"""One unknown table of suppliers judged as a whole: what tells them apart, their address, tax number and terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar, assign, by_target
from bulkpo.mapping.guessing.columns.candidates import candidates_of
from bulkpo.mapping.guessing.columns.references import borne_out
from bulkpo.mapping.guessing.judging.engine import Knowledge
from bulkpo.mapping.guessing.judging.supplier_states import (
    decide_status,
    inactive_rows,
    told_inactive,
    told_not_understood,
)
from bulkpo.mapping.guessing.orders.left_out import cancelled_rows, odd_rows

NUMBER, NAME = "number", "name"
_SHOWN = "display-name"
_TAX, _VAT = "tax-id", "primary-address/vat-number"
_COUNTRY, _POSTAL = "primary-address/country/code", "primary-address/postal-code"
_GIVEN, _FAMILY = "primary-contact/name-given", "primary-contact/name-family"
_EMAILS = ("primary-contact/email", "po-email")
_MOSTLY, _MOSTLY_NUMBERED = 0.8, 0.5
_FIVE_DIGITS = frozenset(("DE", "ES", "FR", "IT", "US", "FI", "MX"))
"""Countries all of whose postal codes have five digits."""
POSTAL_DIGITS = 5


@dataclass(frozen=True, slots=True)
class JudgedSuppliers:
    """A table of suppliers with all that was found out about it.

    `key` is the element that tells them apart, `padded` the column of postal codes to fill with zeros in front.
    `states` has Coupa's word for each state that a column says.
    """

    table: TableCells
    columns: Sequence[ColumnSoFar]
    key: str
    skip_rows: Mapping[str, object]
    padded: ColumnSoFar | None
    states: Mapping[str, str]
    reasons: tuple[str, ...]


def judge_suppliers(table: TableCells, known: Knowledge) -> JudgedSuppliers:
    """Judge a table whose rows are a supplier each."""
    candidates = candidates_of(table, known.synonyms, known.by_path)
    if known.records is not None:
        candidates = borne_out(candidates, table, known.synonyms, known.records)
    judged = assign(table, candidates)
    key, apart = _decide_key(judged)
    _decide_taxes(judged)
    _decide_country(judged)
    states = decide_status(judged)
    _decide_names(judged)
    _offer_addresses(judged)
    skip, cancelled = cancelled_rows(judged, len(table.rows))
    inactive, left_out = inactive_rows(judged)
    groups, grouped = _groups(judged)
    lost = [each for each in judged if not (each.target or each.same_as or each.reasons) and each.column.filled]
    named = ", ".join(repr(each.title) for each in lost)
    unread = (f"not understood and left out: {named}; say what it is with --set, or leave it so",) if lost else ()
    padded, short = _short_postal_codes(judged)
    skipped = {**skip, **inactive, **groups}
    said = (*told_inactive(judged, states), *told_not_understood(judged, skipped))
    reasons = (*apart, *short, *cancelled, *left_out, *grouped, *said, *unread)
    return JudgedSuppliers(table, judged, key, skipped, padded, states, reasons)


def _groups(judged: Sequence[ColumnSoFar]) -> tuple[dict[str, object], tuple[str, ...]]:
    """Rows that stand above others as headings of groups, where suppliers have numbers that such texts are unlike."""
    number = by_target(judged).get(NUMBER)
    keys = [] if number is None else [key for key in number.column.keys if key]
    numbered = sum(any(map(str.isdigit, key)) for key in keys)
    return odd_rows(judged, (), NUMBER) if keys and numbered >= _MOSTLY_NUMBERED * len(keys) else ({}, ())


def _decide_key(judged: Sequence[ColumnSoFar]) -> tuple[str, tuple[str, ...]]:
    """What tells suppliers apart: a number that none shares, or else a name; open where neither does."""
    found = by_target(judged)
    number, name = found.get(NUMBER), found.get(NAME)
    if number is not None and not number.is_open and _is_unique(number):
        number.settle(NUMBER, (f"no {number.title!r} stands twice",))
        return NUMBER, number.reasons[-1:]
    if name is not None and not name.is_open and _is_unique(name) and (number is None or _has_blanks(number)):
        name.settle(NAME, (f"no {name.title!r} stands twice",))
        said = "" if number is None else f", and not every row has {number.title!r}"
        return NAME, (f"{name.reasons[-1]}{said}",)
    if number is not None and not number.is_open:
        number.open_between([NUMBER], _why_not(number))
    elif number is None and name is not None and not name.is_open:
        name.open_between([NAME], _why_not(name))
    return (NUMBER if number is not None or name is None else NAME), ()


def _is_unique(each: ColumnSoFar) -> bool:
    keys = each.column.keys
    return bool(keys) and all(keys) and len(set(keys)) == len(keys)


def _has_blanks(each: ColumnSoFar) -> bool:
    return not all(each.column.keys)


def _why_not(each: ColumnSoFar) -> str:
    if _has_blanks(each):
        return "not every row has one, and what tells suppliers apart must stand in each"
    return "it stands more than once, and one supplier is made of the rows that share it"


def _decide_taxes(judged: Sequence[ColumnSoFar]) -> None:
    """A VAT number goes beside a tax number to the address; alone it may be either."""
    found = by_target(judged)
    vat = found.get(_VAT)
    if vat is not None and not vat.is_open and _TAX not in found and vat.column.filled:
        vat.open_between([_TAX, _VAT], "Coupa keeps one tax number with the supplier, and one with its address")


def _decide_country(judged: Sequence[ColumnSoFar]) -> None:
    country = by_target(judged).get(_COUNTRY)
    if country is not None and country.column.filled and not country.is_open and len(country.reasons) < 2:
        country.open_between([_COUNTRY], "Coupa's codes of countries have two capital letters")


def _decide_names(judged: Sequence[ColumnSoFar]) -> None:
    """Two names of a supplier may be its name and the one it is shown by; that of a contact, given or family name."""
    taken = {each.target for each in judged}
    named = [each for each in judged if each.target == NAME and each.is_open]
    if len(named) > 1 and _SHOWN not in taken:
        for each in named:
            each.open_between([NAME, _SHOWN], "Coupa has one name of a supplier, which none shares, and one to show")
    for each in judged:
        if each.target == "FULL_NAME" and each.column.filled:
            paths = [path for path in (_FAMILY, _GIVEN) if path not in taken]
            if paths:
                each.target = paths[0]
                each.open_between(paths, "Coupa keeps given and family names of a contact apart")


def _offer_addresses(judged: Sequence[ColumnSoFar]) -> None:
    """Columns of e-mail addresses whose names are not known may be those that no other column is."""
    taken = {each.target for each in judged}
    for each in judged:
        if not each.target and not each.same_as and each.column.filled and each.column.shares.email >= _MOSTLY:
            paths = [path for path in _EMAILS if path not in taken]
            if paths:
                each.target, each.is_offered = paths[0], True
                each.open_between(paths, "its name is not known, but its cells are e-mail addresses")


def _short_postal_codes(judged: Sequence[ColumnSoFar]) -> tuple[ColumnSoFar | None, tuple[str, ...]]:
    """The column of postal codes to fill with zeros, where all countries' have five digits; else words about them."""
    found = by_target(judged)
    postal, country = found.get(_POSTAL), found.get(_COUNTRY)
    if postal is None or country is None or postal.is_open or country.is_open:
        return None, ()
    pairs = list(zip(postal.column.keys, country.column.keys, strict=True))
    short = [code for code, land in pairs if code.isdecimal() and len(code) < POSTAL_DIGITS and land in _FIVE_DIGITS]
    if not short:
        return None, ()
    if all(land in _FIVE_DIGITS and code.isdecimal() for code, land in pairs if code):
        return postal, (
            f"{postal.title!r} has lost zeros in front, as in {short[0]}: all its countries have five digits",
        )
    return None, (
        f"{postal.title!r} has lost zeros in front in some rows, as in {short[0]}: put them back in the file",
    )
