from typing import Any

import pytest

from bulkpo.model.document import Document, Field, Level, Member
from bulkpo.model.path import ElementPath
from bulkpo.payload.compare import differences, fields_of


def field(path: str, kind: str = "string") -> Field:
    return Field(ElementPath.parse(path), kind, path)


LINES = Level("order-lines", "order-line", (field("line-num"), field("price", "decimal"), field("account/code")))
HEADER = (
    field("po-number"),
    field("supplier/name"),
    field("supplier/number"),
    field("acknowledged-at", "datetime"),
    field("hide-price", "boolean"),
    field("custom-fields/cost-center"),
)
LAYOUT = Level("", "order-header", HEADER, LINES)
OURS = Document(
    "PO-1",
    2,
    ("PO-1", "Acme", None, "2026-01-01T00:00:00+00:00", "true", "CC1"),
    (Member(2, ("1", "5.0", "a")), Member(3, ("2", "7", "b"))),
)


def theirs(**changes: object) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": 9,
        "po-number": "PO-1",
        "supplier": {"id": 4, "name": "Acme", "number": "V1"},
        "acknowledged-at": "2025-12-31T16:00:00-08:00",
        "hide-price": True,
        "custom-fields": {"cost-center": "CC1"},
        "order-lines": [
            {"line-num": "2", "price": "7.000000", "account": {"code": "b"}},
            {"line-num": "1", "price": "5.00", "account": {"code": "a"}},
        ],
    }
    return {**answer, **{name.replace("_", "-"): value for name, value in changes.items()}}


def found(**changes: object) -> list[str]:
    return [str(difference) for difference in differences(LAYOUT, OURS, theirs(**changes))]


def test_the_same_order_in_coupas_words_is_the_same() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"supplier": {"name": "Apex"}}, "supplier/name: sent 'Acme', Coupa has 'Apex'"),
        ({"supplier": None}, "supplier/name: sent 'Acme', Coupa has nothing"),
        ({"hide_price": False}, "hide-price: sent 'true', Coupa has 'false'"),
        (
            {"acknowledged_at": "2026-01-01T01:00:00+00:00"},
            "acknowledged-at: sent '2026-01-01T00:00:00+00:00', Coupa has '2026-01-01T01:00:00+00:00'",
        ),
        ({"order_lines": []}, "order-lines: sent '2 of them', Coupa has '0 of them'"),
        ({"custom_fields": {"cost-center": None}}, "custom-fields/cost-center: sent 'CC1', Coupa has nothing"),
    ],
)
def test_a_difference_is_named_with_both_sides(changes: dict[str, object], expected: str) -> None:
    assert found(**changes) == [expected]


def test_lines_are_matched_by_their_numbers() -> None:
    lines = theirs()["order-lines"]
    lines[0]["price"] = "8"
    assert found(order_lines=lines) == ["order-lines[2]/price: sent '7', Coupa has '8'"]


def test_lines_without_numbers_are_matched_as_they_stand() -> None:
    layout = Level("", "order-header", (), Level("order-lines", "order-line", (field("price", "decimal"),)))
    document = Document("1", 2, (), (Member(2, ("5",)), Member(3, ("7",))))
    assert differences(layout, document, {"order-lines": [{"price": "5.0"}, {"price": "7.0"}]}) == []
    assert len(differences(layout, document, {"order-lines": [{"price": "7.0"}, {"price": "5.0"}]})) == 2


def test_a_plain_element_that_cannot_be_read_back_proves_nothing() -> None:
    answer = theirs()
    del answer["hide-price"]
    del answer["supplier"]
    assert [difference.path for difference in differences(LAYOUT, OURS, answer)] == ["supplier/name"]


def test_custom_fields_of_older_instances_stand_beside_the_others() -> None:
    answer = theirs()
    del answer["custom-fields"]
    assert differences(LAYOUT, OURS, answer) == []
    assert len(differences(LAYOUT, OURS, {**answer, "cost-center": "CC2"})) == 1


def test_the_fields_to_ask_for_are_those_that_were_sent() -> None:
    deep = Level("", "order-header", (field("po-number"), field("account/account-type/name"), field("account/code")))
    assert fields_of(deep) == [
        "id", "status", "version", "updated-at", "po-number", {"account": ["code", {"account-type": ["name"]}]},
    ]  # fmt: skip
    assert fields_of(LAYOUT)[-1] == {"order-lines": ["line-num", "price", {"account": ["code"]}]}
