"""What an interrupted export had read already: kept in the work folder until the file is in place.

A checkpoint belongs to one question to one instance; another query, or other columns, are another export. It is made
when there is more than a page to read, and is used for a day: after that what it holds is too old to be one picture,
and the next export of anything removes it.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bulkpo.coupa.reader import Listing
from bulkpo.coupa.windows import Span
from bulkpo.journal.notebook import Notebook
from bulkpo.model.profile import Profile

_LONGEST = timedelta(days=1)
_BEGUN = "begun"
_DIGITS = 24


class Checkpoint:
    """The windows of one export. `begun` says since when, if there was something to go on with."""

    def __init__(self, folder: Path, listing: Listing, profile: Profile, now: datetime) -> None:
        path = folder / "exports" / f"{_digest(listing, profile)}.db"
        _sweep(path, now)
        self._store = Notebook(path)
        self._now = now
        noted = self._store.noted(_BEGUN)
        self.begun = None if noted is None else datetime.fromisoformat(noted)
        if self.begun is not None and now - self.begun > _LONGEST:
            self.discard()

    def spans(self) -> Sequence[Span]:
        """The windows there are, by id."""
        return [Span(*row) for row in self._store.ask("spans")] if self._store.exists else []

    def save(self, span: Span, payload: bytes) -> None:
        """Keep a window; a killed process does not lose it."""
        if not self._store.exists:
            self._store.note(_BEGUN, self._now.isoformat())
        self._store.keep("save", [(*span, payload)])

    def load(self, low: int) -> bytes:
        """What a window holds."""
        return bytes(self._store.ask("load", low)[0][0])

    def discard(self) -> None:
        """The file is in place, or all is to be read anew: nothing is left to go on with."""
        self.begun = None
        self._store.discard()

    def close(self) -> None:
        """Let go of the file, keeping it."""
        self._store.close()


def _sweep(own: Path, now: datetime) -> None:
    """Remove what other exports left that nobody went on with."""
    oldest = (now - _LONGEST).timestamp()
    for path in own.parent.glob(f"{'[0-9a-f]' * _DIGITS}.db"):
        store = Notebook(path)
        with suppress(OSError):  # another process was quicker
            if path != own and store.touched < oldest:
                store.discard()


def _digest(listing: Listing, profile: Profile) -> str:
    instance = profile.name if profile.is_sandbox else profile.url  # the sandbox has another address every time
    asked = [profile.name, instance, listing.resource, listing.queries, listing.fields]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:_DIGITS]
