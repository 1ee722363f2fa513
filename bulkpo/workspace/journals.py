"""The journal's file itself: whether it is sound, what is left of it, and all that can be read of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo.workspace.opening import HERE, Workspace

if TYPE_CHECKING:
    from bulkpo.journal.damage import JournalHealth


def check_journal(workspace: Workspace = HERE) -> "JournalHealth":
    """Look through the journal, changing nothing."""
    from bulkpo.journal.damage import examine
    from bulkpo.journal.faults import using

    with using(workspace.data):
        return examine(workspace.data)


def repair_journal(workspace: Workspace = HERE) -> "tuple[JournalHealth, Path | None]":
    """Bring the runs that are whole into a new journal; gives what the old one was like, and where it is kept."""
    from bulkpo.journal.damage import repair

    return repair(workspace.data)


def export_journal(path: Path, workspace: Workspace = HERE) -> int:
    """Write everything that can be read of the journal, a JSON object a line; says how many there are."""
    from bulkpo.runs.exports.journal import export_lines

    return export_lines(workspace.data, path)
