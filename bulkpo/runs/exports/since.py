"""Where the last export of a mapping left off, so that the next one asks only for what is new.

The highest date read is remembered for each mapping and profile. It is written down right before the file is put in
place and counts from when it is there, so that a crash in between loses nothing and repeats nothing. The next export
asks from some minutes before that date, since a change can become visible a little after its own time; what was
delivered already in those minutes is known by id and date and left out.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from bulkpo.coupa.queries import QueryTerm
from bulkpo.errors import OutputError
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.model.profile import Profile
from bulkpo.model.tree import Tree
from bulkpo.runs.exports.placed import Placed

_OVERLAP = timedelta(minutes=10)
_MOST_KEPT = 20_000
_NEVER = "0001-01-01T00:00:00+00:00"


class Since:
    """The memory of one mapping and profile; without `since` in the mapping it does nothing."""

    def __init__(self, folder: Path, mapping: ExportMapping, profile: Profile) -> None:
        self._element = mapping.since
        name = "".join(letter if letter.isalnum() else "_" for letter in f"{profile.name}-{mapping.name}")
        self._path = folder / "exports" / f"{name}.since.json"
        self._next = folder / "exports" / f"{name}.since.next.json"
        self.highest: datetime | None = None
        self._delivered: dict[int, datetime] = {}
        self.conditions: tuple[QueryTerm, ...] = ()
        """What is to be asked for besides the mapping's own conditions."""
        if self._element:
            self._settle()
            if self._path.exists():
                self._load()

    def new(self, documents: Sequence[Tree]) -> Sequence[Tree]:
        """Those of the documents that were not delivered yet; they count as delivered once their file is in place."""
        if not self._element:
            return documents
        fresh = []
        for document in documents:
            at = datetime.fromisoformat(document.get(self._element) or _NEVER)
            if self._delivered.get(document["id"]) != at:
                fresh.append(document)
            self._delivered[document["id"]] = at
            self.highest = at if self.highest is None else max(at, self.highest)
        if len(self._delivered) > _MOST_KEPT:
            self._forget()
        return fresh

    def forget(self) -> None:
        """Begin from the beginning."""
        self.highest = None
        self.conditions = ()
        self._delivered = {}

    def placing(self, placed: Placed) -> None:
        """The file is done and about to be put in place: from then on this is where the last export left off."""
        if self.highest is None:
            return
        self._forget()
        delivered = {str(number): at.isoformat() for number, at in self._delivered.items()}
        facts = {"highest": self.highest.isoformat(), "delivered": delivered, "placed": asdict(placed)}
        with self._writing():
            self._next.parent.mkdir(parents=True, exist_ok=True)
            with self._next.open("w", encoding="utf-8") as file:
                file.write(json.dumps(facts))
                file.flush()
                os.fsync(file.fileno())

    def place(self) -> None:
        """The file is in place."""
        if self.highest is not None:
            with self._writing():
                self._next.replace(self._path)

    def _forget(self) -> None:
        """Keep what the next export's overlap can meet again."""
        assert self.highest is not None  # noqa: S101 - for the type checker: callers have seen a document
        oldest = self.highest - _OVERLAP
        self._delivered = {number: at for number, at in self._delivered.items() if at >= oldest}

    def _settle(self) -> None:
        """Tell whether the file of an export that was killed came into place."""
        try:
            placed = Placed(**json.loads(self._next.read_text(encoding="utf-8"))["placed"])
        except (OSError, ValueError, KeyError, TypeError):
            return  # it was killed before all of this was written, hence before its file was in place
        if placed.stands:
            with self._writing():
                self._next.replace(self._path)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"{self._path}: cannot be written: {error.strerror}; see that the folder can be written to, and repeat"
            ) from None

    def _load(self) -> None:
        try:
            facts = json.loads(self._path.read_text(encoding="utf-8"))
            self.highest = datetime.fromisoformat(facts["highest"])
            self._delivered = {int(number): datetime.fromisoformat(at) for number, at in facts["delivered"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise OutputError(f"{self._path}: cannot be read; remove it to begin from the beginning") from None
