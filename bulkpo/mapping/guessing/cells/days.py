"""How the dates of a file are written: the order of day and month, the century, names of months, from whole columns.

That some day is above 12 where the month would stand is proof against one order; that nothing speaks against the other,
and that what follows comes later, are further evidence. Where neither order is refuted, the order stays open.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.values.month_names import without_accents

_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(\D.*)?", re.ASCII | re.DOTALL)
_DENSE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_WORDY = re.compile(r"(\d{1,2})([.\s/-]+)([^\W\d_]{3,}\.?)([\s/.,-]+)(\d{4}|\d{2})", re.DOTALL)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,}\.?)\s+(\d{1,2}),?\s+(\d{4})")
_CLOCK = re.compile(r"[ T]+\d{1,2}:\d\d(?::\d\d(?:\.0+)?)?(?:\s*[AaPp][Mm])?")
_FEWEST = 0.6
_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl")
_SHORT = 3
_LAST_MONTH = 12
_TURN = 50

MonthsByLanguage = Mapping[str, Sequence[Sequence[str]]]
"""By language, the names of the twelve months."""


@dataclass(frozen=True, slots=True)
class WrittenDates:
    """How the dates of a column are written, by how many cells say so.

    `cells` are dates of the spreadsheet; `day_first` and `month_first` count texts that can be read so only, `either`
    those that can be read both ways, `iso` those that begin with the year. `patterns` are those of dates with names of
    months or without marks, `languages` those of the names; `short` the years of two digits.
    """

    cells: int = 0
    iso: int = 0
    year_first: int = 0
    day_first: int = 0
    month_first: int = 0
    either: int = 0
    dotted: int = 0
    patterns: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    short: frozenset[int] = frozenset()
    unread: int = 0
    examples: tuple[str, ...] = ()

    @property
    def texts(self) -> int:
        """How many texts are dates."""
        return self.iso + self.year_first + self.day_first + self.month_first + self.either + self.patterns.total()

    @property
    def is_mixed(self) -> bool:
        """Whether some can only be read day first and others only month first."""
        return bool(self.day_first and self.month_first)


class DateWitness:
    """Tells how columns write dates; `months` are the names of months by language."""

    def __init__(self, months: MonthsByLanguage) -> None:
        self._by_name: dict[str, set[str]] = {}
        for language in ("en", *_LANGUAGES):
            for names in months.get(language, ()):
                for name in names:
                    self._by_name.setdefault(without_accents(name).rstrip("."), set()).add(language)

    def written(self, column: ColumnCells) -> WrittenDates:
        """How a column's dates are written; says nothing of a column of something else."""
        if column.shares.date < _FEWEST:
            return WrittenDates()
        counts: Counter[str] = Counter()
        patterns: Counter[str] = Counter()
        languages: Counter[str] = Counter()
        short: set[int] = set()
        examples: list[str] = []
        for cell, count in column.counts.items():
            if isinstance(cell, (datetime, date)):
                counts["cells"] += count
                continue
            kind = self._kind(str(cell).strip(), short)
            if kind.startswith("pattern "):
                pattern, _, spoken = kind[8:].partition("|")
                patterns[pattern] += count
                languages.update(dict.fromkeys(spoken.split(), count))
                continue
            if kind.startswith("."):
                counts["dotted"] += count
            if len(examples) < _SHORT and kind.strip(".") in ("day_first", "month_first"):
                examples.append(str(cell).strip())
            counts[kind.strip(".")] += count
        return WrittenDates(
            **counts, patterns=patterns, languages=languages, short=frozenset(short), examples=tuple(examples)
        )

    def _kind(self, text: str, short: set[int]) -> str:
        numeric = _NUMERIC.fullmatch(text)
        if numeric is not None and (not numeric[5] or _CLOCK.fullmatch(numeric[5]) or numeric[5][0] in "TZ+"):
            return _numeric(numeric, short)
        dense = _DENSE.fullmatch(text)
        if dense is not None and 0 < int(dense[2]) <= _LAST_MONTH:
            return "pattern YYYYMMDD|"
        return self._wordy(text, short)

    def _wordy(self, text: str, short: set[int]) -> str:
        wordy = _WORDY.fullmatch(text)
        if wordy is not None and without_accents(wordy[3]).rstrip(".") in self._by_name:
            name = without_accents(wordy[3]).rstrip(".")
            if len(wordy[5]) == 2:
                short.add(int(wordy[5]))
            day = "DD" if len(wordy[1]) == 2 else "D"
            word = "MMM" if len(name) <= _SHORT else "MMMM"
            year = "YYYY" if len(wordy[5]) == 4 else "YY"
            return f"pattern {day}{_mark(wordy[2])}{word}{_mark(wordy[4])}{year}|{self._spoken(name)}"
        first = _MONTH_FIRST.fullmatch(text)
        if first is not None and without_accents(first[1]).rstrip(".") in self._by_name:
            name = without_accents(first[1]).rstrip(".")
            comma = "," if "," in text else ""
            return f"pattern {'MMM' if len(name) <= _SHORT else 'MMMM'} D{comma} YYYY|{self._spoken(name)}"
        return "unread"

    def _spoken(self, name: str) -> str:
        return " ".join(sorted(self._by_name[name]))


