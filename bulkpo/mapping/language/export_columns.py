"""The columns of an export: an element path each, or a constant, under the title people see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bulkpo.mapping.kinds.known import kind_of
from bulkpo.mapping.language.arithmetic import parse_steps
from bulkpo.mapping.language.blocks import Block
from bulkpo.mapping.values.arithmetic import Operation
from bulkpo.model.attached import ATTACHMENT
from bulkpo.model.path import CUSTOM_FIELDS, ElementPath, Step
from bulkpo.schema.rules import NUMBERS
from bulkpo.schema.tables import Element, ElementTables, Resource, UnknownElement, nearest
from bulkpo.yamldoc import Keys

ALL = "all"
DATE = "date"
SAVED_AS = "saved-as"
"""Where the file of an attachment is, beside what Coupa says of it; an address or a note stands there itself."""


_OF_ATTACHMENTS = ("id", "type", "file-file-name", "file-file-size", "url", "text")


@dataclass(frozen=True, slots=True)
class AttachmentFolder:
    """Where attached files go: the name of a folder beside the export's own file, "" for one of its name.

    Of larger files than `most_mb` MB only the size is told.
    """

    folder: str = ""
    most_mb: int = 50


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column: its title, and the path from the document to its element; without a path, a constant.

    `type` is the element's plain type; a column that joins the members of a collection is text. `as_date` is said of
    moments that are dates to people, such as `need-by-date`: they are shown without their midnight. `steps` are what is
    calculated with it, columns among them by their titles.
    """

    title: str
    path: ElementPath | None
    type: str
    constant: str = ""
    as_date: bool = False
    steps: tuple[Operation, ...] = ()

    @property
    def fetches(self) -> bool:
        """Whether it shows the files of attachments, which are fetched for it."""
        return self.type == ATTACHMENT

    @property
    def needs(self) -> Iterator[tuple[str, ...]]:
        """The names of the elements it is made of, each the way from the document."""
        names = () if self.path is None else self.path.names
        if not self.fetches:
            yield names
            return
        yield (*names[:-2], "id")
        yield from ((*names[:-1], name) for name in _OF_ATTACHMENTS)


def row_levels(tables: ElementTables, object_name: str, text: str) -> tuple[tuple[str, ...], str | None]:
    """The collections that `rows` names, from the document inwards, or what is wrong with it."""
    if not text:
        return (), None
    try:
        path = ElementPath.parse(text)
        for length in range(1, len(path.steps) + 1):
            part = ElementPath(path.steps[:length])
            element = tables.element(object_name, part)
            if not element.many or element.is_plain or path.steps[length - 1].index is not None:
                return (), f"{part} is no collection; name one, such as {_collections(tables, object_name)}"
    except (ValueError, UnknownElement) as error:
        return (), str(error)
    return path.names, None


def _collections(tables: ElementTables, object_name: str) -> str:
    found = [element.name for element in tables.object(object_name).elements.values() if element.many]
    return " or ".join(sorted(found, key=lambda name: not name.endswith("lines"))[:2]) or "none: leave rows out"


