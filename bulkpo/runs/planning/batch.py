"""Several checked files as the plan of one import: opened one after another, so that memory holds one at a time."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bulkpo.errors import InputError, UsageError
from bulkpo.journal.records import RunInput, RunSummary
from bulkpo.mapping.kinds.kind import DocumentKind, Worth
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.agreed import Agreed
from bulkpo.model.document import Document, Layout
from bulkpo.model.finding import Finding
from bulkpo.model.held import Held, held_together
from bulkpo.model.matching import Mode
from bulkpo.runs.checking.checked import Checked, together
from bulkpo.runs.checking.mapped import Input, MappedFile, open_input
from bulkpo.runs.checking.order_starts import OrderStart
from bulkpo.runs.planning.plan import DocumentShape, FilePlan


@dataclass(slots=True)
class BatchFile:
    """One of the files: what it is, how it is called in messages, what checking it found, and its digest then."""

    given: Input
    place: str
    checked: Checked
    digest: str
    held: Held = field(default=Held())

    @property
    def numbers(self) -> int:
        """How many numbers its orders take, those held back among them."""
        return self.checked.ok + len(self.held.keys)


@dataclass(slots=True)
class BatchPlan:
    """Files read by one mapping, and sent in one run. Their orders are numbered through.

    `unexpected` are the figures of the whole that are not what is expected, `agreeing` those that are, `out` is the
    folder that results go to where that is not each file's own.
    """

    mapping: ImportMapping
    mapping_file: Path
    mapping_digest: str
    batch: tuple[BatchFile, ...]
    unexpected: tuple[Finding, ...] = ()
    agreeing: tuple[Agreed, ...] = ()
    out: Path | None = field(default=None, init=False)
    checked: Checked = field(init=False)
    _worth: Worth = field(init=False)

    def __post_init__(self) -> None:
        """Add up what was found."""
        self._add_up()
        self._worth = self.kind.worth(self.layout)

    @property
    def mode(self) -> Mode:
        """Whether its documents are made, or change those that are there."""
        return self.mapping.mode

    @property
    def layout(self) -> Layout:
        """How the documents' values are laid out."""
        return self.mapping.layout

    @property
    def kind(self) -> DocumentKind:
        """What is special about the documents."""
        return self.mapping.kind

    @property
    def resource(self) -> str:
        """The collection the documents go to."""
        return self.mapping.resource.name

    @property
    def key_element(self) -> str:
        """The element that identifies a document."""
        return str(self.mapping.key)

    @property
    def shape(self) -> DocumentShape:
        """What is needed to look its documents up."""
        return DocumentShape(self.resource, self.key_element, self.layout)

    @property
    def mapping_name(self) -> str:
        """The mapping's name."""
        return self.mapping.name

    @property
    def file(self) -> Path:
        """The folder the files have in common."""
        return Path(os.path.commonpath([each.given.path.resolve().parent for each in self.batch]))

    @property
    def file_digest(self) -> str:
        """The digest of all digests."""
        return digest_of_inputs([each.digest for each in self.batch])

    @property
    def held(self) -> Held:
        """The orders held back, of all files."""
        return held_together(each.held for each in self.batch)

    def digests(self) -> list[tuple[Path, str]]:
        """The files and their digests."""
        return [(each.given.path, each.digest) for each in self.batch]

    def inputs(self) -> list[RunInput]:
        """The files as a run keeps them."""
        found, before = [], 0
        for number, each in enumerate(self.batch, 1):
            summary = RunSummary(held=each.held) if each.held.findings else RunSummary()
            path = str(each.given.path.resolve())
            found.append(RunInput(number, path, each.given.sheet, each.digest, before, summary))
            before += each.numbers
        return found

    def files(self) -> Iterator[FilePlan]:
        """The plan of each file, opened anew; raises InputError for one that is no longer what was checked."""
        for each in self.batch:
            plan = FilePlan(open_input(self.mapping, self.mapping_file, each.given), each.checked)
            if plan.file_digest != each.digest:
                raise InputError(
                    f"{each.given.path}: the file changed after it was checked; do it again from the start"
                )
            plan.held, plan.out = each.held, self.out
            yield plan

    def named(self) -> Iterator[tuple[str, MappedFile, Checked]]:
        """Each file, opened anew, with what names of files about it begin with and what was found in it."""
        return ((plan.stem, plan.mapped, plan.checked) for plan in self.files())

    def documents(self) -> Iterator[Document]:
        """The documents without errors, file by file, but for those held back."""
        return (document for _, document in self.numbered())

    def numbered(self) -> Iterator[tuple[int, Document]]:
        """The same with their numbers, which go on from file to file."""
        before = 0
        for plan in self.files():
            yield from ((before + number, document) for number, document in plan.numbered())
            before += plan.numbers

    def numbered_starts(self) -> Iterator[tuple[int, OrderStart]]:
        """The same by name alone, for which no document is made."""
        before = 0
        for plan in self.files():
            yield from ((before + number, each) for number, each in plan.numbered_starts())
            before += plan.numbers

    def hold_each(self, held: Sequence[Held]) -> None:
        """Hold orders of each file back."""
        for each, those in zip(self.batch, held, strict=True):
            if each.held != those:
                each.checked.hold(those)
                each.held = those
        self._add_up()

    def _add_up(self) -> None:
        self.checked = together(each.checked for each in self.batch)
        self.checked.findings += self.unexpected
        self.checked.agreeing = (*self.agreeing, *self.checked.agreeing)

    def totals_of(self, document: Document) -> tuple[str, int, Decimal]:
        """A document's currency, number of lines and amount."""
        return self._worth.of(document)

    def file_of(self, number: int) -> str:
        """The file that holds an order."""
        for each in self.batch:
            number -= each.numbers
            if number <= 0:
                return str(each.given)
        return self.file.name


Plan = FilePlan | BatchPlan
"""What an import is planned from."""


def of_one_file(plan: Plan) -> FilePlan:
    """The plan of a single file; raises UsageError for one of several, which only creates."""
    if isinstance(plan, FilePlan):
        return plan
    raise UsageError(
        f"{plan.mapping.file}: changing what is there and importing what was approved read one file or sheet; name it"
    )


def digest_of_inputs(digests: Sequence[str]) -> str:
    """The digest that stands for those of several inputs."""
    return hashlib.sha256(" ".join(digests).encode()).hexdigest()
