"""How far the deliveries of a mapping reach, so that the next export asks only for what is new.

The mark is the highest date that was read, but never later than the newest date there was when reading began: what
changed meanwhile may have been read before it changed, and must come next time. That newest date is asked of the
instance, so that no clock but its own decides; one that runs behind, here, only makes the next export ask for more.
The next export asks from some minutes before the mark, since a change can become visible a little after its own time;
what was delivered already, of those minutes, is known by id and content and left out.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from bulkpo.coupa.queries import QueryRefusedError, QueryTerm
from bulkpo.errors import OutputError
from bulkpo.journal.notebook import Notebook
from bulkpo.model.tree import Tree
from bulkpo.runs.exports.placed import Placed

_OVERLAP = timedelta(minutes=10)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_KEPT = 20_000

AskPage = Callable[[Sequence[QueryTerm]], list[Tree]]


class _Known(NamedTuple):
    """A document that was delivered: its date, if it has one that can be read, and its content's digest."""

    at: datetime | None
    digest: str


class Since:
    """What was delivered to one mapping and profile, and what is new to it. `element` is the date that is looked at."""

    def __init__(self, notebook: Notebook, element: str) -> None:
        self._notebook = notebook
        self._element = element
        self._mark = self._read(notebook.mark)
        self._newest: datetime | None = None
        self._highest: datetime | None = None
        self._delivered = {number: _Known(self._read(at), digest) for number, at, digest in notebook.delivered()}
        self._undated = 0

    @property
    def conditions(self) -> tuple[QueryTerm, ...]:
        """What is to be asked for besides the mapping's own conditions."""
        return () if self._mark is None else ((f"{self._element}[gt_or_eq]", _asked(_floor(self._mark))),)

    def newest(self, ask: AskPage, now: datetime) -> str:
        """The newest date there is, or now if that is earlier: no mark goes beyond it. Empty if there is no date."""
        name = self._element
        dated = (f"{name}[gt_or_eq]", _asked(_FIRST))
        try:
            found = ask([dated, ("order_by", name.replace("-", "_")), ("dir", "desc"), ("limit", "1")])
        except QueryRefusedError:
            return now.isoformat()
        at = _moment(found[0].get(name)) if found else None
        return "" if at is None else min(at, now).isoformat()

    def begin(self, newest: str) -> None:
        """Reading begins, or goes on, and this was the newest date when it began."""
        self._newest = datetime.fromisoformat(newest) if newest else None

    def new(self, documents: Sequence[Tree]) -> Sequence[Tree]:
        """Those of the documents that were not delivered yet."""
        fresh = []
        for document in documents:
            at = _moment(document.get(self._element))
            known = self._delivered.get(document["id"])
            now = _Known(at, _digest(document))
            if known is None or (known.digest or now.digest) != now.digest or known.at != at:
                fresh.append(document)
                self._undated += at is None
            self._delivered[document["id"]] = now
            if at is not None:
                self._highest = at if self._highest is None else max(at, self._highest)
        if len(self._delivered) > _MOST_KEPT:
            self._forget()
        return fresh

    def placing(self, placed: Placed) -> None:
        """The file is done and about to be put in place: once it is acknowledged, this is where the next one begins."""
        self._forget()
        reached = self._reached()
        delivered = [
            (number, "" if known.at is None else known.at.isoformat(), known.digest)
            for number, known in self._delivered.items()
        ]
        self._notebook.placing(asdict(placed), "" if reached is None else reached.isoformat(), delivered)

    def notices(self) -> tuple[str, ...]:
        """What people should know of what is new."""
        said = [f"only what is new: {asked}={value}; --fresh reads everything anew" for asked, value in self.conditions]
        if self._undated:
            said.append(
                f"{self._undated:,} have no {self._element} that can be read: they come once, and when they change"
            )
        return tuple(said)

    def _reached(self) -> datetime | None:
        """How far the deliveries reach with what was read so far; never less far than before."""
        reached = None
        if self._highest is not None and self._newest is not None:
            reached = min(self._highest, self._newest)
        return max((at for at in (self._mark, reached) if at is not None), default=None)

    def _forget(self) -> None:
        """Keep what the next export can meet again."""
        reached = self._reached()
        if reached is not None:
            oldest = _floor(reached)
            self._delivered = {
                number: known for number, known in self._delivered.items() if known.at is None or known.at >= oldest
            }

    def _read(self, text: str | None) -> datetime | None:
        """A moment that was noted."""
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError:
            raise OutputError(f"{self._notebook.path}: is damaged; remove it to begin from the beginning") from None


def _floor(mark: datetime) -> datetime:
    return max(mark, _FIRST) - _OVERLAP


def _asked(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _moment(value: object) -> datetime | None:
    """The moment a date stands for, one without a zone in UTC; None where there is none that can be read."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _digest(document: Tree) -> str:
    return sha256(json.dumps(document, sort_keys=True, default=str).encode("utf-8", "surrogatepass")).hexdigest()[:24]
