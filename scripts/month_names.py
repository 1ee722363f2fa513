"""Write schemas/cldr/months.json: the names of the months in all languages of the Unicode CLDR, as Babel has them.

python scripts/month_names.py        (needs Babel: pip install babel)
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import cast

import babel
from babel import Locale, localedata

from bulkpo.mapping.values.month_names import without_accents

PAGE = Path(__file__).resolve().parent.parent / "schemas" / "cldr" / "months.json"
SOURCE = f"Unicode CLDR, as in Babel {babel.__version__}; Unicode License v3, https://www.unicode.org/license.txt"
BESIDE: dict[str, dict[int, tuple[str, ...]]] = {
    "de": {1: ("Jaenner",), 3: ("Mrz", "Maerz", "Mae")},
    "en": {9: ("Sept",)},
    "it": {9: ("sett",)},
    "es": {9: ("sept", "set")},
    "nl": {3: ("maa",)},
    "tr": {8: ("Agu",)},
}
"""What programs and people write that CLDR does not have: SAP's and Windows' MRZ, umlauts without their dots."""
_NO_NAME = re.compile(r"m?\d+")


def forms(locale: Locale) -> Iterator[tuple[int, str]]:
    """Every form of every month's name but single letters."""
    contexts = cast("dict[str, dict[str, dict[int, str]]]", locale.months)
    for context, width in product(("format", "stand-alone"), ("wide", "abbreviated")):
        yield from contexts.get(context, {}).get(width, {}).items()


def months() -> dict[str, list[list[str]]]:
    """The names of the twelve months without accents, by language."""
    found: dict[str, list[set[str]]] = defaultdict(lambda: [set() for _ in range(12)])
    for identifier in localedata.locale_identifiers():
        locale = Locale.parse(identifier)
        for number, name in forms(locale):
            found[locale.language][number - 1].add(without_accents(name).rstrip(". "))
    for language, more in BESIDE.items():
        for number, names in more.items():
            found[language][number - 1].update(map(without_accents, names))
    named = {language: [sorted(filter(is_name, names)) for names in found[language]] for language in sorted(found)}
    return {language: names for language, names in named.items() if all(names)}


def is_name(name: str) -> bool:
    """Whether this is a name, and not the number that stands where a language has none."""
    return bool(name) and not _NO_NAME.fullmatch(name)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    lines = [f'  "{name}": {json.dumps(names, ensure_ascii=False)}' for name, names in months().items()]
    head = f'  "source": {json.dumps(SOURCE)}'
    PAGE.write_text("{\n" + ",\n".join([head, *lines]) + "\n}\n", encoding="utf-8")
    print(PAGE)
