"""How cells are written, declared for one column beside the mapping's own declaration."""

from pathlib import Path

import pytest
from cleaned import clean_documents

from bulkpo.errors import MappingError
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.document import Value
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped, read_mapping
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: marks
document: {{key: po-number}}
numbers: {{decimal: ",", thousands: "."}}
dates: {{order: DMY, time_zone: Europe/Berlin}}
blanks: [N/A]
columns:
  PO: po-number
  Quantity: {quantity}
  Price: {price}
  Due: {due}
  Text: {text}
constants:
  ship-to-user/login: m
  currency/code: EUR
  order-lines/currency/code: EUR
"""
PLAIN = {
    "quantity": "order-lines/quantity",
    "price": "order-lines/price",
    "due": "order-lines/need-by-date",
    "text": "order-lines/description",
}


def mapping(folder: Path, **entries: str) -> Path:
    path = folder / "m.yaml"
    path.write_text(MAPPING.format(**{**PLAIN, **entries}), encoding="utf-8")
    return path


def loaded(folder: Path, **entries: str) -> ImportMapping:
    return read_mapping(mapping(folder, **entries), TABLES)


def line_of(folder: Path, row: str, **entries: str) -> dict[str, Value] | list[str]:
    """The values of the one line that a row gives, or the messages of what is wrong."""
    (folder / "o.csv").write_text(f"PO;Quantity;Price;Due;Text\n{row}\n", encoding="utf-8")
    file = open_mapped(mapping(folder, **entries), folder / "o.csv", TABLES)
    checked = check(file)
    if checked.has_errors:
        return [finding.message for finding in checked.errors]
    (document,) = clean_documents(file, checked)
    assert file.mapping.layout.below is not None
    names = [str(field.path) for field in file.mapping.layout.below.fields]
    return dict(zip(names, document.members[0].values, strict=True))


def test_a_column_has_numbers_of_its_own(tmp_path: Path) -> None:
    entry = '{to: order-lines/quantity, numbers: {decimal: ".", thousands: ","}}'
    line = line_of(tmp_path, "P1;1,234.5;1.234,50;13.05.2026;Bolt", quantity=entry)
    assert isinstance(line, dict)
    assert (line["quantity"], line["price"]) == ("1234.5", "1234.50")


def test_a_column_has_dates_of_its_own_and_keeps_the_mappings_zone(tmp_path: Path) -> None:
    line = line_of(
        tmp_path, "P1;1;2;05/13/2026;Bolt", due="{to: order-lines/need-by-date, dates: {patterns: [MM/DD/YYYY]}}"
    )
    assert isinstance(line, dict)
    assert line["need-by-date"] == "2026-05-13T00:00:00+02:00"


def test_a_column_has_blanks_of_its_own(tmp_path: Path) -> None:
    row = "P1;1;2;00.00.0000;N/A"
    line = line_of(
        tmp_path,
        row,
        due="{to: order-lines/need-by-date, blanks: [00.00.0000]}",
        text="{to: order-lines/description, blanks: [none]}",
    )
    assert isinstance(line, dict)
    assert (line["need-by-date"], line["description"]) == (None, "N/A")


@pytest.mark.parametrize("said", ["ignore: only to divide by", "require: {gt: 0}"])
def test_a_column_that_fills_nothing_has_marks_of_its_own_for_what_is_calculated(tmp_path: Path, said: str) -> None:
    line = line_of(
        tmp_path,
        "P1;1;1.250,00;13.05.2026;1,000.0",
        due="order-lines/description",
        price="{to: order-lines/price, divide_by: Text}",
        text=f'{{{said}, numbers: {{decimal: ".", thousands: ","}}, blanks: ["-"]}}',
    )
    assert isinstance(line, dict)
    assert line["price"] == "1.25"


def test_a_column_of_several_elements_declares_beside_to(tmp_path: Path) -> None:
    due = "{to: [order-lines/need-by-date, order-lines/supp-aux-part-num], dates: {order: MDY}}"
    assert loaded(tmp_path, due=due).marks_of("Due").dates.order == "MDY"


@pytest.mark.parametrize(
    ("due", "problem"),
    [
        ("{to: order-lines/need-by-date, dates: {languages: [de]}}",
            "m.yaml:11:47: languages are for the names of months; add a pattern that has one, such as D MMMM YYYY"),
        ("{to: order-lines/need-by-date, dates: {languages: [qq], patterns: [D MMM YYYY]}}",
            (
                "m.yaml:11:58: 'qq' is no language whose months are known; write two or three letters, such as de, fr "
                "or pt-BR"
            )),
        ("{to: order-lines/need-by-date, dates: {time_zone: Mars}}",
            "m.yaml:11:58: 'Mars' is not a time zone; write one like America/New_York"),
        ('{to: order-lines/need-by-date, numbers: {decimal: ".", thousands: "."}}',
            "m.yaml:11:74: '.' cannot be both the decimal mark and that of thousands"),
        ('{to: order-lines/need-by-date, numbers: {decimal: ".", grouping: indian}}',
            'm.yaml:11:73: digits in groups have a mark between them; add thousands: ","'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_columns_marks_is_told_where_they_stand(tmp_path: Path, due: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        loaded(tmp_path, due=due)
    assert caught.value.problems == (problem,)


def test_patterns_and_an_order_beside_them_read_what_only_one_of_them_can(tmp_path: Path) -> None:
    due = "{to: order-lines/need-by-date, dates: {order: DMY, patterns: [YYYYMMDD, D. MMMM YYYY], languages: [de]}}"
    for text in ("13.05.2026", "20260513", "13. Mai 2026", "2026-05-13"):
        line = line_of(tmp_path, f"P1;1;2;{text};Bolt", due=due)
        assert isinstance(line, dict), line
        assert line["need-by-date"] == "2026-05-13T00:00:00+02:00"


def test_a_date_that_a_pattern_and_the_order_read_differently_is_an_error(tmp_path: Path) -> None:
    due = "{to: order-lines/need-by-date, dates: {order: DMY, patterns: [MM/DD/YYYY]}}"
    (message,) = line_of(tmp_path, "P1;1;2;03/04/2026;Bolt", due=due)
    assert message == (
        "Due: '03/04/2026' could be 2026-03-04 by MM/DD/YYYY or 2026-04-03 in the order DMY; declare one of these "
        "ways only"
    )
    line = line_of(tmp_path, "P1;1;2;04/04/2026;Bolt", due=due)
    assert isinstance(line, dict)
    assert line["need-by-date"] == "2026-04-04T00:00:00+02:00"


@pytest.mark.parametrize(
    ("languages", "pattern", "text"),
    [
        ("de", "D. MMMM YYYY", "5. März 2026"),
        ("de", "D. MMMM YYYY", "5. MRZ 2026"),
        ("de", "D. MMMM YYYY", "5. Marz 2026"),
        ("de", "D. MMM YYYY", "5. mär. 2026"),
        ("de", "D. MMM YYYY", "5. Maerz 2026"),
        ("de-AT", "DD.MMM.YYYY", "05.Mär..2026"),
        ("fr", "D MMMM YYYY", "5 mars 2026"),
        ("nl", "D-MMM-YYYY", "5-mrt-2026"),
        ("ru", "D MMMM YYYY", "5 марта 2026"),
        ("ru", "D MMMM YYYY", "5 март 2026"),
        ("tr", "D MMMM YYYY", "5 MART 2026"),
        ("ca", "D MMMM 'de' YYYY", "5 de març de 2026"),
        ("es", "D 'de' MMMM 'de' YYYY", "5 de marzo de 2026"),
        ("pt-BR", "D/MMM/YYYY", "5/mar./2026"),
        ("fi", "D. MMMM YYYY", "5. maaliskuuta 2026"),
        ("ja", "YYYY年MMMD日", "2026年3月5日"),
        ("de, fr", "D MMM YYYY", "5 mars 2026"),
    ],
)
def test_months_are_read_by_their_names_in_the_languages_declared(
    tmp_path: Path, languages: str, pattern: str, text: str
) -> None:
    due = f'{{to: order-lines/need-by-date, dates: {{patterns: ["{pattern}"], languages: [{languages}]}}}}'
    line = line_of(tmp_path, f"P1;1;2;{text};Bolt", due=due)
    assert isinstance(line, dict), line
    assert line["need-by-date"] == "2026-03-05T00:00:00+01:00"


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("5 KASIM 2026", "11"),
        ("5 Kas\u0131m 2026", "11"),
        ("5 kasim 2026", "11"),
        ("5 EYLÜL 2026", "09"),
        ("5 AĞUSTOS 2026", "08"),
        ("5 HAZİRAN 2026", "06"),
    ],
)
def test_turkish_months_are_read_with_and_without_their_dots(tmp_path: Path, text: str, month: str) -> None:
    due = "{to: order-lines/need-by-date, dates: {patterns: [D MMMM YYYY], languages: [tr]}}"
    line = line_of(tmp_path, f"P1;1;2;{text};Bolt", due=due)
    assert isinstance(line, dict), line
    assert str(line["need-by-date"]).startswith(f"2026-{month}-05")


def test_a_name_that_two_languages_give_to_different_months_is_an_error(tmp_path: Path) -> None:
    due = "{to: order-lines/need-by-date, dates: {patterns: [D MMMM YYYY], languages: [hr, cs]}}"
    (message,) = line_of(tmp_path, "P1;1;2;5 listopad 2026;Bolt", due=due)
    assert message.startswith("Due: '5 listopad 2026' could be 2026-10-05 by D MMMM YYYY or 2026-11-05 by D MMMM YYYY")


def test_a_month_of_a_language_that_is_not_declared_is_no_month(tmp_path: Path) -> None:
    due = "{to: order-lines/need-by-date, dates: {patterns: [D MMMM YYYY], languages: [fr]}}"
    assert line_of(tmp_path, "P1;1;2;5 Mai 2026;Bolt", due=due) != []
    assert line_of(tmp_path, "P1;1;2;5 Oktober 2026;Bolt", due=due) == [
        "Due: '5 Oktober 2026' is not a date written as D MMMM YYYY; correct it"
    ]
