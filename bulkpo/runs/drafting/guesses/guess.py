"""Guess the mapping of files nobody has mapped yet."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from bulkpo.errors import InputError, UsageError
from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.columns.assign import by_target
from bulkpo.mapping.guessing.columns.references import OWN_NAMES, InstanceRecords
from bulkpo.mapping.guessing.draft.compose import compose
from bulkpo.mapping.guessing.draft.decisions import Question, decided, questions
from bulkpo.mapping.guessing.draft.guess import Guess
from bulkpo.mapping.guessing.draft.remarks import remarked
from bulkpo.mapping.guessing.draft.text import count_open, draft
from bulkpo.mapping.guessing.judging.engine import JudgedTable, Knowledge, judge
from bulkpo.mapping.guessing.judging.joins import Pointer, header_of, part_ways, pointer_of, settle_number
from bulkpo.mapping.guessing.judging.wide_rows import judge_wide, wide_rows
from bulkpo.mapping.guessing.money.decide import QUANTITY
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.mapping.guessing.unsettled.unnamed import SharedNumber, shared_numbers
from bulkpo.mapping.language.levels import find_spot
from bulkpo.model.path import ElementPath
from bulkpo.runs.drafting.guesses.headed_judging import judge_types
from bulkpo.runs.drafting.guesses.knowledge import knowledge
from bulkpo.runs.drafting.guesses.refusals import refuse_blocks, refuse_unguessable, refuse_unlike_orders
from bulkpo.runs.drafting.looking.look import LookedTable, look_at, typed_among
from bulkpo.runs.drafting.looking.unread import said_unread
from bulkpo.schema.synonyms import Synonyms
from bulkpo.schema.tables import ElementTables, UnknownElement

_Pair = tuple[LookedTable, JudgedTable]
_NO_ROWS = "there is no row below the headings, so nothing bears their names out: guess from a file that has orders"
AskInstance = Callable[[Synonyms, Mapping[str, Sequence[ColumnCells]]], InstanceRecords | None]
"""Asks an instance for what its records are called; the columns are those whose headings mean records, by which."""


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What there is to go by beside the files: headings other mappings give to elements, an instance, an encoding."""

    mapped: Mapping[str, str] = field(default_factory=dict)
    ask: AskInstance = lambda *_: None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A guess, the files it is of, and the mapping as text; `elements` knows what can be filled.

    `decisions` are those taken in, by the names of columns, constants and settings.
    """

    guess: Guess
    files: tuple[Path, ...]
    text: str
    elements: Callable[[str], str]
    decisions: Mapping[str, str] = field(default_factory=dict)

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
            guess = decided(self.guess, decisions, self.elements)
        except ValueError as error:
            raise UsageError(f"--set: {error}") from None
        names = ", ".join(path.name for path in self.files)
        text = draft(guess, self.files[0].stem, names, schema)
        return replace(self, guess=guess, text=text, decisions={**self.decisions, **decisions})

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
                **({"missing": each.remark} if each.remark else {}),
            }
            for each in self.guess.columns
        ]
        return {"undecided": self.open, "columns": columns, "reasons": list(self.guess.reasons), "mapping": self.text}


def guess_files(
    files: Sequence[Path], tables: ElementTables, resource: str, zone: str, beside: Witnesses | None = None
) -> Drafted:
    """Guess a mapping for files; raises InputError where there is nothing to guess from."""
    beside = beside or Witnesses()
    known = knowledge(tables, resource, beside.mapped)
    for path in files:
        refuse_unguessable(path)
    looked = [each for path in files for each in look_at(path, known.synonyms, beside.encoding)]
    refuse_unlike_orders(looked)
    known = replace(known, records=beside.ask(known.synonyms, naming_records(looked, known.synonyms)))
    typed = typed_among(looked)
    if typed is not None:
        return drafted_of(_typed(typed, looked, known, (resource, zone)), tuple(files), tables)
    passed = [each for each in looked if each.typed is not None]
    looked = [each for each in looked if each.typed is None]
    shared = shared_numbers([each.table for each in looked])
    pairs = [(each, _judged(each, known, shared.get(place))) for place, each in enumerate(looked)]
    if not pairs:
        raise InputError(f"{files[0]}: there is no table in it; name a file with orders")
    lines = next((pairs[place] for place, each in shared.items() if not each.is_header), None)
    best = lines or _of_lines(max(pairs, key=_worth), pairs)
    refuse_blocks(best[0])
    header = header_of(best[1], [table for _, table in pairs])
    if header is None:
        pairs, best, header = _pointed(pairs, best, known)
    parts = _parts(pairs, files[0], best, header)
    guess = _composed(parts, (resource, zone), known)
    used = [id(table) for table, _ in parts.values()]
    if not any(table.table.rows for table, _ in parts.values()):
        guess = replace(guess, reasons=(*guess.reasons, _NO_ROWS))
    notes = tuple(note for looked, table in pairs if id(table) in used for note in looked.notes)
    guess = replace(guess, reasons=(*notes, *guess.reasons))
    guess = replace(guess, reasons=(*guess.reasons, *said_unread(pairs, used, passed)))
    mapped_files = {looked.path for looked, table in pairs if id(table) in used}
    kept = tuple(path for path in files if len(parts) > 1 or path in mapped_files)
    return drafted_of(guess, kept, tables)


def _pointed(pairs: list[_Pair], best: _Pair, known: Knowledge) -> tuple[list[_Pair], _Pair, JudgedTable | None]:
    """The tables, the lines' and the orders' judged again where a column of the lines points to another table."""
    pointer = pointer_of(best[1], [table for _, table in pairs])
    if pointer is None:
        return pairs, best, None
    first = next(looked for looked, judged in pairs if judged is pointer.header)
    header = _pointed_at(first, known, pointer)
    pointing = best[0], _pointing(best[0], known, pointer)
    judged = [pointing if pair is best else (first, header) if pair[0] is first else pair for pair in pairs]
    return judged, pointing, header


def drafted_of(guess: Guess, files: tuple[Path, ...], tables: ElementTables) -> Drafted:
    """A guess with its files and its text."""
    return Drafted(
        guess,
        files,
        draft(guess, files[0].stem, ", ".join(path.name for path in files)),
        partial(_as_element, tables, tables.resource(guess.resource).object),
    )


def _as_element(tables: ElementTables, object_name: str, name: str) -> str:
    """A path as Coupa writes it; raises ValueError where nothing can be sent there."""
    path = ElementPath.parse(name)
    try:
        find_spot(tables, object_name, path)
    except UnknownElement as unknown:
        raise ValueError(str(unknown)) from None
    return str(path)


def naming_records(looked: Sequence[LookedTable], synonyms: Synonyms) -> dict[str, list[ColumnCells]]:
    """The columns whose headings mean records, by the path above what names them: `supplier`, `order-lines/uom`.

    Those of records themselves, as of a list of suppliers, are under "".
    """
    found: dict[str, list[ColumnCells]] = {}
    for column in (column for table in looked for column in table.table.columns):
        targets = [each.target for each in synonyms.meanings(column.title)]
        named = [target for target in targets if "/" in target or target in OWN_NAMES]
        for owner in dict.fromkeys(target.rpartition("/")[0] for target in named):
            found.setdefault(owner, []).append(column)
    return found


def _composed(
    parts: Mapping[str, tuple[JudgedTable, Mapping[str, object]]], said: tuple[str, str], known: Knowledge
) -> Guess:
    """The guess that judged tables make, and what the instance says of it; `said` are the resource and the zone."""
    guess = compose(parts, *said)
    if known.records is None:
        return guess
    cells = {(name, it.column.column.number): it.column for name, (table, _) in parts.items() for it in table.columns}
    return remarked(guess, cells, known.records)


def _judged(looked: LookedTable, known: Knowledge, shared: SharedNumber | None) -> JudgedTable:
    if shared is not None:
        return judge(looked.table, known, shared)
    wide = wide_rows(looked.table, known.synonyms)
    if wide is None:
        return judge(looked.table, known)
    return judge_wide(looked.table, wide, lambda table: judge(table, known))


def _typed(looked: LookedTable, everything: Sequence[LookedTable], known: Knowledge, said: tuple[str, str]) -> Guess:
    """The guess of a file whose rows are of several types; `said` are the resource and the time zone."""
    parts = judge_types(looked.typed, known) if looked.typed is not None else {}
    guess = _composed({name: (table, looked.source) for name, table in parts.items()}, said, known)
    guess = guess.with_headings({} if looked.typed is None else looked.typed.headings)
    unread = ", ".join(str(each) for each in everything if each is not looked)
    reasons = (
        *(looked.typed.reasons if looked.typed is not None else ()),
        *guess.reasons,
        *((f"not read: {unread}",) if unread else ()),
    )
    return replace(guess, is_typed=True, reasons=reasons)


def _of_lines(best: _Pair, pairs: Sequence[_Pair]) -> _Pair:
    """The best table, or the one whose quantities are of lines that point to its rows, if there is one such."""
    if any(each.target == QUANTITY and not each.is_open for each in best[1].columns):
        return best
    pointing = [
        pair
        for pair in pairs
        if pair is not best
        and any(each.target == QUANTITY for each in pair[1].columns)
        and pointer_of(pair[1], [best[1]]) is not None
    ]
    return pointing[0] if len(pointing) == 1 else best


def _pointing(looked: LookedTable, known: Knowledge, pointer: Pointer) -> JudgedTable:
    """Lines judged as those of the orders they point to; which number that is stays open."""
    judged = judge(looked.table, known, SharedNumber(pointer.column, is_header=False))
    number = by_target(judged.columns)[KEY]
    if pointer.joined_by:
        number.target, number.unneeded = "", "names the order"
    elif not pointer.is_number:
        number.open_between([KEY], pointer.said)
    return replace(judged, joined_by=pointer.joined_by)


def _pointed_at(looked: LookedTable, known: Knowledge, pointer: Pointer) -> JudgedTable:
    """The orders that lines point to by a number; judged by that where they have no other that is sure."""
    key = by_target(pointer.header.columns).get(KEY)
    if key is not None and not key.is_open:
        return pointer.header
    judged = judge(looked.table, known, SharedNumber(pointer.own.column.column.number, is_header=True))
    for each in judged.columns:
        if each.target == KEY and each.title != pointer.title:
            each.target, each.rivals = "", ()
            each.reasons = (*each.reasons, f"lines are of orders by {pointer.title!r}")
    rivals = [each for each in judged.columns if each.column.column.number in pointer.rivals]
    for each in (*(by_target(judged.columns)[KEY] for _ in rivals[:1]), *rivals):
        each.target = KEY
        each.open_between([KEY], f"{pointer.title!r} joins the lines, and another column may be the orders' own number")
    return judged


def _parts(
    pairs: Sequence[_Pair], given: Path, best: _Pair, header: JudgedTable | None
) -> dict[str, tuple[JudgedTable, Mapping[str, object]]]:
    """The tables an order comes in, by their names: its `header` and that of its lines, the `best`, or one of all."""
    if header is None:
        return {"": (best[1], _source(best[0], given, is_part=False))}
    first = next(pair for pair in pairs if pair[1] is header)
    settle_number(header, best[1])
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
