"""Numbers beside the text that is shown for them, where the format itself is not known."""

import re
from decimal import Decimal

from bulkpo.model.table import Cell, Formatted
from bulkpo.tables.workbooks.format_sections import is_currency
from bulkpo.tables.workbooks.number_formats import PADDED, digits_of

_GROUPS = re.compile(r"[0-9]{1,3}(?:([.,'\u2019 \u00a0\u2009\u202f])[0-9]{3})(?:\1[0-9]{3})*")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E[+-]?[0-9]+")
_GENERAL_DECIMALS = 9


def as_shown(number: Decimal, shown: str) -> Cell:
    """A number beside the text that is shown for it, where its format is not known: as `NumberFormat.of` gives it."""
    digits, text = digits_of(abs(number)), shown.strip()
    if not text or _bare(text, number) == digits or _SCIENTIFIC.fullmatch(text.lstrip("-")):
        return number
    if PADDED.fullmatch(text) and (text.replace(" ", "").lstrip("0") or "0") == digits and number >= 0:
        return text
    if "." in digits and _is_general(text, number):
        return number
    if digits in ("0", "1") and text.isalpha():  # a truth value
        return Formatted(number, text, "")
    keeps = "." not in digits and number >= 0 and digits in re.sub(r"[^0-9]", "", text) and "%" not in text
    return Formatted(number, text if keeps else None, "")


def _bare(text: str, number: Decimal) -> str:
    """Digits without sign, currency, grouping and decimals of zero."""
    if number < 0:
        text = text.removeprefix("(").removesuffix(")").strip()
    while (bare := _without_currency(text)) != text:
        text = bare
    if number < 0:
        text = text.lstrip("-\u2212").strip()
    whole, mark, decimals = text, "", ""
    found = re.fullmatch(r"(.*[0-9])([.,])([0-9]+)", text)
    if found and (number != number.to_integral_value() or not found[3].strip("0")):
        whole, mark, decimals = found[1], ".", found[3]
    if _GROUPS.fullmatch(whole):
        whole = re.sub(r"[^0-9]", "", whole)
    return f"{whole}{mark}{decimals}" if decimals.strip("0") else whole


def _without_currency(text: str) -> str:
    start = re.match(r"[^-(0-9\s]+(?=[-(0-9\s])", text)
    if start and is_currency(start[0]):
        return text[start.end() :].strip()
    end = re.search(r"(?<=[)0-9\s])[^)0-9\s]+$", text)
    return text[: end.start()].strip() if end and is_currency(end[0]) else text


def _is_general(text: str, number: Decimal) -> bool:
    """Whether a fraction is shown with so many decimals as only a format that shows what fits leaves."""
    _, _, decimals = text.replace(",", ".").partition(".")
    if len(decimals) < _GENERAL_DECIMALS - 1 or not decimals.isdigit():
        return False
    return abs(Decimal(text.replace(",", ".")) - number) <= Decimal(1).scaleb(-len(decimals))
