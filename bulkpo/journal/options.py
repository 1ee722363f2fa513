"""How a run is to go, as far as it belongs to the run and not to the session that works on it."""

from dataclasses import dataclass
from enum import StrEnum

from bulkpo.payload.encode import BodyFormat


class OnExisting(StrEnum):
    """What to do about an order whose key is in Coupa before it was ever sent."""

    SKIP = "skip"
    FAIL = "fail"
    COMPARE = "compare"


class OnConflict(StrEnum):
    """What to do where somebody else has changed what is to be changed: leave the order, theirs, or overwrite it."""

    SKIP = "skip"
    THEIRS = "theirs"
    MINE = "mine"


class AfterCreate(StrEnum):
    """The action done on each order once it is created."""

    NONE = "none"
    ISSUE = "issue"
    ISSUE_WITHOUT_SEND = "issue_without_send"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What was chosen when a run was begun; whoever goes on with it goes on so.

    `key` is the element that identifies a document; empty where an older version did not keep it. `out` is the folder
    of the results, where that is not the input's. `tables` are the files of joined tables, by name, that were given
    beside the input, `expect` the figures it must come to, by name. `limit`, `canary` and `max_failures` are counted
    over the whole run, however many times it is taken up. Of a run that does something with orders, `task` is what,
    `reason` and `comment` go with it. `edited` is the workbook whose edits it brings back.
    """

    format: BodyFormat = BodyFormat.XML
    on_existing: OnExisting = OnExisting.SKIP
    after_create: AfterCreate = AfterCreate.NONE
    key: str = ""
    out: str | None = None
    limit: int | None = None
    canary: int = 0
    max_failures: int | None = None
    task: str = ""
    reason: str = ""
    comment: str = ""
    edited: str = ""
    on_conflict: OnConflict = OnConflict.SKIP
    tables: tuple[tuple[str, str], ...] = ()
    expect: tuple[tuple[str, str], ...] = ()
