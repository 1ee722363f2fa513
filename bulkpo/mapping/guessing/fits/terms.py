"""Terms of payment and of delivery, as people write them: `Net 30`, `30 jours fin de mois`, `EXW Lyon`."""

import re

from bulkpo.mapping.guessing.cells.column import ColumnCells

_MOST = 0.8
_DAYS = r"(?:days?|tage?|jours?|jrs|j|d[ií]as?|giorni|gg|dias|ddl|dagen|dgn|d)"
_PAYMENT = re.compile(
    rf"(?:net|netto)\.?\s?/?\d{{1,3}}(?:\s?{_DAYS})?|n/\d{{1,3}}|\d{{1,3}}(?:[/-]\d{{1,3}})*\s?{_DAYS}\b.*|\d+([.,]\d+)?\s?%.*\d+.*"
    r"|\d{1,2}\s?[/%]\s?\d{1,2},?\s?(?:n|net)\.?\s?/?\d{1,3}"
    r"|(?:due|payable) (?:on|upon) receipt|prepaid|prepayment|cash"
    r"|c\.?o\.?d\.?|immediate(?:ly)?|sofort(?: .*)?|vorkasse|vorauskasse|comptant|contado|a vista|à vista"
    r"|r\.?i\.?b\.?a\.?.*"
    r"|rimessa diretta|contanti|vooruitbetaling|contant|bonifico.*|e\.?o\.?m\.?|fin de mois"
    r"|nt?(?:7|10|14|15|20|30|45|60|90|120)",
    re.IGNORECASE,
)
_INCOTERMS = """
EXW FCA FAS FOB CFR CIF CPT CIP DAP DPU DDP DAT DAF DES DEQ DDU
"""
_RULES_OF_TRADE = frozenset(_INCOTERMS.split())


def are_payment_terms(column: ColumnCells) -> bool:
    """Whether most cells are terms of payment."""
    texts = list(map(str.strip, map(str, column.sample)))
    return bool(texts) and sum(bool(_PAYMENT.fullmatch(text)) for text in texts) >= _MOST * len(texts)


def are_delivery_terms(column: ColumnCells) -> bool:
    """Whether most cells begin with a rule of trade: `EXW Lyon`, `DAP`."""
    words = [str(cell).strip().partition(" ")[0].strip(",;:-") for cell in column.sample]
    return bool(words) and sum(word in _RULES_OF_TRADE for word in words) >= _MOST * len(words)
