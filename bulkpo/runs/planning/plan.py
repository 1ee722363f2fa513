"""A checked file as the plan of an import."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from bulkpo.mapping.kinds.kind import DocumentKind, Worth
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.document import Document, Layout
from bulkpo.model.held import Held
from bulkpo.model.matching import Mode
from bulkpo.model.table import Cell, Chunk
from bulkpo.payload.differ import Terms, made_of
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.clean import clean_gathered
from bulkpo.runs.checking.mapped import MappedFile, Pass, digest_of
from bulkpo.runs.checking.mapping_files import read_yaml
from bulkpo.runs.checking.order_starts import OrderStart, keys_of_rows, order_starts

_UNFIT_FOR_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


class SourceRows(NamedTuple):
    """Some rows of the input, by column: their numbers and cells, the orders they belong to, and what is wrong.

    `rows` are numbered as the source has them, `messages` are by those numbers. A key is empty for a row that belongs
    to no order: one `left_out` on the mapping's word, or one without a key.
    """

    rows: Sequence[int]
    columns: Sequence[Sequence[Cell]]
    keys: Sequence[str]
    messages: Mapping[int, Sequence[str]]
    left_out: AbstractSet[int]


@dataclass(frozen=True, slots=True)
class DocumentShape:
    """The collection a run's documents go to, the element that identifies one, and how their values are laid out."""

    resource: str
    key: str
    layout: Layout


