"""Where the last export of a mapping left off, so that the next one asks only for what is new.

The highest date read is remembered for each mapping and profile, once the file is in place. The next export asks from
some minutes before it, since a change can become visible a little after its own time; what was delivered already in
those minutes is known by id and date and left out.
"""

import json
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bulkpo.coupa.failures import Tree
from bulkpo.coupa.listing import Condition
from bulkpo.errors import OutputError
from bulkpo.mapping.export_spec import ExportMapping
from bulkpo.model.profile import Profile

_OVERLAP = timedelta(minutes=10)
_MOST_KEPT = 20_000
_NEVER = "0001-01-01T00:00:00+00:00"


class Since:
    """The memory of one mapping and profile; without `since` in the mapping it does nothing."""

    def __init__(self, folder: Path, mapping: ExportMapping, profile: Profile) -> None:
        self._element = mapping.since
        name = "".join(letter if letter.isalnum() else "_" for letter in f"{profile.name}-{mapping.name}")
        self._path = folder / "exports" / f"{name}.since.json"
        self.highest: datetime | None = None
        self._delivered: dict[int, datetime] = {}
        self.conditions: tuple[Condition, ...] = ()
        """What is to be asked for besides the mapping's own conditions."""
        if self._element and self._path.exists():
            self._load()

    def new(self, documents: Sequence[Tree]) -> Sequence[Tree]:
        """Those of the documents that were not delivered yet; they count as delivered once `save` is called."""
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

    def save(self) -> None:
        """Remember; the file holding what was read must be in place."""
        if self.highest is None:
            return
        self._forget()
        delivered = {str(number): at.isoformat() for number, at in self._delivered.items()}
        text = json.dumps({"highest": self.highest.isoformat(), "delivered": delivered})
        beside = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written: {error.strerror}; the next export repeats") from None

    def _forget(self) -> None:
        """Keep what the next export's overlap can meet again."""
        assert self.highest is not None  # noqa: S101 - for the type checker: callers have seen a document
        oldest = self.highest - _OVERLAP
        self._delivered = {number: at for number, at in self._delivered.items() if at >= oldest}

    def _load(self) -> None:
        try:
            facts = json.loads(self._path.read_text(encoding="utf-8"))
            self.highest = datetime.fromisoformat(facts["highest"])
            self._delivered = {int(number): datetime.fromisoformat(at) for number, at in facts["delivered"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise OutputError(f"{self._path}: cannot be read; remove it to begin from the beginning") from None
