"""Columns that say the state of orders: whether all of them are open, so that a later file must say so, too."""

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar

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


def open_states(each: ColumnSoFar) -> tuple[str, ...]:
    """What every cell of a state says of orders that are open; nothing where a cell says anything else, or nothing."""
    texts = [str(cell).strip() for cell in each.column.counts]
    is_open = each.column.filled == len(each.column.cells) and all(text.casefold() in _OPEN for text in texts)
    return tuple(dict.fromkeys(texts)) if is_open and 0 < len(texts) <= _MOST_STATES else ()
