"""What an instance has already as evidence: a column whose values are mostly suppliers' numbers there has those."""

from collections.abc import Mapping
from dataclasses import dataclass

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.candidates import Candidate
from bulkpo.schema.synonyms import Synonyms

OWN_NAMES = ("number", "name")
"""By what documents that are records themselves are named, as suppliers are."""
_MOSTLY, _NEARLY_ALL, _HARDLY_ANY = 0.6, 0.9, 0.1
_WORTH = 1.5
"""What it adds to a name that the values are in the instance."""
_ALONE = 3.0
"""What it is worth without a name."""
_FEWEST_ALONE = 3
_LEAST_TELLING = 4


@dataclass(frozen=True, slots=True)
class InstanceRecords:
    """What records of an instance are called, by the path that names them: `supplier/number` and so on.

    `instance` is how it is named, `words` what the records of a path are called. `asked` has the values that were
    asked for, where there are too many records to list; what was not asked for is neither known nor unknown. `said` is
    what there is to say of it: what was asked, and what could not be.
    """

    instance: str
    values: Mapping[str, frozenset[str]]
    words: Mapping[str, str]
    asked: Mapping[str, frozenset[str]]
    said: tuple[str, ...] = ()
    is_open: bool = False

    def shared(self, path: str, column: ColumnCells) -> tuple[list[str], list[str]]:
        """The different values of a column that are in the instance by this path, and those that are not."""
        texts = column.different
        if path in self.asked:
            texts = [text for text in texts if text in self.asked[path]]
        known = self.values[path]
        return [text for text in texts if text in known], [text for text in texts if text not in known]

    def share(self, path: str, column: ColumnCells) -> float:
        """Which share of a column's different values is in the instance by this path."""
        known, unknown = self.shared(path, column)
        return len(known) / (len(known) + len(unknown)) if known else 0


def borne_out(
    candidates: Mapping[int, tuple[Candidate, ...]], table: TableCells, synonyms: Synonyms, records: InstanceRecords
) -> dict[int, tuple[Candidate, ...]]:
    """The candidates of each column with what the instance says of them, the likeliest first."""
    return {
        each.column.number: _weighed(candidates[each.column.number], each, synonyms, records) for each in table.columns
    }


def _weighed(
    found: tuple[Candidate, ...], column: ColumnCells, synonyms: Synonyms, records: InstanceRecords
) -> tuple[Candidate, ...]:
    weighed = {each.target: each for each in found}
    named = {*weighed, *(each.target for each in synonyms.meanings(column.title))}
    shares = {path: records.share(path, column) for path in records.values}
    for path, share in shares.items():
        if share < _MOSTLY:
            continue
        said = _said(records, path, column)
        beside = [each.score for each in found if _is_of_one(each.target, path)]
        if path in weighed or beside or any(_is_of_one(target, path) for target in named):
            score = weighed[path].score if path in weighed else max(beside, default=_WORTH)
            strength = weighed[path].strength if path in weighed else None
            reasons = (*(weighed[path].reasons if path in weighed else ()), said)
            weighed[path] = Candidate(path, score + _WORTH, strength, by_values=True, reasons=reasons)
        elif share >= _NEARLY_ALL and _is_telling(records, path, column):
            weighed[path] = Candidate(path, _ALONE, None, by_values=True, reasons=(said,))
    kept = [each for each in weighed.values() if not _is_refuted(each, shares)]
    return tuple(sorted(kept, key=lambda each: -each.score))


def _is_refuted(candidate: Candidate, shares: Mapping[str, float]) -> bool:
    """Whether hardly a value names a record so, and most name one of the same kind otherwise: codes, and not names."""
    return shares.get(candidate.target, 1) < _HARDLY_ANY and any(
        share >= _MOSTLY and path != candidate.target and _is_of_one(candidate.target, path)
        for path, share in shares.items()
    )


def _is_of_one(one: str, other: str) -> bool:
    """Whether two paths name records of one kind: `supplier/number` and `supplier/name`."""
    return "/" in one and one.rpartition("/")[0] == other.rpartition("/")[0]


def _is_telling(records: InstanceRecords, path: str, column: ColumnCells) -> bool:
    """Whether values can hardly be in the instance by chance: several, and no short numbers."""
    known, _ = records.shared(path, column)
    long = [text for text in known if len(text) >= _LEAST_TELLING or (len(text) > 1 and not text.isdigit())]
    return len(long) >= _FEWEST_ALONE


def _said(records: InstanceRecords, path: str, column: ColumnCells) -> str:
    known, unknown = records.shared(path, column)
    name = path.rpartition("/")[2].replace("-", " ")
    count = len(known) + len(unknown)
    which = "its value is" if count == 1 else f"{len(known):,} of {count:,} values are"
    article = "the " if count == 1 else ""
    plural = name if count == 1 or name.endswith("s") else f"{name}s"
    return f"{which} {article}{plural} of {records.words[path]} in {records.instance}"
