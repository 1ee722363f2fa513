"""The files a command is given: named one by one, or found in folders and by patterns; what is left out is told.

Files that bulkpo wrote are never taken from a folder or by a pattern, nor are those that an open program keeps beside a
workbook. The order is that in which people count: `orders-2` comes before `orders-10`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path

from bulkpo.errors import InputError, UsageError
from bulkpo.runs.checking.mapped import Input
from bulkpo.runs.own_files import OwnFiles
from bulkpo.tables.faults import reading
from bulkpo.tables.source import TABLE_ENDINGS, filled_sheets

MOST_FILES = 10_000
_MOST_NAMED = 10
_OWN_NAME = re.compile(r"\.(?:result|failed)(?:\.\d+)?(?:\.[^.]+)?(?:\.gz)?$", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that was found and is not read, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Given:
    """What is read, in order, and what was left out."""

    inputs: tuple[Input, ...]
    left_out: tuple[LeftOut, ...] = ()


def gather(given: Sequence[Path], own: OwnFiles, sheets: Sequence[str] = ()) -> Given:
    """The files that are meant; of workbooks, where `sheets` names several, each sheet that it names.

    Raises UsageError where there is no file or there are too many, InputError where one cannot be read.
    """
    files, left = _files(given, own)
    if not files:
        why = "; ".join(f"{each.path.name}: {each.reason}" for each in left[:_MOST_NAMED])
        raise UsageError(f"{', '.join(map(str, given))}: there is no table here" + (f" ({why})" if why else ""))
    inputs: list[Input] = []
    for each in files:
        chosen, others = _sheets(each, sheets)
        inputs += chosen
        left += others
    return Given(tuple(inputs), tuple(left))


def _files(given: Sequence[Path], own: OwnFiles) -> tuple[list[Path], list[LeftOut]]:
    """The files, each once however often it is named, and those left out."""
    found: dict[tuple[int, int], Path] = {}
    left: list[LeftOut] = []
    for path in given:
        taken, others = _found(path, own)
        left += others
        for each in taken:
            with reading(each):
                stat = each.stat()
            found.setdefault((stat.st_dev, stat.st_ino), each)
        if len(found) > MOST_FILES:
            raise UsageError(f"{path}: there are more than {MOST_FILES:,} files, more than a run may have; name fewer")
    files = list(found.values())
    if len(given) > 1:
        files, others = _without_own(files)
        left += others
    return files, left


def _found(path: Path, own: OwnFiles) -> tuple[list[Path], list[LeftOut]]:
    """The files that a path, a folder or a pattern stands for."""
    with reading(path):
        if path.is_dir():
            return _sifted(path.iterdir(), own)
        if path.exists() or not has_magic(str(path)):
            return [path], []
        return _sifted(Path(path.anchor).glob(str(path.relative_to(path.anchor))), own)


def _sifted(paths: Iterable[Path], own: OwnFiles) -> tuple[list[Path], list[LeftOut]]:
    taken: list[Path] = []
    left: list[LeftOut] = []
    for path in sorted(paths, key=natural):
        reason = _reason(path, own)
        if reason:
            left.append(LeftOut(path, reason))
        else:
            taken.append(path)
    return taken, left


def _reason(path: Path, own: OwnFiles) -> str:
    """Why a file that was found is no input; empty if it is one."""
    name = path.name
    if name.startswith(("~$", ".~lock.")):
        return "kept by a program that has the workbook open"
    if name.startswith("."):
        return "hidden"
    if path.is_dir():
        return "a folder; name it to read what is in it"
    if not path.is_file():
        return "no ordinary file"
    if _OWN_NAME.search(name) or own.has_written(path):
        return "written by bulkpo; name it alone to read it"
    return "" if name.lower().endswith(TABLE_ENDINGS) else "no table, by its extension"


def _without_own(files: Sequence[Path]) -> tuple[list[Path], list[LeftOut]]:
    """Several files that were named, as by a shell's pattern, without results of others among them."""
    origins = {path.with_name(path.stem) for path in files if not _OWN_NAME.search(path.name)}
    taken: list[Path] = []
    left: list[LeftOut] = []
    for path in files:
        own = _OWN_NAME.search(path.name)
        if own is not None and path.with_name(path.name[: own.start()]) in origins:
            left.append(LeftOut(path, "written by bulkpo; name it alone to read it"))
        elif path.name.startswith("~$"):
            left.append(LeftOut(path, "kept by a program that has the workbook open"))
        else:
            taken.append(path)
    return taken, left


def _sheets(path: Path, patterns: Sequence[str]) -> tuple[list[Input], list[LeftOut]]:
    """A file, or each of its sheets that a pattern names; hidden ones are left out."""
    entries = filled_sheets(path) if patterns else None
    if entries is None:
        return [Input(path)], []
    missing = [each for each in patterns if not any(_fits(entry.name, each) for entry in entries)]
    if missing:
        names = ", ".join(repr(entry.name) for entry in entries) or "none"
        raise InputError(f"{path.name}: no sheet that holds anything is called {missing[0]!r}; those are {names}")
    meant = [entry for entry in entries if not entry.is_own and any(_fits(entry.name, each) for each in patterns)]
    shown = [Input(path, entry.name) for entry in meant if entry.visible]
    if not shown:
        raise InputError(f"{path.name}: the sheets that are meant are hidden or written by bulkpo; show them in Excel")
    return shown, [LeftOut(path, f"the sheet {entry.name!r} is hidden") for entry in meant if not entry.visible]


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name.strip().casefold(), pattern.strip().casefold())


def natural(path: Path) -> tuple[tuple[int | str, ...], ...]:
    """What puts paths in the order in which people count: numbers by their size, a name alone before one with more."""
    return tuple(tuple(_parts(part)) for part in (*path.parent.parts, path.stem, path.suffix, str(path)))


def _parts(name: str) -> Iterator[int | str]:
    for place, part in enumerate(_NUMBERS.split(name.casefold())):
        yield int(part) if place % 2 else part
