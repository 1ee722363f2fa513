"""Write what bulkpo/model knows of currencies, as Babel has it of the CLDR: their decimals, and their names.

python scripts/currencies.py        (needs Babel: pip install babel)

The CLDR says how many decimals people write, ISO 4217 how many a currency has. They differ where hardly anybody uses
the small coins any more: those are named here and keep the decimals of the standard, since a price with them is right.
"""

import textwrap
from pathlib import Path

import babel
from babel.core import Locale, get_global

LOCALE = Locale("en")
MODEL = Path(__file__).resolve().parent.parent / "bulkpo" / "model"
_TWO = "AFN ALL COP HUF IDR IRR KPW LAK LBP MGA MMK SLL SOS SYP YER"
OF_THE_STANDARD = {**dict.fromkeys(_TWO.split(), 2), "IQD": 3}
"""The decimals of ISO 4217, list one, where the CLDR has fewer."""
WITHOUT_DECIMALS = ["XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"]
"""The codes of the standard that are metals, units of account and tests: their amounts have no minor unit."""
SOURCE = f"""
Written by scripts/currencies.py from the Unicode CLDR as in Babel {babel.__version__} (Unicode License v3,
https://www.unicode.org/license.txt)"""
UNITS_HEAD = f'''\
"""How many decimals the amounts of a currency have where that is not two; None where a code has no minor unit.
{SOURCE}, with the decimals of ISO 4217 where the CLDR has fewer.
"""

MINOR_UNITS: dict[str, int | None] = {{
'''
NAMES_HEAD = f'''\
"""The English names of currencies, by their codes of ISO 4217.
{SOURCE}.
"""

CURRENCY_NAMES = {{
'''
OTHERS_HEAD = """
OTHER_CURRENCIES = (
"""
OTHERS_SAID = '''\
"""The codes of those that a later one of their name replaced, and of what is used beside a currency, in one text."""
'''


def names() -> tuple[dict[str, str], list[str]]:
    """The names of currencies by code, and the codes whose names say more: years for those that others replaced."""
    of_cldr = {code: name.replace("\N{MODIFIER LETTER TURNED COMMA}", "'") for code, name in LOCALE.currencies.items()}
    others = sorted(code for code, name in of_cldr.items() if "(" in name)
    return {code: of_cldr[code] for code in sorted(of_cldr.keys() - set(others))}, others


def minor_units() -> dict[str, int | None]:
    """The decimals of currencies that have not two, by code."""
    of_cldr = {code: digits for code, (digits, *_) in get_global("currency_fractions").items() if len(code) == 3}
    found = {**of_cldr, **OF_THE_STANDARD, **dict.fromkeys(WITHOUT_DECIMALS)}
    return {code: found[code] for code in sorted(found) if found[code] != 2}


if __name__ == "__main__":
    units = "".join(f'    "{code}": {digits},\n' for code, digits in minor_units().items())
    named, others = names()
    listed = "".join(f'    "{code}": "{name}",\n' for code, name in named.items())
    lines = textwrap.wrap(" ".join(others), 110)
    rest = "".join(f'    "{line}{" " * (line is not lines[-1])}"\n' for line in lines)
    (MODEL / "minor_units.py").write_text(f"{UNITS_HEAD}{units}}}\n", encoding="utf-8")
    (MODEL / "currency_names.py").write_text(
        f"{NAMES_HEAD}{listed}}}\n{OTHERS_HEAD}{rest})\n{OTHERS_SAID}", encoding="utf-8"
    )
