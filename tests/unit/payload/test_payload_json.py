import json

import pytest

from bulkpo.errors import InputError
from bulkpo.model.document import Document, Field, Level, Member
from bulkpo.model.path import ElementPath
from bulkpo.payload.json import JsonEncoder, tree


def field(path: str, kind: str = "string") -> Field:
    return Field(ElementPath.parse(path), kind, path)


LINES = Level("order-lines", "order-line", (field("line-num"), field("price", "decimal"), field("item/id", "integer")))
LAYOUT = Level("", "order-header", (field("po-number"), field("hide-price", "boolean")), LINES)


def test_decimals_are_text_and_booleans_and_ids_are_native() -> None:
    document = Document("007", 2, ("007", "false"), (Member(2, ("1", "5.00", "17")), Member(3, ("2", "0.10", None))))
    assert tree(LAYOUT, document) == {
        "po-number": "007",
        "hide-price": False,
        "order-lines": [
            {"line-num": "1", "price": "5.00", "item": {"id": 17}},
            {"line-num": "2", "price": "0.10"},
        ],
    }
    assert json.loads(JsonEncoder(LAYOUT)(document)) == tree(LAYOUT, document)


def test_what_has_no_value_is_left_out() -> None:
    assert tree(LAYOUT, Document("1", 2, ("1", None))) == {"po-number": "1"}


def test_a_character_that_coupa_cannot_take_is_never_sent() -> None:
    with pytest.raises(InputError, match=r"document 1, row 2, po-number: holds the character U\+0007"):
        JsonEncoder(LAYOUT)(Document("1", 2, ("1\x07", None)))
