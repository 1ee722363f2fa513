"""What is known of currencies: their codes, and how many decimals their amounts have."""

import re

from bulkpo.model.currency_names import CURRENCY_NAMES, OTHER_CURRENCIES
from bulkpo.model.minor_units import MINOR_UNITS

_CODE = re.compile("[A-Z]{3}")
_NO_MONEY = {
    "XAG": "silver",
    "XAU": "gold",
    "XPD": "palladium",
    "XPT": "platinum",
    "XBA": "a unit of the bond market",
    "XBB": "a unit of the bond market",
    "XBC": "a unit of the bond market",
    "XBD": "a unit of the bond market",
    "XFO": "a gold franc, in which nobody pays",
    "XFU": "a franc of railways, in which nobody pays",
    "XRE": "funds, in which nobody pays",
    "XTS": "tests",
    "XXX": "no currency at all",
}
"""What codes of ISO 4217 stand for that are no money."""
_KNOWN = frozenset((*CURRENCY_NAMES, *OTHER_CURRENCIES.split())) - _NO_MONEY.keys()


def minor_units(currency: str) -> int | None:
    """The decimals of a currency's amounts; None for what is no currency, or has none. Most have two."""
    return MINOR_UNITS.get(currency, 2) if _CODE.fullmatch(currency) else None


def is_currency_code(code: str) -> bool:
    """Whether it is a code of ISO 4217 for money, of today or of the past."""
    return code in _KNOWN


def stands_for(code: str) -> str:
    """What a code of ISO 4217 stands for that is no money, such as gold; "" for all others."""
    return _NO_MONEY.get(code, "")


def meant_currency(text: str) -> str:
    """The code that is most likely meant by what is none, such as Euro or usd; "" where none is likely."""
    said = text.strip().casefold()
    named = (code for code, name in CURRENCY_NAMES.items() if name.casefold() == said)
    begins = said[:3].upper()
    return next(named, begins if is_currency_code(begins) and begins.casefold() in (said, said[:-1]) else "")
