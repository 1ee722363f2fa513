"""How well the values of a column fit what its name says: a judgement of each meaning by the kinds of its cells."""

import re
from collections.abc import Callable, Mapping

from bulkpo.mapping.guessing.cells.column import WHOLE, ColumnCells, counts_lines
from bulkpo.mapping.guessing.fits import addresses
from bulkpo.mapping.guessing.fits.fit import SAYS_NOTHING, Fit, usual

_NEARLY_ALL, _MOST, _MANY, _FEW = 0.95, 0.8, 0.5, 0.1
_SHORT_TEXT = 12
_MOST_CODES = 80
_LONG_ENOUGH = 5
_FEW_KINDS = 3
_SENTENCE = 16
_LONGEST_CODE = 16
_MADE_KEY = re.compile(r"[0-9a-f-]{8,}", re.ASCII)
"""A key as programs make them: `912265b1f5`."""
_SPACED = re.compile(r"[^\W\d_]{1,4}\.?(?:[\s/-]+[A-Z]{0,3}\d{3,})+", re.ASCII)
"""A number of a document with its kind before it: `PC 01187`, `DO 8700 26100112345`."""
_WITH_UNIT = re.compile(r"\d[\d.,' ]*\s?[^\W\d_]{1,8}\.?")
"""A quantity with its unit: `24,00 EA`."""


_TAKES_EMAIL = ("email", "emails", "login")
"""The ends of elements that hold addresses of e-mail; logins often are such."""
_NOT_FILLED = Fit(0, "no cell is filled")


def fit(target: str, column: ColumnCells) -> Fit:
    """How the values of a column fit a meaning."""
    if not column.filled:
        return _NOT_FILLED
    is_element = not target[:1].isupper()
    if is_element and column.shares.email >= _MANY and not target.endswith(_TAKES_EMAIL):
        return Fit(-1, "its cells are e-mail addresses")
    judge = _JUDGES.get(target) or _of_last_name(target)
    return judge(column) if judge else SAYS_NOTHING


def _of_last_name(target: str) -> "Callable[[ColumnCells], Fit] | None":
    name = target.rpartition("/")[2]
    if name.endswith("email") or name == "emails":
        return _email
    return _date if name.endswith("-date") else None


def _number(column: ColumnCells) -> Fit:
    if column.shares.number >= _NEARLY_ALL and column.shares.date < _MANY:
        return Fit(1, "numbers")
    return Fit(0, "mostly numbers") if column.shares.number >= _MOST else Fit(-1, "its cells are no numbers")


def _quantity(column: ColumnCells) -> Fit:
    """Numbers, or numbers with their unit behind: these are not read without more, so they speak for nothing."""
    judged = _number(column)
    with_unit = sum(bool(_WITH_UNIT.fullmatch(str(cell).strip())) for cell in column.sample)
    return Fit(0, "") if judged.value < 0 and with_unit >= _MOST * len(column.sample) else judged


def _key(column: ColumnCells) -> Fit:
    shares = column.shares
    if shares.date >= _MOST and shares.whole < _MOST:
        return Fit(-1, "its cells are dates")
    spaced = sum(count for cell, count in column.sample.items() if _SPACED.fullmatch(str(cell).strip()))
    if spaced >= _NEARLY_ALL * column.sample.total() and shares.words >= _MANY:
        return Fit(1, "numbers of documents")
    if shares.words >= _MANY or shares.email >= _MANY:
        return Fit(-1, "its cells are no numbers of orders")
    return Fit(1, "numbers of documents") if shares.code + shares.whole >= _MOST else SAYS_NOTHING


def _line_number(column: ColumnCells) -> Fit:
    whole = sum(bool(WHOLE.fullmatch(str(cell).strip())) for cell in column.sample)
    if column.shares.whole < _NEARLY_ALL and whole < _NEARLY_ALL * len(column.sample):
        return Fit(-1, "its cells are no whole numbers")
    if counts_lines(column):
        return Fit(2, "numbers that count lines")
    return Fit(0, "small whole numbers") if column.longest <= 6 else Fit(-1, "its numbers are too large")


