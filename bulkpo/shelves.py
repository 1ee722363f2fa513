"""Where files to attach stand: a folder, or a ZIP file. Only ordinary files in it are found, and never one outside.

Names are compared as people read them: an umlaut may be stored as one character or two (macOS and Windows differ), and
small and large letters count as the same, as they do on both. Where that leaves two files, neither is taken.

What a ZIP file says of itself is not believed: more bytes than it declares are not read, and its names lead nowhere,
since nothing is unpacked.
"""

import os
import stat
import threading
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from bulkpo.errors import InputError
from bulkpo.mapping.values.attachments import OnShelf, Shelf, Unfit
from bulkpo.model.attached import MOST_FILE_BYTES
from bulkpo.model.text import quoted

_MOST_COMPARED = 2_000
"""Among how many names the nearest is looked for: to compare them takes a while."""


class FolderShelf:
    """The files of a folder and of those below it. A folder is listed once, when the first name in it is asked for."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._root = os.path.realpath(folder)
        self._name = name
        self._listed: dict[str, Mapping[str, list[str]]] = {}
        self._found: dict[str, OnShelf | Unfit] = {}

    def find(self, name: str) -> OnShelf | Unfit:
        """The file of a name; asked again it is the same, so that what was checked is what is planned."""
        if name not in self._found:
            self._found[name] = self._look(name)
        return self._found[name]

    def _look(self, name: str) -> OnShelf | Unfit:
        *folders, last = name.split("/")
        path = ""
        for each in (*folders, last):
            found = _one_of(each, self._in(path), quoted(name), self._name)
            if isinstance(found, Unfit):
                return found
            path = f"{path}/{found}" if path else found
        return self._facts(path, name)

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """The file at a path that `find` gave; raises OSError where it is no longer an ordinary one within."""
        where = self._folder / path
        if self._is_outside(where):
            raise OSError(f"{where}: leads out of {self._folder}")
        number = os.open(where, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise OSError(f"{where}: no ordinary file")
            yield file

    @property
    def unfit(self) -> Mapping[str, Unfit]:
        """What was asked for and is not fit."""
        return {name: found for name, found in self._found.items() if isinstance(found, Unfit)}

    def _in(self, path: str) -> Mapping[str, list[str]]:
        if path not in self._listed:
            try:
                names = os.listdir(self._folder / path)  # noqa: PTH208 - names as they are stored, many thousands
            except OSError:
                names = []
            self._listed[path] = _by_reading(names)
        return self._listed[path]

    def _is_outside(self, where: Path) -> bool:
        return not Path(os.path.realpath(where)).is_relative_to(self._root)

    def _facts(self, path: str, name: str) -> OnShelf | Unfit:
        where, said = self._folder / path, quoted(name)
        try:
            facts = where.stat()
            if self._is_outside(where):
                return Unfit("attachment-unreadable", f"{said} leads out of {self._name}; put a copy of the file there")
            if not stat.S_ISREG(facts.st_mode):
                what = "a folder" if stat.S_ISDIR(facts.st_mode) else "no ordinary file"
                return Unfit("attachment-unreadable", f"{said} is {what}; name a file")
            with self.open(path) as file:
                file.read(1)
        except OSError as error:
            return Unfit(
                "attachment-unreadable",
                f"{said} cannot be read: {error.strerror or 'it leads nowhere'}; see to its rights",
            )
        return OnShelf(path, facts.st_size)


class ZipShelf:
    """The files in a ZIP file, by their names in it."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self._lock = threading.Lock()
        with _understood(path):
            self._zip = zipfile.ZipFile(path)
        self._found: dict[str, OnShelf | Unfit] = {}
        self._infos: dict[str, list[zipfile.ZipInfo]] = {}
        for info in self._zip.infolist():
            if not info.is_dir():
                self._infos.setdefault(info.filename.replace("\\", "/"), []).append(info)
        self._names = _by_reading(self._infos)

    def find(self, name: str) -> OnShelf | Unfit:
        """The file of a name."""
        if name not in self._found:
            self._found[name] = self._look(name)
        return self._found[name]

    @property
    def unfit(self) -> Mapping[str, Unfit]:
        """What was asked for and is not fit."""
        return {name: found for name, found in self._found.items() if isinstance(found, Unfit)}

    def _look(self, name: str) -> OnShelf | Unfit:
        said = quoted(name)
        found = _one_of(name, self._names, said, self._name)
        if isinstance(found, Unfit):
            return found
        infos = self._infos[found]
        if len(infos) > 1:
            return Unfit("attachment-ambiguous", f"{said} is in {self._name} {len(infos)} times; keep one of them")
        if infos[0].flag_bits & 1:
            return Unfit("attachment-unreadable", f"{said} is encrypted in {self._name}; pack it without a password")
        try:
            with self.open(found) as file:
                file.read(MOST_FILE_BYTES)  # to its end, where its checksum is
        except OSError as error:
            return Unfit("attachment-unreadable", f"{said} cannot be read from {self._name}: {error}; pack it again")
        return OnShelf(found, infos[0].file_size)

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """The file at a path that `find` gave; raises OSError where it cannot be unpacked."""
        try:
            with self._lock:
                file = self._zip.open(self._infos[path][0])
            with file:
                yield cast("BinaryIO", file)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, LookupError, ValueError) as error:
            raise OSError(f"it is damaged or packed in an unknown way ({type(error).__name__})") from None


