"""Column titles: from a heading row, or from several, or the columns' letters."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell, Column
from bulkpo.where import column_letter

_SPACES = re.compile(r"\s+")


def lettered(width: int) -> tuple[Column, ...]:
    """The columns of a table without headings: titles are letters."""
    return tuple(Column(number, column_letter(number)) for number in range(1, width + 1))


def beyond_letters(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is told of cells far below the first rows of a table without headings, in columns that these lack.

    It is a notice, as of a column that nothing reads and whose cells begin further up; each column is told once.
    """
    met: set[int] = set()
    for each in findings:
        if each.code != "extra-cells":
            yield each
        elif each.column not in met:
            met.add(each.column)
            message = (
                f"the row has a filled cell in column {column_letter(each.column)}, which nothing reads: add it to "
                "columns, or say {ignore: reason}; or mend the row, where a cell has slipped to the right"
            )
            yield each._replace(message=message, severity=Severity.NOTICE)


def titled(rows: Sequence[Sequence[Cell]], first_row: int) -> tuple[tuple[Column, ...], tuple[Finding, ...]]:
    """The columns named by one or more heading rows, and what is odd about the names.

    Texts of one column are joined by a space; line breaks and runs of spaces become one space. A column without
    heading takes its letter; a title that was there before gets `#2`, `#3`.
    """
    width = max(map(len, rows), default=0)
    columns: list[Column] = []
    findings: list[Finding] = []
    taken: set[str] = set()
    repeats: dict[str, int] = {}
    for number in range(1, width + 1):
        parts = [_tidy(row[number - 1]) for row in rows if number <= len(row)]
        heading = " ".join(part for part in parts if part)
        title = heading or column_letter(number)
        base = title
        while title in taken:
            repeats[base] = repeats.get(base, 1) + 1
            title = f"{base}#{repeats[base]}"
        taken.add(title)
        columns.append(Column(number, title))
        if heading and title != heading:
            message = f"the heading {heading!r} stands more than once; this one is called {title!r}"
            findings.append(
                Finding("duplicate-heading", message, first_row, number, value=heading, severity=Severity.NOTICE)
            )
    return tuple(columns), tuple(findings)


def _tidy(cell: Cell) -> str:
    return "" if cell is None else _SPACES.sub(" ", str(cell)).strip()
