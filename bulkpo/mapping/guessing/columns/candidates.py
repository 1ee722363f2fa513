"""What each column may be: its name and its values together, the likeliest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bulkpo.mapping.guessing.cells.column import ColumnCells, counts_again, counts_lines
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.fits.meanings import fit
from bulkpo.mapping.guessing.fits.terms import are_delivery_terms, are_payment_terms
from bulkpo.schema.names import plain_name
from bulkpo.schema.notions import heard
from bulkpo.schema.synonyms import Meaning, Strength, Synonyms, is_role

_WORTH = {Strength.STRONG: 4.0, Strength.SYSTEM: 3.5, Strength.NEAR: 2.5, Strength.WEAK: 1.5}
_ALONE = 1.0
"""What values are worth that speak for a meaning without any name."""
_UNLIKE = 3.0
"""What they are worth where they are like those of no other: `Net 30`, `EXW Lyon`."""
_ALL = 0.98

ByPath = Callable[[str], str | None]
"""The element path whose own name a heading is, if there is one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a column may be. `by_name` and `by_values` say which kinds of evidence there are."""

    target: str
    score: float
    strength: Strength | None
    by_values: bool
    reasons: tuple[str, ...]

    @property
    def is_role(self) -> bool:
        """Whether no element is meant."""
        return is_role(self.target)

    @property
    def is_named(self) -> bool:
        """Whether the name says it plainly."""
        return self.strength is not None and self.strength >= Strength.SYSTEM


def candidates_of(table: TableCells, synonyms: Synonyms, by_path: ByPath) -> Mapping[int, tuple[Candidate, ...]]:
    """The candidates of each column, by its number."""
    return {each.column.number: _candidates(each, table.by_heading(each), synonyms, by_path) for each in table.columns}


_ITEM = "order-lines/item/item-number"
_INTERNAL = "INTERNAL_ID"
_KEY = "po-number"


def _candidates(
    column: ColumnCells, names: Sequence[str], synonyms: Synonyms, by_path: ByPath
) -> tuple[Candidate, ...]:
    found: dict[str, Candidate] = {}
    for name in names:
        for meaning in _meanings(column, name, synonyms, by_path):
            candidate = _by_name(column, name, meaning)
            known = found.get(meaning.target)
            if candidate is not None and (known is None or known.score < candidate.score):
                found[meaning.target] = candidate
        if any(each.is_named for each in found.values()):
            break
    if not found:
        found = {each.target: each for each in _by_values(column)}
    elif _INTERNAL in found:
        found = {
            target: each if target == _INTERNAL else replace(each, score=each.score - 1)
            for target, each in found.items()
        }
    return tuple(sorted(found.values(), key=lambda each: -each.score))


def _meanings(column: ColumnCells, name: str, synonyms: Synonyms, by_path: ByPath) -> tuple[Meaning, ...]:
    found = synonyms.meanings(name)
    if any(each.target == _ITEM for each in found) and counts_lines(column):
        return (Meaning("order-lines/line-num", Strength.NEAR, "item"),)
    if any(each.target == _KEY for each in found) and counts_lines(column) and counts_again(column):
        return (Meaning("order-lines/line-num", Strength.NEAR, "order"),)
    if any(each.strength >= Strength.SYSTEM for each in found):
        return found
    path = by_path(name) if len(plain_name(name).split()) > 1 else None
    return (Meaning(path, Strength.SYSTEM, path), *found) if path else found


def _by_name(column: ColumnCells, name: str, meaning: Meaning) -> Candidate | None:
    """A candidate by its name, unless the values speak against it."""
    judged = fit(meaning.target, column)
    if judged.value < 0:
        return None
    said = f"the heading {name!r}{_how_sure(name, meaning)}"
    reasons = (said, f"its cells are {judged.reason}") if judged.value > 0 else (said,)
    return Candidate(
        meaning.target, _WORTH[meaning.strength] + judged.value, meaning.strength, judged.value > 0, reasons
    )


def _how_sure(name: str, meaning: Meaning) -> str:
    """How a heading comes to its meaning, where it is no name of it that is sure."""
    if meaning.is_mapped:
        return ", as another mapping in the folder has it"
    if meaning.strength >= Strength.SYSTEM:
        return ""
    if meaning.known == meaning.target:
        return ", by its words"
    is_known = plain_name(meaning.known) == plain_name(name)
    return ", which has other meanings too" if is_known else f" is like {meaning.known!r}"


def _by_values(column: ColumnCells) -> list[Candidate]:
    """What the values alone say: currencies, units and e-mail addresses are like nothing else."""
    shares = column.shares
    found = []
    if column.filled > 1:
        if shares.currency >= _ALL and not heard(column.title).says("other", "base"):
            found.append(("currency/code", f"every cell is a currency code, such as {next(iter(column.counts))}"))
        elif column.unit_share >= _ALL and shares.letters >= _ALL:
            found.append(("order-lines/uom/code", f"every cell is a unit, such as {next(iter(column.counts))}"))
        elif are_payment_terms(column):
            found.append(("payment-term/code", "its cells are terms of payment"))
        elif are_delivery_terms(column):
            found.append(("shipping-term/code", "its cells are terms of delivery"))
    return [
        Candidate(target, _UNLIKE if "-term/" in target else _ALONE, None, by_values=True, reasons=(reason,))
        for target, reason in found
    ]
