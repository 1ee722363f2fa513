"""What reads well and is wrong all the same: it is held where the file betrays it, and the mapping can let it be."""

from datetime import datetime
from pathlib import Path

import pytest
from cleaned import clean_documents
from openpyxl import Workbook

from bulkpo.errors import MappingError
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

MAPPING = """\
bulkpo: import/1
name: doubts
document: {key: po-number, number_lines: true}
numbers: {decimal: ".", thousands: ","}
dates: {order: DMY, time_zone: Europe/Paris}
columns:
  PO: po-number
  Text: order-lines/description
  Date: order-lines/need-by-date
  Price: order-lines/price
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  currency/code: USD
  order-lines/currency/code: USD
  order-lines/type: OrderAmountLine
  order-lines/account/code: A
"""
TABLES = ElementTables(schema_text)
Cells = tuple[str | int | datetime | None, ...]


def checked(folder: Path, *rows: Cells, mapping: str = MAPPING, more: str = "") -> Checked:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("PO", "Text", "Date", "Price"), *rows):
        sheet.append(row)
    book.save(folder / "o.xlsx")
    (folder / "m.yaml").write_text(mapping + more, encoding="utf-8")
    return check(open_mapped(folder / "m.yaml", folder / "o.xlsx", TABLES))


def test_real_dates_are_held_where_text_beside_them_shows_that_days_were_taken_for_months(tmp_path: Path) -> None:
    rows = (("A1", "x", datetime(2026, 12, 3), 1), ("A2", "x", "13/03/2026", 1), ("A3", "x", datetime(2026, 1, 9), 1))
    found = checked(tmp_path, *rows)
    assert found.failed_keys == {"A1", "A3"}
    assert found.errors[0].message == (
        "Date: the spreadsheet has probably misread 2026-12-03: no date of the column has a day above 12, but text "
        "such as '13/03/2026' has; correct the column, or say mixed_dates: as_read"
    )
    let_be = checked(tmp_path, *rows, more="mixed_dates: as_read\n")
    assert (let_be.errors, [each.code for each in let_be.notices].count("mixed-dates")) == ([], 2)
    one = MAPPING.replace(
        "Date: order-lines/need-by-date", "Date: {to: order-lines/need-by-date, mixed_dates: as_read}"
    )
    assert checked(tmp_path, *rows, mapping=one).errors == []


@pytest.mark.parametrize("text", ["2026-03-13", "2026/03/13", "13 March 2026", "12/03/2026", "99/13/2026"])
def test_other_text_says_nothing_about_the_dates_beside_it(tmp_path: Path, text: str) -> None:
    found = checked(tmp_path, ("A1", "x", datetime(2026, 12, 3), 1), ("A2", "x", text, 1))
    assert "A1" not in found.failed_keys


def test_one_real_date_above_the_twelfth_clears_the_column(tmp_path: Path) -> None:
    rows = (("A1", "x", datetime(2026, 12, 3), 1), ("A2", "x", "13/03/2026", 1), ("A3", "x", datetime(2026, 1, 19), 1))
    assert checked(tmp_path, *rows).errors == []


def test_numbers_that_fit_by_chance_are_held_where_most_of_the_column_is_written_otherwise(tmp_path: Path) -> None:
    rows = (("A1", "x", None, "1,234"), ("A2", "x", None, "12,5"), ("A3", "x", None, "7,5"), ("A4", "x", None, 12))
    found = checked(tmp_path, *rows)
    assert found.failed_keys == {"A1", "A2", "A3"}
    (error,) = [each for each in found.errors if each.code == "mixed-numbers"]
    assert error.message == (
        "Price: '1,234' fits the declared marks by chance: most of the column, such as '12,5', is written with others; "
        "declare the right ones, or say mixed_numbers: as_read"
    )
    let_be = checked(tmp_path, *rows, more="mixed_numbers: as_read\n")
    assert let_be.failed_keys == {"A2", "A3"}


