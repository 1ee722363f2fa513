"""A document of a file held against the one in Coupa: the smallest change that makes that one as the file says.

Values of None are left alone, and so is every element the mapping does not fill. Members are told apart by the element
the mapping names for it; what cannot be told apart, or is not there, is trouble.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bulkpo.model.document import Document, Field, Level, Member, Value
from bulkpo.model.matching import EMPTIED, REMOVAL, MemberMatch, Missing, New
from bulkpo.model.tree import Tree
from bulkpo.payload.change import Change, Edit, How, Part, Tell, is_nothing, reference_of
from bulkpo.payload.compare import NOT_READABLE, coupa_text, look, number_of, same

ID = "id"
_NUMBERS = ("decimal", "float", "integer")


class Terms(NamedTuple):
    """What documents are held against Coupa by: their layout, the element of their key, and how members are told apart.

    `matches` are by the full path of the collection: `order-lines/account-allocations`.
    """

    layout: Level
    key: str
    matches: Mapping[str, MemberMatch]


class Hindrance(NamedTuple):
    """Why a document cannot be changed as its file says: the code of a finding, its words, the row and the element."""

    code: str
    message: str
    row: int
    element: str = ""


class Worked(NamedTuple):
    """The change that was worked out, and what is in its way: nothing may be sent where anything is."""

    change: Change
    hindrances: tuple[Hindrance, ...]


def change_of(terms: Terms, document: Document, theirs: Tree) -> Worked:
    """The smallest change that makes Coupa's document as the file's."""
    differ = _Differ(terms)
    header = differ.part(_At(terms.layout, "", ""), document, theirs)
    return Worked(Change(int(str(theirs[ID])), terms.layout.object, header), tuple(differ.hindrances))


class _At(NamedTuple):
    """A level on the way down: its full name in the mapping, and the path users know the member by."""

    level: Level
    full: str
    path: str


class _Differ:
    """One document held against Coupa's."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self.hindrances: list[Hindrance] = []

    def part(self, at: _At, mine: Document | Member, theirs: Tree) -> Part:
        """What is to change of a document or member that is there."""
        edits = tuple(self._edits(at, mine, theirs))
        parts = tuple(self._below(at, mine, theirs))
        number = theirs.get(ID)
        known = None if number is None else int(str(number))
        return Part(How.CHANGED, at.level.collection, at.path, known, self._tell(at, mine), edits, parts, mine.row)

    def _edits(self, at: _At, mine: Document | Member, theirs: Tree) -> Iterator[Edit]:
        """The elements that differ; of a reference, all that are given where one does."""
        given = [
            (field, value)
            for field, value in zip(at.level.fields, mine.values, strict=True)
            if value is not None and not self._is_of_identity(at, field)
        ]
        together: dict[str, list[Edit]] = {}
        for field, value in given:
            together.setdefault(reference_of(field.path.names), []).append(_edit(field, value, theirs, mine.row))
        for edits in together.values():
            if any(map(_differs, edits)):
                yield from edits

    def _is_of_identity(self, at: _At, field: Field) -> bool:
        """Whether an element is what a document or member is known by, which is not to change, or a mark on it."""
        if field.path.names in ((ID,), (REMOVAL,)):
            return True
        if not at.full:
            return str(field.path) == self._terms.key
        return str(field.path) == self._terms.matches[at.full].by

    def _tell(self, at: _At, mine: Document | Member) -> Tell | None:
        if not at.full:
            return None
        by = self._terms.matches[at.full].by
        for field, value in zip(at.level.fields, mine.values, strict=True):
            if str(field.path) == by and value is not None:
                return Tell(field.path.names, field.type, value)
        return None

    def _below(self, at: _At, mine: Document | Member, theirs: Tree) -> Iterator[Part]:
        """What is to change of the members."""
        level = at.level.below
        if level is None or not mine.members:
            return
        full = f"{at.full}/{level.collection}" if at.full else level.collection
        inner = theirs.get(level.collection)
        if level.collection not in theirs and not at.full:
            message = f"Coupa's answer leaves out {full}, so nothing is known of those that are there"
            self.hindrances.append(Hindrance("lines-not-shown", message, mine.row, self._terms.key))
            return
        others = [other for other in inner if isinstance(other, dict)] if isinstance(inner, list) else []
        matching = self._terms.matches[full]
        found = _by_tell(matching.by, level, others)
        prefix = f"{at.path}/{level.collection}" if at.path else level.collection
        met: Counter[str] = Counter()
        for member in mine.members:
            spot = _At(level, full, prefix)
            tell = self._tell(spot, member)
            if tell is None:
                self._hinder(
                    "line-without-match", f"nothing says which one of {full} it is; fill {matching.by}", member, spot
                )
                continue
            word = word_of(tell.type, tell.value)
            met[word] += 1
            spot = spot._replace(path=f"{prefix}[{tell.value}]")
            if met[word] > 1:
                self._hinder(
                    "line-twice", f"{spot.path} stands in another row of the same document too; keep one", member, spot
                )
                continue
            part = self._member(spot, member, tell, found.get(word, ()))
            if part is not None and not is_nothing(part):
                yield part
        if matching.missing is Missing.REMOVE:
            for word, gone in found.items():
                if not met[word]:
                    yield from (self._removed(level, full, prefix, other, mine.row) for other in gone)

    def _member(self, at: _At, mine: Member, tell: Tell, others: Sequence[Tree]) -> Part | None:
        """What is to change of a member, which is there, or is not, or more than once."""
        is_to_go = is_removal(at.level, mine)
        if len(others) > 1:
            ids = " and ".join(str(other.get(ID)) for other in others)
            self._hinder(
                "line-ambiguous", f"Coupa has {at.path} more than once (ids {ids}); match them by id", mine, at
            )
            return None
        if others:
            if is_to_go:
                return _gone(at, others[0], tell, mine.row)
            return self.part(at, mine, others[0])
        if is_to_go:
            return None
        matching = self._terms.matches[at.full]
        if matching.new is New.REFUSE or matching.by == ID:
            message = f"Coupa has no {at.path} in this document; correct {matching.by}"
            if matching.by != ID:
                message += f", or say that it is to be added: members: {{{at.full}: {{new: add}}}}"
            self._hinder("line-not-there", message, mine, at)
            return None
        return _added(at, mine, tell)

    def _removed(self, level: Level, full: str, prefix: str, other: Tree, row: int) -> Part:
        by = self._terms.matches[full].by
        field = next(field for field in level.fields if str(field.path) == by)
        value = coupa_text(look(other, field.path.names)) or ""
        tell = Tell(field.path.names, field.type, value)
        return _gone(_At(level, full, f"{prefix}[{value}]"), other, tell, row)

    def _hinder(self, code: str, message: str, member: Member, at: _At) -> None:
        self.hindrances.append(Hindrance(code, message, member.row, f"{at.full}/{self._terms.matches[at.full].by}"))


