"""The score of `bulkpo guess` over all files there are.

    python -m benchmarks.guess [--quick] [NAME...]

With `--quick`, or with names, the nearest names and the large file are left out.
"""

import argparse
from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.guess_score import REAL, Score, score, truths
from benchmarks.order_lines import write_csv
from bulkpo.errors import BulkpoError
from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

_ROWS = 100_000
_NUMBERS_AND_DATES = frozenset(("order-lines/price", "order-lines/quantity", "order-lines/need-by-date"))


def main() -> None:
    """Score every file, or those whose names are given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="files to score; all if none is named")
    parser.add_argument("--quick", action="store_true", help="without the nearest names and the large file")
    options = parser.parse_args()
    tables = ElementTables(schema_text)
    wanted = set(options.names)
    facts: Counter[str] = Counter()
    together = Score("all")
    files = 0
    for truth in truths():
        if wanted and truth.name not in wanted:
            continue
        try:
            one = score(truth, tables)
        except BulkpoError as error:
            print(f"{truth.name}: {error}")
            continue
        files += 1
        facts.update({fact: int(is_right) for fact, is_right in one.facts.items()})
        together.right += one.right
        together.wrong += one.wrong
        together.open += one.open
        together.money_wrong += one.money_wrong
        print(
            f"{one.name:28} {one.right:3} right {one.wrong:3} wrong {one.open:3} open  money wrong: {one.money_wrong}"
        )
        for said in one.said:
            print(f"    {said}")
    if not REAL.is_dir():
        print(f"real files are not there ({REAL}); they are left out")
    whole = max(1, together.mappable)
    shares = {"right": together.right, "wrong": together.wrong, "left open": together.open}
    said = ", ".join(f"{count / whole:.1%} {what}" for what, count in shares.items())
    print(f"\n{files} files, {whole} columns to map: {said}; money columns wrong: {together.money_wrong}")
    print(", ".join(f"{fact} right in {count} of {files}" for fact, count in facts.items()))
    if not (wanted or options.quick):
        print(f"the nearest name of an element alone: {baseline(tables)}")
        print(described())
        print(large_file(tables))


def described() -> str:
    """How far `frictionless describe` gets, where it is installed: headings and kinds of values; it maps nothing."""
    try:
        from frictionless import FrictionlessException, Resource
    except ImportError:
        return "frictionless is not installed, so what it describes is not told"
    files = found = typed = figures = 0
    for truth in truths():
        if len(truth.files) > 1:
            continue
        files += 1
        try:
            resource = Resource(path=str(truth.files[0]))
            resource.infer()
            fields = {field.name: field.type for field in resource.schema.fields}
        except FrictionlessException:
            fields = {}
        found += bool(truth.columns) and all(title in fields for title in truth.columns)
        for title, elements in truth.columns.items():
            if not elements.isdisjoint(_NUMBERS_AND_DATES):
                figures += 1
                typed += fields.get(title) in ("integer", "number", "date", "datetime")
    return (
        f"frictionless describe finds the headings of {found} of {files} files, and tells numbers or dates in "
        f"{typed} of {figures} columns of prices, quantities and dates; it maps none"
    )


def baseline(tables: ElementTables) -> str:
    """What comes of giving each heading the element whose name is most like it, as a plain fuzzy match does."""
    header, line = tables.object("order-header"), tables.object("order-line")
    names = {name.replace("-", " "): name for name in header.elements}
    names |= {name.replace("-", " "): f"order-lines/{name}" for name in line.elements}
    right = wrong = left = money = 0
    for truth in truths():
        for title, elements in truth.columns.items():
            close = get_close_matches(title.rpartition("/")[2].lower(), names, n=1, cutoff=0.6)
            guessed = names[close[0]] if close else ""
            is_right = any(each == guessed or each.startswith(f"{guessed}/") for each in elements)
            right += bool(guessed) and is_right
            wrong += bool(guessed) and not is_right
            left += bool(elements) and not guessed
            money += bool(guessed) and not is_right and guessed.rpartition("/")[2] in ("price", "quantity", "currency")
    whole = right + wrong + left
    return (
        f"{right / whole:.1%} right, {wrong / whole:.1%} wrong, {left / whole:.1%} left; money columns wrong: {money}"
    )


def large_file(tables: ElementTables) -> str:
    """What a guess from a file of many rows takes of the processor, beside polars reading it where that is there."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        write_csv(path, _ROWS)
        begun = process_time()
        guess_files([path], tables, "purchase_orders", "UTC")
        guessed = process_time() - begun
        said = f"{_ROWS:,} rows guessed in {guessed:.1f} s of the processor"
        try:
            import polars as pl
        except ImportError:
            return f"{said}; polars is not installed, so its reading is not measured"
        begun = process_time()
        pl.read_csv(path, infer_schema_length=None)
        return f"{said}; polars reads them in {process_time() - begun:.2f} s"


if __name__ == "__main__":
    main()