def _mark(between: str) -> str:
    return " " if between.isspace() else between.replace("  ", " ")


def _numeric(numeric: re.Match[str], short: set[int]) -> str:
    first, mark, second, third = numeric[1], numeric[2], int(numeric[3]), numeric[4]
    if len(first) == 4:
        return "iso" if mark == "-" else "year_first"
    if len(third) == 2:
        short.add(int(third))
    elif len(third) != 4:
        return "unread"
    day_can, month_can = int(first) <= 31 and second <= _LAST_MONTH, second <= 31 and int(first) <= _LAST_MONTH
    kind = "either" if day_can and month_can else "day_first" if day_can else "month_first" if month_can else "unread"
    return f".{kind}" if mark == "." else kind


@dataclass(frozen=True, slots=True)
class DateGuess:
    """How the dates of a file are written. `order` is None where none is needed or it is open, which `is_open` says."""

    order: str | None = None
    patterns: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    pivot: int | None = None
    is_open: bool = False
    reasons: tuple[str, ...] = ()


def dates_of(written: Iterable[WrittenDates]) -> DateGuess:
    """How dates are written, judged from some columns together."""
    columns = [each for each in written if each.texts]
    order, is_open, reasons = _order(columns)
    patterns = _patterns(columns)
    languages: Counter[str] = Counter()
    for each in columns:
        languages.update(each.languages)
    needed = _needed_languages(columns)
    short = frozenset(year for each in columns for year in each.short)
    pivot = _TURN if short else None
    if short:
        reasons = (
            *reasons,
            f"years of two digits ({min(short):02d} to {max(short):02d}) are taken for 19{_TURN + 1} to 20{_TURN}",
        )
    return DateGuess(order, patterns, needed, pivot, is_open, reasons)


def _order(columns: Sequence[WrittenDates]) -> tuple[str | None, bool, tuple[str, ...]]:
    day = sum(each.day_first for each in columns)
    month = sum(each.month_first for each in columns)
    either = sum(each.either for each in columns)
    dotted = sum(each.dotted for each in columns)
    slashes = sum(each.year_first for each in columns)
    if not day and not month and not either:
        return ("YMD", False, ("the year stands first",)) if slashes else (None, False, ())
    if day and month:
        return None, True, (f"{day:,} dates can only be read day first, {month:,} only month first",)
    examples = ", ".join(dict.fromkeys(text for each in columns for text in each.examples[:1]))
    if day > 1 or (day and dotted):
        return "DMY", False, (f"{day:,} dates can only be read day first, such as {examples}; none only month first",)
    if month > 1:
        return "MDY", False, (f"{month:,} dates can only be read month first, such as {examples}; none only day first",)
    if dotted == day + either and not month:
        return "DMY", False, ("dates with dots are written day first, and none speaks against it",)
    return None, True, ("every date can be read day first and month first",)


def _patterns(columns: Sequence[WrittenDates]) -> tuple[str, ...]:
    found: Counter[str] = Counter()
    for each in columns:
        found.update(each.patterns)
    kept = []
    for pattern, _ in found.most_common():
        loose = re.sub("^DD", "D", pattern)
        kept.append(loose if loose in found else pattern)
    return tuple(dict.fromkeys(kept))


def _needed_languages(columns: Sequence[WrittenDates]) -> tuple[str, ...]:
    """The languages whose names of months are needed: none, where English reads all of them."""
    total = sum(each.patterns.total() - each.patterns.get("YYYYMMDD", 0) for each in columns)
    languages: Counter[str] = Counter()
    for each in columns:
        languages.update(each.languages)
    if not total or languages["en"] == total:
        return ()
    best = max(_LANGUAGES, key=lambda language: languages[language])
    return (best,) if languages[best] == total else ("en", best)
