"""What an instance does not have of a guess's values, said beside each column, and its records as choices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.columns.references import OWN_NAMES, InstanceRecords
from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Guess, OneOf, Use

_MOST_TOLD = 3
_MOST_OFFERED = 5


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
    path = max(paths, key=lambda path: records.share(path, column))
    known, unknown = records.shared(path, column)
    if path in OWN_NAMES:
        return replace(each, remark=_there(records, path, (known, unknown))) if known else each
    return replace(each, remark=_missing(records, path, (known, unknown))) if unknown else each


def _there(records: InstanceRecords, path: str, found: tuple[Sequence[str], Sequence[str]]) -> str:
    """Which of the documents themselves the instance has: `3 of 40 suppliers are in acme already: V-1, V-2, V-3`."""
    known, unknown = found
    count, verb = f"{len(known):,} of {len(known) + len(unknown):,}", "is" if len(known) == 1 else "are"
    return f"{count} {records.words[path]} {verb} in {records.instance} already: {_such(known)}"


def _such(texts: Sequence[str]) -> str:
    return ", ".join(texts[:_MOST_TOLD]) + (" and others" if len(texts) > _MOST_TOLD else "")


def _missing(records: InstanceRecords, path: str, found: tuple[Sequence[str], Sequence[str]]) -> str:
    """What is not in the instance: `12 of 340 suppliers are not in acme: V-1, V-2, V-3 and others`."""
    known, unknown = found
    count = f"{len(unknown):,} of {len(known) + len(unknown):,}"
    verb = "is" if len(unknown) == 1 else "are"
    zeros = "".join(_with_zeros(unknown, records.values[path]))
    return f"{count} {records.words[path]} {verb} not in {records.instance}: {_such(unknown)}{zeros}"


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
