"""Write the table of hostile answers in docs/reliability.md: each is given, and what bulkpo makes of it is observed.

python scripts/hostile_page.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("network", "worlds")]

from hostile_answers import rows  # noqa: E402 - it is found now

PAGE = ROOT / "docs" / "reliability.md"
START, END = "<!-- hostile answers: made by scripts/hostile_page.py -->\n", "<!-- end of hostile answers -->\n"
HEAD = """\
| what is answered | to a create | to a list | to a request for a token |
| --- | --- | --- | --- |
"""


def table() -> str:
    """The table, between its marks."""
    lines = "\n".join(rows())
    return f"{START}\n{HEAD}{lines}\n\n{END}"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    PAGE.write_text(before + table() + rest.partition(END)[2], encoding="utf-8")
    print(PAGE)
