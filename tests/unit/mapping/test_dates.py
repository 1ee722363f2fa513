from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.mapping.values.dates import DateOptions, DateReader, write_moment
from bulkpo.mapping.values.unreadable import Unreadable

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("options", "text", "written"),
    [
        (DateOptions("MDY", NEW_YORK), "03/04/2026", "2026-03-04T00:00:00-05:00"),
        (DateOptions("DMY", NEW_YORK), "03/04/2026", "2026-04-03T00:00:00-04:00"),
        (DateOptions("YMD", NEW_YORK), "2026/03/04", "2026-03-04T00:00:00-05:00"),
        (DateOptions(None, NEW_YORK), "2026-03-04", "2026-03-04T00:00:00-05:00"),
        (DateOptions(None, NEW_YORK), "2022-04-15 00:00:00.000", "2022-04-15T00:00:00-04:00"),
        (DateOptions(None, NEW_YORK), "2026-03-04T10:20:30Z", "2026-03-04T10:20:30+00:00"),
        (DateOptions(None, NEW_YORK), "2026-03-04T10:20:30+0530", "2026-03-04T10:20:30+05:30"),
        (DateOptions("MDY", NEW_YORK), "7/4/2026 1:05 PM", "2026-07-04T13:05:00-04:00"),
        (DateOptions("MDY", NEW_YORK), "7/4/2026 12:05 am", "2026-07-04T00:05:00-04:00"),
        (DateOptions("DMY", NEW_YORK), "24.6.2013 17:30:59", "2013-06-24T17:30:59-04:00"),
        (DateOptions("DMY", NEW_YORK, pivot=50), "24.6.13", "2013-06-24T00:00:00-04:00"),
        (DateOptions("DMY", NEW_YORK, pivot=50), "24.6.87", "1987-06-24T00:00:00-04:00"),
        (DateOptions(None, NEW_YORK), "24/6/2013", "2013-06-24T00:00:00-04:00"),
        (DateOptions(None, NEW_YORK), "6/24/2013", "2013-06-24T00:00:00-04:00"),
    ],
)
def test_a_date_is_read_by_its_declared_order_and_zone(options: DateOptions, text: str, written: str) -> None:
    assert write_moment(DateReader(options).read(text)) == written


@pytest.mark.parametrize(
    ("options", "text", "code", "words"),
    [
        (
            DateOptions(),
            "03/04/2026",
            "ambiguous-date",
            "could be 2026-04-03 or 2026-03-04; declare dates.order: DMY or MDY",
        ),
        (DateOptions("YMD"), "13/01/2027", "not-a-date", "in the declared order YMD; write 2027-01-13, or make it"),
        (DateOptions("YMD"), "01/13/2027", "not-a-date", "write 2027-01-13, or make it a date cell"),
        (DateOptions("YMD"), "01/02/2027", "not-a-date", "write it as 2026-01-31, or make it a date cell"),
        (DateOptions("DMY"), "2027/01/13", "not-a-date", "in the declared order DMY; write 2027-01-13, or make it"),
        (DateOptions("DMY"), "24/6/13", "two-digit-year", "declare dates.pivot"),
        (DateOptions("DMY"), "31/02/2026", "not-a-date", "names a day or time that does not exist"),
        (DateOptions("MDY"), "24/6/2013", "not-a-date", "names a day or time that does not exist"),
        (DateOptions("DMY"), "00/00/0000", "not-a-date", "names a day or time that does not exist"),
        (DateOptions("DMY"), "soon", "not-a-date", "is not a date; write it as 2026-01-31"),
        (DateOptions("DMY"), "1/2-2026", "not-a-date", "is not a date"),
    ],
)
def test_what_cannot_be_read_one_way_is_refused(options: DateOptions, text: str, code: str, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        DateReader(options).read(text)
    assert caught.value.code == code
    assert words in caught.value.message


def test_clear_dates_of_one_column_must_not_contradict() -> None:
    reader = DateReader(DateOptions(None, NEW_YORK))
    reader.read("24/6/2013")
    with pytest.raises(Unreadable) as caught:
        reader.read("6/25/2013")
    assert caught.value.message == (
        "'6/25/2013' is MDY, but dates above it are DMY; write one way, declare dates.order, or say "
        "mixed_dates: as_read"
    )
    assert reader.read("2013-06-25") == reader.read("25/6/2013"), "ISO text can be read in one way only"


def test_dates_of_a_column_that_may_mix_are_each_read_in_their_only_order() -> None:
    reader = DateReader(DateOptions(None, NEW_YORK), may_mix=True)
    assert reader.read("24/6/2013").day == 24
    assert reader.read("6/25/2013").day == 25


days = st.datetimes(datetime(1970, 1, 1), datetime(2100, 12, 31)).map(lambda moment: moment.replace(microsecond=0))


@given(days, st.sampled_from(["DMY", "MDY", "YMD"]), st.sampled_from("./-"))
def test_a_date_never_moves_a_day(moment: datetime, order: str, mark: str) -> None:
    parts = {"D": f"{moment.day:02}", "M": f"{moment.month:02}", "Y": f"{moment.year:04}"}
    text = mark.join(parts[letter] for letter in order)
    written = write_moment(DateReader(DateOptions(order, NEW_YORK)).read(text))
    assert written.startswith(f"{moment:%Y-%m-%d}T00:00:00-0")
