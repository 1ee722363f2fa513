"""The gathered rows of one key become a document, with what is wrong between its rows."""

from collections.abc import Iterator

from bulkpo.mapping.rows.apply import Applier, FieldAt
from bulkpo.mapping.rows.attaching import Parter
from bulkpo.mapping.rows.duplicates import alike_rows
from bulkpo.mapping.rows.group import Gathered
from bulkpo.mapping.rows.lines import LineMaker
from bulkpo.mapping.rows.merge import Merger
from bulkpo.model.attached import ATTACHMENT
from bulkpo.model.document import Document, Values
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.matching import Mode
from bulkpo.model.table import table_number
from bulkpo.model.text import shown


class Assembler:
    """Makes documents of one mapping and table."""

    def __init__(self, applier: Applier) -> None:
        self._applier = applier
        self._mapping = applier.mapping
        self._levels = self._mapping.levels
        self._merger = Merger(applier)
        self._lines = LineMaker(applier)
        self._rules = self._mapping.document_rules
        self._noun = self._mapping.kind.noun.one
        described = tuple(each.level for each in self._levels)
        plain = tuple(sum(field.type != ATTACHMENT for field in level.fields) for level in described)
        self._parter = Parter(described, plain, self._mapping.kind.line_number)
        self._unique = [
            (level, position, slot.path)
            for level, each in enumerate(self._levels)
            for position, slot in enumerate(each.variants[0])
            if slot.rule.unique
        ]
        self._met: dict[tuple[str, str], int] = {}

    def assemble(self, gathered: Gathered) -> tuple[Document, list[Finding]]:
        """The document of one key, and the findings that are no single row's."""
        header, findings = self._merger.merge(0, gathered, gathered.rows, gathered.headers)
        if gathered.first_part or not self._mapping.parts:
            findings += self._missing(gathered, header)
        lines, more = self._lines.lines(gathered)
        findings += more
        if not any(finding.code == "duplicate-line" and finding.severity is Severity.ERROR for finding in more):
            findings += alike_rows(gathered, self._mapping)
        document = Document(gathered.key, gathered.rows[0], header, lines)
        findings += self._parts_missing(gathered, document)
        if self._unique:
            findings += self._repeats(gathered, document)
        for breach in self._rules.check(document):
            if any(row == breach.row and path.startswith(breach.element) for path, row in gathered.troubled):
                continue
            variant = gathered.variant_of(breach.level, breach.row, breach.values)
            field = FieldAt(breach.level, variant, breach.position)
            cell = self._applier.cell_of(field, breach.row, gathered.header)
            severity = Severity.NOTICE if breach.is_told_only else Severity.ERROR
            told = Finding(breach.code, breach.message, *cell, breach.element, key=document.key, severity=severity)
            findings.append(told)
        return self._parter.parted(document), findings

    def sound(self, gathered: Gathered) -> Document:
        """The document of one key that is known to have no errors; nothing is found out about it anew."""
        header, _ = self._merger.merge(0, gathered, gathered.rows, gathered.headers)
        lines, _ = self._lines.lines(gathered)
        return self._parter.parted(Document(gathered.key, gathered.rows[0], header, lines))

    def _missing(self, gathered: Gathered, header: Values) -> Iterator[Finding]:
        fields = self._levels[0].level.fields
        for requirement in self._levels[0].required:
            if any(header[position] is not None for position in requirement.positions):
                continue
            paths = {fields[position].full_path for position in requirement.positions}
            if not any(path in paths for path, _ in gathered.troubled):
                field = FieldAt(0, 0, requirement.positions[0])
                cell = self._applier.cell_of(field, gathered.rows[0], gathered.header)
                named = f"{self._noun} {gathered.key}"
                message = f"{requirement.element} is required, and no row of {named} has it; fill it in"
                yield Finding("required", message, *cell, requirement.element, key=gathered.key)

    def _parts_missing(self, gathered: Gathered, document: Document) -> Iterator[Finding]:
        """A document that lacks its lines, or in several parts its first."""
        parts, below = self._mapping.parts, self._mapping.layout.below
        named = f"{self._noun} {shown(document.key)}"
        lines = self._mapping.kind.level(below).many if below else ""
        if parts and not gathered.first_part:
            own = parts[table_number(document.row)]
            way_out = f", or say unmatched: skip in {own}" if own in self._mapping.joins else ""
            message = f"{named} has {lines} but no row in {parts[0]}; add it there, or remove the {lines}{way_out}"
            yield Finding("line-without-header", message, document.row, key=document.key)
        if self._mapping.record_types and len(gathered.first_part) > 1:
            row = gathered.rows[sorted(gathered.first_part)[1]]
            message = f"{named} stands in {self._mapping.where(document.row)} too; remove one of the two"
            yield Finding("header-twice", message, row, key=document.key)
        needs_lines = len(self._levels) > 1 and self._mapping.mode is not Mode.UPDATE
        if needs_lines and not document.members and not gathered.has_bad_rows:
            message = f"{named} has no {lines}; add them, or leave the {self._noun} out by skip_rows"
            if parts:
                yield Finding("header-without-lines", message, document.row, key=document.key)
            else:
                yield Finding("no-lines", message, document.row, key=document.key)

    def _repeats(self, gathered: Gathered, document: Document) -> Iterator[Finding]:
        """Values of elements with a `unique` rule that another document or line has too."""
        for level, position, path in self._unique:
            for row, values in _at_level(document, level):
                value = values[position]
                if value is None:
                    continue
                first = self._met.setdefault((path, value), row)
                if first != row:
                    where = self._mapping.where(first)
                    message = f"{path} {value!r} stands in {where} too, but must be unique; correct one of them"
                    field = FieldAt(level, gathered.variant_of(level, row, values), position)
                    cell = self._applier.cell_of(field, row, gathered.header)
                    yield Finding("not-unique", message, *cell, path, value, document.key)


def _at_level(document: Document, level: int) -> Iterator[tuple[int, Values]]:
    """The rows and values of a document at one level: 0 the header, 1 the lines, 2 their allocations."""
    if level == 0:
        yield document.row, document.values
    for line in document.members if level else ():
        if level == 1:
            yield line.row, line.values
        else:
            yield from ((below.row, below.values) for below in line.members)
