"""Laws of payloads: what is written by templates is what a tree builder writes, and reads back as what was given."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bulkpo.model.document import Document, Field, Layout, Level, Member
from bulkpo.model.path import ElementPath
from bulkpo.payload.compare import differences, document_from
from bulkpo.payload.json import JsonEncoder, JsonTree, tree
from bulkpo.payload.xml import XmlEncoder

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)
"""Values of documents; the empty text is no value but says that an element is to be emptied."""
SPACED = st.one_of(TEXTS, st.sampled_from(["\r\n", "\t", "a\rb", "&amp;", "<![CDATA[", "]]>", "%s", "%"]))
NAMES = ("a", "b", "c/x", "c/y", "c/d/z", "e", "custom-fields/n", "c/d/w")


def layout_of(header: list[str], lines: list[str], allocations: list[str]) -> Layout:
    def fields(paths: list[str]) -> tuple[Field, ...]:
        return tuple(Field(ElementPath.parse(path), "string", path) for path in paths)

    below = Level("account-allocations", "account-allocation", fields(allocations))
    return Level("", "order-header", fields(header), Level("order-lines", "order-line", fields(lines), below))


LAYOUTS = st.builds(layout_of, *[st.lists(st.sampled_from(NAMES), unique=True, min_size=1)] * 3)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Layout, Document]:
    layout = draw(LAYOUTS)
    lines = layout.below
    assert lines is not None
    assert lines.below is not None

    def values(level: Level) -> tuple[str | None, ...]:
        return draw(st.tuples(*[st.one_of(st.none(), SPACED)] * len(level.fields)))

    allocations = lines.below
    members = []
    for row in range(2, 2 + draw(st.integers(0, 3))):
        inner = tuple(Member(row, values(allocations)) for _ in range(draw(st.integers(0, 2))))
        members.append(Member(row, values(lines), inner))
    return layout, Document("K", 2, values(layout), tuple(members))


def built(name: str, nested: JsonTree) -> "etree._Element":
    """The same order by lxml, one element at a time."""
    element = etree.Element(name)
    for child, value in nested.items():
        if isinstance(value, list):
            collection = etree.SubElement(element, child)
            collection.extend([built(child.removesuffix("s"), member) for member in value])
        elif isinstance(value, dict):
            element.append(built(child, value))
        else:
            etree.SubElement(element, child).text = str(value)
    return element


@given(documents())
@settings(max_examples=300, deadline=None)
def test_templates_write_what_a_tree_builder_writes(pair: tuple[Layout, Document]) -> None:
    layout, document = pair
    ours = etree.fromstring(XmlEncoder(layout)(document))
    theirs = built(layout.object, tree(layout, document))
    assert etree.tostring(ours, method="c14n2") == etree.tostring(theirs, method="c14n2")


@given(documents())
@settings(deadline=None)
def test_json_reads_back_as_the_tree_that_was_given(pair: tuple[Layout, Document]) -> None:
    layout, document = pair
    assert json.loads(JsonEncoder(layout)(document)) == tree(layout, document)


@given(documents())
@settings(deadline=None)
def test_an_order_never_differs_from_itself(pair: tuple[Layout, Document]) -> None:
    layout, document = pair
    assert differences(layout, document, tree(layout, document)) == []


@given(documents())
@settings(deadline=None)
def test_an_order_read_back_is_the_order_that_was_sent(pair: tuple[Layout, Document]) -> None:
    layout, document = pair
    again = document_from(layout, "K", tree(layout, document))
    assert tree(layout, again) == tree(layout, document)
