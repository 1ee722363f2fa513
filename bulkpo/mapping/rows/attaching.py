"""Cells that name what to attach become wishes; those of all rows of an order are taken together."""

from collections.abc import Iterator

from bulkpo.mapping.language.spec import ImportMapping, Target
from bulkpo.mapping.rows.prepare import Preparer
from bulkpo.mapping.values.attachments import AttachSpec, Unfit, wishes
from bulkpo.mapping.values.cells import text_of
from bulkpo.mapping.values.unreadable import Trouble, Unreadable
from bulkpo.model.attached import Attached, wishes_of, wishes_text
from bulkpo.model.document import Document, Level, Value, Values
from bulkpo.model.table import Cell


class Attacher:
    """Reads the cells of one column whose target attaches."""

    def __init__(self, target: Target, spec: AttachSpec, mapping: ImportMapping, preparer: Preparer) -> None:
        self._target = target
        self._spec = spec
        self._shelf = mapping.shelves.get(self._spec.folder)
        self._preparer = preparer

    def one(self, cell: Cell) -> Value | Trouble:
        """The wishes of one cell as a value, or what is wrong with it."""
        target = self._target
        try:
            text = target.value if target.value is not None else text_of(self._preparer.prepared(cell))
        except Unreadable as error:
            return Trouble(0, error.code, error.message)
        found = list(wishes(text or target.default or "", self._spec, self._shelf))
        unfit = [each for each in found if isinstance(each, Unfit)]
        kept = [each for each in found if not isinstance(each, Unfit)]
        value = wishes_text(kept) if kept else None
        if not unfit:
            return value
        if not self._spec.leaves_out:
            return Trouble(0, unfit[0].code, "; ".join(each.message for each in unfit))
        said = "; ".join(each.message.partition(";")[0] for each in unfit)
        return Trouble(0, "attachment-left-out", f"{said}; left out, as the mapping says", kept=value or "")


class Parter:
    """Takes what is to be attached out of documents, where it stands behind all that payloads hold."""

    def __init__(self, levels: tuple[Level, ...], counts: tuple[int, ...], line_number: str | None) -> None:
        """`counts` are how many fields of each level payloads hold."""
        self._counts = counts
        lines = levels[1].fields if len(levels) > 1 else ()
        places = (place for place, each in enumerate(lines) if each.full_path == line_number)
        self._number = next(places, None)
        self._is_needed = any(len(level.fields) > count for level, count in zip(levels, counts, strict=True))

    def parted(self, document: Document) -> Document:
        """The document with its attachments apart."""
        if not self._is_needed:
            return document
        header, lines = self._counts[0], self._counts[1] if len(self._counts) > 1 else 0
        found = list(_attached(document.values[header:], document.row, 0, ""))
        members = []
        for place, member in enumerate(document.members, 1):
            number = member.values[self._number] if self._number is not None else None
            found += _attached(member.values[lines:], member.row, place, number or "")
            members.append(member._replace(values=member.values[:lines]))
        return document._replace(
            values=document.values[:header], members=tuple(members), attached=tuple(dict.fromkeys(found))
        )


def _attached(values: Values, row: int, member: int, line: str) -> Iterator[Attached]:
    for value in filter(None, values):
        for wish in wishes_of(value):
            yield Attached(row, member, line, *wish)
