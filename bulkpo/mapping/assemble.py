"""The gathered rows of one key become a document, with what is wrong between its rows."""

from collections.abc import Iterator, Sequence

from bulkpo.mapping.apply import Applier, Values
from bulkpo.mapping.group import Gathered
from bulkpo.mapping.import_spec import SlotLevel
from bulkpo.mapping.order_rules import OrderRules
from bulkpo.model.document import Document, Member, Value
from bulkpo.model.finding import Finding
from bulkpo.where import cell_name


class Assembler:
    """Makes documents of one mapping and table."""

    def __init__(self, applier: Applier) -> None:
        self._applier = applier
        self._mapping = applier.mapping
        self._levels = self._mapping.levels
        self._own = [
            [[place for place, slot in enumerate(slots) if slot.targets] for slots in level.variants]
            for level in self._levels
        ]
        self._line_number = _position(self._levels, 1, "line-num")
        self._rules = OrderRules(self._mapping)
        self._unique = [
            (level, position, slot.path)
            for level, each in enumerate(self._levels)
            for position, slot in enumerate(each.variants[0])
            if slot.rule.unique
        ]
        self._met: dict[tuple[str, str], int] = {}

    def assemble(self, gathered: Gathered) -> tuple[Document, list[Finding]]:
        """The document of one key, and the findings that are no single row's."""
        findings: list[Finding] = []
        header = self._merged(0, gathered.key, gathered.rows, gathered.headers, findings)
        self._require_header(gathered, header, findings)
        members = self._members(gathered, findings) if len(self._levels) > 1 else ()
        if self._mapping.number_lines:
            members = self._numbered(members)
        self._find_duplicate_lines(gathered.key, members, findings)
        document = Document(gathered.key, gathered.rows[0], header, members)
        if len(self._levels) > 1 and not members and not gathered.has_bad_rows:
            findings.append(Finding("no-lines", "the order has no lines", document.row, key=document.key))
        self._find_repeats(document, findings)
        for breach in self._rules.check(document):
            column = self._applier.column_of(breach.level, 0, breach.position)
            findings.append(Finding(breach.code, breach.message, breach.row, column, breach.element, key=document.key))
        return document, findings

    def _merged(
        self, level: int, key: str, rows: Sequence[int], values: Sequence[Values], findings: list[Finding]
    ) -> Values:
        """One tuple of values of several rows that describe the same thing: the first value there is of each."""
        first = values[0]
        if len(values) == 1 or all(each == first for each in values):
            return first
        merged: list[Value] = []
        for position, column in enumerate(zip(*values, strict=True)):
            known = next((value for value in column if value is not None), None)
            merged.append(known)
            if len(set(column) - {None}) > 1:
                findings.append(self._conflict(level, key, (rows, position), column))
        return tuple(merged)

    def _conflict(self, level: int, key: str, where: tuple[Sequence[int], int], column: Sequence[Value]) -> Finding:
        rows, position = where
        number = self._applier.column_of(level, 0, position)
        path = self._levels[level].level.fields[position].full_path
        first = next(place for place, value in enumerate(column) if value is not None)
        other = next(place for place, value in enumerate(column) if value not in (None, column[first]))
        message = (
            f"{path} of order {key} is {column[other]!r} here but {column[first]!r} in "
            f"{cell_name(rows[first], number) if number else f'row {rows[first]}'}; an order has one, make them equal"
        )
        return Finding("conflicting-values", message, rows[other], number, path, str(column[other]), key)

    def _require_header(self, gathered: Gathered, header: Values, findings: list[Finding]) -> None:
        fields = self._levels[0].level.fields
        for requirement in self._levels[0].required:
            if all(
                header[position] is None and fields[position].full_path not in gathered.troubled
                for position in requirement.positions
            ):
                column = self._applier.column_of(0, 0, requirement.positions[0])
                message = f"{requirement.element} is required, and no row of order {gathered.key} has it; fill it in"
                findings.append(
                    Finding("required", message, gathered.rows[0], column, requirement.element, key=gathered.key)
                )

    def _members(self, gathered: Gathered, findings: list[Finding]) -> tuple[Member, ...]:
        lines: list[Member] = []
        for row, per_level in zip(gathered.rows, gathered.members, strict=True):
            below = self._present(2, row, per_level[1]) if len(per_level) > 1 else ()
            lines += [Member(row, line.values, below) for line in self._present(1, row, per_level[0])]
        if len(self._levels) > 2 and not self._levels[2].numbered and self._line_number is not None:
            return self._joined_lines(gathered.key, lines, findings)
        return tuple(lines)

    def _present(self, level: int, row: int, variants: Sequence[Values]) -> tuple[Member, ...]:
        """The members a row gives: those with at least one value of their own."""
        return tuple(
            Member(row, values)
            for values, own in zip(variants, self._own[level], strict=True)
            if any(values[place] is not None for place in own)
        )

    def _joined_lines(self, key: str, lines: Sequence[Member], findings: list[Finding]) -> tuple[Member, ...]:
        """Rows with one line number are one line, each row giving it an allocation."""
        by_number: dict[Value, list[Member]] = {}
        for line in lines:
            by_number.setdefault(line.values[self._line_number or 0], []).append(line)
        joined = []
        for same in by_number.values():
            values = self._merged(1, key, [line.row for line in same], [line.values for line in same], findings)
            joined.append(Member(same[0].row, values, tuple(below for line in same for below in line.members)))
        return tuple(joined)

    def _numbered(self, lines: tuple[Member, ...]) -> tuple[Member, ...]:
        """The lines with a number each: those without one count on from the highest there is."""
        place = self._line_number
        if place is None:
            return lines
        taken = [int(number) for line in lines if (number := line.values[place]) is not None and number.isdigit()]
        following = iter(range(max(taken, default=0) + 1, max(taken, default=0) + len(lines) + 1))
        return tuple(
            line
            if line.values[place] is not None
            else line._replace(values=(*line.values[:place], str(next(following)), *line.values[place + 1 :]))
            for line in lines
        )

    def _find_repeats(self, document: Document, findings: list[Finding]) -> None:
        """Values of elements with a `unique` rule that another order or line has too."""
        for level, position, path in self._unique:
            for row, values in _at_level(document, level):
                value = values[position]
                if value is None:
                    continue
                first = self._met.setdefault((path, value), row)
                if first != row:
                    message = f"{path} {value!r} stands in row {first} too, but must be unique; correct one of them"
                    column = self._applier.column_of(level, 0, position)
                    findings.append(Finding("not-unique", message, row, column, path, value, document.key))

    def _find_duplicate_lines(self, key: str, lines: Sequence[Member], findings: list[Finding]) -> None:
        place = self._line_number
        if place is None or len({line.values[place] for line in lines}) == len(lines):
            return
        first: dict[str, int] = {}
        column = self._applier.column_of(1, 0, place)
        for line in lines:
            number = line.values[place]
            if number is None:
                continue
            if number in first:
                message = (
                    f"line {number} of order {key} stands in row {first[number]} too; give each line its own number"
                )
                findings.append(
                    Finding("duplicate-line", message, line.row, column, "order-lines/line-num", number, key)
                )
            first.setdefault(number, line.row)


def _at_level(document: Document, level: int) -> Iterator[tuple[int, Values]]:
    """The rows and values of a document at one level: 0 the header, 1 the lines, 2 their allocations."""
    if level == 0:
        yield document.row, document.values
    for line in document.members if level else ():
        if level == 1:
            yield line.row, line.values
        else:
            yield from ((below.row, below.values) for below in line.members)


def _position(levels: tuple[SlotLevel, ...], level: int, name: str) -> int | None:
    """Where an element stands among the fields of a level, if it does."""
    if level >= len(levels):
        return None
    fields = levels[level].level.fields
    return next((place for place, field in enumerate(fields) if str(field.path) == name), None)
