"""What exports remembered before there were notebooks: taken over once, so that nothing is delivered again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bulkpo.errors import OutputError
from bulkpo.journal.notebook import Notebook
from bulkpo.runs.exports.placed import Placed


def adopt(exports: Path, name: str, notebook: Notebook) -> None:
    """Take over the marks and the mark of time of an export of this name; raises OutputError if they cannot be read."""
    marks, since, following = (exports / f"{name}.{end}" for end in ("marks.db", "since.json", "since.next.json"))
    if marks.exists() and not notebook.exists:
        for beside in ("-wal", ""):  # what SQLite keeps beside it first: without it the file would not be whole
            left = marks.with_name(marks.name + beside)
            if left.exists():
                left.replace(notebook.path.with_name(notebook.path.name + beside))
    newest = following if _stands(following) else since
    if newest.exists() and notebook.mark is None:
        facts = _read(newest)
        try:
            delivered = [(int(number), str(at), "") for number, at in facts["delivered"].items()]
            notebook.begin_anew(str(facts["highest"]), delivered)
        except (LookupError, TypeError, ValueError, AttributeError):
            raise OutputError(f"{newest}: cannot be read; remove it to begin from the beginning") from None
    for path in (following, since):
        path.unlink(missing_ok=True)


def _stands(path: Path) -> bool:
    """Whether the file this was written for came into place."""
    if not path.exists():
        return False
    try:
        return Placed(**_read(path)["placed"]).stands
    except (OutputError, LookupError, TypeError):
        return False  # it was killed before all of this was written, hence before its file was in place


def _read(path: Path) -> Mapping[str, Any]:
    try:
        facts: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise OutputError(f"{path}: cannot be read; remove it to begin from the beginning") from None
    return facts
