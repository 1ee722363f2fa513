"""Days as Excel counts them are read where a mapping declares them, as Excel reads them, and refused out of sense."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from bulkpo.mapping.values.date_patterns import DatePattern
from bulkpo.mapping.values.dates import DateOptions, DateReader, write_moment
from bulkpo.mapping.values.day_numbers import day_of
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import Pass, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
NEW_YORK = ZoneInfo("America/New_York")
FAR = "{} is no date an order has; correct it, name it among blanks if it means none, or say dates: {{years: as_read}}"
EPOCHS = {1900: CALENDAR_WINDOWS_1900, 1904: CALENDAR_MAC_1904}
MAPPING = """\
bulkpo: import/1
name: counted
document: {key: po-number, number_lines: true}
dates: {order: DMY, time_zone: America/New_York}
columns:
  PO: po-number
  Text: order-lines/description
  Price: order-lines/price
  Due: {to: order-lines/need-by-date, dates: DATES}
constants:
  type: ExternalOrderHeader
  supplier/number: V100
  ship-to-user/login: migration
  currency/code: USD
  order-lines/currency/code: USD
  order-lines/type: OrderAmountLine
  order-lines/account/code: 01-100-8000
"""


@given(st.integers(1, 2_957_003).filter(lambda day: day != 60), st.sampled_from((1900, 1904)))
def test_every_day_is_the_one_that_other_programs_read(number: int, calendar: int) -> None:
    assert day_of(Decimal(number), calendar) == from_excel(number, EPOCHS[calendar])


@given(st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)))
def test_a_moment_counted_as_excel_does_is_read_to_the_second(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    since = moment - datetime(1899, 12, 30)
    counted = Decimal(since.days) + round(Decimal(since.seconds) / 86_400, 10)
    assert day_of(counted, 1900) == moment


def read(text: str, calendar: int = 1900, *patterns: str, **more: bool) -> str:
    options = DateOptions(
        zone=NEW_YORK, patterns=tuple(map(DatePattern.parse, patterns)), day_numbers=calendar, **more  # type: ignore[arg-type]
    )  # fmt: skip
    return write_moment(DateReader(options).read(text))


@pytest.mark.parametrize(
    ("text", "calendar", "written"),
    [
        ("45231", 1900, "2023-11-01T00:00:00-04:00"),
        ("45231.0", 1900, "2023-11-01T00:00:00-04:00"),
        ("45231,5", 1900, "2023-11-01T12:00:00-04:00"),
        ("45231.520833333336", 1900, "2023-11-01T12:30:00-04:00"),
        ("43769", 1904, "2023-11-01T00:00:00-04:00"),
        ("2023-11-01", 1900, "2023-11-01T00:00:00-04:00"),
    ],
)
def test_a_text_that_counts_days_is_a_day(text: str, calendar: int, written: str) -> None:
    assert read(text, calendar) == written


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("60", "not-a-date", "60 is 29 February 1900 to Excel, a day that never was; correct it"),
        ("60.5", "not-a-date", "60.5 is 29 February 1900 to Excel, a day that never was; correct it"),
        ("2958466", "not-a-date",
         "2958466 counts no day of Excel's calendar of 1900, which goes to 2958465; correct it"),
        ("2026", "far-date", FAR.format("1905-07-18")),
        ("0", "not-a-date", "'0' is not a date; write it as 2026-01-31 or declare dates.order"),
        ("-1", "not-a-date", "'-1' is not a date; write it as 2026-01-31 or declare dates.order"),
        ("20231101", "not-a-date", "'20231101' is not a date; write it as 2026-01-31 or declare dates.order"),
        ("45,231", "far-date", FAR.format("1900-02-14")),
    ],
)  # fmt: skip
def test_a_number_out_of_sense_is_refused(text: str, code: str, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert (refused.value.code, refused.value.message) == (code, message)


def test_the_days_before_the_false_one_are_excels_where_years_are_as_read() -> None:
    assert day_of(Decimal(59), 1900) == datetime(1900, 2, 28)
    assert day_of(Decimal(61), 1900) == datetime(1900, 3, 1)
    assert day_of(Decimal(1), 1904) == datetime(1904, 1, 2)


def test_day_numbers_stand_beside_patterns_and_two_readings_are_told() -> None:
    assert read("20231101", 1900, "YYYYMMDD") == read("45231", 1900, "YYYYMMDD")
    with pytest.raises(Unreadable, match="YYYYMMDD or as a day number of 1900; correct it"):
        read("2023-11-01", 1900, "YYYYMMDD")
    options = DateOptions(zone=NEW_YORK, pivot=50, patterns=(DatePattern.parse("MDDYY"),), day_numbers=1900)
    with pytest.raises(Unreadable) as two:
        DateReader(options).read("31531")
    assert two.value.message == (
        "'31531' could be 2031-03-15 by MDDYY or 1986-04-29 as a day number of 1900; declare one of these ways only"
    )


def test_a_number_of_the_spreadsheet_is_read_by_a_pattern_of_digits() -> None:
    reader = DateReader(DateOptions(zone=NEW_YORK, patterns=(DatePattern.parse("YYYYMMDD"),)))
    assert write_moment(reader.read_number(Decimal(20231101))) == "2023-11-01T00:00:00-04:00"
    with pytest.raises(Unreadable, match="is not a date written as YYYYMMDD; correct it, or, if it counts days"):
        reader.read_number(Decimal(45231))


def test_without_the_declaration_the_error_names_it() -> None:
    with pytest.raises(Unreadable, match=r"declare dates\.day_numbers: 1900, by which it is 2023-11-01$"):
        DateReader(DateOptions("DMY", NEW_YORK)).read("45231")
    with pytest.raises(Unreadable, match=r"45231 is a number; format the cell as a date, or, if it counts days"):
        DateReader(DateOptions("DMY", NEW_YORK)).read_number(Decimal(45231))
    with pytest.raises(Unreadable, match=r"declared order$"):
        DateReader(DateOptions("DMY", NEW_YORK)).read("2026")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_column_of_day_numbers_is_checked_and_sent_from_text_and_from_numbers(kind: str, tmp_path: Path) -> None:
    rows: list[list[str | int]] = [["PO", "Text", "Price", "Due"], ["P1", "Pens", 5, 45231], ["P2", "Ink", 6, 60]]
    file = tmp_path / f"orders.{kind}"
    if kind == "csv":
        file.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        book.save(file)
    path = tmp_path / "m.yaml"
    path.write_text(MAPPING.replace("DATES", "{day_numbers: 1900}"), encoding="utf-8")
    mapped = open_mapped(path, file, TABLES)
    found = check(mapped)
    assert [(each.code, each.row, each.column) for each in found.errors] == [("not-a-date", 3, 4)]
    documents = [Pass(mapped).assembler.assemble(each) for each in Pass(mapped).gathered()]
    assert "2023-11-01T00:00:00-04:00" in str(documents[0])


def test_a_column_without_it_keeps_the_mappings_own_ways(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(MAPPING.replace("DATES", "{pivot: 50}"), encoding="utf-8")
    (tmp_path / "orders.csv").write_text("PO,Text,Price,Due\nP1,Pens,5,45231\n", encoding="utf-8")
    (told,) = check(open_mapped(path, tmp_path / "orders.csv", TABLES)).errors
    assert told.message.endswith("declare dates.day_numbers: 1900, by which it is 2023-11-01")
