"""The numbers of an order's lines: `1`, `01` and `1.0` are one number, and a line has none below 1.

Coupa takes the number of a line as text, so that it would take all of these; `1.1` and `1.10` are two.
"""

import re
from collections.abc import Iterator, Sequence

from bulkpo.mapping.language.spec import ImportMapping, SlotLevel
from bulkpo.mapping.rows.apply import Applier, FieldAt
from bulkpo.mapping.rows.group import Gathered
from bulkpo.model.document import Member, Value
from bulkpo.model.finding import Finding, Severity

_SHARED = "the accounts to order-lines/account-allocations/account/code"
_WITHOUT_SHARES = 2
_WHOLE = re.compile(r"([-+]?)0*([0-9]+?)(?:\.0*)?", re.ASCII)
_ODD = re.compile(r"^(?:[-+0]|[0-9]+\.0*$)", re.ASCII | re.MULTILINE)


def plain_number(text: str) -> str:
    """A number without zeros in front and without decimals that say nothing; other text as it stands."""
    found = _WHOLE.fullmatch(text)
    return text if found is None else f"{'-' * (found[1] == '-')}{found[2]}"


def numbers_apart(numbers: Sequence[Value]) -> Sequence[Value] | None:
    """Line numbers, all given, as they differ from each other; None where one is below 1."""
    different = set(numbers)
    if _ODD.search("\n".join(map(str, different))) is None:
        return numbers
    plain = {number: plain_number(str(number)) for number in different}
    return None if any(map(_is_below_1, plain.values())) else list(map(plain.__getitem__, numbers))


def _is_below_1(plain: str) -> bool:
    return plain == "0" or (plain.startswith("-") and plain[1:].isdecimal())


class LineNumbers:
    """Looks at the numbers of the lines of orders, which stand at one place among the values of a line."""

    def __init__(self, applier: Applier, level: SlotLevel, place: int) -> None:
        self._applier = applier
        self._mapping: ImportMapping = applier.mapping
        self._place = place
        self._path = level.level.fields[place].full_path
        self._noun = self._mapping.kind.level(level.level).one
        is_whole = self._path == "order-lines/line-num" and len(self._mapping.levels) == _WITHOUT_SHARES
        self._or_shared = f", or map {_SHARED} if it is one line billed to several accounts" if is_whole else ""
        """What else rows with one line's number may be, where the mapping knows of no allocations."""

    def findings(self, gathered: Gathered, lines: Sequence[Member]) -> Iterator[Finding]:
        """The numbers that two lines have, and those that no line has."""
        numbers = [line.values[self._place] for line in lines]
        if len(set(numbers)) == len(lines) and _ODD.search("\n".join(map(str, numbers))) is None:
            return
        first: dict[str, tuple[int, str]] = {}
        for line, number in zip(lines, numbers, strict=True):
            if number is None:
                continue
            plain = plain_number(number)
            if plain in first:
                yield self._duplicate(gathered, line, number, first[plain])
            elif _is_below_1(plain):
                yield self._below_1(gathered, line, number)
            first.setdefault(plain, (line.row, number))

    def _duplicate(self, gathered: Gathered, line: Member, number: str, above: tuple[int, str]) -> Finding:
        row, same = above
        named = f"{self._noun} {number} of {self._mapping.kind.noun.one} {gathered.key}"
        message, severity = f"{named} stands in {self._mapping.where(row)} too", Severity.ERROR
        remedy = f"; give each {self._noun} its own number"
        if number == same:
            message += remedy + self._or_shared
        elif not self._mapping.keys_are_exact:
            message += f", as {same}{remedy}, or say keys: exact if it has"
        else:
            message, severity = (
                f"{message}, as {same}; both are sent, as the mapping says (keys: exact)",
                Severity.NOTICE,
            )
        cell = self._cell(gathered, line)
        return Finding("duplicate-line", message, *cell, self._path, number, gathered.key, severity)

    def _below_1(self, gathered: Gathered, line: Member, number: str) -> Finding:
        message = f"{number} is the number of no {self._noun}, which count from 1; it is sent as it stands"
        cell = self._cell(gathered, line)
        return Finding("odd-line-number", message, *cell, self._path, number, gathered.key, Severity.NOTICE)

    def _cell(self, gathered: Gathered, line: Member) -> tuple[int, int]:
        field = FieldAt(1, gathered.variant_of(1, line.row, line.values), self._place)
        return self._applier.cell_of(field, line.row, gathered.header)
