"""Write bulkpo/model/minor_units.py: the currencies whose amounts have not two decimals, as Babel has them of the CLDR.

python scripts/minor_units.py        (needs Babel: pip install babel)

The CLDR says how many decimals people write, ISO 4217 how many a currency has. They differ where hardly anybody uses
the small coins any more: those are named here and keep the decimals of the standard, since a price with them is right.
"""

from pathlib import Path

import babel
from babel.core import get_global

PAGE = Path(__file__).resolve().parent.parent / "bulkpo" / "model" / "minor_units.py"
_TWO = "AFN ALL COP HUF IDR IRR KPW LAK LBP MGA MMK SLL SOS SYP YER"
OF_THE_STANDARD = {**dict.fromkeys(_TWO.split(), 2), "IQD": 3}
"""The decimals of ISO 4217, list one, where the CLDR has fewer."""
WITHOUT_DECIMALS = ["XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"]
"""The codes of the standard that are metals, units of account and tests: their amounts have no minor unit."""
HEAD = f'''\
"""How many decimals the amounts of a currency have where that is not two; None where a code has no minor unit.

Written by scripts/minor_units.py from the Unicode CLDR as in Babel {babel.__version__} (Unicode License v3,
https://www.unicode.org/license.txt), with the decimals of ISO 4217 where the CLDR has fewer.
"""

MINOR_UNITS: dict[str, int | None] = {{
'''


def minor_units() -> dict[str, int | None]:
    """The decimals of currencies that have not two, by code."""
    of_cldr = {code: digits for code, (digits, *_) in get_global("currency_fractions").items() if len(code) == 3}
    found = {**of_cldr, **OF_THE_STANDARD, **dict.fromkeys(WITHOUT_DECIMALS)}
    return {code: found[code] for code in sorted(found) if found[code] != 2}


if __name__ == "__main__":
    lines = [f'    "{code}": {units},\n' for code, units in minor_units().items()]
    PAGE.write_text(HEAD + "".join(lines) + "}\n", encoding="utf-8")
    print(PAGE)
