from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bulkpo.mapping.values.cells import reader_for, text_of
from bulkpo.mapping.values.dates import DateOptions, DateReader
from bulkpo.mapping.values.numbers import NumberReader
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.document import Value
from bulkpo.model.table import Cell, CellError
from bulkpo.schema.tables import Element


def read(kind: str, cell: Cell) -> Value:
    dates = DateReader(DateOptions("DMY", ZoneInfo("UTC")))
    return reader_for(Element("x", kind), NumberReader(None), dates)(cell)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("string", "  0042 ", "0042"),
        ("string", Decimal(42), "42"),
        ("string", Decimal("42.0"), "42"),
        ("string", Decimal("1.50"), "1.5"),
        ("string", Decimal("-0.25"), "-0.25"),
        ("string", datetime(2026, 1, 31), "2026-01-31"),
        ("string", datetime(2026, 1, 31, 7, 5), "2026-01-31 07:05:00"),
        ("string", "   ", None),
        ("string", None, None),
        ("text", "two\nlines", "two\nlines"),
        ("decimal", Decimal("50.2600"), "50.26"),
        ("decimal", "1234.50", "1234.50"),
        ("decimal", Decimal("1E+3"), "1000"),
        ("integer", Decimal("5.0"), "5"),
        ("integer", "007", "7"),
        ("boolean", "Yes", "true"),
        ("boolean", Decimal(0), "false"),
        ("datetime", datetime(2026, 1, 31, 7, 5), "2026-01-31T07:05:00+00:00"),
        ("datetime", date(2026, 1, 31), "2026-01-31T00:00:00+00:00"),
        ("date", datetime(2026, 1, 31, 7, 5), "2026-01-31"),
        ("date", "31.01.2026", "2026-01-31"),
    ],
)
def test_a_cell_becomes_its_value_in_coupas_form(kind: str, cell: Cell, value: Value) -> None:
    assert read(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("string", CellError("#N/A"), "error-cell"),
        ("decimal", CellError("#DIV/0!"), "error-cell"),
        ("string", "a\x07b", "control-character"),
        ("string", Decimal(12345678901234567890), "too-many-digits"),
        ("string", Decimal("1.2E+20"), "too-many-digits"),
        ("decimal", datetime(2026, 1, 31), "not-a-number"),
        ("integer", Decimal("5.5"), "not-whole"),
        ("boolean", "perhaps", "not-true-or-false"),
        ("datetime", Decimal(46053), "not-a-date"),
    ],
)
def test_a_cell_with_no_one_meaning_is_refused(kind: str, cell: Cell, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(kind, cell)
    assert caught.value.code == code


def test_the_text_of_a_number_keeps_all_fifteen_digits() -> None:
    assert text_of(Decimal(123456789012345)) == "123456789012345"
