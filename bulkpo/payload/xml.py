"""Documents as the XML that Coupa takes.

Every row of a spreadsheet makes one piece of XML, so pieces are filled into templates: a row's values are joined,
escaped at once and split again, which is five times as fast as building a tree.
"""

from collections.abc import Sequence

from bulkpo.model.document import Document, Layout, Level, Member, Value
from bulkpo.payload.shape import Shape, leaves, reject_unsendable, shape_of

CONTENT_TYPE = "application/xml"

_SEPARATOR = "\x1f"  # no XML text can hold it
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\r")
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


class XmlEncoder:
    """Writes documents of one layout. A value of None leaves its element out, and a reference with it if empty."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._writer = _LevelWriter(layout)
        self._start = f'<?xml version="1.0" encoding="UTF-8"?>\n<{layout.object}>'
        self._end = f"</{layout.object}>"

    def __call__(self, document: Document) -> bytes:
        """The payload; raises InputError if a value holds a character that XML cannot."""
        try:
            text = self._writer.write(document.values, document.members)
            data = f"{self._start}{text}{self._end}".encode()
        except (_SeparatorInValueError, UnicodeEncodeError):
            reject_unsendable(self._layout, document)
            raise
        if len(data.translate(None, _CONTROLS)) != len(data) or any(bad in data for bad in _NONCHARACTERS):
            reject_unsendable(self._layout, document)
        return data


class _SeparatorInValueError(ValueError):
    """A value holds the character that separates values."""


class _LevelWriter:
    """Writes the members of one level, with a template for each pattern of values that are there."""

    def __init__(self, level: Level) -> None:
        self._shape = shape_of(level.fields)
        self._order = tuple(leaves(self._shape))
        self._templates: dict[tuple[bool, ...], str] = {}
        self._below = _LevelWriter(level.below) if level.below else None
        self._collection = level.below.collection if level.below else ""
        self._member = singular(self._collection)

    def write(self, values: Sequence[Value], members: Sequence[Member]) -> str:
        """The elements of one member, and of the level below it."""
        text = self._plain(values)
        if self._below is None or not members:
            return text
        write, name = self._below.write, self._member
        inner = "".join([f"<{name}>{write(member.values, member.members)}</{name}>" for member in members])
        return f"{text}<{self._collection}>{inner}</{self._collection}>"

    def _plain(self, values: Sequence[Value]) -> str:
        texts = [text for place in self._order if (text := values[place]) is not None]
        if not texts:
            return ""
        pattern = tuple([value is None for value in values])
        template = self._templates.get(pattern)
        if template is None:
            template = self._templates[pattern] = _template(self._shape, pattern)
        escaped = _escape(_SEPARATOR.join(texts)).split(_SEPARATOR)
        if len(escaped) != len(texts):
            raise _SeparatorInValueError
        return template % tuple(escaped)


def singular(plural: str) -> str:
    """The name of one member of a collection: `account-allocation` in `account-allocations`, whatever its type is."""
    if plural.endswith("ies"):
        return f"{plural[:-3]}y"
    if plural.endswith(("sses", "xes", "ches", "shes")):
        return plural[:-2]
    return plural.removesuffix("s")


def _template(shape: Shape, missing: Sequence[bool]) -> str:
    parts = []
    for name, below in shape.items():
        value = "" if isinstance(below, int) and missing[below] else "%s"
        inner = value if isinstance(below, int) else _template(below, missing)
        if inner:
            parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)


def _escape(text: str) -> str:
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
