"""Rows that were added to an edited workbook: a new number makes a new document, a known one a new line of it."""

from collections.abc import Iterable, Mapping

from bulkpo.errors import InputError
from bulkpo.runs.editing.edited import AddedRow, Edited, EditFault
from bulkpo.runs.editing.layout import DOCUMENT_KEY, LINE_KEY

Texts = Mapping[int, str | ValueError]
"""The texts of a row by column; what is wrong with a cell instead of its text."""


def add_rows(edited: Edited, rows: Iterable[tuple[int, str, Texts]]) -> None:
    """Take added rows, each with its number and where it is; what is wrong with one is a fault.

    Raises InputError where there are some and the columns cannot say what they add.
    """
    adding = None
    for number, where, texts in rows:
        adding = adding or _Adding(edited)
        adding.take(number, where, texts)
    if adding is not None:
        edited.notices += adding.notices()


class _Adding:
    def __init__(self, edited: Edited) -> None:
        layout = edited.layout
        wanted = {DOCUMENT_KEY: layout.key_place}
        if layout.rows:
            wanted[f"{layout.rows}/{LINE_KEY}"] = layout.line_place
        missing = [path for path, place in wanted.items() if place is None]
        if missing or layout.key_place is None:
            raise InputError(
                f"rows were added, and no column says of what: put {' and '.join(missing)} into the columns of the "
                "export mapping and export anew, or add them by an import mapping"
            )
        self._edited = edited
        self._key, self._line = layout.key_place, layout.line_place
        self._ids = {texts.texts[self._key]: id_ for (id_, _), texts in edited.kept.items()}
        self._own = {id_: texts.texts for (id_, _), texts in edited.kept.items()}
        self._new = {(change.key[0], change.place): change.new for change in edited.changes}
        self._lines = {
            (id_, texts.texts[self._line]) for (id_, _), texts in edited.kept.items() if self._line is not None
        }
        self._met: dict[tuple[str, str], int] = {}
        self._left: dict[int, int] = {}

    def take(self, number: int, where: str, texts: Texts) -> None:
        """Take one row."""
        edited, columns = self._edited, self._edited.layout.columns
        wrong = [f"{columns[at].title}: {text}" for at, text in texts.items() if isinstance(text, ValueError)]
        plain = {at: text for at, text in texts.items() if isinstance(text, str)}
        key, line = plain.get(self._key, ""), "" if self._line is None else plain.get(self._line, "")
        id_ = self._ids.get(key)
        problem = "; ".join(wrong) or self._problem(key, line, id_) or self._of_document(plain, id_)
        if problem:
            edited.faults.append(EditFault(f"{where}: {problem}", None))
            return
        self._met[key, line] = number
        given: dict[int, str] = {}
        for at, text in plain.items():
            if not text or at in (self._key, self._line) or (id_ is not None and not edited.layout.is_of_line(at)):
                continue
            if columns[at].is_editable:
                given[at] = text
            else:
                self._left[at] = self._left.get(at, 0) + 1
        edited.added.append(AddedRow(number, where, key, line, given, id_))

    def _problem(self, key: str, line: str, id_: int | None) -> str:
        """What keeps a row from being one of its own."""
        columns, known = self._edited.layout.columns, self._line is not None
        if not key:
            return f"{columns[self._key].title} is empty; write a new number for a new order, or a known one"
        if self._line is not None and not line:
            return f"{columns[self._line].title} is empty; number the new line"
        if (key, line) in self._met:
            return f"the same order and line as row {self._met[key, line]}, which was added too; keep one of them"
        if id_ is not None and (not known or (id_, line) in self._lines):
            return "this order and line were exported, and have a row of their own; edit that one"
        return ""

    def _of_document(self, plain: Mapping[int, str], id_: int | None) -> str:
        """What a row that adds a line says otherwise of its document than the document's own rows."""
        if id_ is None:
            return ""
        layout = self._edited.layout
        own = self._own[id_]
        for at, text in plain.items():
            said = {own[at], self._new.get((id_, at), own[at])}
            if text and text not in said and layout.columns[at].path and not layout.is_of_line(at):
                title = layout.columns[at].title
                return (
                    f"{title} is {text!r}, and {own[at]!r} in the order's own rows; write the same, or leave it empty"
                )
        return ""

    def notices(self) -> list[str]:
        """What is not sent of added rows."""
        columns, layout = self._edited.layout.columns, self._edited.layout
        paths = [column.path for column in columns]
        open_ = [it for it in layout.required if not any(path == it or path.startswith(f"{it}/") for path in paths)]
        is_made = any(row.id is None for row in self._edited.added)
        named = ", ".join(open_)
        return [
            *(
                [f"no column has {named}, which Coupa may want of new orders; the export mapping can"]
                * bool(open_ and is_made)
            ),
            *self._not_sent(),
        ]

    def _not_sent(self) -> list[str]:
        columns = self._edited.layout.columns
        return [
            f"column {columns[at].title!r} is not sent of rows that were added ({count:,}): Coupa sets it"
            for at, count in sorted(self._left.items())
        ]
