"""Who a call speaks with while it works: told of each stage, asked before anything real, able to stop it."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, assert_never

from bulkpo.errors import UsageError
from bulkpo.mapping.kinds.kind import Noun

if TYPE_CHECKING:
    from bulkpo.mapping.language.export import ExportMapping
    from bulkpo.model.profile import Profile
    from bulkpo.runs.doing.listing import OrderList
    from bulkpo.runs.editing.changes import EditStanding
    from bulkpo.runs.editing.edited import Edited
    from bulkpo.runs.planning.changes import Changes
    from bulkpo.runs.planning.preflight import Preflight
    from bulkpo.workspace.results import CheckedBatch, CheckedFile, CheckedInput


class Work(StrEnum):
    """What long work counts."""

    ROWS = "rows checked"
    SENT = "sent"
    DOCUMENTS = "documents read"


class Act(StrEnum):
    """What can be done in an instance."""

    CREATE = "create"
    RESUME = "go on with a run"
    CANCEL = "cancel"
    DO = "do something with orders"
    CHANGE = "change"
    RESTORE = "put back"


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be done in an instance, to how many `documents`, and what people call them.

    `run` is the run that is gone on with or taken back, None where it is yet to begin; `file` is its input.
    `remark` is what people should know of such documents; `task` what is to be done with them, where it is DO.
    """

    act: Act
    profile: "Profile"
    documents: int
    noun: Noun
    file: Path
    run: int | None = None
    remark: str = ""
    task: str = ""

    @property
    def what(self) -> str:
        """In words: `create these orders`."""
        match self.act:
            case Act.CREATE:
                return f"create these {self.noun.many}"
            case Act.RESUME:
                return f"go on with run {self.run}"
            case Act.CANCEL:
                return f"cancel these {self.noun.many}"
            case Act.DO:
                return f"{self.task} these {self.noun.many}"
            case Act.CHANGE:
                return f"change these {self.noun.many}"
            case Act.RESTORE:
                return f"put back what run {self.run} changed of these {self.noun.many}"
            case _:
                assert_never(self.act)


class Watch(Protocol):
    """Is told how a call goes."""

    def counted(self, work: Work, done: int, total: int | None) -> None:
        """So much is done; of how much, where that is known."""

    def checked(self, file: "CheckedFile") -> None:
        """A file has been checked."""

    def checked_together(self, batch: "CheckedBatch") -> None:
        """Several files have been checked, each of them told before."""

    def left_out(self, files: "Sequence[tuple[Path, str]]") -> None:
        """These files were found and are not read, each for a reason."""

    def looked_up(self, file: "CheckedInput", found: "Preflight", profile: "Profile") -> None:
        """What the documents refer to has been looked up."""

    def planned(self, file: "CheckedFile", changes: "Changes", profile: "Profile") -> None:
        """What is to change of documents that are there has been worked out."""

    def reading(self, mapping: "ExportMapping", profile: "Profile") -> None:
        """An export begins to read."""

    def begins(self, intent: Intent) -> None:
        """An instance is about to be changed; the question whether that is meant comes next."""

    def listed(self, listing: "OrderList", profile: "Profile") -> None:
        """What is to be done with which documents has been looked up."""

    def edited(self, edited: "Edited", standing: "EditStanding", profile: "Profile") -> None:
        """What was edited in a workbook has been held against what is there."""

    def waits(self, documents: str, seconds: float) -> None:
        """It is waited until it is known what became of these documents: for so many seconds, unless they show."""


class Silent:
    """A watch that tells nobody."""

    def counted(self, work: Work, done: int, total: int | None) -> None:
        """Nothing."""

    def checked(self, file: "CheckedFile") -> None:
        """Nothing."""

    def checked_together(self, batch: "CheckedBatch") -> None:
        """Nothing."""

    def left_out(self, files: "Sequence[tuple[Path, str]]") -> None:
        """Nothing."""

    def looked_up(self, file: "CheckedInput", found: "Preflight", profile: "Profile") -> None:
        """Nothing."""

    def planned(self, file: "CheckedFile", changes: "Changes", profile: "Profile") -> None:
        """Nothing."""

    def reading(self, mapping: "ExportMapping", profile: "Profile") -> None:
        """Nothing."""

    def begins(self, intent: Intent) -> None:
        """Nothing."""

    def listed(self, listing: "OrderList", profile: "Profile") -> None:
        """Nothing."""

    def edited(self, edited: "Edited", standing: "EditStanding", profile: "Profile") -> None:
        """Nothing."""

    def waits(self, documents: str, seconds: float) -> None:
        """Nothing."""


Confirm = Callable[[Intent], bool]
"""Whether what is about to be done is meant."""


def sandbox_only(intent: Intent) -> bool:
    """Lets things be done in the sandbox only; raises UsageError for any other instance."""
    if not intent.profile.is_sandbox:
        raise UsageError(f"this would {intent.what} in {intent.profile}; give a `confirm` that says yes if it is meant")
    return True


def yes(intent: Intent) -> bool:  # noqa: ARG001 - whatever it is
    """Lets everything be done: for programs that are sure."""
    return True


@dataclass(frozen=True, slots=True)
class Session:
    """Who a call speaks with. Setting `stop` ends it once what is under way is finished; the rest stays.

    `command` is the command line it was asked by, for results to tell; empty for a program.
    """

    watch: Watch = field(default_factory=Silent)
    confirm: Confirm = sandbox_only
    stop: threading.Event = field(default_factory=threading.Event)
    command: tuple[str, ...] = ()

    def ask(self, intent: Intent) -> None:
        """Tell what begins, and raise UsageError unless it is meant."""
        self.watch.begins(intent)
        if not self.confirm(intent):
            raise UsageError("nothing was done")
