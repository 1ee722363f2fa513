"""One table in an archive (`.csv.gz`, `.zip`), read as if it lay there by itself: text is unpacked while it is read."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import IO, cast

from bulkpo.errors import InputError

_UNSUSPECTED = 64 << 20
_HIGHEST_RATIO = 200  # text of real tables packs 5 to 40 times
_LARGEST = 16 << 30
_MOST_LISTED = 10
_BOOK_ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods")
_TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt")


class PackedText:
    """The only text file of an archive."""

    def __init__(self, path: Path, name: str, unpack: Callable[[], IO[bytes]]) -> None:
        self.name = f"{path.name}: {name}" if name else path.name
        self.suffix = PurePosixPath(name or path.stem).suffix
        self.path = path
        self._unpack = unpack

    def open_bytes(self) -> IO[bytes]:
        """The bytes from the start; reading raises InputError once they are more than any table's."""
        return io.BufferedReader(_Bounded(self._unpack(), self.path))


TextInput = Path | PackedText
"""What text is read from."""


def opened_bytes(file: TextInput) -> IO[bytes]:
    """The bytes of a text file."""
    return file.open("rb") if isinstance(file, Path) else file.open_bytes()


def opened_text(file: TextInput, encoding: str, newline: str | None = "") -> io.TextIOWrapper:
    """The text of a text file."""
    return io.TextIOWrapper(opened_bytes(file), encoding=encoding, newline=newline)


def path_of(file: TextInput) -> Path:
    """The file itself, for messages."""
    return file if isinstance(file, Path) else file.path


class _Bounded(io.RawIOBase):
    """The unpacked bytes, as long as they are not too many for what they were packed in."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        super().__init__()
        self._stream = stream
        self._name = path.name
        self._most = min(_LARGEST, max(_UNSUSPECTED, _HIGHEST_RATIO * path.stat().st_size))
        self._read = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # io's own is wider
        """Some more bytes."""
        some = self._stream.read(len(buffer))
        self._read += len(some)
        if self._read > self._most:
            raise InputError(
                f"{self._name}: it inflates to more than {self._most:,} bytes, as only a bomb does; unpack it first"
            )
        buffer[: len(some)] = some
        return len(some)

    def close(self) -> None:
        """Let the archive go."""
        self._stream.close()
        super().close()


def packed_gzip(path: Path) -> PackedText:
    """The text in a gzip file."""
    return PackedText(path, "", lambda: cast("IO[bytes]", gzip.open(path, "rb")))


def packed_zip(path: Path) -> PackedText:
    """The only table in a zip archive; raises InputError that lists them where there are several, or none."""
    info = _only_table(path, _TEXT_ENDINGS)
    return PackedText(path, PurePosixPath(info.filename).name, lambda: cast("IO[bytes]", _Member(path, info)))


def holds_book(path: Path) -> bool:
    """Whether the only file in a zip archive is a workbook, by its name."""
    infos = _members(path)
    return len(infos) == 1 and infos[0].filename.lower().endswith(_BOOK_ENDINGS)


def unpacked_book(path: Path, folder: Path) -> Path:
    """The workbook in a zip archive, unpacked into a folder; raises InputError once it is more than any."""
    info = _only_table(path, _BOOK_ENDINGS)
    book = folder / PurePosixPath(info.filename.replace("\\", "/")).name
    with io.BufferedReader(_Bounded(cast("IO[bytes]", _Member(path, info)), path)) as packed, book.open("xb") as file:
        copyfileobj(packed, file)
    return book


def _only_table(path: Path, endings: tuple[str, ...]) -> zipfile.ZipInfo:
    infos = _members(path)
    if any(info.filename.lower().endswith(".iwa") for info in infos) or path.name.lower().endswith(".numbers"):
        raise InputError(
            f"{path.name}: this is a document of Apple's Numbers, which only it can open; in Numbers, choose File, "
            "Export To, Excel, and name the .xlsx file"
        )
    names = ", ".join(info.filename for info in infos[:_MOST_LISTED]) or "nothing"
    if len(infos) > _MOST_LISTED:
        names += f" and {len(infos) - _MOST_LISTED:,} more"
    if len(infos) != 1 or not infos[0].filename.lower().endswith(endings):
        raise InputError(
            f"{path.name}: a zip archive is read if it holds one table and nothing else; this one holds {names}; "
            "unpack it and name the file that is meant"
        )
    if infos[0].flag_bits & 1:
        raise InputError(f"{path.name}: the archive is protected by a password; unpack it first")
    return infos[0]


def _members(path: Path) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(path) as archive:
        return [info for info in archive.infolist() if not info.is_dir() and not _is_aside(info.filename)]


class _Member(io.RawIOBase):
    """A file in a zip archive, which is closed with it."""

    def __init__(self, path: Path, info: zipfile.ZipInfo) -> None:
        super().__init__()
        self._archive = zipfile.ZipFile(path)
        self._member = self._archive.open(info)

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Some bytes."""
        return self._member.read(size)

    def close(self) -> None:
        """Close both."""
        self._member.close()
        self._archive.close()
        super().close()


def _is_aside(name: str) -> bool:
    """Whether macOS put a file beside the others."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name in (".DS_Store", "Thumbs.db")
