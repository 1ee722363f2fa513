"""How the bytes of a text file are to be read: UTF-8, UTF-16 or cp1252, found out strictly or declared."""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from encodings.aliases import aliases
from itertools import count

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.tables.reading.packed import TextInput, opened_bytes
from bulkpo.tables.reading.windows_text import misfit, telling_word

_BLOCK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
WHERE_DECLARED = "source: {encoding: …} in the mapping, --encoding of `bulkpo guess`"
"""Where people say what a file is encoded in."""
_AROUND_ASCII = {"utf-8", "utf-8-sig", "cp1252", "ascii", "iso8859-1"}
"""The encodings in which bytes that are ASCII need not be decoded to be proved."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name and, if it was guessed, the finding that says so."""

    name: str
    findings: tuple[Finding, ...] = ()


def find_encoding(path: TextInput, declared: str | None) -> Encoding:
    """Find out how a text file is encoded, reading all of it once; raises InputError naming the line that fails."""
    if declared is not None:
        return _declared(path, declared)
    with opened_bytes(path) as file:
        start = file.read(4096)
    for bom, name in _BOMS:
        if start.startswith(bom):
            _prove(path, name)
            return Encoding(name)
    if is_utf16(start):
        name = "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
        _prove(path, name)
        return Encoding(name, (_guessed("the text is read as UTF-16, which nothing in the file declares", 1),))
    line = _first_undecodable(path, "utf-8")
    if not line:
        return Encoding("utf-8")
    _prove(path, "cp1252")
    with opened_bytes(path) as file:
        refuse_misfit(path.name, iter(lambda: file.read(_BLOCK), b""))
    with opened_bytes(path) as file:
        word = telling_word(iter(lambda: file.read(_BLOCK), b""))
    message = f"the text is not UTF-8 and is read as Windows text (cp1252); {look_at_letters(word)}"
    return Encoding("cp1252", (_guessed(message, line),))


def known_encoding(declared: str) -> str:
    """The name of the codec that is declared; raises ValueError, with names near by, for what is no text encoding."""
    try:
        "a".encode(declared)
        name = codecs.lookup(declared).name
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError):
        known = {name.replace("_", "-") for pair in aliases.items() for name in pair if not name[0].isdigit()}
        near = get_close_matches(declared.lower().replace("_", "-"), sorted(known))
        meant = f"; did you mean {' or '.join(near)}?" if near else "; write utf-8, utf-16 or cp1252"
        raise ValueError(f"the encoding {declared!r} is not known{meant}") from None
    return name


def look_at_letters(word: str) -> str:
    """What people should do where a guess may be wrong that only accented letters tell of; `word` is one with such."""
    return f"look at its accented letters, as in {word!r}" if word else "look at its accented letters"


def _declared(path: TextInput, declared: str) -> Encoding:
    try:
        name = known_encoding(declared)
    except ValueError as error:
        raise InputError(f"{path.name}: {error}") from None
    with opened_bytes(path) as file:
        bom = file.read(3) == codecs.BOM_UTF8
    name = "utf-8-sig" if name == "utf-8" and bom else name
    _prove(path, name)
    return Encoding(name)


def _prove(path: TextInput, name: str) -> None:
    line = _first_undecodable(path, name)
    if line:
        shown = {"utf-8-sig": "UTF-8", "cp1252": "UTF-8 nor Windows text (cp1252)"}.get(name, name.upper())
        neither = "neither " if name == "cp1252" else "not "
        raise InputError(
            f"{path.name}, line {line}: the bytes are {neither}{shown}; declare the file's encoding ({WHERE_DECLARED})"
        )


def refuse_misfit(name: str, blocks: Iterable[bytes]) -> None:
    """Raise InputError if what can be read as Windows text can hardly be meant so; `name` is the file's."""
    found = misfit(blocks)
    if found is not None:
        raise InputError(
            f"{name}, line {found.line}: the text is not UTF-8, and {found}; declare what it is, such as "
            f"{found.encoding or 'cp850'}, or cp1252 if that is right ({WHERE_DECLARED}); or save it as UTF-8"
        )


def _first_undecodable(path: TextInput, name: str) -> int:
    """The line, from 1, of the first byte that does not decode; 0 if all do. Raises InputError for NUL characters."""
    decoder = codecs.getincrementaldecoder(name)()
    with opened_bytes(path) as file:
        for number in count():
            block = file.read(_BLOCK)
            if name in _AROUND_ASCII and block.isascii() and b"\0" not in block and not decoder.getstate()[0]:
                if block:
                    continue
                return 0
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(name.removesuffix("-sig"), "replace")
                return _line_after(path, name, number) + good.count("\n")
            nul = text.find("\0")
            if nul >= 0:
                line = _line_after(path, name, number) + text.count("\n", 0, nul)
                raise InputError(
                    f"{path.name}, line {line}: the text holds NUL characters; this is no plain text file, or it is "
                    "damaged: save it again as CSV"
                )
            if not block:
                break
    return 0


def _line_after(path: TextInput, name: str, blocks: int) -> int:
    """The number of the line that so many blocks end in."""
    decoder = codecs.getincrementaldecoder(name)()
    with opened_bytes(path) as file:
        return 1 + sum(decoder.decode(file.read(_BLOCK)).count("\n") for _ in range(blocks))


def is_utf16(start: bytes) -> bool:
    """Whether a file that starts so is UTF-16: by its byte order mark, or every other byte being NUL."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    half = len(start) // 2
    return half > 0 and max(start[0::2].count(0), start[1::2].count(0)) > half * 0.4 and start.count(0) < half * 1.2


def _guessed(message: str, line: int) -> Finding:
    return Finding("encoding-guessed", message, line, severity=Severity.NOTICE)
