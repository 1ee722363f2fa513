"""How good guesses are: held against the right mapping of each file, column by column."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Use
from bulkpo.runs.checking.mapped import read_mapping
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

ROOT = Path(__file__).resolve().parent.parent
DRESSED = ROOT / "benchmarks" / "guess"
REAL = ROOT.parent / "shared" / "data"
MONEY = frozenset(
    ("po-number", "order-lines/price", "order-lines/quantity", "currency/code", "order-lines/currency/code")
)
"""What must never be wrong: the order's number, the price, the quantity and the currency."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is right of a file. `columns` have the elements of each that are right, none where it is to be ignored.

    Where it is as right to leave a column out (`ignored_is_right`), only a wrong element counts.
    """

    name: str
    files: tuple[Path, ...]
    columns: Mapping[str, frozenset[str]]
    header_row: int | None = 1
    header_rows: int = 1
    decimal: str = ""
    date_order: str = ""
    fill_down: bool = False
    open_is_right: frozenset[str] = frozenset()
    ignored_is_right: frozenset[str] = frozenset()
    date_open_is_right: bool = False


@dataclass(slots=True)
class Score:
    """How many columns were right, wrong and left open; which were wrong; and what else was right."""

    name: str
    right: int = 0
    wrong: int = 0
    open: int = 0
    money_wrong: int = 0
    said: list[str] = field(default_factory=list)
    facts: dict[str, bool] = field(default_factory=dict)

    @property
    def mappable(self) -> int:
        """How many columns there were to map."""
        return self.right + self.wrong + self.open


def score(truth: Truth, tables: ElementTables) -> Score:
    """Guess a file and hold it against what is right."""
    drafted = guess_files(truth.files, tables, "purchase_orders", "Europe/Berlin")
    found = Score(truth.name)
    several = len(drafted.guess.parts) > 1
    own = _names(truth, [part.name for part in drafted.guess.parts])
    by_title = {
        f"{name}/{column.title}".casefold() if several else column.title: column
        for name, part in zip(own, drafted.guess.parts, strict=False)
        for column in part.columns
    }
    for title, elements in truth.columns.items():
        guess = by_title.get(title.casefold() if several else title)
        if title not in truth.ignored_is_right or (guess is not None and guess.use is Use.MAPPED):
            _column(found, (title, elements, title in truth.open_is_right), guess)
    _facts(found, truth, drafted)
    return found


def _names(truth: Truth, guessed: list[str]) -> list[str]:
    """What the truth calls the tables that are guessed: as they are called, else in its order."""
    own = list(dict.fromkeys(title.partition("/")[0] for title in truth.columns))
    is_known = {name.casefold() for name in own} & {name.casefold() for name in guessed}
    return guessed if is_known else own


def _column(found: Score, wanted: tuple[str, frozenset[str], bool], guess: ColumnGuess | None) -> None:
    title, elements, open_is_right = wanted
    paths = frozenset(guess.paths) if guess is not None and guess.use is Use.MAPPED else frozenset()
    is_open = guess is not None and guess.use is Use.UNDECIDED
    if open_is_right:
        found.right += int(is_open or not paths)
        if paths:
            _wrong(found, title, elements, paths, is_money=True)
    elif is_open:
        found.open += bool(elements)
        if elements:
            found.said.append(f"open: {title!r}, which is {', '.join(sorted(elements))}")
    elif not elements:
        if paths:
            _wrong(found, title, elements, paths, is_money=bool(paths & MONEY))
    elif paths & elements or _says_as_much(guess, elements):
        found.right += 1
    else:
        _wrong(found, title, elements, paths, is_money=bool(paths and (paths | elements) & MONEY))


def _says_as_much(guess: ColumnGuess | None, elements: frozenset[str]) -> bool:
    """Whether a guess does the same in another way: a whole account for its segments, a divisor for a bulk price."""
    if guess is None:
        return False
    is_account = guess.paths == ("order-lines/account/code",) and "order-lines/account/segment-1" in elements
    return is_account or (guess.block.get("ignore") == "read by the price" and "order-lines/bulk-price/qty" in elements)


def _wrong(found: Score, title: str, elements: frozenset[str], paths: frozenset[str], *, is_money: bool) -> None:
    found.wrong += 1
    found.money_wrong += is_money
    right = ", ".join(sorted(elements)) or "to be ignored"
    found.said.append(f"WRONG: {title!r} is {right}, guessed: {', '.join(sorted(paths)) or 'ignored'}")


def _facts(found: Score, truth: Truth, drafted: Drafted) -> None:
    guess = drafted.guess
    source = guess.parts[0].source
    row = None if source.get("header_row") == "none" else source.get("header_row", 1)
    found.facts["heading"] = row == truth.header_row and source.get("header_rows", 1) == truth.header_rows
    decimal = guess.marks.decimal if guess.marks is not None else ""
    found.facts["marks"] = not truth.decimal or decimal == truth.decimal
    is_left = guess.dates.is_open and truth.date_open_is_right
    needed = any(path.endswith("-date") for column in guess.columns for path in column.paths)
    is_right = guess.dates.order in (None, truth.date_order) and not guess.dates.is_open
    found.facts["dates"] = not truth.date_order or not needed or is_right or is_left
    found.facts["layout"] = ("fill_down" in guess.document) == truth.fill_down
    for fact, is_right in found.facts.items():
        if not is_right:
            found.said.append(f"{fact}: {source} {guess.marks} {guess.dates.order}")


def truths() -> Iterator[Truth]:
    """What is right of every file there is: those in other dresses, the samples, and real files where they are."""
    yield from dressed()
    yield from samples()


def dressed() -> Iterator[Truth]:
    """The files made by scripts/make_guess_samples.py."""
    for path in sorted(DRESSED.glob("*.truth.json")):
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        said = {title: [what] if isinstance(what, str) else what for title, what in data["columns"].items()}
        columns = {title: frozenset(what for what in whats if not what.isupper()) for title, whats in said.items()}
        yield Truth(
            path.name.removesuffix(".truth.json"),
            (DRESSED / data["file"],),
            columns,
            data["header_row"],
            data["header_rows"],
            data.get("decimal", ""),
            data.get("date_order", ""),
            fill_down=data.get("fill_down", False),
            open_is_right=frozenset(data.get("columns_open", ())),
            ignored_is_right=frozenset(title for title, whats in said.items() if "IGNORE" in whats[1:]),
            date_open_is_right=data.get("date_open_is_right", False),
        )


_SAMPLES = {
    "legacy-orders": "legacy-orders.xlsx", "legacy-orders-eu": "legacy-orders-eu.csv",
    "german-plant": "german-plant.csv",
    "bulk-price": "bulk-price.csv", "custom-fields": "custom-fields.xlsx", "excel-2003": "excel-2003.xls",
    "first-row-only": "first-row-only.xlsx", "sap-list": "sap-list.xls", "scattered-rows": "scattered-rows.csv",
    "split-rows": "split-rows.xlsx", "two-heading-rows": "two-heading-rows.xlsx",
    "split-columns": "split-columns.xlsx", "no-headings": "no-headings.txt", "two-sheets": "two-sheets.xlsx",
    "sap-open-orders": "sap-open-orders.xlsx", "fixed-width": "fixed-width.txt",
    "coupa-external-orders": "coupa-external-orders.csv", "two-companies": "two-companies.csv",
}  # fmt: skip
_REAL = {"oracle-ebs": ("wvu-2017.xlsx",), "city-register": ("sydney_contracts_2013.csv",),
         "adventure-works": ("aw_PurchaseOrderHeader.csv", "aw_PurchaseOrderDetail.csv")}  # fmt: skip


def samples() -> Iterator[Truth]:
    """The samples and, where they are, real files, each with its own mapping as what is right."""
    tables = ElementTables(schema_text)
    for name, file in _SAMPLES.items():
        yield _of_mapping(name, (ROOT / "samples" / file,), tables)
    for name, files in _REAL.items():
        paths = tuple(REAL / file for file in files)
        if all(path.exists() for path in paths):
            yield _of_mapping(name, paths, tables)


def _of_mapping(name: str, files: tuple[Path, ...], tables: ElementTables) -> Truth:
    mapping = read_mapping(ROOT / "mappings" / "import" / f"{name}.yaml", tables, "UTC")
    columns: dict[str, set[str]] = {title: set() for title in (*mapping.columns, *mapping.ignored)}
    for level in mapping.levels:
        for variant in level.variants:
            for slot in variant:
                for target in slot.targets:
                    mine = target.columns if slot.path == "po-number" else (target.column,)
                    for column in mine:
                        columns.setdefault(column, set()).add(slot.path)
    marks, source = mapping.marks, mapping.source
    known = {
        title: frozenset(path for path in paths if "custom-fields" not in path) for title, paths in columns.items()
    }
    return Truth(
        name,
        files,
        {title: known[title] for title in known if title not in mapping.also and title not in mapping.optional},
        source.header_row,
        source.header_rows,
        marks.numbers.decimal if marks.numbers else "",
        marks.dates.order or "",
        fill_down=bool(mapping.fill_down),
    )
