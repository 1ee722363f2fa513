"""What can be asked for, as values. A request says what is wanted; a `Session`, who is spoken with meanwhile.

Where a request names a `file` it may name several, and each may be a file, a folder or a pattern (`orders/*.xlsx`):
all are read in one run. `tables` are the files of joined tables by their names in the mapping, beside a single file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from bulkpo.model.profile import SANDBOX


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Check `file` by `mapping`.

    `expect` is what the file must come to, beside what the mapping says: `{"orders": "579", "amount.USD": "12.50"}`.
    `to` names a profile whose instance is asked about all the orders refer to. `report` and `failed` are files to
    write: what was found, and the orders with errors in the file's own layout.
    """

    mapping: Path
    file: Path | tuple[Path, ...]
    to: str | None = None
    report: Path | None = None
    failed: Path | None = None
    expect: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Path] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """What is named as files, as it is named."""
        return (self.file,) if isinstance(self.file, Path) else self.file

    @property
    def are_several(self) -> bool:
        """Whether more than one file may be read: several are named, or a folder or a pattern is."""
        return len(self.files) != 1 or not self.files[0].is_file()


@dataclass(frozen=True, slots=True)
class GuessRequest:
    """Guess the mapping of files nobody has mapped yet, and write it to `output`, where one is named.

    `to` names a profile, whose instance is asked for what it has, as evidence; its time zone holds for dates unless
    `time_zone` names one. An `output` that is there is refused, unless `overwrites`. `decisions` say what columns,
    elements that are constants, the `order` of dates and their `time_zone` are. `encoding` is that of texts and pages.
    """

    files: tuple[Path, ...]
    output: Path | None = None
    to: str | None = None
    resource: str = "purchase_orders"
    time_zone: str | None = None
    overwrites: bool = False
    decisions: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """Show the first clean orders of `file` as they would be sent."""

    mapping: Path
    file: Path | tuple[Path, ...]
    orders: int = 1
    form: Literal["xml", "json"] = "xml"
    tables: Mapping[str, Path] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """What is named as files, as it is named."""
        return (self.file,) if isinstance(self.file, Path) else self.file


@dataclass(frozen=True, slots=True)
class Share:
    """So many of a hundred orders."""

    percent: int


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Create the clean orders of `file` in the instance of profile `to`, or change them there, as its mapping says.

    `on_conflict` is what to do about an order of which somebody else has changed what is to be changed: leave it, leave
    what they changed, or overwrite that.
    `on_existing` is what to do about an order whose number is taken. With `preflight`, what the orders refer to is
    looked up first, and those that refer to something that is not there are held back; `strict` sends nothing unless
    every order is clean. `limit` sends the first orders only, `canary` that many one by one first; `max_failures` ends
    the run once more orders than that were refused; all three hold for `resume` as well. A file with a run that is not
    done is imported `again` only if that is meant. `out` is the folder for results, where it is not the file's.
    `expect` is as that of a check. `edited` is the workbook whose edits the file has, which `update` wrote it from.
    """

    mapping: Path
    file: Path | tuple[Path, ...]
    to: str = SANDBOX
    on_existing: Literal["skip", "fail", "compare"] = "skip"
    preflight: bool = True
    strict: bool = False
    limit: int | None = None
    canary: int = 0
    max_failures: int | Share | None = None
    again: bool = False
    out: Path | None = None
    on_conflict: Literal["skip", "theirs", "mine"] = "skip"
    expect: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Path] = field(default_factory=dict)
    edited: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """What is named as files, as it is named."""
        return (self.file,) if isinstance(self.file, Path) else self.file


@dataclass(frozen=True, slots=True)
class ResumeRequest:
    """Go on with `run`, or with the last one that is not done.

    `retry_refused` sends refused orders again; `send_all` heeds the import's limit, canary and most failures no longer.
    """

    run: int | None = None
    retry_refused: bool = False
    send_all: bool = False


@dataclass(frozen=True, slots=True)
class SettleRequest:
    """Say what became of the order `key` of `run`: `created` is its id in Coupa; None says that it was not made."""

    run: int
    key: str
    created: int | None


@dataclass(frozen=True, slots=True)
class UndoRequest:
    """Cancel the orders `run` created, but none that anybody has changed since."""

    run: int


@dataclass(frozen=True, slots=True)
class DoRequest:
    """Do `task` with orders that are in the instance of profile `to`.

    `task` is close, close --hard, cancel, issue, issue-without-send, reopen or release. Which orders is said by one of
    `file`, whose `column` on `sheet` has their numbers or ids, `where`, as conditions, and `run`, which created them.
    `reason` and `comment` go with it where Coupa takes them; what would be sent to suppliers is done only if
    `send_to_suppliers` is said. `is_dry` lists them and does nothing; `output` is the file of results.
    """

    task: str
    file: Path | None = None
    where: tuple[str, ...] = ()
    run: int | None = None
    column: str | None = None
    sheet: str | None = None
    to: str = SANDBOX
    reason: str = ""
    comment: str = ""
    send_to_suppliers: bool = False
    is_dry: bool = False
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """Do exactly what the workbook `plan` says, in the instance of profile `to`, which must be the one it is for."""

    plan: Path
    to: str = SANDBOX


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """Bring what was edited in `workbook`, an export to be edited, into the instance of profile `to`.

    `on_conflict` is what to do about a cell whose element somebody else has changed since the export: skip the document
    it is in, let theirs stand, or make it mine. With `upsert`, rows that were added make new documents and new lines.
    Columns whose values only moved to other rows, as by sorting them alone, are refused unless that is what is meant:
    `moved` is "take".
    """

    workbook: Path
    to: str = SANDBOX
    on_conflict: Literal["skip", "theirs", "mine"] = "skip"
    is_dry: bool = False
    upsert: bool = False
    moved: Literal["refuse", "take"] = "refuse"


@dataclass(frozen=True, slots=True)
class Selection:
    """A resource with conditions and columns, where there is no mapping file.

    `where` are conditions as in `status[in]=issued,closed`; `columns` element paths; `rows` the collection whose
    members are rows. `time_zone` is that of dates in the conditions and the file; left out, the profile's.
    """

    resource: str
    where: tuple[str, ...] = ()
    columns: tuple[str, ...] = ("all",)
    rows: str = ""
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Export what a mapping file or a selection asks for from the instance of profile `to`.

    `output` is the file, named after the mapping if left out; `parameters` are the values of `${NAME}` in the mapping;
    `fresh` reads everything anew, even where an interrupted export could go on; `any_value` asks for values that look
    like slips as they are written. Without `keeps` the file is for passing on at once, and nothing may stand beside it.
    """

    what: Path | Selection
    output: Path | None = None
    to: str = SANDBOX
    parameters: Mapping[str, str] = field(default_factory=dict)
    fresh: bool = False
    any_value: bool = False
    keeps: bool = True
    now: datetime | None = None
    """The time relative dates are reckoned from; that of the call if left out."""


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """Serve the sandbox.

    `folder` is where its data are, that of the commands if left out; `memory` keeps nothing. `created` is the status in
    which orders begin; `granted` are the scopes its client may ask for, any if there are none;
    `required` are elements it asks for besides, as in `order-header/ship-to-address`.
    """

    host: str = "127.0.0.1"
    port: int = 0
    folder: Path | None = None
    memory: bool = False
    references: Literal["starter", "open"] = "starter"
    files: tuple[Path, ...] = ()
    created: Literal["draft", "issued"] = "draft"
    granted: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    limit: bool = False
