"""Targets that attach: `Files: {to: attachments, folder: scans}`."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from bulkpo.errors import InputError
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.mapping.language.blocks import ReportProblem
from bulkpo.mapping.language.levels import Filling, Spot
from bulkpo.mapping.language.spec import Target
from bulkpo.mapping.values.attachments import FILE_TYPES, AttachSpec, Shelf
from bulkpo.model.attached import ATTACHMENT, AttachWay
from bulkpo.model.matching import Mode
from bulkpo.model.path import CUSTOM_FIELDS, ElementPath, Step
from bulkpo.where import Place
from bulkpo.yamldoc import Keys

ATTACHMENTS = "attachments"
_OWN = ("folder", "as", "several", "intent", "types", "unfit")


def parse_attach(data: Mapping[str, Any], path: ElementPath, keys: Keys, report: ReportProblem) -> AttachSpec | None:
    """How a target attaches; None for one that fills any other element."""
    if path.names[-1] != ATTACHMENTS or CUSTOM_FIELDS in path.names:
        for name in filter(data.__contains__, _OWN):
            report((*keys, name), f"{name} is for attachments only; say to: attachments", on_key=True)
        return None
    way = AttachWay(data.get("as", AttachWay.FILE))
    folder = str(data.get("folder", "")).strip()
    if way is AttachWay.FILE and not folder:
        report(keys, "say which folder or ZIP file the files are in: {to: attachments, folder: scans}")
    if way is not AttachWay.FILE:
        for name in filter(data.__contains__, ("folder", "types")):
            report((*keys, name), f"{name} is for files, and this attaches {_MANY[way]}; remove it", on_key=True)
    types = data.get("types")
    return AttachSpec(
        way,
        folder if way is AttachWay.FILE else "",
        str(data.get("several", "")),
        str(data.get("intent", "Internal")),
        FILE_TYPES if types is None else frozenset(str(each).lower().lstrip(".") for each in types),
        data.get("unfit") == "leave_out",
    )


_MANY = {AttachWay.URL: "addresses", AttachWay.TEXT: "notes", AttachWay.FILE: "files"}


def own_path(path: ElementPath, target: Target, taken: Collection[str]) -> str:
    """The path a target goes by: `attachments[2]` for the second column that attaches, since each does by itself."""
    number, found = 1, path
    while target.attach is not None and str(found) in taken:
        number += 1
        found = ElementPath((*path.steps[:-1], Step(ATTACHMENTS, number)))
    return str(found)


OpenShelf = Callable[[str], Shelf]
"""Opens a folder or ZIP file by the name a mapping has for it; raises InputError where it cannot be read."""


def no_shelf(name: str) -> Shelf:
    """Opens nothing, for mappings that are read where there are no files."""
    raise InputError(f"{name}: no files can be read here")


def open_shelves(
    targets: Mapping[str, Sequence[Target]], open_shelf: OpenShelf, note: Callable[[Place, str], None]
) -> dict[str, Shelf]:
    """The shelves that some targets name; one that cannot be read is a problem, noted once."""
    found: dict[str, Shelf] = {}
    failed: set[str] = set()
    for target in (each for some in targets.values() for each in some):
        name = "" if target.attach is None else target.attach.folder
        if not name or name in found or name in failed:
            continue
        try:
            found[name] = open_shelf(name)
        except InputError as error:
            failed.add(name)
            note(target.place, str(error))
    return found


def place_attachments(
    kind: DocumentKind, placed: list[tuple[Filling, Spot]], mode: Mode, note: Callable[[Place, str], None]
) -> None:
    """Put what is attached behind all that payloads hold, and note what is attached where nothing can be."""
    placed.sort(key=lambda pair: pair[1].element.type == ATTACHMENT)
    for place, problem in _misplaced(kind, placed, mode):
        note(place, problem)


def _misplaced(kind: DocumentKind, placed: Sequence[tuple[Filling, Spot]], mode: Mode) -> Iterator[tuple[Place, str]]:
    """What is attached where nothing can be, where it cannot be told to which line, or by no column."""
    filled = {"/".join((*spot.collections, str(spot.rest))) for _, spot in placed}
    for filling, spot in placed:
        if spot.element.type != ATTACHMENT:
            continue
        if filling.constant is not None:
            yield filling.place, "attachments come from a column; use its `value` instead of a constant"
        if spot.collections and "/".join(spot.collections) not in kind.attached_to:
            where = " and ".join([kind.noun.many, *(f"their {kind.member(it).many}" for it in kind.attached_to)])
            yield filling.place, f"nothing can be attached to {'/'.join(spot.collections)}, only to {where}"
        elif spot.collections and mode is not Mode.CREATE and kind.line_number not in filled:
            line = kind.member(spot.collections[-1]).one
            yield filling.place, f"which {line} it belongs to cannot be told; map {kind.line_number} too"