def _item(column: ColumnCells) -> Fit:
    is_kinds = len(column.counts) <= _FEW_KINDS < column.filled / 4 and column.shares.code < _FEW
    if is_kinds and column.shares.number < _FEW:
        return Fit(-1, "its cells are a few words again and again, as kinds of items are")
    return Fit(-1, "its cells count lines") if counts_lines(column) else _code(column)


def _code(column: ColumnCells) -> Fit:
    shares = column.shares
    if shares.words >= _MANY or (shares.date >= _MOST and shares.whole < _MOST):
        return Fit(-1, "its cells are no codes")
    if shares.code >= _MOST or shares.whole >= _MOST:
        return Fit(1, "codes")
    return SAYS_NOTHING


def _name(column: ColumnCells) -> Fit:
    shares = column.shares
    if shares.number >= _MANY or shares.whole >= _MANY or shares.email >= _MANY or shares.date >= _MANY:
        return Fit(-1, "its cells are no names")
    if column.numbers_names:
        return Fit(-1, "its cells have a number and a name each")
    if shares.letters >= _MOST and (shares.words >= 0.3 or shares.code < _MANY):
        return Fit(1, "names")
    return Fit(-1, "its cells are codes") if shares.code >= _MOST and shares.words < _FEW else SAYS_NOTHING


def _text(column: ColumnCells) -> Fit:
    shares = column.shares
    if shares.number >= _MOST or shares.date >= _MOST or shares.email >= _MANY:
        return Fit(-1, "its cells are no texts")
    if shares.letters >= _MOST and (shares.words >= 0.3 or column.typical_length >= _LONG_ENOUGH):
        return Fit(-1, "its cells are codes") if shares.code >= _MOST and shares.words < _FEW else Fit(1, "texts")
    return SAYS_NOTHING


def _currency(column: ColumnCells) -> Fit:
    if column.shares.currency >= _NEARLY_ALL:
        return Fit(1, f"currency codes, such as {usual(column)}")
    return Fit(-1, "its cells are no currency codes") if column.shares.number >= _MANY else SAYS_NOTHING


def _unit(column: ColumnCells) -> Fit:
    if column.shares.number >= _MANY or column.shares.date >= _MANY:
        return Fit(-1, "its cells are no units")
    if column.unit_share >= _MANY:
        return Fit(1, f"units, such as {usual(column)}")
    is_short = column.typical_length <= _SHORT_TEXT and len(column.counts) <= _MOST_CODES
    return SAYS_NOTHING if is_short else Fit(-1, "its cells are too long or too many for units")


def _date(column: ColumnCells) -> Fit:
    if column.shares.date >= _MOST:
        return Fit(1, "dates")
    if column.counts_days:
        return SAYS_NOTHING
    return Fit(-1, "its cells are no dates") if column.shares.date < _MANY else SAYS_NOTHING


def _account(column: ColumnCells) -> Fit:
    if column.shares.date >= _MOST and column.shares.account < _MOST:
        return Fit(-1, "its cells are dates")
    if column.shares.number >= _MOST and column.shares.whole < _MANY:
        return Fit(-1, "its cells are amounts")
    if column.shares.account >= _MOST:
        return Fit(1, f"account codes, such as {usual(column)}")
    return Fit(-1, "its cells are texts") if column.shares.words >= _MANY else SAYS_NOTHING


def _login(column: ColumnCells) -> Fit:
    shares = column.shares
    if shares.email >= _MANY or shares.words >= 0.3 or shares.number >= _MANY or shares.date >= _MANY:
        return Fit(-1, "its cells are no logins")
    return Fit(1, f"logins, such as {usual(column)}") if shares.login >= _MOST else SAYS_NOTHING


def _email(column: ColumnCells) -> Fit:
    return Fit(1, "e-mail addresses") if column.shares.email >= _MOST else Fit(-1, "its cells are no e-mail addresses")


def _few_codes(column: ColumnCells) -> Fit:
    is_dates = column.shares.date >= _MANY and column.shares.letters < _MANY  # 2/10N30 is none
    if is_dates or len(column.counts) > _MOST_CODES:
        return Fit(-1, "its cells are too many for such a list")
    return Fit(1, f"a few codes, such as {usual(column)}") if column.filled > len(column.counts) else SAYS_NOTHING