def test_prose_and_blanks_do_not_contradict_the_marks(tmp_path: Path) -> None:
    rows = [("A1", "x", None, "1,234"), *((f"B{each}", "x", None, "on request") for each in range(9))]
    assert "A1" not in checked(tmp_path, *rows).failed_keys


def test_values_met_again_count_each_time(tmp_path: Path) -> None:
    rows = [(f"A{each}", "x", None, "1,234") for each in range(600)]
    more = [(f"B{each}", "x", None, "12,5") for each in range(400)]
    assert len(checked(tmp_path, *rows, *more).failed_keys) == 400


@pytest.mark.parametrize("when", ["01/01/0025", "01/01/1900", "31/12/2205", datetime(1900, 1, 1)])
def test_a_year_no_order_has_is_an_error_and_can_be_let_be_or_named_a_blank(
    tmp_path: Path, when: str | datetime
) -> None:
    (error,) = checked(tmp_path, ("A1", "x", when, 1)).errors
    assert (error.code, error.row, error.column) == ("far-date", 2, 3)
    blank = "blanks: [01/01/0025, 01/01/1900, 31/12/2205, 1900-01-01]\n"
    assert checked(tmp_path, ("A1", "x", when, 1), more=blank).errors == []


def test_a_date_for_ever_is_a_notice_and_any_year_can_be_declared(tmp_path: Path) -> None:
    found = checked(tmp_path, ("A1", "x", "31/12/9999", 1))
    assert [(each.code, each.severity) for each in found.findings if each.row] == [("far-date", "notice")]
    mapping = MAPPING.replace("time_zone: Europe/Paris", "time_zone: Europe/Paris, years: as_read")
    assert checked(tmp_path, ("A1", "x", "31/12/2205", 1), mapping=mapping).errors == []
    (error,) = checked(tmp_path, ("A1", "x", "01/01/1900", 1), mapping=mapping).errors
    assert error.message == (
        "Date: 1900-01-01 is from before the time zones of today; correct it, or name it among blanks"
    )


def test_the_declared_order_is_not_advised_again(tmp_path: Path) -> None:
    (error,) = checked(tmp_path, ("A1", "x", "soon", 1)).errors
    assert error.message == "Date: 'soon' is not a date; write it as 2026-01-31 or in the declared order"


def test_characters_that_cannot_be_seen_are_left_out_of_values_and_told(tmp_path: Path) -> None:
    found = checked(tmp_path, ("A1", "Ac\u200bme\ufeff", "\u200e13/03/2026", "\u200e1,234"))
    assert found.errors == []
    assert [each.message for each in found.notices if each.code == "unseen-characters"] == [
        "Text: 'Ac<U+200B>me<U+FEFF>' has characters that cannot be seen; it is sent without them",
        "Date: '<U+200E>13/03/2026' has characters that cannot be seen; it is sent without them",
        "Price: '<U+200E>1,234' has characters that cannot be seen; it is sent without them",
    ]
    (document,) = clean_documents(open_mapped(tmp_path / "m.yaml", tmp_path / "o.xlsx", TABLES), found)
    assert document.members[0].values[:3] == ("Acme", "2026-03-13T00:00:00+01:00", "1234")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ("po1", "keys-alike"),
        ("PO1\u200b", "keys-alike"),
        ("P\u00adO1", "keys-alike"),
        ("\u0420\u041e1", "keys-alike"),
        ("00PO1", "zeros-lost"),
        ("PO\uff11", "keys-alike"),
    ],
)
def test_order_numbers_that_look_alike_are_both_held_unless_they_are_said_to_be_exact(
    tmp_path: Path, other: str, code: str
) -> None:
    rows = (("PO1", "x", None, 1), (other, "x", None, 1), ("PO2", "x", None, 1))
    found = checked(tmp_path, *rows)
    assert (found.failed_keys, {each.code for each in found.errors}) == ({"PO1", other}, {code})
    exact = checked(tmp_path, *rows, more="keys: exact\n")
    assert (exact.errors, [each.code for each in exact.notices].count(code)) == ([], 2)


