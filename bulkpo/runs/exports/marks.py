"""Documents marked as exported, one by one, once their file is in place; and never one that was changed since.

What is to be marked is durable before the file appears, and each mark is noted when it is made. After a crash the rest
is marked first, whatever is asked for then: the file that is in place is the one that holds them. What the file will be
is noted before it is put there, so that a crash right after is known from one right before.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused
from bulkpo.errors import ServiceError
from bulkpo.journal.notebook import Notebook
from bulkpo.mapping.language.export import CHANGED, ExportMapping
from bulkpo.model.profile import Profile
from bulkpo.model.tree import Tree
from bulkpo.runs.exports.placed import Placed

_TOGETHER = 50
_ATTEMPTS = 5
_PLACING, _PLACED = "placing", "placed"


@dataclass(slots=True)
class Marking:
    """How the marking went: how many were marked, and which were not, and why."""

    marked: int = 0
    changed: int = 0
    refused: dict[int, str] = field(default_factory=dict)

    def notices(self) -> tuple[str, ...]:
        """What people should know of it."""
        said = [f"{self.marked:,} marked as exported"]
        if self.changed:
            said.append(f"{self.changed:,} changed since they were read; left for the next export")
        said += [f"id {number} could not be marked: {reason}" for number, reason in self.refused.items()]
        return tuple(said)


class Ledger:
    """What is to be marked, for one mapping and profile; without `mark_exported` in the mapping it does nothing."""

    def __init__(self, folder: Path, mapping: ExportMapping, profile: Profile) -> None:
        self._wanted = mapping.mark_exported
        self._resource = mapping.resource.name
        name = "".join(letter if letter.isalnum() else "_" for letter in f"{profile.name}-{mapping.name}")
        self._store = Notebook(folder / "exports" / f"{name}.marks.db")
        self.placed = self._found()
        if self.placed is None:
            self._store.discard()  # the file these were meant for never appeared

    def plan(self, documents: Sequence[Tree]) -> None:
        """These documents are in the file that is being written."""
        if self._wanted:
            marks = [(document["id"], str(document.get(CHANGED) or "")) for document in documents]
            self._store.keep("plan_mark", marks)

    def placing(self, placed: Placed) -> None:
        """The file is done and about to be put in place."""
        if self._wanted:
            self._store.note(_PLACING, json.dumps(asdict(placed)))

    def place(self) -> None:
        """The file is in place."""
        if self._wanted:
            self._store.note(_PLACED, "")

    def _found(self) -> Placed | None:
        """The file that an earlier export put in place without marking to the end."""
        noted = self._store.noted(_PLACING)
        if noted is None:
            return None
        placed = Placed(**json.loads(noted))
        return placed if self._store.noted(_PLACED) is not None or placed.stands else None

    def mark(self, client: CoupaClient, tick: Callable[[int], None]) -> tuple[str, ...]:
        """Mark what is to be marked; says how it went. Raises ServiceError; the rest is then marked next time."""
        if not self._wanted:
            return ()
        marking = Marking()
        with ThreadPoolExecutor(client.profile.workers) as pool:
            while marks := {int(number): str(changed) for number, changed in self._store.ask("open_marks", _TOGETHER)}:
                same = self._unchanged(client, marks)
                marking.changed += len(marks) - len(same)
                for number, outcome in zip(same, pool.map(lambda one: self._set(client, one), same), strict=True):
                    if isinstance(outcome, Refused):
                        marking.refused[number] = "; ".join(outcome.messages)
                    else:
                        marking.marked += 1
                self._store.keep("settle_mark", [(number,) for number in marks])
                tick(marking.marked)
        self._store.discard()
        return marking.notices()

    def close(self) -> None:
        """Let go of the file, keeping it."""
        self._store.close()

    def _unchanged(self, client: CoupaClient, marks: dict[int, str]) -> list[int]:
        asked = [("id[in]", ",".join(map(str, marks)))]
        found = client.find(self._resource, asked, ["id", CHANGED])
        return [document["id"] for document in found if marks[document["id"]] == str(document.get(CHANGED) or "")]

    def _set(self, client: CoupaClient, number: int) -> Created | Refused:
        """The flag comes to the same however often it is set, so what is unclear is set again."""
        outcome: Outcome | None = None
        for _ in range(_ATTEMPTS):
            outcome = client.mark_exported(self._resource, number)
            if isinstance(outcome, Created | Refused):
                return outcome
            if isinstance(outcome, NotMade) and outcome.is_final:
                break
        raise ServiceError(
            f"{client.profile} does not let id {number} be marked as exported: {getattr(outcome, 'reason', '')}; the "
            "file is in place: give the command again to mark the rest"
        )
