"""The zip archive a workbook is, opened with care: no bombs, no entities, nothing encrypted."""

import re
import struct
import zipfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from lxml import etree

from bulkpo.errors import InputError

_MOST_PARTS = 20_000
_LARGEST_PART = 16 << 30
_LARGEST_IN_MEMORY = 64 << 20
_MOST_TAGS = 1_000_000  # each takes some 300 bytes of memory
_UNSUSPECTED = 64 << 20
_PIECE = 1 << 18
_HIGHEST_RATIO = 200  # sheets of real data inflate 5 to 60 times, repeated bytes a thousand times
_MOST_WITHIN = 100_000  # a row of 16,384 cells, each with a formula, a value and rich text, stays below

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Package:
    """The parts of a workbook, by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _opened(path) as archive:
            infos = archive.infolist()
        if len(infos) > _MOST_PARTS:
            raise self._refusal(f"the archive has {len(infos):,} parts, which no workbook has")
        self._infos = self._by_name(infos)

    def _by_name(self, infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        """The parts by the names that a workbook knows them by; of two with one name programs read different ones."""
        found: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = info.filename.replace("\\", "/").lstrip("/").lower()
            if name in found:
                raise self._refusal(f"the archive has the part {name} twice, and programs differ in which they show")
            found[name] = info
        return found

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._infos

    @property
    def is_workbook(self) -> bool:
        """Whether the archive has the parts of one; a damaged one may lack some."""
        return any(
            name.startswith(("xl/", "_rels/", "[content_types]", "content.xml", "mimetype")) for name in self._infos
        )

    def read_beside(self, known: str) -> None:
        """Read all parts but a known one to their ends, where each is held against its checksum."""
        for name in self._infos.keys() - {known.lstrip("/").lower()}:
            with self.stream(name) as part:
                deque(iter(partial(part.read, _PIECE), b""), 0)

    def check(self) -> None:
        """Refuse an archive with a part that is too good at being small; for readers that inflate all of it."""
        size = self.path.stat().st_size
        for info in self._infos.values():
            self._guard(info, size)

    @contextmanager
    def stream(self, name: str, largest: int = _LARGEST_PART) -> Iterator[IO[bytes]]:
        """A part's bytes as they are inflated; DOCTYPE and encodings other than UTF-8 are refused."""
        info = self._infos.get(name.lstrip("/").lower())
        if info is None:
            raise self._refusal(f"the part {name} is missing")
        self._guard(info, self.path.stat().st_size)
        if info.file_size > largest:
            raise self._refusal(f"the part {name} has {info.file_size:,} bytes, more than can be held")
        with _opened(self.path) as archive:
            with archive.open(info) as part:
                self._check_start(part.read(4096), name)
            with archive.open(info) as part:
                yield part

    def xml(self, name: str) -> etree._Element:
        """A small part, parsed."""
        with self.stream(name, _LARGEST_IN_MEMORY) as part:
            text = part.read()
        if _DOCTYPE.search(text):
            raise self._refusal(f"the part {name} declares entities, which no workbook needs")
        if text.count(b"<") > _MOST_TAGS:
            raise self._refusal(f"the part {name} has more than {_MOST_TAGS:,} tags, more than can be held")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        return etree.fromstring(text, parser)

    def _check_start(self, start: bytes, name: str) -> None:
        if _DOCTYPE.search(start):
            raise self._refusal(f"the part {name} declares entities, which no workbook needs")
        if b"\0" in start:
            raise self._refusal(f"the part {name} is not written in UTF-8; open the file in Excel and save it again")

    def _guard(self, info: zipfile.ZipInfo, archive_size: int) -> None:
        if info.flag_bits & 1:
            raise self._refusal("it is protected by a password; remove the protection")
        if info.compress_size > archive_size:
            raise self._refusal("it is damaged: a part is said to be larger than the file")
        if info.file_size > _UNSUSPECTED and info.file_size > _HIGHEST_RATIO * max(info.compress_size, 1):
            raise self._refusal(
                f"the part {info.filename} would inflate {info.file_size // max(info.compress_size, 1)} times, to "
                f"{info.file_size:,} bytes, as only a zip bomb does; save the sheet anew without its empty rows"
            )

    def _refusal(self, reason: str) -> InputError:
        return InputError(f"{self.path.name}: the workbook cannot be read: {reason}")


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive; what the zip module stumbles over in damaged ones is damage."""
    try:
        archive = zipfile.ZipFile(path)
    except (ValueError, struct.error, OverflowError) as error:
        raise zipfile.BadZipFile(str(error)) from None
    with archive:
        yield archive


def elements(stream: IO[bytes], name: str) -> Iterator[etree._Element]:
    """The elements of a name, one at a time as they are read, in constant memory; raises ValueError for one too large.

    What an element holds counts towards its size, so that no part can fill the memory by never ending one.
    """
    events = etree.iterparse(
        stream, events=("end",), resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    size = 0
    for _, element in events:
        size += 1
        if size > _MOST_WITHIN:
            raise ValueError(f"a {name} element holds more than {_MOST_WITHIN:,} others")
        if local_name(element) != name:
            continue
        yield element
        size = 0
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without namespace, as strict and transitional workbooks differ in namespaces only."""
    for key, value in element.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None