def is_removal(level: Level, member: Member) -> bool:
    """Whether a file says of a member that it is to be removed."""
    return any(
        field.path.names == (REMOVAL,) and value == "true"
        for field, value in zip(level.fields, member.values, strict=True)
    )


def made_of(level: Level, document: Document) -> Document:
    """What is sent of a document that is to be made: without what only speaks of one that is there."""
    values, members = _made_of(level, document)
    return document._replace(values=values, members=members)


def _made_of(level: Level, member: Document | Member) -> tuple[tuple[Value, ...], tuple[Member, ...]]:
    values = tuple(
        None if value == EMPTIED or field.path.names in ((ID,), (REMOVAL,)) else value
        for field, value in zip(level.fields, member.values, strict=True)
    )
    below = level.below
    if below is None:
        return values, ()
    kept = (inner for inner in member.members if not is_removal(below, inner))
    return values, tuple(Member(inner.row, *_made_of(below, inner)) for inner in kept)


def word_of(kind: str, value: str) -> str:
    """What tells a member apart, so that two ways to write one number are one."""
    number = number_of(value.strip()) if kind in _NUMBERS else value.strip()
    return value.strip().casefold() if isinstance(number, str) else format(number.normalize(), "f")


def _by_tell(by: str, level: Level, others: Sequence[Tree]) -> dict[str, list[Tree]]:
    """Coupa's members by what tells them apart."""
    field = next((field for field in level.fields if str(field.path) == by), None)
    found: dict[str, list[Tree]] = {}
    if field is None:
        return found
    for other in others:
        value = coupa_text(look(other, field.path.names))
        found.setdefault(word_of(field.type, value or ""), []).append(other)
    return found


def _edit(field: Field, value: str, theirs: Tree, row: int) -> Edit:
    names = field.path.names
    old = look(theirs, names)
    new = None if value == EMPTIED else value
    is_blind = old is NOT_READABLE
    return Edit(
        names, field.type, None if is_blind else _plain(old), new, row, _reference_id(theirs, names), None, is_blind
    )


def _plain(value: object) -> Value:
    """What Coupa has; an empty text is nothing."""
    return coupa_text(value) or None


def _reference_id(theirs: Tree, names: Sequence[str]) -> str | None:
    """The id of what is referred to, so that it can be referred to again whatever it is called then."""
    inner = theirs.get(names[0]) if len(names) > 1 else None
    return coupa_text(inner.get(ID)) if isinstance(inner, Mapping) and names[0] != "custom-fields" else None


def _differs(edit: Edit) -> bool:
    return edit.is_blind or not same(edit.type, edit.new or EMPTIED, edit.old)


def _added(at: _At, mine: Member, tell: Tell) -> Part:
    """A member that is to be made, with all it is given."""
    fields = zip(at.level.fields, mine.values, strict=True)
    edits = tuple(
        Edit(field.path.names, field.type, None, value, mine.row)
        for field, value in fields
        if value not in (None, EMPTIED) and field.path.names not in ((ID,), (REMOVAL,))
    )
    below = at.level.below
    parts = tuple(
        _added(_At(below, f"{at.full}/{below.collection}", f"{at.path}/{below.collection}[{place}]"), member, tell)
        for place, member in enumerate(mine.members if below else (), 1)
        if below is not None
    )
    return Part(How.ADDED, at.level.collection, at.path, None, tell, edits, parts, mine.row)


def _gone(at: _At, other: Tree, tell: Tell | None, row: int) -> Part:
    """A member that is to be removed, with all that is known of it."""
    edits = tuple(
        Edit(field.path.names, field.type, value, None, row, _reference_id(other, field.path.names))
        for field in at.level.fields
        if field.path.names not in ((ID,), (REMOVAL,))
        and (found := look(other, field.path.names)) is not NOT_READABLE
        and (value := _plain(found)) is not None
    )
    below = at.level.below
    inner = other.get(below.collection) if below is not None else None
    members = [member for member in inner if isinstance(member, dict)] if isinstance(inner, list) else []
    parts = tuple(
        _gone(_At(below, f"{at.full}/{below.collection}", f"{at.path}/{below.collection}[{place}]"), member, None, row)
        for place, member in enumerate(members, 1)
        if below is not None
    )
    return Part(How.REMOVED, at.level.collection, at.path, int(str(other[ID])), tell, edits, parts, row)
