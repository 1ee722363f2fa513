"""Files put into a folder of the user's: what is there already is never written over."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from bulkpo.errors import OutputError
from bulkpo.tables.faults import writing


@dataclass(frozen=True, slots=True)
class PlacedFiles:
    """What was put into a folder: the files written, those that were there as they are, and others of their names."""

    folder: Path
    written: tuple[str, ...]
    same: tuple[str, ...]
    kept: tuple[str, ...]


def place_files(files: Mapping[str, Traversable], paths: Iterable[str], folder: Path) -> PlacedFiles:
    """Write the files of these paths into a folder, made where it is not there; raises OutputError."""
    written, same, kept = list[str](), list[str](), list[str]()
    for path in sorted(set(paths)):
        place, content = folder / path, files[path].read_bytes()
        with writing(place):
            _make_folder(place.parent)
            if _written(place, content):
                written.append(path)
            elif place.is_file() and place.read_bytes() == content:
                same.append(path)
            else:
                kept.append(path)
    return PlacedFiles(folder, tuple(written), tuple(same), tuple(kept))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise OutputError(f"{folder}: is a file, where a folder is wanted; choose another by --to FOLDER") from None


def _written(place: Path, content: bytes) -> bool:
    """Whether a file could be made anew; where anything is in its place, a link too, nothing is written."""
    try:
        with place.open("xb") as file:
            made = False
            try:
                file.write(content)
                file.flush()
                made = True
            finally:
                if not made:
                    with suppress(OSError):
                        place.unlink()
    except FileExistsError:
        return False
    return True
