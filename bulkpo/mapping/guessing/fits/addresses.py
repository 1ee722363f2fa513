"""How well cells fit the parts of an address: streets, places, countries, postal codes, tax numbers."""

import re

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.fits.fit import SAYS_NOTHING, Fit, usual

_NEARLY_ALL, _MOST, _MANY, _FEW = 0.95, 0.8, 0.5, 0.1
_COUNTRY = re.compile(r"[A-Z]{2}")
_POSTAL = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 -]{2,9}")
_TAX_NUMBER = re.compile(r"(?=(?:.*\d){4})[\w./ -]{6,24}")
_LONGEST_COUNTRY_CODE = 3


def street(column: ColumnCells) -> Fit:
    """Texts with several words, as streets have."""
    shares = column.shares
    if shares.email >= _MANY or shares.date >= _MANY or (shares.number >= _MOST and shares.letters < _FEW):
        return Fit(-1, "its cells are no addresses")
    return Fit(1, "texts") if shares.letters >= _MOST and shares.words >= _MANY else SAYS_NOTHING


def place(column: ColumnCells) -> Fit:
    """Names of places."""
    shares = column.shares
    if shares.email >= _MANY or shares.number >= _MANY or shares.date >= _MANY:
        return Fit(-1, "its cells are no names of places")
    return Fit(1, "names") if shares.letters >= _NEARLY_ALL and shares.currency < _MOST else SAYS_NOTHING


def country_code(column: ColumnCells) -> Fit:
    """Codes of countries."""
    texts = [str(cell).strip() for cell in column.sample]
    if all(_COUNTRY.fullmatch(text) for text in texts):
        return Fit(1, f"country codes, such as {usual(column)}")
    return SAYS_NOTHING if column.longest <= _LONGEST_COUNTRY_CODE else Fit(-1, "its cells are no country codes")


def country_name(column: ColumnCells) -> Fit:
    """Names of countries."""
    return Fit(-1, "its cells are codes") if column.longest <= _LONGEST_COUNTRY_CODE else place(column)


def postal_code(column: ColumnCells) -> Fit:
    """Postal codes."""
    texts = [str(cell).strip() for cell in column.sample]
    if sum(bool(_POSTAL.fullmatch(text)) for text in texts) >= _MOST * len(texts):
        return Fit(1, f"postal codes, such as {texts[0]}")
    return Fit(-1, "its cells are no postal codes")


def tax_number(column: ColumnCells) -> Fit:
    """Numbers of taxes."""
    texts = [str(cell).strip() for cell in column.sample]
    if sum(bool(_TAX_NUMBER.fullmatch(text)) for text in texts) >= _MOST * len(texts):
        return Fit(1, "tax numbers")
    return Fit(-1, "its cells are no tax numbers")


def website(column: ColumnCells) -> Fit:
    """Addresses of websites."""
    texts = [str(cell).strip() for cell in column.sample]
    dotted = sum("." in text and "@" not in text and " " not in text for text in texts)
    return Fit(1, "addresses of websites") if dotted >= _MOST * len(texts) else Fit(-1, "its cells are no websites")