@dataclass(slots=True)
class FilePlan:
    """A mapped file that has been checked. Documents and rows are derived anew each time, in the file's order.

    `held` are the orders that are held back beside those that failed the check, `out` is the folder that results go
    to where that is not the input's.
    """

    mapped: MappedFile
    checked: Checked
    file_digest: str = field(init=False)
    mapping_digest: str = field(init=False)
    held: Held = field(default=Held(), init=False)
    out: Path | None = field(default=None, init=False)
    _worth: Worth = field(init=False)

    def __post_init__(self) -> None:
        """Take the digests now: what is sent later must be what was checked."""
        self.file_digest = _digest_of_all(self.mapped.files)
        self.mapping_digest = _digest_of_mapping(self.mapped)
        self._worth = self.kind.worth(self.layout)

    @property
    def mapping(self) -> ImportMapping:
        """What it is read by."""
        return self.mapped.mapping

    def digests(self) -> list[tuple[Path, str]]:
        """The input and its digest."""
        return [(self.file, self.file_digest)]

    @property
    def layout(self) -> Layout:
        """How the documents' values are laid out."""
        return self.mapped.mapping.layout

    @property
    def kind(self) -> DocumentKind:
        """What is special about the documents."""
        return self.mapped.mapping.kind

    @property
    def resource(self) -> str:
        """The collection the documents go to."""
        return self.mapped.mapping.resource.name

    @property
    def key_element(self) -> str:
        """The element that identifies a document."""
        return str(self.mapped.mapping.key)

    @property
    def shape(self) -> DocumentShape:
        """What is needed to look its documents up."""
        return DocumentShape(self.resource, self.key_element, self.layout)

    @property
    def mode(self) -> Mode:
        """Whether its documents are made, or change those that are there."""
        return self.mapped.mapping.mode

    @property
    def terms(self) -> Terms:
        """What is needed to hold its documents against those that are there."""
        return Terms(self.layout, self.key_element, self.mapped.mapping.matches)

    @property
    def mapping_name(self) -> str:
        """The mapping's name."""
        return self.mapped.mapping.name

    @property
    def mapping_file(self) -> Path:
        """The mapping's file."""
        return self.mapped.mapping_path

    @property
    def file(self) -> Path:
        """The input."""
        return self.mapped.path

    @property
    def has_changed(self) -> bool:
        """Whether the input is no longer what was checked."""
        return _digest_of_all(self.mapped.files) != self.file_digest

    @property
    def stem(self) -> str:
        """What names of results begin with: the file's name, and that of its sheet where it is one of several."""
        sheet = _UNFIT_FOR_NAMES.sub("_", self.mapped.sheet)
        return f"{self.file.stem}.{sheet}" if sheet else self.file.stem

    @property
    def result_name(self) -> str:
        """What its file of results is called."""
        return f"{self.stem}.result.xlsx"

    def beside(self, name: str) -> Path:
        """A file of results by its name."""
        return self.file.with_name(name) if self.out is None else self.out / name

    @property
    def columns(self) -> Sequence[str]:
        """The columns' titles."""
        return [column.title for column in self.mapped.source.columns]

    def documents(self) -> Iterator[Document]:
        """The documents without errors, in the file's order, but for those held back."""
        return (document for _, document in self.numbered())

    def numbered(self) -> Iterator[tuple[int, Document]]:
        """The same with their numbers: those held back count, so that holding any changes no other's number.

        Of an upsert they are as they are made where they are not there yet.
        """
        held = self.held.keys
        one = Pass(self.mapped, self.checked.counts)
        clean = clean_gathered(one, self.checked.unsent_keys - held)
        found = ((number, document) for number, (_, document) in enumerate(clean, 1) if document.key not in held)
        if self.mode is not Mode.UPSERT:
            return found
        return ((number, made_of(self.layout, document)) for number, document in found)

    def numbered_starts(self) -> Iterator[tuple[int, OrderStart]]:
        """The same by name alone, for which no document is made."""
        held, unsent = self.held.keys, self.checked.unsent_keys - self.held.keys
        clean = (each for each in order_starts(Pass(self.mapped, self.checked.counts)) if each.key not in unsent)
        return ((number, each) for number, each in enumerate(clean, 1) if each.key not in held)

    @property
    def numbers(self) -> int:
        """How many numbers there are, those of orders held back among them."""
        return self.checked.ok + len(self.held.keys)

    def files(self) -> Iterator["FilePlan"]:
        """The plan of each file: this one."""
        yield self

    def file_of(self, number: int) -> str:  # noqa: ARG002 - a plan of several files asks which
        """The name of the file that holds an order."""
        return self.file.name

    def hold(self, held: Held) -> None:
        """Hold orders back; raises nothing, and changes nothing where they are held back already."""
        if self.held != held:
            self.checked.hold(held)
            self.held = held

    def hold_more(self, held: Held) -> None:
        """Hold orders back beside those that are held back already."""
        self.checked.hold(held)
        self.held = self.held.joined(held)

    def hold_each(self, held: Sequence[Held]) -> None:
        """Hold orders of each file back: of this one."""
        (mine,) = held
        self.hold(mine)

    def totals_of(self, document: Document) -> tuple[str, int, Decimal]:
        """A document's currency, number of lines and amount."""
        return self._worth.of(document)

    def chunks(self) -> Iterator[Chunk]:
        """Every row below the heading, some hundred at a time."""
        return self.mapped.source.chunks()

    def source_rows(self) -> Iterator[SourceRows]:
        """Every row below the heading, with its findings."""
        messages: dict[int, list[str]] = {}
        for finding in self.checked.errors:
            messages.setdefault(finding.row, []).append(finding.message)
        skipped = {row: reason for reason, rows in self.checked.skipped.items() for row in rows}
        messages |= {row: [f"skipped: {reason}"] for row, reason in skipped.items()}
        elsewhere = self.checked.left_out | self.checked.elsewhere.keys()
        with keys_of_rows(Pass(self.mapped, self.checked.counts)) as keys_of:
            for chunk in self.chunks():
                keys = [None if key in elsewhere else key for key in keys_of(chunk)]
                left_out = {row for row, key in zip(chunk.rows, keys, strict=True) if key is None}
                yield SourceRows(chunk.rows, chunk.columns, [key or "" for key in keys], messages, left_out)


def _digest_of_all(files: Sequence[Path]) -> str:
    """The digest of the input; of several files, that of their digests."""
    digests = [digest_of(file) for file in files]
    return digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(digests).encode()).hexdigest()


def _digest_of_mapping(mapped: MappedFile) -> str:
    """The digest of the mapping with all it draws on: its bases, crosswalks, the instance file, a time zone."""
    mapping = mapped.mapping
    drawn_on: list[object] = [mapping.crosswalks, str(mapping.marks.dates.zone)]
    beside = [*mapping.bases, *filter(None, [mapping.instance])]
    drawn_on += [read_yaml(mapped.mapping_path.parent / name) for name in beside]
    text = json.dumps(drawn_on, sort_keys=True).encode()
    return hashlib.sha256(mapped.mapping_path.read_bytes() + text).hexdigest()
