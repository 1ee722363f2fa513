"""What an instance has already as evidence: a column whose values are mostly suppliers' numbers there has those."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bulkpo.mapping.guessing.candidates import Candidate
from bulkpo.mapping.guessing.cells import ColumnCells
from bulkpo.mapping.guessing.guess import ColumnGuess, Guess, OneOf, Use
from bulkpo.mapping.guessing.table import TableCells
from bulkpo.schema.synonyms import Synonyms

_MOSTLY, _NEARLY_ALL, _HARDLY_ANY = 0.6, 0.9, 0.1
_WORTH = 1.5
"""What it adds to a name that the values are in the instance."""
_ALONE = 3.0
"""What it is worth without a name."""
_FEWEST_ALONE = 3
_LEAST_TELLING = 4
_MOST_TOLD = 3
_MOST_OFFERED = 5


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
    shares = {path: _share(records, path, column) for path in records.values}
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


def _share(records: InstanceRecords, path: str, column: ColumnCells) -> float:
    known, unknown = records.shared(path, column)
    return len(known) / (len(known) + len(unknown)) if known else 0


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


def remarked(guess: Guess, cells: Mapping[tuple[str, int], ColumnCells], records: InstanceRecords) -> Guess:
    """A guess that says of each column what the instance does not have, and offers its records as constants.

    `cells` has the columns by the name of their part and their number.
    """
    parts = []
    for part in guess.parts:
        columns = [_remarked(each, cells.get((part.name, each.number)), records) for each in part.columns]
        parts.append(replace(part, columns=tuple(columns)))
    constants = {path: _offered(path, value, records) for path, value in guess.constants.items()}
    missing = [
        f"{each.title}: {each.remark}" for part in parts for each in part.columns if each.remark and not records.is_open
    ]
    return replace(guess, parts=tuple(parts), constants=constants, reasons=(*guess.reasons, *records.said, *missing))


def _remarked(each: ColumnGuess, column: ColumnCells | None, records: InstanceRecords) -> ColumnGuess:
    paths = [path for path in each.paths if path in records.values]
    if column is None or each.use is Use.IGNORED or not paths or records.is_open:
        return each
    path = max(paths, key=lambda path: _share(records, path, column))
    known, unknown = records.shared(path, column)
    return replace(each, remark=_missing(records, path, (known, unknown))) if unknown else each


def _missing(records: InstanceRecords, path: str, found: tuple[Sequence[str], Sequence[str]]) -> str:
    """What is not in the instance: `12 of 340 suppliers are not in acme: V-1, V-2, V-3 and others`."""
    known, unknown = found
    such = ", ".join(unknown[:_MOST_TOLD]) + (" and others" if len(unknown) > _MOST_TOLD else "")
    count = f"{len(unknown):,} of {len(known) + len(unknown):,}"
    verb = "is" if len(unknown) == 1 else "are"
    zeros = "".join(_with_zeros(unknown, records.values[path]))
    return f"{count} {records.words[path]} {verb} not in {records.instance}: {such}{zeros}"


def _with_zeros(unknown: Sequence[str], known: frozenset[str]) -> Iterator[str]:
    """What to do where numbers have lost the zeros in front that they have in the instance."""
    stripped = {text.lstrip("0"): len(text) for text in known if text[:1] == "0"}
    lengths = {stripped.get(text) for text in unknown}
    if len(lengths) == 1 and None not in lengths:
        yield f"; with zeros in front they are there, so say pad: {lengths.pop()}"


def _offered(path: str, value: object, records: InstanceRecords) -> object:
    """What is to be chosen from, of the instance's own records where it has any; its own first choices stay if known.

    A currency that is in the files goes before what an instance has besides.
    """
    known = records.values.get(path, frozenset())
    if not isinstance(value, OneOf) or not known or path in records.asked:
        return value
    kept = [each for each in value.values if each in known]
    return OneOf(tuple(kept or sorted(known, key=str.casefold)[:_MOST_OFFERED]))