class RememberedShelf:
    """A shelf as a run found it: what was unfit then is so still, and anything else was there.

    Orders are numbered without those that failed the check, so what becomes of files later must change none of them:
    it is found out when they are sent.
    """

    def __init__(self, shelf: Shelf, unfit: Mapping[str, Sequence[str]]) -> None:
        self._shelf = shelf
        self._unfit = {name: Unfit(code, message) for name, (code, message) in unfit.items()}

    def find(self, name: str) -> OnShelf | Unfit:
        """The file of a name."""
        if name in self._unfit:
            return self._unfit[name]
        found = self._shelf.find(name)
        return OnShelf(name, 1) if isinstance(found, Unfit) else found

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        """The file at a path."""
        return self._shelf.open(path)

    @property
    def unfit(self) -> Mapping[str, Unfit]:
        """What was unfit when the run was planned."""
        return self._unfit


def as_they_were(
    shelves: Mapping[str, Shelf], unfit: Mapping[str, Mapping[str, Sequence[str]]] | None
) -> dict[str, Shelf]:
    """The shelves as a run found them; as they are where that is not known."""
    if unfit is None:
        return dict(shelves)
    return {name: RememberedShelf(shelf, unfit.get(name, {})) for name, shelf in shelves.items()}


def open_shelf(path: Path, name: str) -> Shelf:
    """A folder or ZIP file; raises InputError where it is neither. `name` is how the mapping calls it."""
    if path.is_dir():
        return FolderShelf(path, name)
    if path.is_file():
        return ZipShelf(path, name)
    raise InputError(f"{path}: there is no such folder or ZIP file; create it, or correct `folder`")


def _by_reading(names: "Iterator[str] | Mapping[str, object] | list[str]") -> dict[str, list[str]]:
    """Names by how people read them."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(reads_as(name), []).append(name)
    return found


def reads_as(name: str) -> str:
    """A name as people read it, whatever the letters' size and form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _one_of(name: str, names: Mapping[str, list[str]], said: str, shelf: str) -> str | Unfit:
    """The one name among these that reads as a name does."""
    alike = names.get(reads_as(name), [])
    if not alike:
        return Unfit("attachment-missing", f"there is no file {said} in {shelf}; {_nearest(name, names)}")
    if len(alike) > 1:
        listed = " and ".join(map(quoted, sorted(alike)[:2]))
        return Unfit("attachment-ambiguous", f"{said} may be {listed} in {shelf}, which read alike; rename one of them")
    return alike[0]


def _nearest(name: str, names: Mapping[str, list[str]]) -> str:
    """The end of a sentence that names what may be meant."""
    close = get_close_matches(reads_as(name), islice(names, _MOST_COMPARED), n=2, cutoff=0.7)
    if not close:
        return "put it there, or correct the name"
    return f"did you mean {' or '.join(quoted(names[each][0]) for each in close)}?"


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as a ZIP file: {error}; name a folder or a ZIP file") from None
