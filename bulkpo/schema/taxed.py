"""Prices and amounts whose headings say that they are with tax, or in the currency of the company."""

import re

from bulkpo.schema.names import plain_name, words_of


def taxed_meaning(heading: str) -> tuple[str, str] | None:
    """The role of a price or an amount that says to be with tax, or in the currency of the company, and which it is."""
    words = words_of(plain_name(heading))
    is_price, is_amount = not words.isdisjoint(_PRICE_WORDS), not words.isdisjoint(_AMOUNT_WORDS)
    if not (is_price or is_amount):
        return None
    if _WITH_TAX.search(heading):
        return "PRICE_WITH_TAX" if is_price else "AMOUNT_WITH_TAX", "with tax"
    return ("LOCAL_AMOUNT", "in local currency") if words & _LOCAL else None


_PRICE_WORDS = frozenset(("price", "preis", "prix", "precio", "prezzo", "preco", "prijs", "cost"))
_AMOUNT_WORDS = frozenset(
    (
        "amount",
        "total",
        "value",
        "betrag",
        "wert",
        "summe",
        "montant",
        "importe",
        "importo",
        "totale",
        "valor",
        "bedrag",
    )
)
_LOCAL = frozenset(("lcy", "local", "functional", "hauswahrung", "equivalent", "hw"))
_TAXES = r"(?:vat|tax(?:es)?|gst|mwst|ust|tva|iva|btw|impuestos|taxe)\b\.?"
_WITH_TAX = re.compile(
    rf"\b(?:incl?|including|inkl|inclusive|inclusief|inkludiert|con|avec|com|mit|with|incluso)\b\.?\s*{_TAXES}"
    r"|\bttc\b|\bivato\b|\biva incl",
    re.IGNORECASE,
)
WITHOUT_TAX = re.compile(
    rf"[\s,(]*\b(?:excl?|excluding|exkl|exclusive|exclusief|ohne|hors|sans|senza|sin|sem|zonder|without|zzgl|before)"
    rf"\b\.?\s*{_TAXES}\)?",
    re.IGNORECASE,
)
