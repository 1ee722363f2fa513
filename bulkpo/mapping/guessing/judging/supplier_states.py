"""The state of suppliers, in Coupa's words or in others (`Active`, `Inaktiv`), and columns that say yes or no to it."""

from collections.abc import Collection, Mapping, Sequence

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar, by_target
from bulkpo.mapping.guessing.orders.left_out import SAYS_NO, SAYS_YES

STATUS = "status"
_ACTIVE, _DELETED = "ACTIVE", "DELETED"
_WORDS = {
    "active": "active aktiv actif activo activa attivo attiva ativo ativa actief enabled a",
    "inactive": """inactive inaktiv inactif inactivo inactiva inattivo inattiva inativo inativa inactief disabled
        deactivated deaktiviert blocked gesperrt bloqué bloqueado bloccato geblokkeerd suspended i""",
    "draft": "draft",
}
_NOT_UNDERSTOOD = "not understood, so nothing is left out by it"
_MOST_TOLD = 3
_STATES = {word: state for state, words in _WORDS.items() for word in words.split()}


def decide_status(judged: Sequence[ColumnSoFar]) -> Mapping[str, str]:
    """Coupa's word for each that the column of states says, or none; the column is left open where one is not known."""
    found = by_target(judged)
    status = found.get(STATUS) or next((each for each in judged if _says_states(each)), None)
    if status is None or not status.column.filled or status.is_open:
        return {}
    states = {text: _STATES.get(text.casefold(), "") for text in _texts(status)}
    if all(states.values()):
        own = "" if all(text == state for text, state in states.items()) else ", in words of its own"
        status.settle(STATUS, (f"its cells are states of suppliers in Coupa{own}",))
        return states
    status.target = STATUS
    status.open_between([STATUS], "Coupa's states are active, inactive and draft")
    return {}


def _texts(each: ColumnSoFar) -> dict[str, int]:
    return {str(cell).strip(): count for cell, count in each.column.counts.items()}


def _says_states(each: ColumnSoFar) -> bool:
    """Whether a column that is named as a mark of what is active, or is not, has states in it, and no yes or no."""
    is_mark = each.target in (_ACTIVE, _DELETED) and not each.is_open
    return is_mark and any(text.casefold() in _STATES for text in _texts(each))


def told_inactive(judged: Sequence[ColumnSoFar], states: Mapping[str, str]) -> tuple[str, ...]:
    """How many suppliers are loaded as inactive, if any are."""
    status = by_target(judged).get(STATUS)
    counts = {} if status is None else _texts(status)
    count = sum(counts[text] for text, state in states.items() if state == "inactive")
    return (f"{count:,} {'row is' if count == 1 else 'rows are'} loaded as inactive",) if count else ()


def inactive_rows(judged: Sequence[ColumnSoFar]) -> tuple[dict[str, object], tuple[str, ...]]:
    """The conditions of rows that a column such as `Active` says no to, and the reasons."""
    skip: dict[str, object] = {}
    reasons = []
    for each in judged:
        texts = _texts(each)
        no = [text for text in texts if text.casefold() in SAYS_NO]
        if each.target == _ACTIVE and no and all(text.casefold() in SAYS_YES for text in texts if text not in no):
            skip[each.title] = no[0] if len(no) == 1 else {"in": no}
            count = sum(texts[text] for text in no)
            rows = "1 row is" if count == 1 else f"{count:,} rows are"
            reasons.append(f"{rows} left out: {each.title!r} says {' or '.join(no)}")
    return skip, tuple(reasons)


def told_not_understood(judged: Sequence[ColumnSoFar], skipped: Collection[str]) -> tuple[str, ...]:
    """Columns of marks that leave no row out since nobody knows what they say."""
    marks = [each for each in judged if each.title not in skipped and each.column.filled]
    unknown = [each for each in marks if why_kept(each) == _NOT_UNDERSTOOD]
    said = {each.title: " or ".join(list(_texts(each))[:_MOST_TOLD]) for each in unknown}
    return tuple(f"{title!r} says {words}: {_NOT_UNDERSTOOD}" for title, words in said.items())


def why_kept(each: ColumnSoFar) -> str:
    """Why a column of marks leaves no row out, which may be that it is not understood; empty for other columns."""
    texts = {text.casefold() for text in _texts(each)}
    if each.target == _DELETED:
        return "nothing is deleted or blocked" if texts <= SAYS_NO else _NOT_UNDERSTOOD
    if each.target == _ACTIVE:
        is_all = texts <= SAYS_YES and each.column.filled == len(each.column.cells)
        return "all are active" if is_all else _NOT_UNDERSTOOD
    return ""
