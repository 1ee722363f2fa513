"""The files of a run, copied into its pack as they were read or written; what is no longer so is told, not packed."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bulkpo.errors import OutputError
from bulkpo.runs.checking.mapped import digest_of
from bulkpo.runs.evidence.case import Case
from bulkpo.runs.evidence.hiding import Needles, TooMuchError
from bulkpo.runs.evidence.sealed import SealedZip, pieces_of
from bulkpo.runs.imports.papers import ReadFile

PACKED, CHANGED, GONE, HELD_BACK, UNKNOWN = "packed", "changed since", "gone", "kept out", "not known"
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_MOST_LETTERS = 80
_FOLDERS = {
    "input": "inputs",
    "list": "inputs",
    "workbook that was edited": "inputs",
    "plan that was approved": "plan",
    "result": "results",
    "failed orders": "results",
    "what was undone": "results",
}
_OF_MAPPING = "mapping"


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of the run: what it is, where it was, its digest then, and whether it is packed, under which name.

    `changed` is when it had last been changed then, which tells how late its source was cut off.
    """

    what: str
    path: str
    sha256: str
    size: int
    standing: str
    member: str = ""
    said: str = ""
    changed: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def write_copies(case: Case, pack: SealedZip) -> list[Copy]:
    """Pack the files of a run; says of each what became of it."""
    copies = []
    for number, file in enumerate(_files(case), 1):
        copy = _judged(file, case.needles)
        if copy.standing == PACKED:
            path = Path(file.path)
            folder = _FOLDERS.get(file.what, _OF_MAPPING)
            name = _UNFIT.sub("_", path.name)[-_MOST_LETTERS:]
            copy = replace(copy, member=f"{folder}/{number:02}-{name}")
            if pack.put(copy.member, pieces_of(path), file.size) != file.sha256:
                raise OutputError(f"{path}: changed while it was packed; make the pack again")
        copies.append(replace(copy, path=case.clean(copy.path)))
    return copies


def _files(case: Case) -> Iterator[ReadFile]:
    """The files that were noted: those that were read as at first, those that were written as at last."""
    read: dict[tuple[str, str], ReadFile] = {}
    for noted in case.notes("files"):
        for each in noted:
            read.setdefault((each["what"], each["path"]), ReadFile(**each))
    written = {(each["what"], each["path"]): ReadFile(**each) for noted in case.notes("results") for each in noted}
    yield from (read | written).values()


def _judged(file: ReadFile, needles: Needles) -> Copy:
    """Whether a file can be packed."""
    plain = Copy(file.what, file.path, file.sha256, file.size, PACKED, changed=file.changed)
    if not file.sha256:
        return replace(plain, standing=UNKNOWN, said="it could not be read when the run noted its files")
    try:
        standing, said = _standing(file, needles)
    except FileNotFoundError:
        standing, said = GONE, "there is no file of this name any more"
    except OSError as error:
        standing, said = GONE, f"it cannot be read: {error.strerror}"
    except TooMuchError:
        standing, said = HELD_BACK, "it unpacks to more than is looked through for secrets"
    return replace(plain, standing=standing, said=said)


def _standing(file: ReadFile, needles: Needles) -> tuple[str, str]:
    path = Path(file.path)
    if digest_of(path) != file.sha256:
        return CHANGED, "the file there now is another than the run knew, and is not packed"
    if needles.are_in(path):
        return HELD_BACK, "it holds a secret of a profile or of the environment; take that out of it, and change it"
    return PACKED, ""