class ColumnReader:
    """Reads `columns`; what is wrong is in `problems`, with the keys that say where."""

    def __init__(self, tables: ElementTables, resource: Resource, rows: tuple[str, ...], observed: datetime) -> None:
        """`observed` is the time of the export, in the zone of the mapping."""
        self._attached_to = kind_of(resource.name).attached_to
        self._observed = observed
        self.problems: list[tuple[Keys, str]] = []
        self._tables = tables
        self._object = resource.object
        self._rows = rows

    def read(self, columns: object) -> tuple[ExportColumn, ...]:
        """The columns of a mapping's `columns`: titles with paths, a list of paths, or `all`."""
        if isinstance(columns, dict):
            titled = tuple(column for title, said in columns.items() for column in self._titled(title, said))
            self._check_operands(titled)
            return titled
        wanted = [columns] if isinstance(columns, str) else columns if isinstance(columns, list) else []
        found: dict[str, ExportColumn] = {}
        for number, text in enumerate(wanted):
            for path in self._expanded(str(text), ("columns", number)):
                for column in self._column(str(path), str(path), ("columns", number)):
                    if column.title in found and not str(text).endswith(ALL):
                        self.problems.append((("columns", number), f"{column.title} stands twice; remove one"))
                    found.setdefault(column.title, column)
        return tuple(found.values())

    def _titled(self, title: str, said: object) -> Iterator[ExportColumn]:
        keys = ("columns", title)
        if not isinstance(said, dict):
            yield from self._column(title, str(said), keys)
        elif "observed" in said:
            form = "%Y-%m-%d" if said["observed"] == DATE else "%Y-%m-%d %H:%M %Z"
            yield ExportColumn(title, None, "string", format(self._observed, form).strip())
        elif "constant" in said:
            yield ExportColumn(title, None, "string", str(said["constant"]))
        else:
            for column in self._column(title, str(said["path"]), (*keys, "path")):
                yield self._calculated(self._formatted(column, said.get("format"), (*keys, "format")), said, keys)

    def _calculated(self, column: ExportColumn, said: Mapping[str, Any], keys: Keys) -> ExportColumn:
        """The column with what is calculated of it."""
        steps = parse_steps(said, Block((), {}), keys, self._note)
        if not steps:
            return column
        if column.type not in NUMBERS:
            self.problems.append((keys, f"{column.path} is {column.type}; only numbers are calculated with"))
        if any(step.kind == "divide_by" for step in steps) and steps[-1].rounding is None:
            self.problems.append((keys, "a division may not end; say round: {digits: 4}"))
        return replace(column, type="decimal", steps=steps)

    def _note(self, keys: Sequence[str | int], message: str, *, on_key: bool = False) -> None:  # noqa: ARG002 - the place is the same
        self.problems.append((tuple(keys), message))

    def _check_operands(self, columns: Sequence[ExportColumn]) -> None:
        """Report calculating with what is no column, or no number, or is not calculated yet."""
        known = {column.title: column for column in columns}
        ready = {column.title for column in columns if not column.steps}
        for column in columns:
            for name in (step.operand.column for step in column.steps if step.operand is not None):
                keys = ("columns", column.title)
                if name and name not in known:
                    self.problems.append((keys, f"there is no column {name!r}{nearest(name, known)}"))
                elif name and known[name].type not in NUMBERS:
                    self.problems.append((keys, f"{name!r} is {known[name].type}; calculate with numbers"))
                elif name and name not in ready:
                    self.problems.append((keys, f"{name!r} is calculated itself; it must stand above this column"))
            ready.add(column.title)

    def _formatted(self, column: ExportColumn, wanted: str | None, keys: Keys) -> ExportColumn:
        """The column shown as a mapping says; what it says of dates must be said of moments."""
        if wanted is None:
            return column
        if column.type != "datetime":
            self.problems.append((keys, f"{column.path} is {column.type}; only a datetime has a format: remove this"))
        return replace(column, as_date=wanted == DATE)

    def _column(self, title: str, text: str, keys: Keys) -> Iterator[ExportColumn]:
        try:
            path = ElementPath.parse(text)
            element = self._tables.element(self._object, path)
        except (ValueError, UnknownElement) as error:
            self.problems.append((keys, str(error)))
            return
        if element.type == ATTACHMENT and element.many:
            yield from self._attachments(title, path, keys)
            return
        if not element.is_plain:
            below = next(iter(self._plain(element.type)), "id")
            self.problems.append(
                (keys, f"{path} is a whole {element.type}; name an element of it, as in {path}/{below}")
            )
            return
        kind = "string" if self._joins(path) else element.type
        yield ExportColumn(title, path, kind, as_date=kind == "datetime" and element.name.endswith("-date"))

    def _attachments(self, title: str, path: ElementPath, keys: Keys) -> Iterator[ExportColumn]:
        """A column that shows attached files; they are fetched from documents, and from members Coupa names them by."""
        collections = "/".join(path.names[:-1])
        if collections and collections not in self._attached_to:
            known = " and ".join(f"{name}/{path.names[-1]}" for name in self._attached_to)
            message = f"{path}: what is attached there cannot be fetched{f', only {known}' if known else ''}"
            self.problems.append((keys, message))
        elif any(step.index is not None for step in path.steps):
            self.problems.append((keys, f"{path}: write it without [..]; all that is attached is fetched"))
        else:
            yield ExportColumn(title, ElementPath((*path.steps, Step(SAVED_AS))), ATTACHMENT)

    def _expanded(self, text: str, keys: Keys) -> Iterator[ElementPath | str]:
        """The paths a text stands for: itself, or with `all` every plain element there."""
        if text == ALL:
            for depth in range(len(self._rows) + 1):
                yield from self._all_of(self._rows[:depth], keys)
        elif text.endswith(f"/{ALL}"):
            yield from self._all_of(tuple(text.removesuffix(f"/{ALL}").split("/")), keys)
        else:
            yield text.strip()

    def _all_of(self, names: tuple[str, ...], keys: Keys) -> Iterator[ElementPath]:
        object_name = self._object
        try:
            if names:
                object_name = self._tables.element(self._object, ElementPath.parse("/".join(names))).type
            plain = self._plain(object_name)
        except (ValueError, UnknownElement) as error:
            self.problems.append((keys, str(error)))
            return
        steps = ElementPath.parse("/".join(names)).steps if names else ()
        for name in plain:
            yield ElementPath((*steps, Step(name)))

    def _plain(self, object_name: str) -> list[str]:
        """The plain elements of an object, the id first."""
        elements = self._tables.object(object_name).elements.values()
        return sorted((element.name for element in elements if element.is_plain), key=lambda name: name != "id")

    def _joins(self, path: ElementPath) -> bool:
        """Whether the way leads through a collection that is not chosen as rows, and no one member is named."""
        shared = 0
        while shared < len(self._rows) and path.names[: shared + 1] == self._rows[: shared + 1]:
            shared += 1
        for length in range(shared + 1, len(path.steps)):
            if path.steps[length - 1].name == CUSTOM_FIELDS:
                return False
            element: Element = self._tables.element(self._object, ElementPath(path.steps[:length]))
            if element.many and path.steps[length - 1].index is None:
                return True
        return False
