"""Orders that stand in blocks, each below a row of its own that says which order it is: prints, and no tables."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bulkpo.mapping.guessing.cells.column import plain_cell, says_nothing
from bulkpo.mapping.guessing.cells.headings import Rows
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.model.table import Cell
from bulkpo.schema.synonyms import Synonyms

_CAPTION = re.compile(r"(?P<name>[^\W\d_][^\d:#]{1,30}?)[\s:#.-]*(?P<number>[\w./-]*\d[\w./-]*)(?:\W.*)?", re.DOTALL)
_MOST_CELLS = 6
_FEWEST = 2
_FEWEST_CELLS = 3


def caption_of_blocks(rows: Rows, synonyms: Synonyms) -> str:
    """What the first row says that names an order above its lines; empty where orders do not stand in blocks."""
    found: dict[str, int] = {}
    said = ""
    for place, (_, cells) in enumerate(rows):
        number, text = _caption(cells, synonyms)
        if number and number not in found:
            found[number] = place
            said = said or text
    places = [*found.values()]
    has_lines = [
        any(_filled(cells) >= _FEWEST_CELLS for _, cells in rows[one + 1 : other]) for one, other in pairwise(places)
    ]
    return said if len(places) >= _FEWEST and all(has_lines) else ""


def _caption(cells: Sequence[Cell], synonyms: Synonyms) -> tuple[str, str]:
    """The number of the order that a row of its own names, and what the row says; empty where it names none."""
    texts = [str(plain_cell(cell)).strip() for cell in cells if not says_nothing(plain_cell(cell))]
    if len(texts) == 1 and (match := _CAPTION.fullmatch(texts[0])) and _means_key(match["name"], synonyms):
        return match["number"], texts[0]
    if len(texts) > _MOST_CELLS:
        return "", ""
    for label, value in pairwise(texts):
        if label.endswith((":", "#")) and any(map(str.isdigit, value)) and _means_key(label, synonyms):
            return value, f"{label} {value}"
    return "", ""


def _means_key(name: str, synonyms: Synonyms) -> bool:
    return any(meaning.target == KEY for meaning in synonyms.meanings(name.strip(" :#.-")))


def _filled(cells: Sequence[Cell]) -> int:
    return sum(not says_nothing(plain_cell(cell)) for cell in cells)