@pytest.mark.parametrize("key", ["PO1\u200b", "\u200ePO1", "P\u00adO1", "PO\u200d1", "PO1\ufe0f", "\u202aPO1\u202c"])
def test_an_order_number_with_unseen_characters_is_held_alone_unless_it_is_said_to_be_exact(
    tmp_path: Path, key: str
) -> None:
    rows = ((key, "x", None, 1), ("PO2", "x", None, 1))
    found = checked(tmp_path, *rows)
    assert (found.failed_keys, [each.code for each in found.errors]) == ({key}, ["unseen-in-number"])
    assert found.errors[0].message.endswith(
        "has characters that cannot be seen, and Coupa would keep them; remove them, or say keys: exact if they are "
        "meant"
    )
    exact = checked(tmp_path, *rows, more="keys: exact\n")
    assert (exact.errors, [each.code for each in exact.notices].count("unseen-in-number")) == ([], 1)


def test_iso_text_beside_dates_of_the_spreadsheet_is_read(tmp_path: Path) -> None:
    mapping = MAPPING.replace("order: DMY, ", "")
    rows = (("A1", "x", datetime(2026, 12, 3), 1), ("A2", "x", "2026-03-15", 1), ("A3", "x", "2026-03-05", 1))
    assert checked(tmp_path, *rows, mapping=mapping).errors == []


def test_dates_written_in_several_ways_are_let_be_where_the_mapping_says_so(tmp_path: Path) -> None:
    mapping = MAPPING.replace("order: DMY, ", "")
    rows = (("A1", "x", datetime(2026, 12, 3), 1), ("A2", "x", "15/03/2026", 1))
    assert checked(tmp_path, *rows, mapping=mapping).failed_keys == {"A1", "A2"}
    assert checked(tmp_path, *rows, mapping=mapping, more="mixed_dates: as_read\n").errors == []


def test_order_numbers_that_differ_in_what_can_be_seen_are_two_orders(tmp_path: Path) -> None:
    rows = [(key, "x", None, 1) for key in ("PO-3", "PO3", "PO 3", "PO.3", "PO/3", "P03")]
    assert checked(tmp_path, *rows).errors == []


def test_order_numbers_alike_but_for_the_form_of_an_accent_or_a_blank_are_held_and_shown(tmp_path: Path) -> None:
    found = checked(tmp_path, ("Ü 1", "x", None, 1), ("U\u0308\u00a01", "x", None, 1))
    assert found.errors[0].message.startswith(
        "orders Ü 1 and U<U+0308><U+00A0>1 (row 3) look alike, and differ in case"
    )


def test_a_column_may_be_named_above_its_own_entry(tmp_path: Path) -> None:
    mapping = MAPPING.replace(
        "  Text: order-lines/description\n",
        "  Date: {to: order-lines/need-by-date, when: {Text: x}}\n"
        "  PO: {to: po-number, join: [Text], separator: '-'}\n  Text: order-lines/description\n",
    ).replace("  PO: po-number\n", "", 1)
    mapping = mapping.replace("  Date: order-lines/need-by-date\n", "")
    found = checked(tmp_path, ("A1", "x", None, 1), mapping=mapping)
    assert found.errors == []


@pytest.mark.parametrize("path", ["created-by/login", "first-order-line-requisition-header/id", "version"])
def test_what_coupa_sets_itself_cannot_be_filled(tmp_path: Path, path: str) -> None:
    with pytest.raises(
        MappingError, match=f"{path.split('/', maxsplit=1)[0]} is read-only: Coupa sets it itself; remove it"
    ):
        checked(tmp_path, ("A1", "x", None, 1), mapping=MAPPING.replace("order-lines/need-by-date", path))


def test_a_silent_mapping_issues_nothing(tmp_path: Path) -> None:
    silent = "silent: required\nafter_create: issue\n"
    mapping = MAPPING.replace("constants:\n", "constants:\n  transmission-method-override: do_not_transmit\n")
    with pytest.raises(MappingError, match="this sends every order, and the mapping is silent: required"):
        checked(tmp_path, ("A1", "x", None, 1), mapping=mapping, more=silent)
