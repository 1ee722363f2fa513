"""Lines that are billed to several accounts: in rows that share a line, or in columns that come several times."""

import re
from collections.abc import Sequence

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.schema.synonyms import Synonyms

ACCOUNT = "order-lines/account/code"
_SHARES = "order-lines/account-allocations"
_SHARED_ACCOUNT = f"{_SHARES}/account/code"
PCT = f"{_SHARES}/pct"
_SHARE = (PCT, f"{_SHARES}/amount")
_NUMBERED = re.compile(r"(.*\D)[ _.-]?(\d)")
_MOST = 0.8


def decide_allocations(judged: Sequence[ColumnSoFar], synonyms: Synonyms) -> None:
    """Let accounts with shares beside them be those of allocations, and those without be the lines' own.

    Another mapping may call a heading the account of an allocation, though this file has no shares.
    """
    numbered = _numbered(judged, synonyms)
    if len({number for _, number, _ in numbered}) > 1 and {target for _, _, target in numbered} == {ACCOUNT, PCT}:
        for each, number, target in numbered:
            inside = "account/code" if target == ACCOUNT else "pct"
            each.settle(f"{_SHARES}[{number}]/{inside}", (f"the {number}. of several that stand side by side",))
        return
    has_shares = any(each.target in _SHARE for each in judged)
    for each in judged:
        if has_shares and each.target == ACCOUNT and not each.is_open:
            each.settle(_SHARED_ACCOUNT, ("a share stands beside it",))
        elif not has_shares and each.target == _SHARED_ACCOUNT and not each.is_open:
            each.settle(ACCOUNT, ("no share stands beside it",))


def _numbered(judged: Sequence[ColumnSoFar], synonyms: Synonyms) -> list[tuple[ColumnSoFar, int, str]]:
    """The columns whose names are those of accounts and shares with a number behind."""
    found = []
    for each in judged:
        match = _NUMBERED.fullmatch(each.title)
        means = {meaning.target for meaning in synonyms.meanings(match[1].strip())} if match else set()
        target = ACCOUNT if ACCOUNT in means else PCT if PCT in means else ""
        if match and target and (target == ACCOUNT or each.column.shares.number >= _MOST):
            found.append((each, int(match[2]), target))
    return found
