from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.mapping.flatten import Flattener
from bulkpo.mapping.language.export_columns import ExportColumn
from bulkpo.model.path import ElementPath

ORDER = {
    "id": 7,
    "po-number": "00042",
    "exported": False,
    "created-at": "2025-01-08T02:14:54-08:00",
    "supplier": {"name": "Acme"},
    "custom-fields": {"cost-center": "0815"},
    "order-lines": [
        {"line-num": "1", "price": "5.10", "account-allocations": [{"pct": "60.0"}, {"pct": "40.0"}]},
        {"line-num": "2", "price": "-3", "uom": {"code": "EA"}, "account-allocations": []},
    ],
}
WEST = timezone(timedelta(hours=-8))
EMPTY = {"id": 8, "po-number": "E", "order-lines": [], "supplier": None}


def flattened(
    documents: Sequence[dict[str, Any]], columns: dict[str, str], rows: str = "", zone: str = ""
) -> list[tuple[object, ...]]:
    made = [ExportColumn(path, ElementPath.parse(path), kind) for path, kind in columns.items()]
    levels = tuple(rows.split("/")) if rows else ()
    return list(Flattener(made, levels, ZoneInfo(zone) if zone else None).rows(documents))


def test_a_row_a_document_with_typed_cells() -> None:
    columns = {"id": "integer", "po-number": "string", "exported": "boolean", "created-at": "datetime"}
    assert flattened([ORDER], columns) == [(Decimal(7), "00042", False, datetime(2025, 1, 8, 2, 14, 54, tzinfo=WEST))]


def test_a_row_a_line_repeats_the_header() -> None:
    columns = {"po-number": "string", "order-lines/line-num": "string", "order-lines/price": "decimal"}
    assert flattened([ORDER], columns, "order-lines") == [
        ("00042", "1", Decimal("5.10")),
        ("00042", "2", Decimal(-3)),
    ]


def test_a_row_an_allocation_keeps_lines_without_any() -> None:
    columns = {
        "po-number": "string", "order-lines/line-num": "string", "order-lines/account-allocations/pct": "decimal",
    }  # fmt: skip
    assert flattened([ORDER, EMPTY], columns, "order-lines/account-allocations") == [
        ("00042", "1", Decimal("60.0")),
        ("00042", "1", Decimal("40.0")),
        ("00042", "2", None),
        ("E", None, None),
    ]


def test_a_document_without_members_still_has_its_row() -> None:
    assert flattened([EMPTY], {"id": "integer", "order-lines/price": "decimal"}, "order-lines") == [(Decimal(8), None)]


def test_a_collection_not_chosen_is_joined_and_one_member_can_be_named() -> None:
    columns = {"order-lines/line-num": "string", "order-lines[2]/price": "decimal", "order-lines[3]/price": "decimal"}
    assert flattened([ORDER, EMPTY], columns) == [("1; 2", Decimal(-3), None), (None, None, None)]
    assert flattened([ORDER], {"order-lines/account-allocations/pct": "string"}, "order-lines") == [
        ("60.0; 40.0",),
        (None,),
    ]


def test_associations_custom_fields_and_what_is_not_there() -> None:
    columns = {"supplier/name": "string", "custom-fields/cost-center": "string", "order-lines/uom/code": "string"}
    assert flattened([ORDER, EMPTY], columns, "order-lines") == [
        ("Acme", "0815", None),
        ("Acme", "0815", "EA"),
        (None, None, None),
    ]


def test_a_constant_stands_in_every_row() -> None:
    column = ExportColumn("Batch", None, "string", "0042")
    assert Flattener([column], ("order-lines",), None).rows([ORDER]) == [("0042",), ("0042",)]


def test_dates_are_as_the_instance_shows_them_or_in_the_declared_zone() -> None:
    assert wall_clock({"created-at": "datetime"}) == datetime(2025, 1, 8, 2, 14, 54)
    assert wall_clock({"created-at": "datetime"}, zone="Europe/Berlin") == datetime(2025, 1, 8, 11, 14, 54)
    assert flattened([{"d": "2026-03-01"}], {"d": "date"}, zone="Asia/Tokyo") == [(date(2026, 3, 1),)]
    assert flattened([{"d": "2026-03-01T00:00:00"}], {"d": "datetime"}, zone="Asia/Tokyo") == [(datetime(2026, 3, 1),)]


def wall_clock(columns: dict[str, str], zone: str = "") -> datetime:
    """What the clock on the wall shows in the one cell there is."""
    ((cell,),) = flattened([ORDER], columns, zone=zone)
    assert isinstance(cell, datetime)
    return cell.replace(tzinfo=None)


MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2060, 1, 1))


@given(MOMENTS, st.sampled_from(["America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "UTC"]), st.booleans())
def test_a_moment_shown_in_the_zone_it_was_meant_in_is_the_moment_that_was_meant(
    meant: datetime, zone: str, at_midnight: bool
) -> None:
    meant = meant.replace(hour=0, minute=0, second=0, microsecond=0) if at_midnight else meant.replace(microsecond=0)
    instant = meant.replace(tzinfo=ZoneInfo(zone))
    for shown in ("America/Los_Angeles", "Asia/Kolkata", "UTC"):
        answer = instant.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(shown)).isoformat()
        ((cell,),) = flattened([{"d": answer}], {"d": "datetime"}, zone=zone)
        assert cell == instant.astimezone(ZoneInfo("UTC"))
        real = instant.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert isinstance(cell, datetime)
        assert cell.replace(tzinfo=None) == real


@pytest.mark.parametrize(
    ("value", "kind", "cell"),
    [
        ("n/a", "decimal", "n/a"),
        ("soon", "datetime", "soon"),
        (True, "integer", "true"),
        ("NaN", "decimal", "NaN"),
        (5, "string", "5"),
        (True, "string", "true"),
        ({"id": 3, "name": "Acme"}, "string", "Acme"),
        ([1, 2], "string", "1; 2"),
        ("", "decimal", None),
        ("true", "boolean", True),
        ("1.50", "decimal", Decimal("1.50")),
    ],
)
def test_a_value_of_another_type_than_promised_is_shown_as_text_and_not_lost(
    value: object, kind: str, cell: object
) -> None:
    ((found,),) = flattened([{"x": value}], {"x": kind})
    assert (found, type(found)) == (cell, type(cell))


LINES = st.lists(st.fixed_dictionaries({"price": st.decimals(-1000, 1000, places=2).map(str)}), max_size=4)


@given(st.lists(st.fixed_dictionaries({"id": st.integers(1, 99), "order-lines": LINES}), max_size=6))
def test_rows_are_what_a_plain_loop_makes(documents: list[dict[str, Any]]) -> None:
    expected = [
        (Decimal(document["id"]), Decimal(line["price"]) if line else None)
        for document in documents
        for line in document["order-lines"] or [None]
    ]
    assert flattened(documents, {"id": "integer", "order-lines/price": "decimal"}, "order-lines") == expected
