"""Write the tables of situations in docs/reliability.md: each is brought about, and what bulkpo does is observed.

python scripts/situations_page.py
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("network", "worlds")]

from situations import (  # noqa: E402 - they are found now
    EXPORTS,
    IMPORTS,
    UPDATES,
    Situation,
    filled,
    row_of_export,
    row_of_import,
    row_of_update,
)

PAGE = ROOT / "docs" / "reliability.md"
START, END = "<!-- situations: made by scripts/situations_page.py -->\n", "<!-- end of situations -->\n"
IMPORTED = """\
| what happens | what becomes of the order | in Coupa | what is said | exit code |
| --- | --- | --- | --- | --- |
"""
UPDATED = """\
| what happens | what becomes of the change | made | what is said | exit code |
| --- | --- | --- | --- | --- |
"""
EXPORTED = """\
| what happens | rows in the file, of 130 | what is said | exit code |
| --- | --- | --- | --- |
"""


def observed(situations: Sequence[Situation], row: Callable[[Situation, Path], str]) -> str:
    """The lines of a table."""
    lines = []
    for situation in situations:
        with tempfile.TemporaryDirectory() as folder:
            lines.append(row(situation, Path(folder)) + "\n")
    return "".join(lines)


def tables() -> str:
    """The tables, between their marks."""
    imported, updated = observed(IMPORTS, row_of_import), observed(UPDATES, row_of_update)
    with filled() as sandbox:
        exported = observed(EXPORTS, lambda situation, folder: row_of_export(situation, folder, sandbox))
    changes = f"An update of the same three orders, each of which gets another price:\n\n{UPDATED}{updated}"
    return f"{START}\n{IMPORTED}{imported}\n{changes}\nAn export of 130 orders:\n\n{EXPORTED}{exported}\n{END}"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    PAGE.write_text(before + tables() + rest.partition(END)[2], encoding="utf-8")
    print(PAGE)
