"""Rows of one order that are alike in every mapped column, and the keys of different columns that read alike."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from bulkpo.mapping.language.spec import ImportMapping, Slot, Target, Template
from bulkpo.mapping.rows.compose import Composer
from bulkpo.mapping.rows.conditions import rows_of_part
from bulkpo.mapping.rows.group import Gathered
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.rows.row_findings import RowFindings
from bulkpo.model.document import Value, Values
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell
from bulkpo.model.text import shown

_ALIKE = "alike a row above, duplicates: skip"


class AlikeRows:
    """Leaves out rows that are alike one above, all through a file; a row with an error is alike none."""

    def __init__(self) -> None:
        self._headers: dict[bytes, Values] = {}

    def left_out(self, records: Records) -> Records:
        """The records without those alike one above, which are listed among those skipped."""
        columns = [column for level in records.levels[1:] for variant in level for column in variant]
        headers = zip(*records.levels[0][0], strict=True)
        alike = set()
        for place, (row, key, header, *values) in enumerate(
            zip(records.rows, records.keys, headers, *columns, strict=True)
        ):
            if key is None or place in records.bad:
                continue
            first = self._headers.setdefault(_digest(key, values), header)
            if first is not header and all(
                value is None or value == other for value, other in zip(header, first, strict=True)
            ):
                alike.add(row)
        return records.without(alike, _ALIKE) if alike else records


def _digest(key: Value, values: Sequence[Value]) -> bytes:
    return blake2b(repr((key, values)).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def alike_rows(gathered: Gathered, mapping: ImportMapping) -> Iterator[Finding]:
    """The rows of one order that are alike another in every mapped column of the lines."""
    if mapping.duplicates == "keep" or len(set(gathered.members)) == len(gathered.members):
        return
    severity = Severity.ERROR if mapping.duplicates == "error" else Severity.NOTICE
    first: dict[object, int] = {}
    troubled = {row for _, row in gathered.troubled}
    for place, (row, members) in enumerate(zip(gathered.rows, gathered.members, strict=True)):
        if place in gathered.first_part or row in troubled or not _has_own(members, mapping):
            continue
        above = first.setdefault(members, row)
        if above != row:
            message = f"this row says the same as {mapping.where(above)} in every mapped column, and both are sent"
            if severity is Severity.ERROR:
                message = f"this row says the same as {mapping.where(above)} in every mapped column; remove one of them"
            remedy = "say duplicates: skip if one is too many"
            yield Finding("alike-rows", f"{message}; {remedy}", row, key=gathered.key, severity=severity)


def _has_own(members: Sequence[Sequence[Values]], mapping: ImportMapping) -> bool:
    """Whether columns give anything of these members."""
    return any(
        value is not None and slot.targets
        for level, variants in zip(mapping.levels[1:], members, strict=True)
        for slots, values in zip(level.variants, variants, strict=True)
        for slot, value in zip(slots, values, strict=True)
    )


class KeyCollisions:
    """Finds keys made of several columns that read alike and are made of different ones: 1-23 and 4, 1 and 23-4."""

    def __init__(self, key: Slot, mapping: ImportMapping) -> None:
        self._path = key.path
        self._made = [
            (target, Composer(template, mapping), _signs(template))
            for target in key.targets
            if (template := _template(target)) is not None
        ]
        self._met: dict[str, tuple[tuple[str, ...], int]] = {}

    def look(self, columns: Mapping[str, Sequence[Cell]], rows: Sequence[int], found: RowFindings) -> None:
        """Take in the rows of a chunk."""
        for target, composer, signs in self._made:
            mine = rows_of_part(columns, target.part)
            for place, composed in enumerate(composer.composed(columns)):
                texts = composed.texts
                if not texts or (mine is not None and not mine[place]):
                    continue
                if signs and signs.isdisjoint("".join(texts)):
                    continue
                known, row = self._met.setdefault(str(composed.cell), (texts, rows[place]))
                if known != texts:
                    message = (
                        f"{shown(str(composed.cell))} is made of {' and '.join(map(repr, texts))} here, and of "
                        f"{' and '.join(map(repr, known))} in row {row}: two orders would become one; choose another "
                        "separator"
                    )
                    found.collide(message, place, target.column, self._path)


def _template(target: Target) -> Template | None:
    """What a key's target makes of several columns, if it does."""
    if target.template is not None or not target.join:
        return target.template
    titles = (target.column, *target.join)
    parts = tuple(Target(title, target.place, target.part) for title in titles)
    return Template(("", *[target.separator] * len(target.join), ""), parts, "leave_out")


def _signs(template: Template) -> frozenset[str]:
    """The characters between the parts: a text that has none of them in its parts is made in one way only.

    None at all where two parts stand side by side, or where one may be left out: then every key is remembered.
    """
    between = template.literals[1:-1]
    return frozenset("".join(between)) if all(between) and template.where_empty != "leave_out" else frozenset()
