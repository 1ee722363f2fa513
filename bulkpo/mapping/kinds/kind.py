"""What is special about a kind of document: the words people have for it, its rules, its worth, and what Coupa asks.

Everything else speaks of documents and asks their kind. A kind is a value; `bulkpo.mapping.kinds.known` finds it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from string import Template
from typing import NamedTuple, Protocol

from bulkpo.model.document import Columns, Document, Layout, Level, Values
from bulkpo.model.totals import CurrencyTotal


@dataclass(frozen=True, slots=True)
class Noun:
    """A word for one and for many: `order`, `orders`."""

    one: str
    many: str

    @property
    def a_one(self) -> str:
        """With its article: `an order`, `a supplier`, `a user`."""
        return f"{'an' if self.one[0] in 'aeio' else 'a'} {self.one}"

    @property
    def title(self) -> str:
        """As the heading of a column: `Order`."""
        return self.one[0].upper() + self.one[1:]

    @property
    def titles(self) -> str:
        """As the heading of a column that counts: `Orders`."""
        return self.many[0].upper() + self.many[1:]

    def counted(self, count: int) -> str:
        """A count with its word: `1 order`, `2,724 orders`."""
        return f"{count:,} {self.one if count == 1 else self.many}"


_LINE = Noun("line", "lines")


class Figures(NamedTuple):
    """Which figures of control totals are shown beside how many documents there are."""

    lines: bool
    amounts: bool


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule a document breaks: code, message, row, and the element with its level and position in the layout.

    `values` are those of the member that breaks it. It `is_told_only` where the mapping declares that it may.
    """

    code: str
    message: str
    row: int
    element: str
    level: int
    position: int
    values: Values
    is_told_only: bool = False


@dataclass(frozen=True, slots=True)
class Demands:
    """What a mapping asks of its documents: to be silent, and exactly one of some elements, by the path above them.

    The elements of `optional` paths are declared not to be required.
    Of documents that are `partial`, since they only say what is to change, nothing is asked that they leave out.
    """

    silent: bool = False
    exactly_one_of: Mapping[str, Sequence[str]] | None = None
    partial: bool = False
    optional: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class KindAction:
    """Something Coupa does to a document when it is asked to.

    `verb` is its name in Coupa's addresses, `done` what people say of a document after it. It can be done in the
    statuses `takes`, and leaves `leaves`. `sends` where it sends the document to somebody; `repeats` where doing it
    again, even late, would change nothing more. `reason` are the names of its reason's code and comment, where it has.
    """

    verb: str
    done: str
    takes: frozenset[str]
    leaves: str
    sends: bool = False
    repeats: bool = True
    reason: tuple[str, str] | None = None


class Advice(NamedTuple):
    """Something to tell of a mapping that is not wrong: the code of a notice, and its words."""

    code: str
    message: str


def _none(layout: Layout, declared: AbstractSet[str]) -> Iterator[Advice]:  # noqa: ARG001 - whatever it is
    """No advice."""
    return iter(())


class DocumentRules(Protocol):
    """Rules between the elements of one document."""

    def check(self, document: Document) -> Iterator[BrokenRule]:
        """Every rule a document breaks."""

    def hold_for(self, header: Columns, lines: Columns) -> bool:
        """Whether documents whose rows are lines keep every rule, asked of their columns; no proof where it is not."""


