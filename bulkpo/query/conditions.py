"""Clauses into the queries that ask for them: usually one, several where a list is too long for one address."""

from collections.abc import Sequence
from itertools import groupby, product

from bulkpo.query.clauses import Clause
from bulkpo.query.operators import Operator

MOST_VALUES = 99
"""A list of keys is then answered by two pages of 50, of which the second is not full: nothing more is to be asked."""
MOST_TEXT = 1800

Conditions = tuple[tuple[str, str], ...]
"""Names and values of one query, not yet percent-encoded."""


def queries(clauses: Sequence[Clause]) -> tuple[Conditions, ...]:
    """The queries whose answers together are what the clauses ask for; a document may be in more than one of them.

    Raises ValueError where no query can say it: two clauses that would need one name, a list that cannot be split.
    """
    ways = [_ways(clause) for clause in clauses]
    names = [name for way in ways for name in dict.fromkeys(name for name, _ in way[0])]
    for name, same in groupby(sorted(names)):
        if len(list(same)) > 1:
            raise ValueError(f"{name} stands twice; Coupa takes each condition once, so join the two into one")
    return tuple(tuple(condition for part in parts for condition in part) for parts in product(*ways))


def _ways(clause: Clause) -> list[Conditions]:
    """The alternatives a clause splits into; each is one or two conditions that hold together."""
    if clause.operator is Operator.IN:
        plain = [value for value in clause.values if "," not in value]
        whole = clause.name.removesuffix(f"[{Operator.IN}]")
        lists: list[Conditions] = [((clause.name, ",".join(values)),) for values in _portions(plain)]
        return lists + [((whole, value),) for value in clause.values if "," in value]
    if clause.operator is Operator.NOT_IN:
        return [_none_of(clause)]
    return [((clause.name, clause.values[0]),)]


def _none_of(clause: Clause) -> Conditions:
    plain = [value for value in clause.values if "," not in value]
    odd = [value for value in clause.values if "," in value]
    if len(odd) > 1 or len(list(_portions(plain))) > 1:
        raise ValueError(f"{clause.name}: the list cannot be said in one query; take values or commas out of it")
    unequal = clause.name.removesuffix(f"[{Operator.NOT_IN}]") + f"[{Operator.NOT_EQ}]"
    listed = [(clause.name, ",".join(plain))] if plain else []
    return tuple(listed + [(unequal, value) for value in odd])


def _portions(values: Sequence[str]) -> list[list[str]]:
    portions: list[list[str]] = []
    length = 0
    for value in values:
        length += len(value) + 1
        if not portions or len(portions[-1]) == MOST_VALUES or length > MOST_TEXT:
            portions.append([])
            length = len(value) + 1
        portions[-1].append(value)
    return portions
