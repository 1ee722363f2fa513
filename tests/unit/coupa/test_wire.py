import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bulkpo.coupa.answers import JSON, XML, UnreadableAnswer, messages, read_document, read_documents


def test_both_formats_give_one_shape() -> None:
    xml = b"""<?xml version="1.0" encoding="UTF-8"?>
    <order-headers type="array"><order-header>
      <id type="integer">7</id><po-number>00042</po-number><exported type="boolean">false</exported>
      <created-at type="dateTime">2025-01-08T02:14:54-08:00</created-at><payment-method nil="true"/>
      <supplier><id type="integer">3</id><name>Acme &amp; Co</name></supplier>
      <order-lines type="array"><order-line><price type="decimal">500.00</price></order-line></order-lines>
      <attachments type="array"/>
    </order-header></order-headers>"""
    from_json = json.dumps([
        {
            "id": 7, "po-number": "00042", "exported": False, "created-at": "2025-01-08T02:14:54-08:00",
            "payment-method": None, "supplier": {"id": 3, "name": "Acme & Co"},
            "order-lines": [{"price": "500.00"}], "attachments": [],
        }
    ])  # fmt: skip
    assert read_documents(xml, "application/xml; charset=utf-8") == read_documents(from_json.encode(), JSON)


def test_a_json_decimal_keeps_every_digit() -> None:
    assert read_document(b'{"price": 0.10000000000000000001}', JSON) == {"price": "0.10000000000000000001"}


def test_underscored_names_become_dashed() -> None:
    assert read_document(b'{"po_number": {"a_b": 1}}', JSON) == {"po-number": {"a-b": 1}}
    assert read_document(b"<order_header><po_number>1</po_number></order_header>", XML) == {"po-number": "1"}


@pytest.mark.parametrize("names", ["order-lines order-line", "taxes tax", "currencies currency"])
def test_a_collection_without_its_type_attribute_is_still_a_list(names: str) -> None:
    plural, singular = names.split()
    body = f"<x><{plural}><{singular}><id type='integer'>1</id></{singular}></{plural}></x>"
    assert read_document(body.encode(), XML) == {plural: [{"id": 1}]}


def test_an_association_with_one_element_is_no_list() -> None:
    assert read_document(b"<x><supplier><name>A</name></supplier></x>", XML) == {"supplier": {"name": "A"}}


ENTITY = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b>&x;</b></a>'


@pytest.mark.parametrize(
    ("body", "media", "reason"),
    [
        (b"{", JSON, "the answer is not the JSON it says it is"),
        (b"[1]", JSON, "the answer holds no documents"),
        (b"[{},{}]", JSON, "the answer does not hold one document"),
        (b"<a>", XML, "the answer is not the XML it says it is"),
        (b"", XML, "the answer is not the XML it says it is"),
        (b"<html/>", "text/html; charset=utf-8", "the answer is text/html, neither JSON nor XML"),
        (b"x", "", "the answer is of no known kind, neither JSON nor XML"),
        (ENTITY, XML, "the answer's XML declares a document type, which Coupa never does"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, media: str, reason: str) -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        read_document(body, media)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"errors": {"order_header": ["bad", "bad"], "base": ["late"]}}', ("order-header: bad", "late")),
        ('{"errors": ["bad"]}', ("bad",)),
        ('{"errors": "bad"}', ("bad",)),
        ('{"error": "invalid_token", "error_description": "ended"}', ("invalid_token",)),
        ('{"errors": {"supplier": {"name": ["is gone"]}}, "warnings": {"a": ["b"]}}', ("name: is gone",)),
        ("[]", ()),
        ("{}", ()),
        ("nonsense", ()),
    ],
)
def test_reasons_are_found_in_every_form_known(body: str, expected: tuple[str, ...]) -> None:
    assert messages(body.encode(), JSON) == expected


XML_TEXT = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")


@given(st.text(XML_TEXT, min_size=1))
def test_text_comes_through_xml_as_it_was(text: str) -> None:
    root = etree.Element("x")
    etree.SubElement(root, "name").text = text
    assert read_document(etree.tostring(root), XML) == {"name": text}
