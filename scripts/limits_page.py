"""Write the table of limits in docs/reliability.md from the constants of the code: python scripts/limits_page.py."""

import json
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
START, END = "<!-- limits: made by scripts/limits_page.py -->\n", "<!-- end of limits -->\n"

FILE, MAPPING, ANSWER = "an error of the file, exit code 3", "an error of the mapping, exit code 2", "an unclear answer"


def _of(where: str, name: str) -> int:
    return int(getattr(import_module(f"bulkpo.{where}"), name))


def _size(number: int) -> str:
    return f"{number >> 30} GB" if number >= 1 << 30 else f"{number >> 20} MB"


def _most(schema: str, *keys: str) -> str:
    found = json.loads((ROOT / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    for key in keys:
        found = found[key]
    return f"{found:,}"


def _of_written_workbooks() -> list[tuple[str, str, str]]:
    longest = f"{_of('tables.writing.xlsx_cells', '_LONGEST_TEXT'):,}"
    cut = "an error, exit code 3, in an export; cut, and marked so, in reports"
    links = "cells beyond keep their text, without a link, and the export says how many"
    return [
        ("rows of a sheet that is written, as Excel has it", f"{_of('tables.writing.xlsx', 'MOST_ROWS'):,}",
         "it goes on in a sheet of its own"),
        ("characters in a cell that is written", longest, cut),
        ("links in a sheet that is written", f"{_of('tables.writing.xlsx_links', 'MOST_LINKS'):,}", links),
    ]  # fmt: skip


def _of_files() -> list[tuple[str, str, str]]:
    old, package = "tables.workbooks.bounded", "tables.workbooks.package"
    repeated, packed = "tables.workbooks.repeated_texts", "tables.reading.packed"
    memory = _size(_of(old, "LEAST_OPENING_MEMORY")), _size(_of(old, "MOST_OPENING_MEMORY"))
    seconds = _of(old, "LEAST_OPENING_SECONDS"), _of(old, "MOST_OPENING_SECONDS")
    per = _of(old, "OPENING_MEMORY_PER_BYTE"), _of(old, "OPENING_SECONDS_PER_MEGABYTE")
    return [
        ("columns of a table", f"{_of('model.table', 'MOST_COLUMNS'):,}", FILE),
        ("characters in a line of text", f"{_of('tables.reading.delimited', '_LONGEST_LINE'):,}", FILE),
        ("characters in a cell of text", f"{_of('tables.reading.delimited', '_LONGEST_CELL'):,}", FILE),
        ("parts of a workbook's archive", f"{_of(package, '_MOST_PARTS'):,}", FILE),
        (
            f"how much larger a part is than its compressed form, from {_size(_of(package, '_UNSUSPECTED'))} on",
            f"{_of(package, '_HIGHEST_RATIO')} times",
            FILE,
        ),
        ("tags in a part other than sheets and texts", f"{_of(package, '_MOST_TAGS'):,}", FILE),
        ("sheets of a workbook", f"{_of('tables.workbooks.workbook', '_MOST_SHEETS'):,}", FILE),
        ("a part other than sheets and texts", _size(_of(package, "_LARGEST_IN_MEMORY")), FILE),
        ("the texts that cells share", _size(_of("tables.workbooks.xlsx", "_LARGEST_TEXTS")), FILE),
        (
            f"characters in the long texts ({_of(repeated, '_LONG'):,} and more) of a sheet's cells",
            f"{_of(repeated, '_MOST_CHARACTERS'):,}",
            FILE,
        ),
        ("memory to open .xls, .xlsb, .ods", f"{memory[0]} and {per[0]} times the file, at most {memory[1]}", FILE),
        (
            "processor time to open them",
            f"{seconds[0]} seconds and {per[1]} for each MB, at most {seconds[1]}",
            FILE,
        ),
        ("cells they reach to", f"{_of('tables.workbooks.calamine', '_MOST_CELLS'):,}", FILE),
        (
            f"how much larger what is in .gz and .zip is than the file, from {_size(_of(packed, '_UNSUSPECTED'))} on",
            f"{_of(packed, '_HIGHEST_RATIO')} times, and {_size(_of(packed, '_LARGEST'))}",
            FILE,
        ),
        ("a web page (HTML)", _size(_of("tables.workbooks.pages", "_LARGEST")), FILE),
        ("its elements within elements", f"{_of('tables.workbooks.pages', '_DEEPEST') - 1:,}", FILE),
        ("a workbook in the XML of Excel 2003", _size(_of("tables.workbooks.sheet_xml", "_LARGEST")), FILE),
        ("cells that rows of either reach over", f"{_of('tables.reading.spans', '_MOST_CELLS'):,}", FILE),
        (
            "cells to the right of the headings, in rows with something there",
            f"{_of('tables.reading.table', '_MOST_BEYOND'):,}",
            FILE,
        ),
        (
            "rows marked cell by cell in a report",
            f"{_of('runs.reports.write', 'MOST_MARKED_ROWS'):,}",
            "the report is a list of the findings",
        ),
        ("findings listed in a page", f"{_of('runs.reports.html', '_MOST_LISTED'):,}", "the page says how many more"),
    ]


def _of_mappings() -> list[tuple[str, str, str]]:
    column = ("$defs", "target", "properties")
    return [
        ("a YAML file", _size(_of("userfiles", "MOST_TEXT_BYTES")), MAPPING),
        ("its characters", f"{_of('yamldoc', 'MOST_CHARACTERS'):,}", MAPPING),
        ("its values, with those that aliases repeat", f"{_of('yamldoc', 'MOST_NODES'):,}", MAPPING),
        ("its blocks within blocks", f"{_of('yamldoc', 'MOST_LEVELS')}", MAPPING),
        ("one text in it", f"{_of('yamldoc', 'LONGEST_SCALAR'):,} characters", MAPPING),
        ("problems told of one file", f"{_of('yamldoc', 'MOST_PROBLEMS')}", "it says that there are more"),
        ("columns it maps", _most("import-mapping", "$defs", "columns", "maxProperties"), MAPPING),
        ("`pad`", _most("import-mapping", *column, "pad", "maximum"), MAPPING),
        ("an element path", f"{_of('model.path', 'LONGEST_PATH')} characters", MAPPING),
        ("a pattern (`extract`, `pattern`)", f"{_of('model.pattern', 'LONGEST_PATTERN'):,} characters", MAPPING),
        ("memory of a pattern", _size(_of("model.pattern", "PATTERN_MEMORY")), MAPPING),
    ]


def _of_answers() -> list[tuple[str, str, str]]:
    times = _of("coupa.transport", "_WHOLE")
    large, marks = _size(_of("coupa.transport", "_LARGE")), f"{_of('coupa.answers', '_MOST_MARKS'):,}"
    return [
        ("the time of a whole answer", f"{times} times the profile's `timeout`", ANSWER),
        (
            "an answer to a question",
            f"{_size(_of('coupa.transport', '_MOST_BYTES'))}, {marks} elements; those over {large} one at a time",
            "asked for again, then exit code 4",
        ),
        ("an answer to a change, or with a token", f"{large}, {marks} elements", f"{ANSWER}, looked up"),
        ("`Retry-After`", f"{_of('coupa.exchange', '_LONGEST_PAUSE')} seconds", "the run ends, to be gone on with"),
        ("an idle connection", f"{_of('coupa.connections', '_MOST_IDLE_SECONDS')} seconds", "another one is opened"),
    ]


def table() -> str:
    """The table, between its marks."""
    rows = [*_of_files(), *_of_written_workbooks(), *_of_mappings(), *_of_answers()]
    lines = "".join(f"| {what} | {most} | {then} |\n" for what, most, then in rows)
    return f"{START}\n| what | at most | what happens beyond |\n| --- | --- | --- |\n{lines}\n{END}"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    PAGE.write_text(before + table() + rest.partition(END)[2], encoding="utf-8")
    print(PAGE)
