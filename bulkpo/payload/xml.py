"""Documents as the XML that Coupa takes.

Every row of a spreadsheet makes one piece of XML, so pieces are filled into templates: the values of a whole order are
joined, proved clean and escaped at once, split again and filled into the templates of its rows, which is eight times
as fast as building a tree.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from operator import is_, itemgetter
from typing import NamedTuple

from bulkpo.model.document import Document, Layout, Level, Member, Value
from bulkpo.payload.shape import Shape, leaves, reject_unsendable, shape_of

XML_TYPE = "application/xml"

_SEPARATOR = "\x1f"  # no XML text can hold it
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\r")
_NONCHARACTERS = "\ufffe\uffff"


class XmlEncoder:
    """Writes documents of one layout. A value of None leaves its element out, and a reference with it if empty."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._writer = _LevelWriter(layout, layout.object)

    def __call__(self, document: Document) -> bytes:
        """The payload; raises InputError if a value holds a character that XML cannot."""
        templates: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>\n']
        texts: list[str] = []
        self._writer.write([document], templates, texts)
        template = "".join(templates)
        if not texts:
            return template.encode()
        joined = _SEPARATOR.join(texts)
        if not _is_sendable(joined, len(texts) - 1):
            reject_unsendable(self._layout, document)
        return (template % tuple(escape(joined).split(_SEPARATOR))).encode()


class _Piece(NamedTuple):
    """Members with one pattern of values: the template of a whole one, its beginning, and its values in order."""

    whole: str
    start: str
    pick: Callable[[Sequence[Value]], Iterable[str]]


class _LevelWriter:
    """Writes the members of one level, with a template for each pattern of values that are there."""

    def __init__(self, level: Level, name: str) -> None:
        self._shape = shape_of(level.fields)
        self._start, self._end = f"<{name}>", f"</{name}>"
        self._pieces: dict[tuple[bool, ...], _Piece] = {}
        self._all = (False,) * len(level.fields)
        self._collection = level.below.collection if level.below else ""
        self._below = _LevelWriter(level.below, singular(self._collection)) if level.below else None

    def write(self, members: Iterable[Document | Member], templates: list[str], texts: list[str]) -> None:
        """Add the templates of these members and of the levels below them, and the texts to fill in."""
        pieces = self._pieces
        for member in members:
            values = member.values
            missing = tuple(map(is_, values, repeat(None))) if None in values else self._all
            whole, start, pick = pieces.get(missing) or self._piece(missing)
            texts += pick(values)
            if not member.members or self._below is None:
                templates.append(whole)
                continue
            templates.append(f"{start}<{self._collection}>")
            self._below.write(member.members, templates, texts)
            templates.append(f"</{self._collection}>{self._end}")

    def _piece(self, missing: tuple[bool, ...]) -> _Piece:
        places = [place for place in leaves(self._shape) if not missing[place]]
        start = self._start + _template(self._shape, missing)
        piece = self._pieces[missing] = _Piece(start + self._end, start, _picker(places))
        return piece


def singular(plural: str) -> str:
    """The name of one member of a collection: `account-allocation` in `account-allocations`, whatever its type is."""
    if plural.endswith("ies"):
        return f"{plural[:-3]}y"
    if plural.endswith(("sses", "xes", "ches", "shes")):
        return plural[:-2]
    return plural.removesuffix("s")


def _picker(places: Sequence[int]) -> Callable[[Sequence[Value]], Iterable[str]]:
    """What takes the values at these places, always as a sequence: `itemgetter` gives a single one bare."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: [value for place in places if (value := values[place]) is not None]


def _template(shape: Shape, missing: Sequence[bool]) -> str:
    parts = []
    for name, below in shape.items():
        value = "" if isinstance(below, int) and missing[below] else "%s"
        inner = value if isinstance(below, int) else _template(below, missing)
        if inner:
            parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)


def _is_sendable(joined: str, separators: int) -> bool:
    """True if joined values hold no character that XML cannot, and no separator but those that join them."""
    try:
        data = joined.encode()
    except UnicodeEncodeError:
        return False
    if len(data) - len(data.translate(None, _CONTROLS)) != separators:
        return False
    return joined.isascii() or not any(bad in joined for bad in _NONCHARACTERS)


def escape(text: str) -> str:
    """Text as XML holds it. A carriage return is named, since XML readers turn a plain one into a line feed."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "\r" in text:
        text = text.replace("\r", "&#13;")
    return text
