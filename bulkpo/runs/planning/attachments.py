"""What is to be attached, as it is planned: each file is read once, and what is sent later must be the same."""

import hashlib
from collections.abc import Iterator

from bulkpo.errors import InputError
from bulkpo.journal.records import PlannedAttachment
from bulkpo.mapping.values.attachments import Shelf
from bulkpo.model.attached import MOST_FILE_BYTES, Attached, AttachWay
from bulkpo.runs.planning.batch import Plan

_PIECE = 1 << 20


def planned_attachments(plan: Plan) -> Iterator[PlannedAttachment]:
    """What goes with the documents of a plan; raises InputError for a file that is no longer what was checked."""
    known: dict[tuple[str, str], tuple[int, str]] = {}
    for number, document in plan.numbered() if plan.mapping.attaches else ():
        for place, each in enumerate(document.attached, 1):
            facts = _bytes_of_text(each) if each.way is not AttachWay.FILE else known.get((each.folder, each.content))
            if facts is None:
                facts = _read(plan.mapping.shelves[each.folder], each)
                known[each.folder, each.content] = facts
            words = (each.row, each.member, each.line, each.way.value, each.folder, each.content, each.intent)
            yield PlannedAttachment(number, place, *words, *facts)


def _bytes_of_text(each: Attached) -> tuple[int, str]:
    text = each.content.encode("utf-8", "surrogatepass")
    return len(text), hashlib.sha256(text).hexdigest()


def _read(shelf: Shelf, each: Attached) -> tuple[int, str]:
    """The size and SHA-256 of a file."""
    size, digest = 0, hashlib.sha256()
    try:
        with shelf.open(each.content) as file:
            while size <= MOST_FILE_BYTES and (piece := file.read(_PIECE)):
                size += len(piece)
                digest.update(piece)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"{each.folder}: {each.content} can no longer be read: {reason}; check the file again"
        ) from None
    if not 0 < size <= MOST_FILE_BYTES:
        raise InputError(f"{each.folder}: {each.content} changed after it was checked; do it again from the start")
    return size, digest.hexdigest()
