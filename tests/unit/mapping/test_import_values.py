"""How a mapping's settings turn a cell into a value, or into a finding: one cell, one setting at a time."""

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bulkpo.errors import MappingError
from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.mapping.rows.apply import Applier
from bulkpo.mapping.values.date_patterns import DatePattern
from bulkpo.mapping.values.dates import DateOptions, DateReader, write_moment
from bulkpo.mapping.values.numbers import NumberMarks, NumberReader
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell, Chunk, Column
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: values
document: {{key: po-number}}
{settings}
columns:
  PO: po-number
  Other: {{to: order-lines/supplier-order-number}}
  Cell: {{to: {to}{target}}}
constants: {{ship-to-user/login: m, order-lines/currency/code: USD{constants}}}
"""
NEEDED = {"order-lines/description": "d", "order-lines/price": "1"}


def applied(to: str, target: str, settings: str, cell: Cell, other: Cell = None) -> tuple[str | None, list[Finding]]:
    """The value of one cell of one row, and the findings."""
    constants = "".join(f", {path}: {value}" for path, value in NEEDED.items() if path != to)
    text = MAPPING.format(to=to, target=target and f", {target}", settings=settings, constants=constants)
    mapping = load_import(text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))
    applier = Applier(mapping, [Column(1, "PO"), Column(2, "Other"), Column(3, "Cell")])
    records = applier.apply(Chunk([2], [["1"], [other], [cell]]))
    place = next(number for number, field in enumerate(mapping.levels[1].level.fields) if field.full_path == to)
    return records.levels[1][0][place][0], records.findings


TEXT = "order-lines/source-part-num"


@pytest.mark.parametrize(
    ("target", "settings", "cell", "value"),
    [
        ("", "", "  A-1 \u00a0", "A-1"),
        ("", "", "00042", "00042"),
        ("", "", Decimal(42), "42"),
        ("", "", Decimal("42.50"), "42.5"),
        ("", "", True, "true"),
        ("", "blanks: [N/A, none]", " none ", None),
        ("", "blanks: [0]", Decimal(0), None),
        ("", "blanks: [00/00/0000]", "00/00/0000", None),
        ("case: upper", "", "ab", "AB"),
        ("pad: 5", "", Decimal(42), "00042"),
        ("pad: 5", "", "123456", "123456"),
        ("extract: '[0-9]+'", "", "No. 17 of 20", "17"),
        ("extract: 'No\\. ([0-9]+)'", "", "No. 17", "17"),
        ("split: {by: '-', part: 2}", "", "01-100 -8000", "100"),
        ("split: {by: '-', part: 2}", "", None, None),
        ("split: {by: '-', part: 1}, pad: 4", "", "7-8", "0007"),
        ("join: [Other]", "", "A", "A B"),
        ("join: [Other], separator: '/'", "blanks: [A]", "A", "B"),
        ("default: none", "", None, "none"),
        ("value: fixed", "", "anything", "fixed"),
        ("value: fixed, when: {Other: {blank: true}}", "", "anything", None),
        ("when: {Other: B}", "", "A", "A"),
        ("when: {Other: {not: B}}", "", "A", None),
        ("when: {Other: {in: [A, B]}}", "", "A", "A"),
        ("when: {Other: {not_in: [A, B]}}", "", "A", None),
        ("when: {Other: {blank: false}, PO: '1'}", "", "A", "A"),
        ("when: {Other: {blank: true}}", "blanks: [B]", "A", "A"),
    ],
)
def test_a_text_becomes_what_the_mapping_says(target: str, settings: str, cell: Cell, value: str | None) -> None:
    assert applied(TEXT, target, settings, cell, other="B") == (value, [])


@pytest.mark.parametrize(
    ("target", "cell", "code", "message"),
    [
        (
            "split: {by: '-', part: 3}",
            "01-100",
            "nothing-to-split",
            "Cell: '01-100' has 2 parts at '-', but part 3 is wanted",
        ),
        ("extract: '[0-9]+'", "none", "nothing-to-extract", "Cell: 'none' has nothing that matches [0-9]+"),
        (
            "",
            "1.2345E+15",
            "scientific-number",
            (
                "Cell: '1.2345E+15' is a number that a program has shortened; format the column as text and enter it "
                "again, or declare scientific: as_read"
            ),
        ),
        (
            "",
            Decimal(1234567890123456),
            "too-many-digits",
            (
                "Cell: the number 1234567890123456 has more than 15 digits, which spreadsheets do not keep; format the "
                "column as text and enter it again"
            ),
        ),
    ],
)
def test_a_text_that_says_nothing_sure_is_a_finding(target: str, cell: Cell, code: str, message: str) -> None:
    value, (finding,) = applied(TEXT, target, "", cell)
    assert (value, finding.code, finding.message) == (None, code, message)


@pytest.mark.parametrize(
    ("cell", "sent"),
    [(datetime(2026, 3, 1), "2026-03-01"), (date(2026, 3, 1), "2026-03-01"), (time(7, 30), "07:30:00")],
)
def test_a_date_where_text_is_wanted_is_sent_and_told(cell: Cell, sent: str) -> None:
    value, (finding,) = applied(TEXT, "", "", cell)
    assert (value, finding.code, finding.severity.value) == (sent, "date-as-text", "notice")
    told = f"Cell: the cell is a date and is sent as {sent!r}; format the column as text if that is not meant"
    assert finding.message == told


def test_a_cut_is_told_and_keeps_to_the_shorter_limit() -> None:
    settings = "rules: {order-lines/source-part-num: {length: 4}}"
    value, (finding,) = applied(TEXT, "shorten: true", settings, "ABCDEFG")
    assert (value, finding.code, finding.severity.value) == ("ABCD", "shortened", "notice")
    assert finding.message == "Cell: cut from 7 to 4 characters, as the mapping says"


def test_one_bad_cell_that_fills_two_elements_is_told_of_once() -> None:
    text = MAPPING.format(to="currency/code", target="", settings="", constants="").replace(
        "{to: currency/code}", "[currency/code, order-lines/uom/code]"
    )
    text = text.replace("code: USD", "code: USD, order-lines/description: d, order-lines/price: 1")
    mapping = load_import(text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))
    applier = Applier(mapping, [Column(1, "PO"), Column(2, "Other"), Column(3, "Cell")])
    records = applier.apply(Chunk([2], [["1"], [None], ["far too long"]]))
    assert [finding.code for finding in records.findings] == ["too-long"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("$1,234.50", "1234.50"), ("1,234.50 $", "1234.50"), ("-$5", "-5"), ("$-5", "-5"), ("($5.00)", "-5.00"),
        ("$(5.00)", "-5.00"), ("5.00- USD", "-5.00"), ("USD 5", "5"), ("5USD", "5"), (".50", "0.50"), ("0012", "12"),
    ],
)  # fmt: skip
def test_currency_and_sign_stand_before_or_behind(text: str, number: str) -> None:
    assert NumberReader(NumberMarks(".", ",", ("$", "USD"))).read(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1$234", "$$5", "--5", "-(5)", "5 EUR", "1,23", "1,2345", "12,34,567", "1 234", ""])
def test_currency_and_marks_in_wrong_places_are_no_number(text: str) -> None:
    with pytest.raises(Unreadable):
        NumberReader(NumberMarks(".", ",", ("$", "USD"))).read(text)


@pytest.mark.parametrize("mark", [" ", "\u00a0", "\u202f", "\u2009"])
def test_thousands_may_be_parted_by_any_kind_of_space(mark: str) -> None:
    assert NumberReader(NumberMarks(",", " ")).read(f"1{mark}234{mark}567,89") == Decimal("1234567.89")


NEW_YORK = ZoneInfo("America/New_York")


def read(text: str, *patterns: str, pivot: int | None = None) -> str:
    options = DateOptions(zone=NEW_YORK, pivot=pivot, patterns=tuple(map(DatePattern.parse, patterns)))
    return write_moment(DateReader(options).read(text))


@pytest.mark.parametrize(
    ("pattern", "text", "written"),
    [
        ("DD.MM.YYYY HH:mm", "13.02.2026 17:05", "2026-02-13T17:05:00-05:00"),
        ("D.M.YYYY", "3.2.2026", "2026-02-03T00:00:00-05:00"),
        ("DD-MMM-YY", "13-FEB-26", "2026-02-13T00:00:00-05:00"),
        ("D MMMM YYYY", "13 february 2026", "2026-02-13T00:00:00-05:00"),
        ("MM/DD/YYYY hh:mm A", "02/13/2026 12:05 AM", "2026-02-13T00:05:00-05:00"),
        ("YYYYMMDD", "20260213", "2026-02-13T00:00:00-05:00"),
        ("YYYY-MM-DDTHH:mm:ss", "2026-02-13T01:02:03", "2026-02-13T01:02:03-05:00"),
        ("YYYY-MM-DD HH:mm:ss.000", "2026-07-13 00:00:00.000", "2026-07-13T00:00:00-04:00"),
    ],
)
def test_a_date_is_read_by_its_declared_pattern(pattern: str, text: str, written: str) -> None:
    assert read(text, pattern, pivot=69) == written


@pytest.mark.parametrize(
    ("patterns", "text", "code", "message"),
    [
        (["DD.MM.YYYY"], "2026-02-13", "not-a-date", "'2026-02-13' is not a date written as DD.MM.YYYY; correct it"),
        (["DD.MM.YYYY"], "3.2.2026", "not-a-date", "'3.2.2026' is not a date written as DD.MM.YYYY; correct it"),
        (["DD.MM.YYYY"], "31.02.2026", "not-a-date", "'31.02.2026' names a day or time that does not exist"),
        (["MM/DD/YYYY hh:mm A"], "02/13/2026 13:05 PM", "not-a-date",
            (
                "'02/13/2026 13:05 PM' names an hour that PM does not have"
            )),
        (["DD/MM/YYYY", "MM/DD/YYYY"], "03/04/2026", "ambiguous-date",
            (
                "'03/04/2026' could be 2026-04-03 by DD/MM/YYYY or 2026-03-04 by MM/DD/YYYY; declare one of "
                "these patterns only"
            )),
    ],
)  # fmt: skip
def test_what_no_declared_pattern_reads_one_way_is_refused(
    patterns: list[str], text: str, code: str, message: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text, *patterns)
    assert (caught.value.code, caught.value.message) == (code, message)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("DD.MM", "the pattern 'DD.MM' must have year, month and day, as in DD.MM.YYYY"),
        ("DD.DD.MM.YYYY", "the pattern 'DD.DD.MM.YYYY' says something twice; write each part once"),
        ("DD.MM.YYYY hh:mm", "the pattern 'DD.MM.YYYY hh:mm' must have h or hh together with A, or H alone"),
        ("dd.MM.YYYY",
            (
                "'dd' in the pattern 'dd.MM.YYYY' means nothing; known are YYYY, YY, MMMM, MMM, MM, M, DD, D, "
                "HH, H, hh, h, mm, ss, A; a word of its own stands in apostrophes"
            )),
    ],
)  # fmt: skip
def test_a_wrong_pattern_is_an_error_of_the_mapping(pattern: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        applied(TEXT, "", f"dates: {{patterns: ['{pattern}']}}", None)
    assert caught.value.problems == (f"m.yaml:4:20: {problem}",)


def test_a_time_that_clocks_left_out_is_refused_and_such_a_midnight_is_its_days_start() -> None:
    with pytest.raises(Unreadable) as caught:
        DateReader(DateOptions("YMD", NEW_YORK)).read("2026-03-08 02:30")
    assert caught.value.code == "no-such-time"
    brazil = DateReader(DateOptions("YMD", ZoneInfo("America/Sao_Paulo")))
    assert write_moment(brazil.read("2017-10-15")) == "2017-10-15T01:00:00-02:00"


def test_one_column_is_written_in_one_way_unless_its_order_is_declared() -> None:
    sheet_date = datetime(2026, 1, 12)
    reader = DateReader(DateOptions(zone=NEW_YORK))
    reader.read_cell(sheet_date)
    with pytest.raises(Unreadable) as caught:
        reader.read("13/01/2026")
    assert caught.value.message == (
        "'13/01/2026' is DMY, but dates above it are dates of the spreadsheet; write one way, declare "
        "dates.order, or say mixed_dates: as_read"
    )
    declared = DateReader(DateOptions("DMY", NEW_YORK))
    declared.read_cell(sheet_date)
    assert declared.read("13/01/2026").day == 13


def test_all_ambiguous_dates_of_a_column_say_what_the_first_could_be() -> None:
    reader = DateReader(DateOptions(zone=NEW_YORK))
    for text in ("03/04/2026", "05/06/2026"):
        with pytest.raises(Unreadable) as caught:
            reader.read(text)
        assert caught.value.message == (
            "'03/04/2026' could be 2026-04-03 or 2026-03-04; declare dates.order: DMY or MDY"
        )


def test_the_profiles_time_zone_stands_in_where_the_mapping_declares_none() -> None:
    constants = ", order-lines/description: d, order-lines/price: 1"
    text = MAPPING.format(to="order-lines/need-by-date", target="", settings="", constants=constants)
    with pytest.raises(MappingError, match="is a moment; declare the zone it is meant in"):
        load_import(text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))
    mapping = load_import(text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text, "Asia/Tokyo"))
    assert str(mapping.marks.dates.zone) == "Asia/Tokyo"


@pytest.mark.parametrize(("keys", "value"), [("", None), ("keys: exact", "10042.0")])
def test_a_code_that_a_program_made_decimal_is_told_and_as_a_number_of_an_order_held(
    keys: str, value: str | None
) -> None:
    sent, (told,) = applied(TEXT, "", "", "10042.0")
    message = "Cell: '10042.0' looks like '10042' that a program has made decimal; it is sent as it stands"
    assert (sent, told.code, told.severity, told.message) == (
        "10042.0",
        "decimal-code",
        Severity.NOTICE,
        message,
    )
    text = MAPPING.format(
        to=TEXT, target="", settings=keys, constants="".join(f", {path}: {made}" for path, made in NEEDED.items())
    )
    mapping = load_import(text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))
    records = Applier(mapping, [Column(1, "PO"), Column(2, "Other"), Column(3, "Cell")]).apply(
        Chunk([2], [["10042.0"], [None], ["c"]])
    )
    assert records.keys == [value]
    assert [(found.code, found.severity) for found in records.findings if found.code == "decimal-code"] == [
        ("decimal-code", Severity.NOTICE if value else Severity.ERROR)
    ]


@pytest.mark.parametrize("text", ["2.00", "v1.0", "1.0.0", "-7.0", "10042"])
def test_what_is_no_code_made_decimal_is_sent_without_a_word(text: str) -> None:
    assert applied(TEXT, "", "", text) == (text, [])
