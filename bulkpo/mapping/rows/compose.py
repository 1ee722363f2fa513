"""Cells made of several: by a template, of a key's columns, or joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import add, attrgetter
from typing import NamedTuple

from bulkpo.mapping.language.settings import CellSettings
from bulkpo.mapping.language.spec import ImportMapping, Target, Template
from bulkpo.mapping.rows.odd_text import odd_text
from bulkpo.mapping.rows.prepare import Preparer
from bulkpo.mapping.values.cells import loose_text, refuse_shortened, text_of
from bulkpo.mapping.values.left_over import word_for_nothing
from bulkpo.mapping.values.spoiled import spoiled
from bulkpo.mapping.values.unreadable import Trouble, Unreadable
from bulkpo.model.document import Value
from bulkpo.model.table import Cell, Doubtful
from bulkpo.model.text import visible

_MOST_REMEMBERED = 20_000
_NO_TEXTS: tuple[str, ...] = ()


class Composed(NamedTuple):
    """A cell made of several, and the texts it is made of; none where it is empty or cannot be made.

    `told` is what is worth knowing about one of the texts.
    """

    cell: Cell
    texts: tuple[str, ...] = _NO_TEXTS
    told: Trouble | None = None


class Composer:
    """Makes cells by a template; each distinct row of parts is worked out once."""

    def __init__(self, template: Template, mapping: ImportMapping, told: "ToldParts | None" = None) -> None:
        self._template = template
        self._told = told or ToldParts(mapping.settings)
        self._parts = [(part, Preparer(part, mapping)) for part in template.parts]
        self._known: dict[tuple[Cell, ...], Composed] = {}

    def composed(self, columns: Mapping[str, Sequence[Cell]]) -> list[Composed]:
        """The cells of a whole column, with the texts they are made of."""
        rows = zip(*(columns[part.column] for part, _ in self._parts), strict=True)
        return [self._known.get(row) or self._made(row) for row in rows]

    def _made(self, row: tuple[Cell, ...]) -> Composed:
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        self._known[row] = made = self._compose(row)
        return made

    def _compose(self, row: tuple[Cell, ...]) -> Composed:
        texts = []
        told = None
        is_empty = True
        for cell, (part, preparer) in zip(row, self._parts, strict=True):
            try:
                text = visible(text_of(preparer.prepared(cell)))
                told = self._told.of(text, part) or told
            except Unreadable as error:
                return Composed(Doubtful(cell, error.code, f"{part.column}: {error.message}"))
            is_empty &= not text
            texts.append(text or part.default or "")
        if is_empty:
            return Composed(None)
        return self._filled(tuple(texts))._replace(told=told)

    def _filled(self, texts: tuple[str, ...]) -> Composed:
        template = self._template
        if template.where_empty == "keep":
            made = "".join(map(add, template.literals, texts)) + template.literals[-1]
            return Composed(made, texts)
        missing = [part.column for part, text in zip(template.parts, texts, strict=True) if not text]
        if missing and template.where_empty == "nothing":
            return Composed(None)
        if missing and template.where_empty == "error":
            message = (
                f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} empty, and this is made of "
                f"{' and '.join(part.column for part in template.parts)}; fill it in, or say what an empty cell stands "
                f"for: {{empty: …}}"
            )
            return Composed(Doubtful(None, "empty-part", message))
        made = template.literals[0]
        for number, text in enumerate(texts):
            if text:
                made += (template.literals[number] if number and any(texts[:number]) else "") + text
        return Composed(made + template.literals[-1], texts)


class Joiner:
    """Makes the cells of a column with those of others put behind them; empty ones are left out."""

    def __init__(self, target: Target, mapping: ImportMapping, told: "ToldParts") -> None:
        self._parts = [Target(title, target.place, target.part) for title in (target.column, *target.join)]
        self._blanks = [mapping.marks_of(part.column).blanks for part in self._parts]
        self._separator = target.separator
        self._told = told

    def composed(self, columns: Mapping[str, Sequence[Cell]]) -> list[Composed]:
        """The cells of a whole column."""
        rows = list(zip(*(columns[part.column] for part in self._parts), strict=True))
        known = {row: self._compose(row) for row in dict.fromkeys(rows)}
        return list(map(known.__getitem__, rows))

    def _compose(self, row: tuple[Cell, ...]) -> Composed:
        texts = []
        told = None
        for cell, blanks, part in zip(row, self._blanks, self._parts, strict=True):
            if not (loose := loose_text(cell)) or loose in blanks:
                continue
            try:
                texts.append(text_of(cell))
                told = self._told.of(texts[-1], part) or told
            except Unreadable as error:
                return Composed(Doubtful(cell, error.code, f"{part.column}: {error.message}"))
        return Composed(self._separator.join(texts) or None, told=told)


def composer_of(target: Target, mapping: ImportMapping, *, is_held: bool) -> Composer | Joiner | None:
    """What makes the cells of a target of several; None where they are those of its column."""
    told = ToldParts(mapping.settings, target.crosswalk is not None, is_held)
    if target.template is not None:
        return Composer(target.template, mapping, told)
    return Joiner(target, mapping, told) if target.join else None


@dataclass(frozen=True, slots=True)
class ToldParts:
    """What is told of the texts that others are put to.

    Words for nothing are told unless a crosswalk `explains` them, and are an error in a number that is to be `held`.
    """

    settings: CellSettings
    explains: bool = False
    is_held: bool = False

    def of(self, text: str, part: Target) -> Trouble | None:
        """What is worth knowing about a text; raises Unreadable for what is not to be sent."""
        if (message := spoiled(text)) is not None:
            if not self.settings.of(part.column, "spoiled_text"):
                raise Unreadable("spoiled-text", f"{message}, or say spoiled_text: as_read")
            message = f"{part.column}: {message}; sent as it reads, as the mapping says"
            return Trouble(0, "spoiled-text", message, kept=text)
        if self.explains or part.crosswalk:
            return None
        self._refuse_number(text, part)
        told = word_for_nothing(text, is_held=self.is_held)
        if told is None:
            return None
        if told.kept is None:
            raise Unreadable(told.code, told.message)
        return told._replace(message=f"{part.column}: {told.message}")

    def _refuse_number(self, text: str, part: Target) -> None:
        """Raise Unreadable for a code that a program took for a number, which the whole text would not show."""
        if not self.settings.of(part.column, "scientific"):
            refuse_shortened(text)
        odd = odd_text(text, is_held=True) if self.is_held else None
        if odd is not None and odd.kept is None:
            raise Unreadable(odd.code, odd.message)


def with_told(composed: Sequence[Composed], values: Sequence[Value], troubles: list[Trouble]) -> list[Trouble]:
    """The troubles of cells made of several, with what is to be told of the parts of those that are sent."""
    if not any(each.told for each in composed):
        return troubles
    known = {trouble.position for trouble in troubles}
    more = [
        each.told._replace(position=position, kept=value)
        for position, (each, value) in enumerate(zip(composed, values, strict=True))
        if each.told is not None and value is not None and position not in known
    ]
    return sorted([*troubles, *more], key=attrgetter("position"))