class Worth(Protocol):
    """What documents of one layout are worth, for control totals."""

    def of(self, document: Document) -> tuple[str, int, Decimal]:
        """A document's currency ("" if it names none), its number of lines, and its exact amount."""

    def of_columns(
        self, header: Columns, lines: Columns, starts: Sequence[int], amounts: Sequence[Decimal] = ()
    ) -> tuple[CurrencyTotal, ...]:
        """What documents are worth whose rows are lines, by currency; `starts` has the places of their first rows.

        `amounts` are those of the lines, where they are known already.
        """


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document.

    `members` has the nouns of what stands in its collections, by the collection's name; `key_word` is what people call
    its key. `line_number` is the element that numbers its lines, `silencer` the element with the value that keeps Coupa
    from sending it to anybody, `actions` what Coupa can do to one, `tasks` what people ask for as actions in their
    order, `sent_in` the statuses in which it has been sent, so that a change sends it again, `fixed_in` those in which
    it cannot be changed, `history_type` what the integration history calls it, `partner` the elements that say whom it
    is with, `attached_to` the resources of its members that something can be attached to, by their collection,
    `transmission` the one that says whether Coupa has sent it, with what it says where it has not. `has_worth`
    is False where amounts are not what it is about. `lifted_with` has elements that are not required where the mapping
    declares that of one of these others. `advice` is what to tell of a mapping of such documents, given the
    elements of which it declares whether they are required; `remark` is what people should know before some are made.
    """

    noun: Noun
    members: Mapping[str, Noun]
    key_word: str
    rules: Callable[[Sequence[Level], Demands], DocumentRules]
    worth: Callable[[Layout], Worth]
    history_type: str
    attached_to: Mapping[str, str] = field(default_factory=dict)
    has_worth: bool = False
    lifted_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    line_number: str | None = None
    silencer: tuple[str, str] | None = None
    actions: Mapping[str, KindAction] = field(default_factory=dict)
    tasks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sent_in: frozenset[str] = frozenset()
    fixed_in: frozenset[str] = frozenset()
    partner: tuple[str, ...] = ()
    transmission: tuple[str, frozenset[str]] | None = None
    advice: Callable[[Layout, AbstractSet[str]], Iterator[Advice]] = _none
    remark: str = ""

    @property
    def sending(self) -> tuple[str, ...]:
        """The actions that send a document to somebody."""
        return tuple(name for name, action in self.actions.items() if action.sends)

    def member(self, collection: str) -> Noun:
        """What people call a member of a collection: a line, an allocation, an address."""
        return self.members.get(collection) or noun_of(collection.rsplit("-", 1)[-1])

    def level(self, level: Level) -> Noun:
        """What people call what a level describes: the document itself, or a member of it."""
        return self.member(level.collection) if level.collection else self.noun

    def counted(self, layout: Layout, documents: int, lines: int) -> str:
        """How many there are: `24 orders with 65 lines`, `3 suppliers`."""
        with_lines = f" with {self.member(layout.below.collection).counted(lines)}" if layout.below else ""
        return f"{self.noun.counted(documents)}{with_lines}"

    def lines(self, layout: Layout | None = None) -> Noun:
        """What people call the members of a document; lines, where the layout is not known or has none."""
        return self.member(layout.below.collection) if layout is not None and layout.below else _LINE

    def figures(self, totals: Sequence[CurrencyTotal]) -> Figures:
        """Which figures of some control totals say anything."""
        has_lines = self.has_worth or any(total.lines for total in totals)
        has_worth = self.has_worth or any(total.amount or total.currency for total in totals)
        return Figures(has_lines, has_worth)

    def said(self, text: str) -> str:
        """A text with this kind's words for `$document`, `$documents` and `$a_document`."""
        noun = self.noun
        return Template(text).substitute(document=noun.one, documents=noun.many, a_document=noun.a_one)


def is_optional(path: str, optional: Collection[str]) -> bool:
    """Whether an element, or one below it, is among those declared not to be required."""
    return path in optional or any(each.startswith(f"{path}/") for each in optional)


def noun_of(many: str) -> Noun:
    """The noun of a plural such as those Coupa names collections by: `addresses`, `currencies`, `tax registrations`."""
    if many.endswith("ies"):
        return Noun(f"{many[:-3]}y", many)
    if many.endswith(("sses", "xes", "ches", "shes")):
        return Noun(many[:-2], many)
    return Noun(many[:-1], many) if many.endswith("s") and not many.endswith("ss") else Noun(many, many)
