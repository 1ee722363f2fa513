"""Links in a sheet that is written: as many as Excel takes, and a word about those beyond."""

import pytest

from bulkpo.tables.writing.columns import SinkColumn
from bulkpo.tables.writing.xlsx_links import MOST_LINKS, SheetLinks


@pytest.mark.parametrize(
    ("beyond", "said"),
    [
        (0, ""),
        (1, "1 cell has no link, only the path in words: Excel takes 65,530 links in a sheet; "),
        (1_000, "1,000 cells have no link, only the path in words: Excel takes 65,530 links in a sheet; "),
    ],
)
def test_cells_beyond_the_links_that_excel_takes_are_told_of(beyond: int, said: str) -> None:
    links = SheetLinks([SinkColumn("Text"), SinkColumn("Files", links=True)])
    paths = [f"out.files/{number} order.pdf" for number in range(MOST_LINKS + beyond)]
    links.add(list(map(str, range(2, 2 + len(paths)))), [paths, paths])
    links.add(["9"], [["no path"], [None]])
    assert links.element.count("<hyperlink ref=") == MOST_LINKS
    assert links.notice == (said and f"{said}export fewer orders at a time where each is to be opened with a click")
