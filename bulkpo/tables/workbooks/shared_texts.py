"""The texts that the cells of a workbook share, by their number.

Like rows, they are read by a pattern that must match all of a block; an item of another shape (rich text, a phonetic
guide) is parsed alone, and a part of any other shape is left to an XML parser.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import IO

from lxml import etree

from bulkpo.model.table import Cell
from bulkpo.tables.workbooks.cell_values import decoded, is_plain, plain_text
from bulkpo.tables.workbooks.package import elements, local_name

_BLOCK = 1 << 18
_LONGEST_ITEM = 8 << 20

_START = re.compile(r"\s*(?:<\?xml[^<>]*\?>)?\s*<sst(?: [^<>]*)?(?<!/)>\s*")
_ITEM = re.compile(
    r'<si>(?:<t(?: xml:space="preserve")?>([^<]*+)</t></si>|((?:[^<]++|<(?!/si>))*+)</si>)'
    r"\s*+(?:(?=<si>|\Z)|([\s\S]++))"
)
_ITEM_END = b"</si>"
_END = "</sst>"
_AMPERSAND = re.compile(r"&(?!#x[0-9A-Fa-f]{1,6};|#[0-9]{1,7};|(?:amp|lt|gt|quot|apos);)")


class _UnexpectedShapeError(ValueError):
    """A part that the pattern does not understand."""


def read_texts(opened: Callable[[], AbstractContextManager[IO[bytes]]]) -> list[Cell]:
    """All texts of the part that holds them, which can be opened twice; one that is empty is None."""
    with opened() as stream, suppress(ValueError):  # what is wrong, the parser knows
        return list(_quick(stream))
    with opened() as stream:
        return [decoded(rich_text(element)) or None for element in elements(stream, "si")]


def holds_declarations(text: str) -> bool:
    """Whether XML has a comment, a CDATA section or an instruction in it; a rare character alone is found soonest."""
    return ("!" in text and "<!" in text) or ("?" in text and "<?" in text)


def rich_text(element: etree._Element) -> str:
    """The text of a string item, runs joined, without its phonetic guide."""
    parts = []
    for child in element:
        name = local_name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(text.text or "" for text in child.iterchildren("{*}t"))
    return "".join(parts)


def _quick(stream: IO[bytes]) -> Iterator[Cell]:
    for block in _blocks(stream):
        found = _ITEM.findall(block)
        if not found or found[-1][-1] or len(found) != block.count("</si>") or not block.startswith("<si>"):
            raise _UnexpectedShapeError
        if holds_declarations(block) or _AMPERSAND.search(block):
            raise _UnexpectedShapeError
        plain = is_plain(block)
        for text, other, _ in found:
            if other:
                yield decoded(_parsed(other)) or None
            else:
                yield (text if plain else plain_text(text)) or None


def _parsed(inside: str) -> str:
    try:
        return rich_text(etree.fromstring(f"<si>{inside}</si>", etree.XMLParser(resolve_entities=False)))
    except etree.XMLSyntaxError:  # a name whose prefix is declared further up
        raise _UnexpectedShapeError from None


def _blocks(stream: IO[bytes]) -> Iterator[str]:
    """The text of the items, in pieces that end with an item's end."""
    rest = stream.read(_BLOCK)
    start = _START.match(rest.decode(errors="replace"))
    if start is None:
        raise _UnexpectedShapeError
    rest = rest[len(start[0].encode()) :]
    while True:
        cut = rest.rfind(_ITEM_END) + len(_ITEM_END)
        if cut >= len(_ITEM_END):
            yield rest[:cut].decode()
            rest = rest[cut:].lstrip()
        block = stream.read(_BLOCK)
        if not block:
            break
        rest += block
        if len(rest) > _LONGEST_ITEM:
            raise _UnexpectedShapeError
    if rest.decode().strip() != _END:
        raise _UnexpectedShapeError
