"""What an import is to bring to Coupa, as the steps of a run see it."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, Protocol

from bulkpo.model.document import Document, Layout
from bulkpo.model.table import Cell, Chunk
from bulkpo.runs.checking.check import Checked
from bulkpo.runs.checking.mapped import MappedFile


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


class Plan(Protocol):
    """A checked file. Documents and rows are derived anew each time, always the same and in the same order."""

    @property
    def mapped(self) -> MappedFile:
        """The input as the mapping sees it."""

    @property
    def checked(self) -> Checked:
        """What checking it found."""

    @property
    def layout(self) -> Layout:
        """How the documents' values are laid out."""

    @property
    def resource(self) -> str:
        """The collection the documents go to: `purchase_orders`."""

    @property
    def key_element(self) -> str:
        """The element that identifies a document: `po-number`."""

    @property
    def mapping_name(self) -> str:
        """The mapping's name."""

    @property
    def mapping_file(self) -> Path:
        """The mapping's file."""

    @property
    def mapping_digest(self) -> str:
        """The SHA-256 of the mapping with all it draws on."""

    @property
    def file(self) -> Path:
        """The input."""

    @property
    def file_digest(self) -> str:
        """The SHA-256 of the input."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns' titles."""

    def documents(self) -> Iterator[Document]:
        """The documents without errors, in the file's order."""

    def totals_of(self, document: Document) -> tuple[str, int, Decimal]:
        """A document's currency, number of lines and amount."""

    def chunks(self) -> Iterator[Chunk]:
        """Every row below the heading, some hundred at a time."""

    def source_rows(self) -> Iterator[SourceRows]:
        """Every row below the heading, with its order and what is wrong."""
