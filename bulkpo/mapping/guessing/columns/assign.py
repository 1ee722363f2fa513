"""Which column is what: each meaning to the column that fits it best, and nothing where two fit alike."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.candidates import Candidate
from bulkpo.schema.hearing import preferred

_ENOUGH = 2.5
_MARGIN = 0.6
_LINE_CURRENCY = "order-lines/currency/code"


@dataclass(slots=True)
class ColumnSoFar:
    """A column and what it is taken for so far.

    `target` is its meaning, empty where none is found; `rivals` are what else it may be, which leaves it open.
    `same_as` is the title of another column whose cells are the same in every row. `unneeded` says why it is left out
    though nobody knows its name; `is_offered` that its cells alone say what it may be.
    """

    column: ColumnCells
    candidates: tuple[Candidate, ...]
    target: str = ""
    rivals: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    same_as: str = ""
    score: float = 0
    unneeded: str = ""
    is_offered: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it may be several things, or one that is not sure."""
        return bool(self.rivals)

    @property
    def title(self) -> str:
        """The heading."""
        return self.column.title

    def open_between(self, paths: Sequence[str], reason: str) -> None:
        """Leave it open between some elements."""
        self.rivals = tuple(dict.fromkeys(paths))
        self.reasons = (*self.reasons, reason)

    def settle(self, target: str, reasons: Sequence[str]) -> None:
        """Take it for this."""
        self.target, self.rivals, self.reasons = target, (), (*self.reasons, *reasons)


def assign(table: TableCells, candidates: Mapping[int, tuple[Candidate, ...]]) -> list[ColumnSoFar]:
    """Each column with its meaning, in the table's order."""
    judged = {each.column.number: ColumnSoFar(each, candidates[each.column.number]) for each in table.columns}
    waiting = [(candidate.score, -number, candidate) for number, found in candidates.items() for candidate in found]
    taken: dict[str, ColumnSoFar] = {}
    for _, minus, candidate in sorted(waiting, key=lambda each: (-each[0], -each[1])):
        mine = judged[-minus]
        if mine.target:
            continue
        if candidate.is_role:
            _take(mine, candidate)
        elif candidate.target not in taken:
            _take(mine, candidate)
            taken[candidate.target] = mine
        elif not _beside(mine, candidate, taken):
            _contend(mine, candidate, taken)
    for each in judged.values():
        _weigh(each, taken)
    return list(judged.values())


def _take(mine: ColumnSoFar, candidate: Candidate) -> None:
    mine.target, mine.reasons, mine.score = candidate.target, candidate.reasons, candidate.score


def _beside(mine: ColumnSoFar, candidate: Candidate, taken: dict[str, ColumnSoFar]) -> bool:
    """Whether a second column of one meaning has a place of its own: the currency of lines, or the same once more."""
    holder = taken[candidate.target]
    if mine.column.keys != holder.column.keys:
        return False
    if candidate.target == "currency/code" and _LINE_CURRENCY not in taken:
        mine.target, mine.reasons, mine.score = _LINE_CURRENCY, candidate.reasons, candidate.score
        taken[_LINE_CURRENCY] = mine
    else:
        mine.target, mine.same_as = candidate.target, holder.title
        mine.reasons = (f"its cells are those of {holder.title!r} in every row",)
    return True


def _contend(mine: ColumnSoFar, candidate: Candidate, taken: dict[str, ColumnSoFar]) -> None:
    """Take the one whose name says more of two columns that fit a meaning alike, and nothing else; else open both."""
    holder, score = taken[candidate.target], candidate.score
    others = [each for each in mine.candidates if each.target != candidate.target and each.score >= score - _MARGIN]
    if holder.score - score >= _MARGIN or others or holder.same_as:
        return
    better = preferred(candidate.target, holder.title, mine.title)
    if better == holder.title:
        return
    _take(mine, candidate)
    if better is not None:
        taken[candidate.target] = mine
        holder.target, holder.reasons, holder.rivals = "", (), ()
        return
    reason = f"{holder.title!r} and {mine.title!r} may both be {candidate.target}"
    mine.open_between([candidate.target], reason)
    holder.open_between([candidate.target], reason)


def _weigh(each: ColumnSoFar, taken: Mapping[str, ColumnSoFar]) -> None:
    """Leave a column open that is not sure enough, or of which another meaning is as likely."""
    if not each.target or each.is_open or each.same_as:
        return
    near = [
        other.target
        for other in each.candidates
        if other.target != each.target
        and other.score > each.score - _MARGIN
        and (other.is_role or taken.get(other.target) in (None, each))
    ]
    paths = [path for path in (each.target, *near) if not path[:1].isupper()]
    if near and paths:
        each.open_between(paths, "its name and values fit both" if len(paths) > 1 else "it may be something else, too")
    elif each.score < _ENOUGH and paths:
        each.open_between(paths, "nothing else speaks for it")


def by_target(judged: Sequence[ColumnSoFar]) -> dict[str, ColumnSoFar]:
    """The columns by what they are, the decided ones first."""
    found: dict[str, list[ColumnSoFar]] = defaultdict(list)
    for each in judged:
        if each.target and not each.same_as:
            found[each.target].append(each)
    return {target: min(several, key=lambda each: each.is_open) for target, several in found.items()}
