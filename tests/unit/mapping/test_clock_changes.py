"""A time that clocks showed twice is sent as the first, and told with how to write the second."""

from datetime import datetime

import pytest

from bulkpo.mapping.rows.odd_date import odd_date
from bulkpo.model.table import Cell
from tests.unit.mapping.test_import_values import applied

DATE = "order-lines/need-by-date"
PARIS = "dates: {order: DMY, time_zone: Europe/Paris}"


@pytest.mark.parametrize("cell", ["25.10.2026 02:30", "2026-10-25T02:30", datetime(2026, 10, 25, 2, 30)])
def test_a_time_that_came_twice_is_told_with_how_to_write_the_second(cell: Cell) -> None:
    value, (finding,) = applied(DATE, "", PARIS, cell)
    assert (value, finding.code, finding.severity.value) == ("2026-10-25T02:30:00+02:00", "time-twice", "notice")
    assert finding.message == (
        "Cell: 2026-10-25 02:30:00 came twice in Europe/Paris, where clocks went back then; the first of the two is "
        "sent; write 2026-10-25T02:30:00+01:00 if the second is meant"
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25 02:30:00 +02:00", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:30:00Z", "2026-10-25T02:30:00+00:00"),
        ("2026-03-29T02:30:00Z", "2026-03-29T02:30:00+00:00"),
        ("25.10.2026 01:59", "2026-10-25T01:59:00+02:00"),
        ("25.10.2026 03:00", "2026-10-25T03:00:00+01:00"),
        ("25.10.2026", "2026-10-25T00:00:00+02:00"),
    ],
)
def test_a_time_that_can_be_told_is_sent_without_a_word(cell: str, value: str) -> None:
    assert applied(DATE, "", PARIS, cell) == (value, [])


def test_a_day_whose_midnight_came_twice_starts_with_the_first_without_a_word() -> None:
    azores = "dates: {order: DMY, time_zone: Atlantic/Azores}"
    assert applied(DATE, "", azores, "25.10.2026") == ("2026-10-25T00:00:00+00:00", [])


def test_nothing_is_said_where_no_zone_is_declared() -> None:
    assert odd_date("2026-10-25T02:30", "2026-10-25T02:30:00", None) is None
