"""A pack is held against itself: its seal, its manifest, the chain of events, what was sent, and the sums."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bulkpo.errors import InputError
from bulkpo.runs.evidence.opened import (
    Wrong,
    member_troubles,
    read_member,
    seal_trouble,
    size_and_digest,
    text_of_member,
)
from bulkpo.runs.evidence.tiling import untiled
from bulkpo.runs.evidence.told import ToldRun
from bulkpo.runs.evidence.words import MANIFEST

_LISTED = re.compile(rb"([0-9a-f]{64})  ([!-~]+)\n")
_NEEDED = (
    "README.txt",
    "evidence.xlsx",
    "run.json",
    "orders.jsonl",
    "events.jsonl",
    "payloads.jsonl",
    "read-back.jsonl",
)

CANNOT_PROVE = (
    "Whoever changes a pack and then works out everything in it anew is not found out by looking at it: hold its "
    "SHA-256 against the one that was kept when it was made"
)


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying a pack came to: the pack's own digest and size, what is wrong, what was held against what."""

    path: Path
    sha256: str
    size: int
    run: Mapping[str, Any]
    troubles: tuple[Wrong, ...]
    members: int = 0
    events: int = 0
    expected: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.troubles

    @property
    def exit_code(self) -> int:
        """0 if nothing is wrong."""
        return int(not self.holds)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "pack": str(self.path),
            "sha256": self.sha256,
            "bytes": self.size,
            "verified": self.holds,
            "held_against": self.expected or None,
            "run": self.run.get("id"),
            "files": self.members,
            "events": self.events,
            "wrong": [trouble._asdict() for trouble in self.troubles],
            "cannot_prove": CANNOT_PROVE,
        }


def verify_pack(path: Path, expected: str = "") -> Verified:
    """Verify a pack, and that it is the one with the digest `expected`, where that is given; raises InputError."""
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: is no file; name the pack")
    try:
        with path.open("rb") as file:
            size, digest = size_and_digest(file)
            checking = _Checking(file, size)
            troubles = list(checking.troubles())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    if expected and expected.strip().lower() != digest:
        troubles.insert(0, Wrong("pack", f"its SHA-256 is {digest}, and not the one it is held against"))
    run = checking.facts.get("run")
    known = run if isinstance(run, Mapping) else {}
    return Verified(path, digest, size, known, tuple(troubles), checking.members, checking.events, expected)


class _Checking:
    """One pack being checked; what is found out on the way is kept."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self.facts: Mapping[str, Any] = {}
        self.members = 0
        self.events = 0
        self._listed: Mapping[str, str] = {}

    def troubles(self) -> Iterator[Wrong]:
        """All that is wrong, part by part."""
        if said := seal_trouble(self._file, self._size):
            yield Wrong("structure", said)
        try:
            archive = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            yield Wrong("structure", f"it cannot be opened as a ZIP file: {error}")
            return
        with archive:
            unfit = list(member_troubles(archive, self._size))
            yield from unfit
            if unfit:
                return
            yield from (Wrong("structure", said) for said in untiled(self._file, archive))
            yield from self._manifest(archive)
            told = ToldRun(archive)
            yield from told.troubles()
            self.facts, self.events = told.facts, told.events
            yield from self._copies()

    def _manifest(self, archive: zipfile.ZipFile) -> Iterator[Wrong]:
        text = text_of_member(archive, MANIFEST)
        if text is None:
            yield Wrong(MANIFEST, "it is missing or cannot be read, so that no file can be checked")
            return
        lines = [(name.decode(), digest.decode()) for digest, name in _LISTED.findall(text)]
        self._listed = listed = dict(lines)
        if len(listed) != len(lines) or "".join(f"{digest}  {name}\n" for name, digest in lines).encode() != text:
            yield Wrong(MANIFEST, "it lists a file twice, or has lines that are none of sha256sum's")
        there = {info.filename: info for info in archive.infolist() if info.filename != MANIFEST}
        for name in sorted({*listed, *there, *_NEEDED}):
            said = self._member(archive, there.get(name), listed.get(name))
            if said:
                yield Wrong(name, said)

    def _copies(self) -> Iterator[Wrong]:
        """Copies of files that are not those which run.json tells of."""
        files = self.facts.get("files")
        known = [each for each in files if isinstance(each, Mapping)] if isinstance(files, list) else []
        told = {str(each["member"]): each.get("sha256") for each in known if each.get("member")}
        for name in sorted({*told, *(name for name in self._listed if "/" in name)}):
            if told.get(name) != self._listed.get(name):
                yield Wrong(name, "it is not the file that run.json tells of, or one of the two is missing")

    def _member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo | None, listed: str | None) -> str:
        """What is wrong with a member that is there, or is listed, or that every pack has."""
        if info is None:
            return "the manifest lists it, and it is missing" if listed else "every pack has it, and it is missing"
        if listed is None:
            return "it is there, and the manifest does not list it"
        digest, trouble = read_member(archive, info)
        self.members += 1
        is_same = trouble or digest == listed
        return trouble if is_same else f"it was changed: its SHA-256 is {digest}, and the manifest says {listed}"
