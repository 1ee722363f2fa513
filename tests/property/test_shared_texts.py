"""The law of shared texts: read by a pattern, in pieces of any size, they are what an XML parser finds."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bulkpo.model.table import Cell
from bulkpo.tables.workbooks.cell_values import decoded
from bulkpo.tables.workbooks.shared_texts import read_texts, rich_text

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXTS = st.sampled_from(["a", "", " ", "Ümläut", "a &amp; b", "&#x41;&#10;", "x_x000D_y", "c\r\nd\re", "]", "_x"])
PLAIN_ITEMS = st.one_of(
    st.builds("<si><t>{}</t></si>".format, TEXTS),
    st.builds('<si><t xml:space="preserve">{}</t></si>'.format, TEXTS),
    st.builds('<si><r><rPr><sz val="11"/></rPr><t>{}</t></r><r><t>b</t></r></si>'.format, TEXTS),
    st.builds('<si><t>{}</t><rPh sb="0" eb="1"><t>no</t></rPh><phoneticPr fontId="1"/></si>'.format, TEXTS),
    st.just("<si><t/></si>"),
)
ITEMS = st.one_of(
    PLAIN_ITEMS,
    st.sampled_from([
        "<si></si>", "<si/>", "<si><!-- x --><t>a</t></si>", "<si><t><![CDATA[<b>]]></t></si>", "\n",
        '<si><t y:z="1">prefixed</t></si>', "<si >\n<t >spaced</t> </si>", "<si><t>a</t></si><!-- </si> -->",
    ]),
)  # fmt: skip
ENDS = st.sampled_from(["", "\n", '<extLst><ext uri="x"/></extLst>'])


class Dribble(io.BytesIO):
    """A stream that gives few bytes at a time."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._most if size is None or size < 0 else min(size, self._most))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PLAIN_ITEMS, max_size=9) | st.lists(ITEMS, max_size=9),
    st.sampled_from(["", "\n"]),
    ENDS,
    st.integers(120, 500),
)
def test_shared_texts_are_those_a_parser_finds(items: list[str], between: str, end: str, most: int) -> None:
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<sst xmlns="{MAIN}" xmlns:y="urn:y">'
    data = f"{start}{between.join(items)}{end}</sst>".encode()
    expected: list[Cell] = [decoded(rich_text(item)) or None for item in etree.fromstring(data).iterchildren("{*}si")]
    assert read_texts(lambda: Dribble(data, most)) == expected
