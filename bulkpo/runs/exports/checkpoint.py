"""What an interrupted export had read already: kept in its notebook until the file is in place.

Windows belong to one question to one instance; another query, or other columns, are another question. They are used
for a day: after that what they hold is too old to be one picture, and the next export of anything removes it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bulkpo.coupa.reader import Listing
from bulkpo.coupa.windows import Span
from bulkpo.errors import OutputError
from bulkpo.journal.notebook import Notebook
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.model.profile import Profile
from bulkpo.runs.exports.placed import Placed

_LONGEST = timedelta(days=1)
_DIGITS = 24
_AT = "at"


class Checkpoint:
    """The windows of a question in a notebook. `begun` is when reading began, if there is something to resume."""

    def __init__(self, notebook: Notebook, question: str, now: datetime) -> None:
        self._notebook = notebook
        self._question = question
        self._now = now
        self.begun: datetime | None = None
        self.facts: Mapping[str, str] = {}
        kept = notebook.begun(question)
        if kept is not None and now - datetime.fromisoformat(kept[_AT]) <= _LONGEST:
            self.begun, self.facts = datetime.fromisoformat(kept[_AT]), kept

    def begin(self, **facts: str) -> None:
        """Read everything anew; the facts are kept for whoever resumes."""
        self.begun, self.facts = None, {_AT: self._now.isoformat(), **facts}
        self._notebook.begin(self._question, self.facts)

    def spans(self) -> Sequence[Span]:
        """The windows there are, by id."""
        return [Span(*window) for window in self._notebook.windows()]

    def save(self, span: Span, payload: bytes) -> None:
        """Keep a window; a killed process does not lose it."""
        self._notebook.save_window(span, payload)

    def load(self, low: int) -> bytes:
        """What a window holds."""
        return self._notebook.window(low)


def notebook_of(folder: Path, mapping: ExportMapping, profile: Profile, now: datetime) -> Notebook:
    """The notebook of an export: of its mapping and profile if it remembers what it delivered, else of its question."""
    exports = folder / "exports"
    if mapping.since or mapping.mark_exported:
        name = f"{profile.name}-{mapping.name}"
        plain = "".join(letter if letter.isalnum() else "_" for letter in name)
        path = exports / f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}.db"
        notebook = Notebook(path)
        adopt(exports, plain, notebook)
    else:
        path = exports / f"{question_of(Listing(mapping.resource.name, mapping.queries, mapping.fields()), profile)}.db"
        notebook = Notebook(path)
    _sweep(path, now)
    return notebook


def question_of(listing: Listing, profile: Profile) -> str:
    """What is asked of which instance, in short."""
    instance = profile.name if profile.is_sandbox else profile.url  # the sandbox has another address every time
    asked = [profile.name, instance, listing.resource, listing.queries, listing.fields]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:_DIGITS]


def _sweep(own: Path, now: datetime) -> None:
    """Remove what other exports left that nobody went on with."""
    oldest = (now - _LONGEST).timestamp()
    for path in own.parent.glob(f"{'[0-9a-f]' * _DIGITS}.db"):
        notebook = Notebook(path)
        with suppress(OSError):  # another process was quicker
            if path != own and notebook.touched < oldest:
                notebook.discard()


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
