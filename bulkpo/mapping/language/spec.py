"""Import mappings: which column goes to which element, and how.

A mapping file is parsed once into these values (`bulkpo.mapping.language.load`); everything else reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bulkpo.mapping.kinds.kind import Demands, DocumentKind, DocumentRules
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.mapping.language.conditions import Assertion, RowTest
from bulkpo.mapping.language.figures import Balance, Control, Expected, TotalsFigures
from bulkpo.mapping.language.settings import CellMarks, CellSettings
from bulkpo.mapping.language.table_join import TableJoin
from bulkpo.mapping.language.undecided import Undecided
from bulkpo.mapping.values.arithmetic import Operation
from bulkpo.mapping.values.attachments import AttachSpec, Shelf
from bulkpo.model.attached import ATTACHMENT
from bulkpo.model.document import Layout, Level
from bulkpo.model.matching import MemberMatch, Mode
from bulkpo.model.path import ElementPath
from bulkpo.model.pattern import Pattern
from bulkpo.model.table import row_number, table_number
from bulkpo.schema.tables import Element, Resource
from bulkpo.where import Place, cell_name

EVERY_SHEET = "*"
"""The pattern of a sheet's name that all have."""


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """Where the table is. `header_row` is None where columns go by letter or number.

    `file` names another file than the one given, from that one's folder. `widths` are columns of text at fixed places:
    titles, first and last characters. `sheets` are names or patterns of several sheets, each read alone. `quotes` and
    `guard` of a text file say that odd marks are meant. `first_row` is for no headings, `area` the outer columns.
    """

    file: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int | None = 1
    header_rows: int = 1
    encoding: str | None = None
    delimiter: str | None = None
    widths: tuple[tuple[str, int, int], ...] = ()
    quotes: str | None = None
    guard: str | None = None
    first_row: int = 1
    area: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Which part of a text to send, counted from 1, where the text is parted by `by`."""

    by: str
    part: int


@dataclass(frozen=True, slots=True)
class Template:
    """A text made of several columns: `literals` stand around the `parts`, and are one more than these.

    The default of a part is what its empty cell stands for. Where a part is empty all the same, `where_empty` says what
    that is: an `error`, `nothing` at all, `leave_out`, which leaves out the text in front of it too, or in what a
    crosswalk is asked, `keep`.
    """

    literals: tuple[str, ...]
    parts: "tuple[Target, ...]"
    where_empty: str = "error"


@dataclass(frozen=True, slots=True)
class Target:
    """One way from a column to an element: what is done to the text, and when.

    `value` is what is sent whatever the text, `default` what is sent where there is none, `unknown` what is sent for a
    text that the crosswalk does not have; `prefix` and `suffix` stand around any other. `steps` is the arithmetic done
    to the number that is read.
    `part` is the table or record type the column belongs to; `clear` is the text that empties the element, "" for an
    empty cell. `attach` says how its cells name what is to be attached.
    """

    column: str
    place: Place
    part: str = ""
    crosswalk: str | None = None
    default: str | None = None
    unknown: str | None = None
    value: str | None = None
    when: tuple[RowTest, ...] = ()
    case: str | None = None
    pad: int = 0
    extract: Pattern | None = None
    split: Split | None = None
    shorten: bool = False
    join: tuple[str, ...] = ()
    separator: str = " "
    clear: str | None = None
    template: Template | None = None
    prefix: str = ""
    suffix: str = ""
    steps: tuple[Operation, ...] = ()
    attach: AttachSpec | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the text comes from, its own first."""
        parts = () if self.template is None else self.template.parts
        return tuple(dict.fromkeys((self.column, *self.join, *(part.column for part in parts))))

    @property
    def operands(self) -> tuple[str, ...]:
        """The columns the arithmetic takes its other numbers from."""
        operands = (step.operand for step in self.steps)
        return tuple(operand.column for operand in operands if operand is not None and operand.column)


