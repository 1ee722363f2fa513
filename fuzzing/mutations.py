"""Inputs made from others: bytes turned, cut, doubled and replaced by what is known to hurt; archives part by part."""

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence

_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0xFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_MOST_BYTES = 200_000

TEXT = (
    b'"', b'""', b"'", b",", b";", b"\t", b"|", b"\r", b"\n", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff",
    b"\xed\xa0\x80", b"\xc3", b"=", b'="1"', b"sep=;\n", b"1e999", b"-1.0E-400", b"9" * 400, b"NaN", b"31/02/2026",
    b"0000-00-00", b"a" * 33_000, b'"\n' * 50, b"\x1b[31m", b"\xe2\x80\x8b", b"\x85",
)  # fmt: skip
PARTS = (
    b"<", b">", b"/>", b"</", b"&", b"&#0;", b"&#xD800;", b"&#1114112;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<!--",
    b"<![CDATA[", b' r="XFD1048576"', b' r="A0"', b' r="ZZZZ9"', b' s="99999"', b' t="s"', b' t="e"', b' t="inlineStr"',
    b"<v>1e400</v>", b"<v>-1</v>", b"<v>99999999999</v>", b"A1:XFD1048576", b"<row/>", b"<c/>", b"<f>1/0</f>",
    b' table:number-columns-repeated="1000000000"', b' table:number-rows-repeated="1048576"',
    b' colspan="1000000000"', b' rowspan="0"', b' ss:Index="1000000000"', b' ss:MergeDown="-1"', b"<table>",
    b' office:value="1e999"', b' xmlns="x"', b"<mergeCell ref='A2:XFD1048576'/>", b"1900-01-00", b"&amp;", b"\xff",
)  # fmt: skip
YAML = (
    b": ", b"- ", b"\n", b"\n  ", b"{", b"}", b"[", b"]", b"[" * 300, b"? ", b"&a ", b"*a", b"<<: *a",
    b"!!python/none ",
    b"!!binary ", b"!!set ", b"'", b'"', b"|\n", b"#", b"%", b"---\n", b"...\n", b"\t", b"1e9", b"1000000000",
    b"-1", b"0",
    b".5", b"null", b"true", b"'*'", b"import/1", b"export/1", b"columns:", b"pad: 9", b"when: {A: b}",
    b"split: {by: x}",
    b"extract: '(a+)+$'", b"pattern: '(?=a)'", b"order-lines", b"[0]", b"[999999]", b"/", b"\xed\xa0\x80",
    b"\0", b"\x85",
)  # fmt: skip
ANSWER = (
    b"{", b"}", b"[", b"]", b"[" * 3000, b'{"a":' * 500, b'"', b":", b",", b"null", b"true", b"1e999", b"-0",
    b"9" * 5000,
    b"NaN", b"\\ud800", b"\\u0000", b"\xed\xa0\x80", b"<", b">", b"</a>", b"<a>" * 300, b"<!DOCTYPE a>",
    b"&#0;", b"&x;",
    b' type="array"', b' type="integer"', b' nil="true"', b'"id":', b"<id>", b"<errors><error>", b'{"errors":[', b"\0",
)  # fmt: skip


def mutated(data: bytes, others: Sequence[bytes], chance: random.Random, words: Sequence[bytes]) -> bytes:
    """Some bytes with one to eight things done to them."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        chance.choice(_WAYS)(changed, others, chance, words)
    return bytes(changed[:_MOST_BYTES])


def mutated_archive(data: bytes, others: Sequence[bytes], chance: random.Random, words: Sequence[bytes]) -> bytes:
    """An archive with a part changed and all sums made right again, or, one time in five, changed as it stands."""
    if chance.random() < 0.2:
        return mutated(data, others, chance, words)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, RuntimeError):
        return mutated(data, others, chance, words)
    if parts:
        name = chance.choice(list(parts))
        parts[name] = mutated(parts[name], list(parts.values()), chance, words)
        if chance.random() < 0.05:
            del parts[chance.choice(list(parts))]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return stream.getvalue()


def _turn(data: bytearray, _others: Sequence[bytes], chance: random.Random, _words: Sequence[bytes]) -> None:
    for _ in range(chance.choice((1, 1, 4, 16))):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _number(data: bytearray, _others: Sequence[bytes], chance: random.Random, _words: Sequence[bytes]) -> None:
    at, size = chance.randrange(len(data) + 1), chance.choice((1, 2, 4))
    data[at : at + size] = (chance.choice(_NUMBERS) & ((1 << 8 * size) - 1)).to_bytes(
        size, chance.choice(("little", "big"))
    )


def _cut(data: bytearray, _others: Sequence[bytes], chance: random.Random, _words: Sequence[bytes]) -> None:
    at = chance.randrange(len(data) + 1)
    del data[at : at + chance.choice((1, 2, 8, 64, 512, len(data)))]


def _double(data: bytearray, _others: Sequence[bytes], chance: random.Random, _words: Sequence[bytes]) -> None:
    at = chance.randrange(len(data) + 1)
    piece = data[at : at + chance.choice((1, 8, 64, 512))]
    data[at:at] = piece * chance.choice((1, 2, 30))


def _word(data: bytearray, _others: Sequence[bytes], chance: random.Random, words: Sequence[bytes]) -> None:
    at, word = chance.randrange(len(data) + 1), chance.choice(words)
    data[at : at + chance.choice((0, 0, len(word)))] = word


def _splice(data: bytearray, others: Sequence[bytes], chance: random.Random, _words: Sequence[bytes]) -> None:
    if others:
        other = chance.choice(others)
        at, start = chance.randrange(len(data) + 1), chance.randrange(len(other) + 1)
        size = chance.choice((4, 32, 256, 2048))
        data[at : at + chance.choice((0, size))] = other[start : start + size]


def _swap_digits(data: bytearray, _others: Sequence[bytes], chance: random.Random, _words: Sequence[bytes]) -> None:
    """Another number in place of one that is written in digits."""
    at = next((i for i in range(chance.randrange(len(data) + 1), len(data)) if 48 <= data[i] <= 57), None)
    if at is not None:
        data[at : at + 1] = chance.choice((b"0", b"9", b"99", b"1048577", b"16385", b"-1", b"4294967296", b"1e9", b""))


_WAYS: tuple[Callable[[bytearray, Sequence[bytes], random.Random, Sequence[bytes]], None], ...] = (
    _turn, _number, _cut, _double, _word, _word, _splice, _swap_digits,
)  # fmt: skip
