"""Columns that say the state of orders: whether all of them are open, so that a later file must say so, too."""

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders
from bulkpo.mapping.values.total_words import says_total

_OPEN_WORDS = """
issued open approved released active sent printed transmitted ordered confirmed acknowledged
offen freigegeben bestellt aktiv erteilt bestätigt gesendet gedruckt genehmigt
ouvert ouverte émis émise approuvé approuvée validé validée lancé lancée confirmé confirmée commandé commandée
envoyé envoyée
abierto abierta emitido emitida aprobado aprobada liberado liberada confirmado confirmada enviado enviada
aperto aperta emesso emessa approvato approvata rilasciato rilasciata confermato confermata inviato inviata
aberto aberta aprovado aprovada
openstaand goedgekeurd vrijgegeven besteld verzonden bevestigd uitgegeven
"""
_OPEN = frozenset(_OPEN_WORDS.split())
_MOST_STATES = 3


def open_states(each: ColumnSoFar, orders: RowsAsOrders, *, has_sums: bool) -> tuple[str, ...]:
    """What every cell of a state says of orders that are open; nothing where one says anything else, or nothing.

    Rows that only add up others (`has_sums`), and so have no order, need not say it.
    """
    texts = tuple(dict.fromkeys(str(cell).strip() for cell in each.column.counts))
    is_filled = all(each.column.keys) or (has_sums and _is_filled(each, orders))
    is_open = is_filled and all(text.casefold() in _OPEN for text in texts)
    return texts if is_open and 0 < len(texts) <= _MOST_STATES else ()


def _is_filled(each: ColumnSoFar, orders: RowsAsOrders) -> bool:
    """Whether every row says a state that has an order."""
    texts, keys = each.column.keys, orders.keys
    is_known = len(keys) == len(texts)
    return is_known and all(text or not key or says_total(key) for text, key in zip(texts, keys, strict=True))
