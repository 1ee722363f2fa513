"""Import mappings: which column goes to which element, and how.

A mapping file is parsed once into these values (`bulkpo.mapping.import_load`); everything else reads them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bulkpo.mapping.dates import DateOptions
from bulkpo.mapping.numbers import NumberMarks
from bulkpo.model.document import Layout, Level
from bulkpo.model.path import ElementPath
from bulkpo.schema.tables import Element, Resource
from bulkpo.where import Place


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """Where in the file the table is. `header_row` is None where columns go by letter."""

    sheet: str | None = None
    header_row: int | None = 1
    header_rows: int = 1
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of a row: the column's text is one of `values`, or is none of them if `negated`; "" is an empty cell."""

    column: str
    values: frozenset[str]
    negated: bool = False

    def __str__(self) -> str:
        shown = ", ".join(value or "(empty)" for value in sorted(self.values))
        return f"{self.column} {'not ' if self.negated else ''}{shown}"


@dataclass(frozen=True, slots=True)
class Target:
    """One way from a column to an element: what is done to the text, and when."""

    column: str
    place: Place
    crosswalk: str | None = None
    default: str | None = None
    when: tuple[Condition, ...] = ()
    case: str | None = None
    pad: int = 0
    extract: re.Pattern[str] | None = None
    shorten: bool = False
    join: tuple[str, ...] = ()
    separator: str = " "


@dataclass(frozen=True, slots=True)
class Rule:
    """A mapping's own rule for one element, beside Coupa's; None where it says nothing."""

    required: bool | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    length: int | None = None
    pattern: re.Pattern[str] | None = None
    allowed: frozenset[str] | None = None
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """What fills one field of a level: columns, or a constant; neither if this member of a wide row has no such field.

    `path` is as the mapping writes it: `order-lines[2]/price` in a wide row.
    """

    path: str
    element: Element
    rule: Rule
    targets: tuple[Target, ...] = ()
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """An element that must have a value, in one of the fields at these positions."""

    element: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SlotLevel:
    """What fills one level of a document.

    Each of `variants` holds a slot per field of `level`. A row gives one member for each variant: there is one variant
    where a row is a line; where numbered columns hold several members side by side, the level is `numbered`.
    """

    level: Level
    variants: tuple[tuple[Slot, ...], ...]
    numbered: bool
    required: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A whole import mapping. `levels` runs from the header down; `layout` is the same as documents know it.

    `columns` has every column the mapping reads and where it is first named; `ignored` gives reasons.
    """

    file: str
    name: str
    resource: Resource
    source: SourceSpec
    key: ElementPath
    layout: Layout
    levels: tuple[SlotLevel, ...]
    columns: Mapping[str, Place]
    ignored: Mapping[str, str]
    skip_rows: tuple[Condition, ...] = ()
    fill_down: tuple[str, ...] = ()
    number_lines: bool = False
    numbers: NumberMarks | None = None
    dates: DateOptions = field(default_factory=DateOptions)
    blanks: frozenset[str] = frozenset()
    crosswalks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    silent: bool = False
    after_create: str | None = None
