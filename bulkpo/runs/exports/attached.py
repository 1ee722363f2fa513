"""The files of attachments, fetched into a folder beside an export's file, which names and links them.

A file is `FOLDER/DOCUMENT'S ID/ATTACHMENT'S ID NAME`: no two are called alike, whatever people called them, and every
system takes the name. It appears whole or not at all. One that is there with its size is not fetched again, so
that an interrupted export goes on; another that has its name is left, and the new one gets a name beside it. One that
is not to be had is told in its cell, and keeps no other from being fetched.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.crew import crew
from bulkpo.coupa.queries import QueryRefusedError
from bulkpo.errors import OutputError, ServiceError
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.mapping.language.export_columns import SAVED_AS, AttachmentFolder
from bulkpo.model.file_names import safe_name
from bulkpo.model.tree import Tree
from bulkpo.tables.faults import writing
from bulkpo.tables.writing.atomic import is_strangers_link, replacing

_MOST_NAMED = 10
_MOST_IN_A_ROW = 10
"""So many files that are not to be had, one after the other, are no longer a matter of the files."""


class _Wanted(NamedTuple):
    """An attachment with a file: what it belongs to, and the document's id."""

    document: str
    resource: str
    owner: int
    attachment: dict[str, Any]


class _Got(NamedTuple):
    """Where a file is, from the export's own folder, or why it is not there, and whether it may be another time."""

    link: str = ""
    trouble: str = ""
    was_there: bool = False
    may_come: bool = False


@dataclass(slots=True)
class Fetched:
    """How many files were fetched, were there already, and are not there, and why."""

    fetched: int = 0
    kept: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, got: _Got, what: str) -> None:
        """Count one."""
        if got.trouble:
            self.failed.append(f"{what}: {got.trouble}")
        self.kept += got.was_there
        self.fetched += bool(got.link) and not got.was_there

    def notices(self, folder: Path) -> tuple[str, ...]:
        """What people should know of it."""
        if not (self.fetched or self.kept or self.failed):
            return ()
        kept = f", {self.kept:,} of them there already" if self.kept else ""
        said = [f"{self.fetched + self.kept:,} attached files in {folder}{kept}"]
        said += self.failed[:_MOST_NAMED]
        if more := len(self.failed) - _MOST_NAMED:
            said += [f"{more:,} more attached files could not be fetched"] if more > 0 else []
        return tuple(said)


class Fetcher:
    """Fetches what is attached to documents, for the columns of an export that show it."""

    def __init__(self, mapping: ExportMapping, client: CoupaClient, file: Path) -> None:
        """`file` is the export's own."""
        settings = mapping.attachments or AttachmentFolder()
        name = safe_name(settings.folder) if settings.folder else f"{file.stem}.files"
        self.folder = file.parent / name
        self.told = Fetched()
        self.lacking: set[str] = set()
        """The ids of documents that lack a file which may be had another time."""
        self._most = settings.most_mb * 1024 * 1024
        self._client = client
        self._is_once = bool(mapping.since)  # what is left out of such an export comes in no other
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._resource = mapping.resource.name
        self._lines = kind_of(mapping.resource.name).attached_to
        self._ways = [column.path.names[:-2] for column in mapping.columns if column.fetches and column.path]

    def fetch(self, documents: Sequence[Tree]) -> None:
        """Fetch the files of some documents; each attachment then says where its own is."""
        wanted = [each for document in documents for each in self._wanted(document)]
        if not wanted:
            return
        if is_strangers_link(self.folder):
            raise OutputError(f"{self.folder}: is a link that somebody else made; choose another name or folder")
        with crew(self._client.profile.workers) as pool:
            for each, got in zip(wanted, pool.map(self._one, wanted), strict=True):
                each.attachment[SAVED_AS] = got.link or f"({got.trouble})"
                self.told.add(got, f"{_name(each)} of {self._resource} {each.document}")
                if got.may_come:
                    self.lacking.add(each.document)

    def _wanted(self, document: Tree) -> Iterator[_Wanted]:
        for way in self._ways:
            resource = self._lines.get("/".join(way), "") if way else self._resource
            for owner in _members(document, way):
                for each in _listed(owner.get("attachments")):
                    if each.get("file-file-name") or each.get("file"):
                        yield _Wanted(str(document["id"]), resource, int(str(owner["id"])), each)
                    else:
                        each[SAVED_AS] = each.get("url") or each.get("text")

    def _one(self, it: _Wanted) -> _Got:
        """Have a file where it belongs."""
        number, size = _whole(it.attachment.get("id")), _whole(it.attachment.get("file-file-size"))
        if number is None:
            return _Got(trouble="not fetched, Coupa gives no id of it")
        if size is not None and size > self._most:
            return _Got(trouble=f"not fetched, it has {size:,} bytes")
        name = f"{number} {_name(it)}"
        folder = self.folder / safe_name(it.document)
        if size is not None and _is_there(folder / name, size):
            return _Got(self._link(folder / name), was_there=True)
        return self._fetched(it, folder / name, number, size)

    def _fetched(self, it: _Wanted, place: Path, number: int, size: int | None) -> _Got:
        """Fetch a file to its place, or beside it where something else is there."""
        try:
            content = self._client.attached_file(it.resource, it.owner, number, size)
        except ServiceError as error:
            if not isinstance(error, QueryRefusedError) and (self._is_once or self._is_of_the_service()):
                raise
            return _Got(trouble=f"not fetched: {error}", may_come=True)
        with self._lock:
            self._in_a_row = 0
        if content is None:
            return _Got(trouble="no longer there")
        path = _free(place.parent, place.name, content)
        if not _is_there(path, len(content)):
            with writing(place.parent):
                place.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as file:
                file.write(content)
        return _Got(self._link(path))

    def _is_of_the_service(self) -> bool:
        """Whether one more file that is not to be had means that none is."""
        with self._lock:
            self._in_a_row += 1
            return self._in_a_row >= _MOST_IN_A_ROW

    def _link(self, path: Path) -> str:
        return path.relative_to(self.folder.parent).as_posix()


def _whole(value: object) -> int | None:
    """A count or an id, as far as it is one."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _name(it: _Wanted) -> str:
    return safe_name(str(it.attachment.get("file-file-name") or it.attachment.get("file")))


def _free(folder: Path, name: str, content: bytes) -> Path:
    """The place for a file: its name, unless something else is there by it."""
    stem, dot, ending = name.rpartition(".")
    numbers = (f" ({number})" if number > 1 else "" for number in count(1))
    names = (f"{stem}{number}{dot}{ending}" if stem else f"{name}{number}" for number in numbers)
    return next(path for name in names if not (path := folder / name).exists() or _holds(path, content))


def _holds(path: Path, content: bytes) -> bool:
    with writing(path):
        return _is_there(path, len(content)) and path.read_bytes() == content


def _is_there(path: Path, size: int) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size == size


def _members(document: Tree, way: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    if not way:
        yield document
        return
    for each in _listed(document.get(way[0])):
        yield from _members(each, way[1:])


def _listed(node: object) -> list[dict[str, Any]]:
    return [each for each in node if isinstance(each, dict)] if isinstance(node, list) else []
