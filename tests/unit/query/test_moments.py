from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.query.moments import read_moment

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 21, 14, 30, 15, 123456, tzinfo=NEW_YORK)  # a Saturday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", "2026-01-31T00:00:00-05:00"),
        ("2026-07-31", "2026-07-31T00:00:00-04:00"),
        ("2026-01-31T08:15", "2026-01-31T08:15:00-05:00"),
        ("2026-01-31 08:15:30", "2026-01-31T08:15:30-05:00"),
        ("2026-01-31T08:15:30Z", "2026-01-31T08:15:30+00:00"),
        ("2026-01-31T08:15:30+09:00", "2026-01-31T08:15:30+09:00"),
        ("now", "2026-11-21T14:30:15-05:00"),
        ("today", "2026-11-21T00:00:00-05:00"),
        ("Yesterday", "2026-11-20T00:00:00-05:00"),
        ("tomorrow", "2026-11-22T00:00:00-05:00"),
        ("start of week", "2026-11-16T00:00:00-05:00"),
        ("start of month", "2026-11-01T00:00:00-04:00"),
        ("start of quarter", "2026-10-01T00:00:00-04:00"),
        ("start of year", "2026-01-01T00:00:00-05:00"),
        ("today - 30 days", "2026-10-22T00:00:00-04:00"),
        ("today-1 day", "2026-11-20T00:00:00-05:00"),
        ("now - 2 hours", "2026-11-21T12:30:15-05:00"),
        ("now + 90 minutes", "2026-11-21T16:00:15-05:00"),
        ("start of month - 1 month", "2026-10-01T00:00:00-04:00"),
        ("2026-03-31 - 1 month", "2026-02-28T00:00:00-05:00"),
        ("2024-02-29 + 1 year", "2025-02-28T00:00:00-05:00"),
        ("start of year - 1 year + 2 weeks", "2025-01-15T00:00:00-05:00"),
    ],
)
def test_dates_are_read_in_the_declared_zone(text: str, expected: str) -> None:
    assert read_moment(text, NOW).isoformat() == expected


def test_hours_pass_as_they_do_when_clocks_change_and_days_keep_the_hour() -> None:
    night = datetime(2026, 3, 8, 0, 0, tzinfo=NEW_YORK)
    assert read_moment("now + 5 hours", night).isoformat() == "2026-03-08T06:00:00-04:00"
    assert read_moment("now + 1 day", night).isoformat() == "2026-03-09T00:00:00-04:00"


@pytest.mark.parametrize(
    "text",
    [
        "", "3", "2026-13-01", "2026-02-30", "31.01.2026", "todays", "today - days", "today 3", "today - 9999 years",
        "start of day", "2026-01-31T25:00",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date; write it as 2026-01-31"):
        read_moment(text, NOW)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)), st.integers(-1000, 1000))
def test_days_there_and_back_are_where_one_was(at: datetime, days: int) -> None:
    now = at.replace(tzinfo=UTC, microsecond=0)
    sign, back = ("+", "-") if days >= 0 else ("-", "+")
    moved = read_moment(f"now {sign} {abs(days)} days {back} {abs(days)} days", now)
    assert moved == now
    assert read_moment(f"now {sign} {abs(days)} days", now) - now == timedelta(days=days)
