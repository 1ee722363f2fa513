"""Guess the mapping of files nobody has mapped yet."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bulkpo.errors import InputError, UsageError
from bulkpo.mapping.guessing.compose import compose
from bulkpo.mapping.guessing.decisions import Question, decided, questions
from bulkpo.mapping.guessing.draft import count_open, draft
from bulkpo.mapping.guessing.engine import JudgedTable, Knowledge, judge
from bulkpo.mapping.guessing.guess import Guess
from bulkpo.mapping.guessing.joins import header_of, part_ways
from bulkpo.mapping.guessing.wide_rows import judge_wide, wide_rows
from bulkpo.runs.drafting.knowledge import knowledge
from bulkpo.runs.drafting.look import LookedTable, look_at
from bulkpo.runs.drafting.typed_rows import judge_typed
from bulkpo.schema.tables import ElementTables

NOTHING_MAPPED: Mapping[str, str] = MappingProxyType({})
_Pair = tuple[LookedTable, JudgedTable]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A guess, the files it is of, and the mapping as text."""

    guess: Guess
    files: tuple[Path, ...]
    text: str

    @property
    def open(self) -> int:
        """How many things are yet to be decided."""
        return count_open(self.guess)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All that is yet to be decided."""
        return tuple(questions(self.guess))

    def decided(self, decisions: Mapping[str, str], schema: str = "") -> "Drafted":
        """The same with decisions taken in, by the names of columns, constants and settings; raises UsageError."""
        try:
            guess = decided(self.guess, decisions)
        except ValueError as error:
            raise UsageError(f"--set: {error}") from None
        names = ", ".join(path.name for path in self.files)
        return Drafted(guess, self.files, draft(guess, self.files[0].stem, names, schema))

    def as_json(self) -> dict[str, Any]:
        """The guess as plain data."""
        columns = [
            {
                "column": each.title,
                "use": each.use,
                "elements": list(each.paths),
                "meaning": each.meaning,
                "sure": each.sure,
                "reasons": list(each.reasons),
            }
            for each in self.guess.columns
        ]
        return {"undecided": self.open, "columns": columns, "reasons": list(self.guess.reasons), "mapping": self.text}


def guess_files(
    files: Sequence[Path], tables: ElementTables, resource: str, zone: str, mapped: Mapping[str, str] = NOTHING_MAPPED
) -> Drafted:
    """Guess a mapping for files; raises InputError where there is nothing to guess from.

    `mapped` are headings that other mappings give to elements.
    """
    known = knowledge(tables, resource, mapped)
    looked = [each for path in files for each in look_at(path, known.synonyms)]
    typed = next((each for each in looked if each.typed is not None), None)
    if typed is not None:
        return _typed(typed, files, known, (resource, zone))
    pairs = [(each, _judged(each, known)) for each in looked]
    if not pairs:
        raise InputError(f"{files[0]}: there is no table in it; name a file with orders")
    parts = _parts(pairs, files[0])
    guess = compose(parts, resource, zone)
    used = [id(table) for table, _ in parts.values()]
    unread = [str(looked) for looked, table in pairs if id(table) not in used]
    if unread:
        guess = replace(guess, reasons=(*guess.reasons, f"not read: {', '.join(unread)}"))
    mapped_files = {looked.path for looked, table in pairs if id(table) in used}
    kept = tuple(path for path in files if len(parts) > 1 or path in mapped_files)
    return Drafted(guess, kept, draft(guess, kept[0].stem, ", ".join(path.name for path in kept)))


def _judged(looked: LookedTable, known: Knowledge) -> JudgedTable:
    wide = wide_rows(looked.table, known.synonyms)
    if wide is None:
        return judge(looked.table, known)
    return judge_wide(looked.table, wide, lambda table: judge(table, known))


def _typed(looked: LookedTable, files: Sequence[Path], known: Knowledge, said: tuple[str, str]) -> Drafted:
    """The guess of a file whose rows are of several types; `said` are the resource and the time zone."""
    parts = judge_typed(looked.typed, known) if looked.typed is not None else {}
    guess = compose({name: (table, looked.source) for name, table in parts.items()}, *said)
    first, line = (looked.typed.first, looked.typed.line) if looked.typed is not None else ("", "")
    reasons = (f"rows are of several types: orders are {first}, lines {line}", *guess.reasons)
    guess = replace(guess, is_typed=True, reasons=reasons)
    return Drafted(guess, tuple(files), draft(guess, files[0].stem, ", ".join(path.name for path in files)))


def _parts(pairs: Sequence[_Pair], given: Path) -> dict[str, tuple[JudgedTable, Mapping[str, object]]]:
    """The tables an order comes in, by their names: its own and that of its lines, or one of all."""
    best = max(pairs, key=_worth)
    header = header_of(best[1], [table for _, table in pairs])
    if header is None:
        return {"": (best[1], _source(best[0], given, is_part=False))}
    first = next(pair for pair in pairs if pair[1] is header)
    part_ways(header, best[1])
    names = (_name(first[0]), _name(best[0]))
    if names[0] == names[1]:
        names = ("orders", "lines")
    return {
        name: (table, _source(looked, given, is_part=True))
        for name, (looked, table) in zip(names, (first, best), strict=True)
    }


def _source(looked: LookedTable, given: Path, *, is_part: bool) -> Mapping[str, object]:
    source = dict(looked.source)
    if is_part and looked.path != given:
        source = {"file": Path(os.path.relpath(looked.path, given.parent)).as_posix(), **source}
    if is_part and looked.sheet and "sheet" not in source:
        source = {"sheet": looked.sheet, **source}
    return source or ({"header_row": 1} if is_part else {})


def _name(looked: LookedTable) -> str:
    return looked.sheet or looked.path.stem


def _worth(pair: _Pair) -> tuple[int, int]:
    """How much a table looks like orders: by its columns that are elements of lines, then all, then by its rows."""
    looked, judged = pair
    elements = [each.target for each in judged.columns if each.target and not each.target[:1].isupper()]
    lines = sum(path.startswith("order-lines/") for path in elements)
    return 2 * lines + len(elements), len(looked.table.rows)
