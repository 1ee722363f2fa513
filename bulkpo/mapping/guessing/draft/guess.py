"""What is guessed of a file, as values: each choice with its reasons and how sure it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bulkpo.mapping.guessing.cells.days import DateGuess
from bulkpo.mapping.values.numbers import NumberMarks
from bulkpo.model.table import PART_MARK


class Sure(StrEnum):
    """How sure a choice is: by two independent pieces of evidence, by one, or not at all, and then it stays open."""

    SURE = "sure"
    LIKELY = "likely"
    OPEN = "open"


class Use(StrEnum):
    """What becomes of a column."""

    MAPPED = "mapped"
    UNDECIDED = "undecided"
    IGNORED = "ignored"


YOU_SAID_SO = "you said so"
"""Why a column is what a person decided it is."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value that is yet to be chosen, and those it may be."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column: what becomes of it, and why.

    `paths` are the elements it fills, or those it may fill where it is undecided. `meaning` is what the column is, an
    element path or a role; empty where it is not recognised. `block` has what else the mapping says of it, in the
    order it is written. `remark` says which of its values an instance does not have, where one was asked. `heading` is
    what stands over a column that goes by its letter.
    """

    title: str
    number: int
    use: Use
    paths: tuple[str, ...] = ()
    meaning: str = ""
    sure: Sure = Sure.OPEN
    reasons: tuple[str, ...] = ()
    block: Mapping[str, object] = field(default_factory=dict)
    sample: str = ""
    remark: str = ""
    heading: str = ""

    @property
    def why(self) -> str:
        """Why it fills what it does: the last two reasons, which say most; what somebody said needs no other."""
        if not self.paths:
            return ""
        return YOU_SAID_SO if self.reasons[-1:] == (YOU_SAID_SO,) else "; ".join(self.reasons[-2:])


@dataclass(frozen=True, slots=True)
class PartGuess:
    """One table: where it is, its columns and what is left out of it.

    `pers` are the columns that say how many a price is for, by the paths of prices; `is_wide` says that lines stand
    side by side; `joined_by` has the column by which its rows name orders, with that of the first table.
    """

    name: str
    source: Mapping[str, object]
    columns: tuple[ColumnGuess, ...]
    skip_rows: Mapping[str, object] = field(default_factory=dict)
    controls: tuple[Mapping[str, object], ...] = ()
    rows: int = 0
    reasons: tuple[str, ...] = ()
    pers: Mapping[str, str] = field(default_factory=dict)
    is_wide: bool = False
    joined_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guess:
    """A whole mapping as it is guessed. `parts` are the tables an order comes in; most often one.

    `document`, `constants` and `extras` have what the mapping says beside its columns; `marks` and `dates` how cells
    are written, with `blanks`. `zone` is that of dates, empty where nothing says one. `is_typed` says that the parts
    are types of rows in one table, `is_sent` that what is made is sent to others unless the mapping says it is not.
    """

    resource: str
    parts: tuple[PartGuess, ...]
    document: Mapping[str, object] = field(default_factory=dict)
    marks: NumberMarks | None = None
    dates: DateGuess = field(default_factory=DateGuess)
    blanks: tuple[str, ...] = ()
    constants: Mapping[str, object] = field(default_factory=dict)
    extras: Mapping[str, object] = field(default_factory=dict)
    zone: str = ""
    reasons: tuple[str, ...] = ()
    is_typed: bool = False
    is_sent: bool = True

    @property
    def columns(self) -> tuple[ColumnGuess, ...]:
        """The columns of all parts."""
        return tuple(column for part in self.parts for column in part.columns)

    def with_headings(self, headings: Mapping[str, str]) -> "Guess":
        """The same with what stands over its columns, by their letters."""
        if not headings:
            return self
        parts = (
            replace(part, columns=tuple(replace(it, heading=headings.get(it.title, "")) for it in part.columns))
            for part in self.parts
        )
        return replace(self, parts=tuple(parts))

    @property
    def named(self) -> tuple[tuple[str, ColumnGuess], ...]:
        """The columns with the names they are decided by: their titles, with the part in front if several have one."""
        count = Counter(title for part in self.parts for title in {column.title for column in part.columns})
        return tuple(
            (column.title if count[column.title] == 1 else f"{part.name}{PART_MARK}{column.title}", column)
            for part in self.parts
            for column in part.columns
        )

    @property
    def undecided(self) -> tuple[ColumnGuess, ...]:
        """The columns that are yet to be decided."""
        return tuple(column for column in self.columns if column.use is Use.UNDECIDED)
