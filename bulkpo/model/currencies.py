"""How many decimals the amounts of a currency have: the minor units of ISO 4217, list one.

Source: the list of the standard's maintenance agency, https://www.six-group.com/en/products-services/financial-information/
data-standards.html. Most currencies have two; those that have not are named here.
"""

import re

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
_NOT_APPLICABLE = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"
_OTHERS: dict[str, int | None] = {
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
    **dict.fromkeys(_FOUR.split(), 4),
    **dict.fromkeys(_NOT_APPLICABLE.split(), None),
}
_CODE = re.compile("[A-Z]{3}")


def minor_units(currency: str) -> int | None:
    """The decimals of a currency's amounts; None for what is no currency, or has none."""
    return _OTHERS.get(currency, 2) if _CODE.fullmatch(currency) else None
