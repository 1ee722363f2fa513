"""Cells made of several: by a template, of a key's columns, or joined."""

from collections.abc import Mapping, Sequence
from operator import add
from typing import NamedTuple

from bulkpo.mapping.language.spec import ImportMapping, Target, Template
from bulkpo.mapping.rows.prepare import Preparer
from bulkpo.mapping.values.cells import loose_text, text_of
from bulkpo.mapping.values.spoiled import spoiled
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.table import Cell, Doubtful
from bulkpo.model.text import visible

_MOST_REMEMBERED = 20_000
_NO_TEXTS: tuple[str, ...] = ()


class Composed(NamedTuple):
    """A cell made of several, and the texts it is made of; none where it is empty or cannot be made."""

    cell: Cell
    texts: tuple[str, ...] = _NO_TEXTS


class Composer:
    """Makes cells by a template; each distinct row of parts is worked out once."""

    def __init__(self, template: Template, mapping: ImportMapping) -> None:
        self._template = template
        self._settings = mapping.settings
        self._parts = [(part, Preparer(part, mapping)) for part in template.parts]
        self._known: dict[tuple[Cell, ...], Composed] = {}

    def cells(self, columns: Mapping[str, Sequence[Cell]]) -> list[Cell]:
        """The cells of a whole column."""
        return [composed.cell for composed in self.composed(columns)]

    def composed(self, columns: Mapping[str, Sequence[Cell]]) -> list[Composed]:
        """The same with the texts they are made of."""
        rows = zip(*(columns[part.column] for part, _ in self._parts), strict=True)
        return [self._known.get(row) or self._made(row) for row in rows]

    def _made(self, row: tuple[Cell, ...]) -> Composed:
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        self._known[row] = made = self._compose(row)
        return made

    def _compose(self, row: tuple[Cell, ...]) -> Composed:
        texts = []
        is_empty = True
        for cell, (part, preparer) in zip(row, self._parts, strict=True):
            try:
                text = visible(text_of(preparer.prepared(cell)))
                self._refuse_spoiled(text, part.column)
            except Unreadable as error:
                return Composed(Doubtful(cell, error.code, f"{part.column}: {error.message}"))
            is_empty &= not text
            texts.append(text or part.default or "")
        if is_empty:
            return Composed(None)
        return self._filled(tuple(texts))

    def _refuse_spoiled(self, text: str, column: str) -> None:
        if (message := spoiled(text)) is not None and not self._settings.of(column, "spoiled_text"):
            raise Unreadable("spoiled-text", f"{message}, or say spoiled_text: as_read")

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


def joined(target: Target, mapping: ImportMapping, columns: Mapping[str, Sequence[Cell]]) -> list[Cell]:
    """The cells of a column with those of others put behind them; empty ones are left out."""
    titles = (target.column, *target.join)
    blanks = [mapping.marks_of(title).blanks for title in titles]
    rows = zip(*(columns[title] for title in titles), strict=True)
    texts = (
        [text for cell, blank in zip(row, blanks, strict=True) if (text := loose_text(cell)) and text not in blank]
        for row in rows
    )
    return [target.separator.join(row) or None for row in texts]
