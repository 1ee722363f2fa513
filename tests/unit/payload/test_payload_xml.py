from collections.abc import Sequence

import pytest
from lxml import etree

from bulkpo.errors import InputError
from bulkpo.model.document import Document, Field, Level, Member
from bulkpo.model.path import ElementPath
from bulkpo.payload.xml import XmlEncoder, singular


def fields(*paths: str) -> tuple[Field, ...]:
    return tuple(Field(ElementPath.parse(path), "string", path) for path in paths)


HEADER = fields("supplier/name", "po-number", "supplier/number")
LINES = Level("order-lines", "order-line", fields("description", "account/code"))
LAYOUT = Level("", "order-header", HEADER, LINES)


def encode(layout: Level, values: Sequence[str | None], *members: Member) -> str:
    return XmlEncoder(layout)(Document("PO-1", 2, tuple(values), members)).decode()


def body(text: str) -> str:
    return text.removeprefix('<?xml version="1.0" encoding="UTF-8"?>\n')


def test_elements_of_one_reference_stand_under_it_once() -> None:
    assert body(encode(LAYOUT, ["Acme", "PO-1", "V100"])) == (
        "<order-header><supplier><name>Acme</name><number>V100</number></supplier>"
        "<po-number>PO-1</po-number></order-header>"
    )


def test_what_has_no_value_is_left_out_and_so_is_a_reference_without_any() -> None:
    assert body(encode(LAYOUT, [None, "PO-1", None])) == "<order-header><po-number>PO-1</po-number></order-header>"
    assert body(encode(LAYOUT, [None, None, None])) == "<order-header></order-header>"


def test_an_empty_text_is_sent_as_an_empty_element() -> None:
    assert body(encode(LAYOUT, [None, "", None])) == "<order-header><po-number></po-number></order-header>"


def test_lines_nest_in_plural_and_singular_in_order() -> None:
    lines = (Member(2, ("Bolts", "01-100")), Member(5, ("Nuts", None)))
    assert body(encode(LAYOUT, [None, "PO-1", None], *lines)) == (
        "<order-header><po-number>PO-1</po-number><order-lines>"
        "<order-line><description>Bolts</description><account><code>01-100</code></account></order-line>"
        "<order-line><description>Nuts</description></order-line>"
        "</order-lines></order-header>"
    )


def test_allocations_nest_in_their_lines_and_are_named_by_their_collection_not_by_their_type() -> None:
    below = Level("account-allocations", "order-line-allocation", fields("pct"))
    layout = Level("", "order-header", fields("po-number"), Level("order-lines", "order-line", fields("price"), below))
    member = Member(2, ("1.5",), (Member(2, ("60",)), Member(3, ("40",))))
    assert body(encode(layout, ["PO-1"], member)) == (
        "<order-header><po-number>PO-1</po-number><order-lines><order-line><price>1.5</price>"
        "<account-allocations><account-allocation><pct>60</pct></account-allocation>"
        "<account-allocation><pct>40</pct></account-allocation></account-allocations>"
        "</order-line></order-lines></order-header>"
    )


def test_text_comes_back_from_an_xml_reader_as_it_was() -> None:
    awkward = "Müller & Söhne <GmbH> 100% %s \"'\r\n\ttab ]]> 日本 \U0001f600"
    root = etree.fromstring(encode(LAYOUT, [awkward, "007", None]).encode())
    assert root.findtext("supplier/name") == awkward
    assert root.findtext("po-number") == "007"


@pytest.mark.parametrize("bad", ["\x00", "\x1f", "\x0b", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_hold_is_never_sent(bad: str) -> None:
    with pytest.raises(InputError) as caught:
        encode(LAYOUT, ["Acme", "PO-1", None], Member(3, (f"bo{bad}lts", None)))
    assert str(caught.value) == (
        f"document PO-1, row 3, description: holds the character U+{ord(bad):04X}, which Coupa cannot take; remove it"
    )


def test_a_layout_with_one_path_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="po-number stands twice in one level"):
        XmlEncoder(Level("", "order-header", fields("po-number", "po-number")))
    with pytest.raises(ValueError, match="supplier/name lies below an element that has a value of its own"):
        XmlEncoder(Level("", "order-header", fields("supplier", "supplier/name")))


@pytest.mark.parametrize(
    ("plural", "one"),
    [("order-lines", "order-line"), ("entries", "entry"), ("addresses", "address"), ("taxes", "tax"), ("", "")],
)
def test_a_member_is_named_by_the_singular_of_its_collection(plural: str, one: str) -> None:
    assert singular(plural) == one
