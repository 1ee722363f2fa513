"""How many decimals the amounts of a currency have."""

import re

from bulkpo.model.minor_units import MINOR_UNITS

_CODE = re.compile("[A-Z]{3}")


def minor_units(currency: str) -> int | None:
    """The decimals of a currency's amounts; None for what is no currency, or has none. Most have two."""
    return MINOR_UNITS.get(currency, 2) if _CODE.fullmatch(currency) else None
