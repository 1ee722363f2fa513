"""Write docs/findings.md from the table of codes.

python scripts/findings_page.py
"""

from pathlib import Path

from bulkpo.mapping.kinds.purchase_order import PURCHASE_ORDER
from bulkpo.model.code import Code, Topic
from bulkpo.model.codes import TOPICS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "findings.md"
START = """# Findings

<!-- Made by scripts/findings_page.py from bulkpo/model/codes.py; change it there. -->

What `bulkpo check` finds, by code. Codes never change their meaning: look for them in reports and in the answers of
`--json`. An **error** keeps its order from being sent until it is mended; a *notice* does not.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([START, *map(_section, TOPICS)])


def _section(topic: Topic) -> str:
    rows = [_row(name, code) for name, code in sorted(topic.codes.items())]
    head = ["| code | | what it means | how to mend it |", "| --- | --- | --- | --- |"]
    return "\n".join([f"## {topic.title}", "", *head, *rows, ""])


def _row(name: str, code: Code) -> str:
    severity = "**error**" if code.severity == "error" else "*notice*"
    said = PURCHASE_ORDER.said(f"{code.meaning} | {code.remedy}")
    return f"| `{name}` | {severity} | {said} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