@dataclass(frozen=True, slots=True)
class Rule:
    """A mapping's own rule for one element, beside Coupa's; None where it says nothing.

    `exactly_one_of` names elements below the one the rule is for.
    """

    required: bool | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    length: int | None = None
    pattern: Pattern | None = None
    allowed: frozenset[str] | None = None
    unique: bool = False
    exactly_one_of: tuple[str, ...] = ()


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

    @property
    def own(self) -> tuple[tuple[int, ...], ...]:
        """Where each variant has values of its own, which say that the member is there: not those that all share."""
        columns = [{target.column for slot in slots for target in slot.targets} for slots in self.variants]
        shared = set.intersection(*columns) if len(columns) > 1 else set()
        found = []
        for slots in self.variants:
            filled = [place for place, slot in enumerate(slots) if slot.targets]
            apart = [place for place in filled if any(each.column not in shared for each in slots[place].targets)]
            found.append(tuple(apart or filled))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A whole import mapping. `levels` runs from the header down; `layout` is the same as documents know it.

    `columns` has every column the mapping reads and where it is first named, `also` the other names one may have,
    `optional` those a file may lack, `refused` those that must be blank and why; `ignored` gives reasons, and `rest`
    those of all the other columns of a part, or of "" where there are none. `rules` are the mapping's own, by element
    path; `instance` is the file that says what is special about a Coupa instance, and `bases` are the mappings this one
    extends, by their files from its folder. `as_named` are elements that name records as they are meant to, whatever
    else has that name.

    `marks` tell how cells are written, `own_marks` of the columns that say so themselves. `shelves` are the folders and
    ZIP files that attachments are in, by the names the mapping has for them.

    With `takes_first_file` an order that stands in several files is taken from the first of them.

    An order may come in parts: several `tables` joined by the key, or by what `joins` says, or several `record_types`
    in one. The first part gives what the order has once, the others its lines; columns are then named `part/title`.

    `matches` says how members are told apart where documents that are there are changed, by the collection's full path.
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
    rest: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    instance: str | None = None
    bases: tuple[str, ...] = ()
    tables: Mapping[str, SourceSpec] = field(default_factory=dict)
    joins: Mapping[str, TableJoin] = field(default_factory=dict)
    record_types: tuple[str, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    skip_rows: tuple[RowTest, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    balances: tuple[Balance, ...] = ()
    controls: tuple[Control, ...] = ()
    expected: Expected = field(default_factory=Expected)
    fill_down: tuple[str, ...] = ()
    number_lines: bool = False
    marks: CellMarks = field(default_factory=CellMarks)
    own_marks: Mapping[str, CellMarks] = field(default_factory=dict)
    crosswalks: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    loose_crosswalks: frozenset[str] = frozenset()
    settings: CellSettings = field(default_factory=CellSettings)
    silent: bool = False
    as_named: frozenset[str] = frozenset()
    after_create: str | None = None
    totals_rows: str | None = None
    totals_figures: TotalsFigures | None = None
    keys_are_exact: bool = False
    mode: Mode = Mode.CREATE
    matches: Mapping[str, MemberMatch] = field(default_factory=dict)
    duplicates: str | None = None
    takes_first_file: bool = False
    undecided: Undecided = field(default_factory=Undecided)
    shelves: Mapping[str, Shelf] = field(default_factory=dict)

    def marks_of(self, column: str) -> CellMarks:
        """How the cells of a column are written."""
        return self.own_marks.get(column, self.marks)

    @property
    def kind(self) -> DocumentKind:
        """What is special about the documents the mapping makes."""
        return kind_of(self.resource.name)

    @property
    def document_rules(self) -> DocumentRules:
        """The rules between the elements of one document: its kind's, and those the mapping asks for."""
        choices = {path: rule.exactly_one_of for path, rule in self.rules.items() if rule.exactly_one_of}
        optional = {path for path, rule in self.rules.items() if rule.required is False}
        demands = Demands(self.silent, choices, self.mode is Mode.UPDATE, optional)
        return self.kind.rules([each.level for each in self.levels], demands)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the tables or record types an order comes in; empty where every row is alike."""
        return tuple(self.tables) or self.record_types

    @property
    def has_figures(self) -> bool:
        """True where something is to be added up or subtracted beside the elements."""
        return bool(self.balances or self.controls)

    @property
    def attaches(self) -> bool:
        """True where something is to be attached."""
        return any(field.type == ATTACHMENT for each in self.levels for field in each.level.fields)

    @property
    def joins_lines(self) -> bool:
        """True where several rows can make one line: what a line lacks is known only when all are together."""
        return bool(self.parts) or (len(self.levels) > 2 and not self.levels[2].numbered)

    def where(self, row: int, column: int = 0) -> str:
        """A place in the table in few words, `C7` or `row 7`, with the table's name if there are several."""
        place = cell_name(row_number(row), column) if column else f"row {row_number(row)}"
        return f"{place} of {tuple(self.tables)[table_number(row)]}" if self.tables else place


def own_rules(rule: Rule) -> dict[str, object]:
    """A mapping's own rule for single values, by the names of `bulkpo.schema.rules.RULES`."""
    return {name: getattr(rule, name) for name in ("length", "allowed", "minimum", "maximum", "pattern")}
