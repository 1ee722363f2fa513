"""All that can be sent of a member that is to be removed, so that it can be made anew when that is taken back."""

from collections.abc import Iterator, Mapping, Sequence

from bulkpo.model.tree import Tree
from bulkpo.payload.change import Change, Edit, How, Part
from bulkpo.payload.compare import CUSTOM, coupa_text
from bulkpo.payload.differ import ID
from bulkpo.payload.rebase import find
from bulkpo.schema.tables import ElementTables


def removes(part: Part) -> bool:
    """Whether a change removes anything."""
    return part.how is How.REMOVED or any(map(removes, part.parts))


def with_whole(change: Change, theirs: Tree, tables: ElementTables) -> Change:
    """The change with all of what it removes; `theirs` is the document as Coupa gives it in full."""
    return change._replace(header=_Whole(tables).part(change.header, change.object, theirs))


class _Whole:
    """One document's removed members, filled up."""

    def __init__(self, tables: ElementTables) -> None:
        self._tables = tables

    def part(self, part: Part, owner: str, theirs: Tree) -> Part:
        """A part with all that its removed members have."""
        elements = self._tables.object(owner).elements
        parts = []
        for below in part.parts:
            inner, others = elements[below.collection].type, find(below, theirs)
            if others and below.how is How.REMOVED:
                parts.append(self._gone(below, inner, others[0]))
            elif others and below.how is How.CHANGED:
                parts.append(self.part(below, inner, others[0]))
            else:
                parts.append(below)
        return part._replace(parts=tuple(parts))

    def _gone(self, part: Part, owner: str, theirs: Tree) -> Part:
        edits: list[Edit] = []
        parts: list[Part] = []
        for name, element in self._tables.object(owner).elements.items():
            value = theirs.get(name)
            if element.read_only or name == ID or value in (None, "", [], {}):
                continue
            if isinstance(value, list):
                parts += self._members(part, name, element.type, value)
            elif isinstance(value, Mapping):
                edits += _reference(name, value, part.row)
            elif (text := coupa_text(value)) is not None:
                edits.append(Edit((name,), element.type, text, None, part.row))
        edits += _custom(theirs.get(CUSTOM), part.row)
        return part._replace(edits=tuple(edits), parts=tuple(parts))

    def _members(self, part: Part, name: str, owner: str, members: Sequence[object]) -> Iterator[Part]:
        """The members below, each as a whole; what is only referred to has no elements of its own to be kept."""
        for place, member in enumerate(members, 1):
            if isinstance(member, dict) and ID in member:
                below = Part(How.REMOVED, name, f"{part.path}/{name}[{place}]", int(str(member[ID])), None, ())
                yield self._gone(below, owner, member)


def _reference(name: str, value: Mapping[str, object], row: int) -> Iterator[Edit]:
    """What is referred to, by its id."""
    if (number := coupa_text(value.get(ID))) is not None:
        yield Edit((name, ID), "integer", number, None, row)


def _custom(values: object, row: int) -> Iterator[Edit]:
    for name, value in values.items() if isinstance(values, Mapping) else ():
        if isinstance(value, Mapping):
            number = coupa_text(value.get(ID))
            if number is not None:
                yield Edit((CUSTOM, name, ID), "integer", number, None, row)
        elif (text := coupa_text(value)) is not None:
            yield Edit((CUSTOM, name), "string", text, None, row)
