"""Orders that stand in several files: none of them is sent until it is said which is right."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bulkpo.mapping.kinds.kind import Worth
from bulkpo.mapping.rows.apply import FieldAt
from bulkpo.mapping.rows.group import Gathered, stretches_of
from bulkpo.model.document import Document
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.held import Held
from bulkpo.model.table import row_number
from bulkpo.model.text import shown
from bulkpo.model.totals import Totals
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.clean import clean_gathered
from bulkpo.runs.checking.keys import Firsts, MetKeys, Twins
from bulkpo.runs.checking.mapped import MappedFile, Pass


def keys_met(file: MappedFile) -> MetKeys:
    """The keys of a file's orders, and where each first stands."""
    twins, last = Twins(), None
    for records in Pass(file).records():
        stretches = list(stretches_of(records.keys))
        twins.look(records, stretches[bool(stretches) and records.keys[0] == last :])
        last = records.keys[-1] if stretches else last
    return MetKeys(twins.firsts)


class Elsewhere(NamedTuple):
    """Where else an order stands: its key there, the number of the file, and the row."""

    key: str
    file: int
    row: int


class Across:
    """Finds orders that stand in more than one file, or that look like one in another."""

    def __init__(self, *, are_exact: bool) -> None:
        self._first: dict[str, Elsewhere] = {}
        self._are_exact = are_exact
        self.pairs: dict[int, dict[str, Elsewhere]] = {}

    def look(self, number: int, firsts: Firsts) -> None:
        """Take in the orders of the next file."""
        for alike, (key, row) in firsts.items():
            other = self._first.setdefault(key if self._are_exact else alike, Elsewhere(key, number, row))
            if other.file != number:
                self.pairs.setdefault(number, {})[key] = other
                self.pairs.setdefault(other.file, {}).setdefault(other.key, Elsewhere(key, number, row))


class Sharer:
    """Deals with the orders of one file that stand in others, too; `places` are what the files are called."""

    def __init__(self, file: MappedFile, checked: Checked, places: Sequence[str], number: int) -> None:
        """`number` is the file's own among them."""
        self._checked = checked
        self._mapping = file.mapping
        self._places = places
        self._number = number
        self._pass = Pass(file, checked.counts)

    def hold(self, pairs: Mapping[str, Elsewhere]) -> None:
        """Hold those that are clean, or skip those that the mapping has taken from an earlier file."""
        held, left = _Sum(), _Sum()
        reasons: dict[str, str] = {}
        rows: dict[str, list[int]] = {}
        for gathered, document in clean_gathered(self._pass, self._checked.failed_keys):
            other = pairs.get(document.key)
            if other is None or (self._mapping.takes_first_file and self._is_first(document, other)):
                continue
            if self._mapping.takes_first_file and other.key == document.key:
                reason = reasons[document.key] = f"taken from {self._places[other.file]}"
                rows.setdefault(reason, []).extend(gathered.rows)
                left.add(gathered, document, self._finding(gathered, document, other, Severity.NOTICE))
            else:
                held.add(gathered, document, self._finding(gathered, document, other, Severity.ERROR))
        worth = self._mapping.kind.worth(self._mapping.layout)
        if held.documents:
            self._checked.hold(held.held(worth))
        if left.documents:
            lines = sum(len(document.members) for document in left.documents)
            self._checked.leave(reasons, rows, lines, left.held(worth))

    def _is_first(self, document: Document, other: Elsewhere) -> bool:
        return other.key == document.key and self._number < other.file

    def _finding(self, gathered: Gathered, document: Document, other: Elsewhere, severity: Severity) -> Finding:
        applier, one = self._pass.applier, self._mapping.kind.noun.one
        place = f"{self._places[other.file]}, row {row_number(other.row)}"
        if severity is Severity.NOTICE:
            message = f"{shown(document.key)} stands in {place}, too, and is taken from there, as the mapping says"
        elif other.key == document.key:
            message = (
                f"{shown(document.key)} stands in {place}, too; remove the {one} from one of them, or say "
                "document: {in_several_files: first}"
            )
        else:
            message = (
                f"{shown(document.key)} looks like {shown(other.key)} in {place}; make them equal, or say keys: exact"
            )
        cell = applier.cell_of(FieldAt(0, 0, applier.key_position), document.row, gathered.header)
        return Finding("in-two-files", message, *cell, str(self._mapping.key), document.key, document.key, severity)


class _Sum:
    """Orders with their findings, to be held or left together."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self._findings: list[Finding] = []
        self._rows = 0

    def add(self, gathered: Gathered, document: Document, finding: Finding) -> None:
        self.documents.append(document)
        self._findings.append(finding)
        self._rows += len(gathered.rows)

    def held(self, worth: Worth) -> Held:
        totals = Totals()
        for document in self.documents:
            totals.add(*worth.of(document))
        keys = frozenset(document.key for document in self.documents)
        return Held(tuple(self._findings), keys, self._rows, totals.by_currency())
