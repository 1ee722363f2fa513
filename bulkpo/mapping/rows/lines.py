"""The lines of one order: from the rows that give them to members, numbered where the mapping says so.

Usually a row is a line, or several where numbered columns stand side by side. Where rows give a line's allocations,
those with one line number make one line, and a row with nothing of a line's own goes on with the line above.
"""

from collections.abc import Iterator, Sequence

from bulkpo.mapping.language.spec import Slot
from bulkpo.mapping.rows.apply import Applier, FieldAt
from bulkpo.mapping.rows.group import Gathered
from bulkpo.mapping.rows.line_numbers import LineNumbers, plain_number
from bulkpo.mapping.rows.merge import Merger
from bulkpo.mapping.rows.row_findings import missing_message
from bulkpo.model.document import Member, Value, Values, has_any
from bulkpo.model.finding import Finding


class LineMaker:
    """Makes the lines of orders of one mapping and table."""

    def __init__(self, applier: Applier) -> None:
        self._applier = applier
        self._mapping = mapping = applier.mapping
        self._levels = mapping.levels
        self._merger = Merger(applier)
        self._own = [level.own for level in mapping.levels]
        fields = mapping.levels[1].level.fields if len(mapping.levels) > 1 else ()
        self._number = next(
            (place for place, field in enumerate(fields) if field.full_path == mapping.kind.line_number), None
        )
        self._numbers = None if self._number is None else LineNumbers(applier, mapping.levels[1], self._number)
        self._is_flat = len(mapping.levels) == 2 and len(mapping.levels[1].variants) == 1
        self._joins_rows = len(mapping.levels) > 2 and not mapping.levels[2].numbered

    def lines(self, gathered: Gathered) -> tuple[tuple[Member, ...], list[Finding]]:
        """The lines of an order, and what is wrong between their rows."""
        if len(self._levels) < 2:
            return (), []
        findings: list[Finding] = []
        lines = self._rows(gathered)
        if self._joins_rows:
            lines = self._joined(gathered, lines, findings)
        if self._mapping.joins_lines:
            lines = self._with_shared(gathered, lines)
            findings += self._missing(gathered, lines)
        if self._mapping.number_lines:
            lines = self._numbered(lines)
        if self._numbers is not None:
            findings += self._numbers.findings(gathered, lines)
        return tuple(lines), findings

    def _rows(self, gathered: Gathered) -> list[Member]:
        """A member for each line a row gives; rows of the first of several parts give none."""
        if self._is_flat and not gathered.first_part:
            own = self._own[1][0]
            values = [variants[0] for (variants,) in gathered.members]
            return [Member(row, line) for row, line in zip(gathered.rows, values, strict=True) if has_any(line, own)]
        lines: list[Member] = []
        for place, (row, per_level) in enumerate(zip(gathered.rows, gathered.members, strict=True)):
            if place in gathered.first_part:
                continue
            below = self._present(2, row, per_level[1]) if len(per_level) > 1 else ()
            here = self._present(1, row, per_level[0])
            if not here and below:
                here = (Member(row, per_level[0][0]),)
            lines += [Member(row, line.values, below) for line in here]
        return lines

    def _present(self, level: int, row: int, variants: Sequence[Values]) -> tuple[Member, ...]:
        """The members a row gives: those with at least one value of their own."""
        return tuple(
            Member(row, values) for values, own in zip(variants, self._own[level], strict=True) if has_any(values, own)
        )

    def _joined(self, gathered: Gathered, rows: Sequence[Member], findings: list[Finding]) -> list[Member]:
        groups: list[list[Member]] = []
        by_number: dict[Value, list[Member]] = {}
        for row in rows:
            number = None if self._number is None else row.values[self._number]
            known = by_number.get(number) if number is not None else None
            if known is None and number is None and groups and not self._has_own(row):
                known = groups[-1]
            if known is not None and row.members:
                known.append(row)
                continue
            groups.append([row])
            by_number.setdefault(number, groups[-1])
        lines = []
        for same in groups:
            values, conflicts = self._merger.merge(1, gathered, [row.row for row in same], [row.values for row in same])
            findings += conflicts
            lines.append(Member(same[0].row, values, tuple(below for row in same for below in row.members)))
        return lines

    def _has_own(self, line: Member) -> bool:
        return has_any(line.values, self._own[1][0])

    def _with_shared(self, gathered: Gathered, lines: list[Member]) -> list[Member]:
        """The lines with what the order's first part says of all of them, where they say nothing themselves."""
        for place in gathered.first_part:
            shared = gathered.members[place][0][0]
            if has_any(shared, self._own[1][0]):
                lines = [
                    line._replace(
                        values=tuple(
                            mine if mine is not None else all_have
                            for mine, all_have in zip(line.values, shared, strict=True)
                        )
                    )
                    for line in lines
                ]
        return lines

    def _missing(self, gathered: Gathered, lines: Sequence[Member]) -> Iterator[Finding]:
        slots = self._levels[1].variants[0]
        for requirement in self._levels[1].required:
            wanted = [slots[position] for position in requirement.positions]
            if not gathered.first_part and self._is_of_first_part(wanted):
                continue
            for line in lines:
                if has_any(line.values, requirement.positions):
                    continue
                rows = {line.row, *(below.row for below in line.members)}
                if any((slot.path, row) in gathered.troubled for slot in wanted for row in rows):
                    continue
                variant = gathered.variant_of(1, line.row, line.values)
                field = FieldAt(1, variant, requirement.positions[0])
                cell = self._applier.cell_of(field, line.row, gathered.header)
                message = missing_message(requirement.element, wanted)
                yield Finding("required", message, *cell, requirement.element, key=gathered.key)

    def _is_of_first_part(self, slots: Sequence[Slot]) -> bool:
        """Whether only the first of several parts gives these; where it is missing, that is told instead."""
        targets = [target for slot in slots for target in slot.targets]
        return bool(self._mapping.parts) and all(target.part == self._mapping.parts[0] for target in targets)

    def _numbered(self, lines: Sequence[Member]) -> list[Member]:
        """The lines with a number each: those without one count on from the highest there is."""
        place = self._number
        if place is None:
            return list(lines)
        given = [plain_number(number) for line in lines if (number := line.values[place]) is not None]
        taken = [int(number) for number in given if number.isdecimal()]
        following = iter(range(max(taken, default=0) + 1, max(taken, default=0) + len(lines) + 1))
        return [
            line
            if line.values[place] is not None
            else line._replace(values=(*line.values[:place], str(next(following)), *line.values[place + 1 :]))
            for line in lines
        ]
