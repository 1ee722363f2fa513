"""Before the first order: whether the numbers are free, and all that the orders refer to is there and active.

One bulk look-up for each kind of reference. What is wrong is a finding at each cell that says so, as in a check, and
the orders it is found in are held back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from bulkpo.coupa.client import CoupaClient
from bulkpo.mapping.rows.apply import FieldAt
from bulkpo.mapping.rows.group import Gathered
from bulkpo.model.document import Document, Member, Value
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.held import Held, held_together
from bulkpo.model.totals import Totals
from bulkpo.runs.checking.clean import clean_gathered
from bulkpo.runs.checking.mapped import Pass
from bulkpo.runs.planning.batch import Plan
from bulkpo.runs.planning.named_records import Fault, NamedRecords, Names
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.runs.planning.references import Reference, references
from bulkpo.schema.tables import ElementTables

_KEYS_AT_A_TIME = 1000
_MAY_BE_MEANT = ("reference-ambiguous", "reference-contradicted")
"""What a mapping can declare to be meant so."""

Faults = dict[tuple[Reference, tuple[Value, ...]], list[Fault]]


@dataclass(frozen=True, slots=True)
class Preflight:
    """What looking around in the instance found. `of_files` are the orders of each file that are held back for it.

    `existing` are orders that are there already; `unchecked` says of each resource that could not be asked why.
    """

    of_files: tuple[Held, ...] = (Held(),)
    existing: list[str] = field(default_factory=list)
    unchecked: dict[str, str] = field(default_factory=dict)

    @property
    def held(self) -> Held:
        """The orders that refer to what cannot be used."""
        return held_together(self.of_files)

    @property
    def findings(self) -> list[Finding]:
        """What was found, in the file's order."""
        return list(self.held.findings)


def preflight(plan: Plan, client: CoupaClient, tables: ElementTables) -> Preflight:
    """Look up every number and every reference; raises ServiceError only if nothing at all can be asked.

    Where orders may refer to anything, as in the sandbox with open references, numbers are all there is to look up.
    """
    existing: list[str] = []
    sought = [] if client.profile.is_open else references(plan.layout, tables)
    names: Names = {reference: {} for reference in sought}
    documents = plan.documents()
    while batch := list(islice(documents, _KEYS_AT_A_TIME)):
        found = client.find_by_keys(plan.resource, plan.key_element, [it.key for it in batch], ["id", plan.key_element])
        existing += [key for key, others in found.items() if others]
        for document in batch:
            for reference in sought:
                names[reference].update((reference.named(each.values), None) for each in _at_level(document, reference))
    records = NamedRecords(client)
    records.look_up(names)
    faults = {
        (reference, way): wrong
        for reference, ways in names.items()
        for way in ways
        if (wrong := records.faults(reference, way))
    }
    held = tuple(_Holding(each, sought, faults).held() if faults else Held() for each in plan.files())
    return Preflight(held, existing, records.unchecked)


def _at_level(document: Document, reference: Reference) -> Iterable[Document | Member]:
    """The members of a document that a reference is of; the document itself for one of the header."""
    members: Iterable[Document | Member] = (document,)
    for _ in range(reference.level):
        members = [below for member in members for below in member.members]
    return members


class _Holding:
    """One pass over the file that finds the cells in which records are named wrongly."""

    def __init__(self, plan: FilePlan, sought: list[Reference], faults: Faults) -> None:
        self._plan = plan
        self._sought = sought
        self._faults = faults
        self._pass = Pass(plan.mapped, plan.checked.counts)

    def held(self) -> Held:
        """The orders to be held back, and every finding."""
        findings: list[Finding] = []
        keys: set[str] = set()
        rows = 0
        totals = Totals()
        for gathered, document in clean_gathered(self._pass, self._plan.checked.unsent_keys):
            found = list(dict.fromkeys(self._of_order(gathered, document)))
            findings += found
            if any(finding.severity is Severity.ERROR for finding in found):
                keys.add(document.key)
                rows += len(gathered.rows)
                totals.add(*self._plan.totals_of(document))
        findings.sort(key=lambda finding: (finding.row, finding.column))
        return Held(tuple(findings), frozenset(keys), rows, totals.by_currency())

    def _of_order(self, gathered: Gathered, document: Document) -> Iterator[Finding]:
        for reference in self._sought:
            for member in _at_level(document, reference):
                for fault in self._faults.get((reference, reference.named(member.values)), ()):
                    yield from self._at_cells(gathered, document, (reference, member, fault))

    def _at_cells(
        self, gathered: Gathered, document: Document, wrong: tuple[Reference, Document | Member, Fault]
    ) -> Iterator[Finding]:
        """A finding at each cell that holds the value; at the order's first row for a constant."""
        reference, member, fault = wrong
        level, position = reference.level, fault.key.place
        value = member.values[position] or ""
        severity = self._severity(fault)
        for row in _rows_of(gathered, member, level):
            variant = gathered.variant_of(level, row, member.values)
            if not _says(gathered, row, (level, variant, position), value):
                continue
            spot = FieldAt(level, variant, position)
            at, column = self._pass.applier.cell_of(spot, row, gathered.header)
            message = f"{self._pass.applier.title_of(spot)}: {fault.message}"
            cell = (at, column) if column else (document.row, 0)
            yield Finding(fault.code, message, *cell, fault.key.element, value, document.key, severity)

    def _severity(self, fault: Fault) -> Severity:
        is_meant = fault.code in _MAY_BE_MEANT and fault.key.element in self._plan.mapped.mapping.as_named
        return Severity.NOTICE if is_meant else Severity.ERROR


def _rows_of(gathered: Gathered, member: Document | Member, level: int) -> Iterable[int]:
    """The rows that may say what a member has: all of the order's for the header, those of its parts for a line."""
    if level == 0:
        return gathered.rows
    return dict.fromkeys([member.row, *(below.row for below in member.members), gathered.header or member.row])


def _says(gathered: Gathered, row: int, field: tuple[int, int, int], value: str) -> bool:
    """Whether a row itself gives a field this value."""
    level, variant, position = field
    place = gathered.rows.index(row)
    given = gathered.members[place][level - 1][variant] if level else gathered.headers[place]
    return given[position] == value