def _internal_id(column: ColumnCells) -> Fit:
    """Whole numbers, or keys as programs make them; a short code with letters is one that people use."""
    made = sum(bool(_MADE_KEY.fullmatch(str(cell).strip())) for cell in column.sample)
    is_code = column.shares.whole < _MANY and column.longest <= _LONGEST_CODE and made < _MOST * len(column.sample)
    return Fit(-1, "its cells are codes that people use") if is_code else SAYS_NOTHING


def _location(column: ColumnCells) -> Fit:
    if column.shares.words >= _MOST and column.typical_length >= _SENTENCE:
        return Fit(-1, "its cells are whole addresses")
    return _few_codes(column)


def _line_type(column: ColumnCells) -> Fit:
    known = all(str(cell).strip().startswith("Order") for cell in column.counts)
    return Fit(1, "types of lines as Coupa has them") if known else Fit(-1, "its cells are no types of Coupa's lines")


def _price_unit(column: ColumnCells) -> Fit:
    values = {str(cell).strip().split(".")[0].split(",")[0] for cell in column.counts}
    if values <= {"0", "1", "10", "100", "1000", "10000", "1 000"}:
        return Fit(1, "1, 10, 100 or 1000")
    return Fit(-1, "its cells are no price units")


_JUDGES: Mapping[str, Callable[[ColumnCells], Fit]] = {
    "po-number": _key,
    "order-lines/line-num": _line_number,
    "supplier/number": _code,
    "supplier/name": _name,
    "currency/code": _currency,
    "order-lines/currency/code": _currency,
    "LOCAL_CURRENCY": _currency,
    "order-lines/description": _text,
    "order-lines/quantity": _quantity,
    "order-lines/price": _number,
    "order-lines/uom/code": _unit,
    "order-lines/need-by-date": _date,
    "order-lines/account/code": _account,
    "order-lines/account-allocations/pct": _number,
    "ship-to-user/login": _login,
    "ship-to-user/email": _email,
    "transmission-emails": _email,
    "order-lines/item/item-number": _item,
    "order-lines/department/name": _name,
    "order-lines/source-part-num": _code,
    "payment-term/code": _few_codes,
    "shipping-term/code": _few_codes,
    "ship-to-address/location-code": _location,
    "order-lines/type": _line_type,
    "order-lines/commodity/name": lambda column: (
        Fit(-1, "its cells are dates") if column.shares.date >= _MOST else SAYS_NOTHING
    ),
    "number": _code,
    "name": _name,
    "display-name": _name,
    "primary-address/street1": addresses.street,
    "primary-address/street2": addresses.street,
    "primary-address/city": addresses.place,
    "primary-address/country/code": addresses.country_code,
    "primary-address/country/name": addresses.country_name,
    "primary-address/postal-code": addresses.postal_code,
    "primary-address/vat-number": addresses.tax_number,
    "tax-id": addresses.tax_number,
    "website": addresses.website,
    "primary-contact/name-given": addresses.place,
    "primary-contact/name-family": addresses.place,
    "INTERNAL_ID": _internal_id,
    "ORDER_DATE": _date,
    "INVOICE_DATE": _date,
    "RECEIPT_DATE": _date,
    "PROMISED_DATE": _date,
    "PRICE_UNIT": _price_unit,
    "LINE_AMOUNT": _number,
    "ORDER_AMOUNT": _number,
    "RECEIVED": lambda column: SAYS_NOTHING if column.shares.number < _MOST else Fit(1, "numbers"),
    "INVOICED": lambda column: SAYS_NOTHING if column.shares.number < _MOST else Fit(1, "numbers"),
    "OPEN_QUANTITY": _number,
    "PRICE_WITH_TAX": _number,
    "AMOUNT_WITH_TAX": _number,
    "LOCAL_AMOUNT": _number,
    "LIST_PRICE": _number,
    "OTHER_QUANTITY": _number,
}
