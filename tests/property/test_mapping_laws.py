"""Laws of reading: a check finds what JSON Schema finds, and what is written in a declared format is read as itself."""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulkpo.mapping.values.cells import reader_for
from bulkpo.mapping.values.date_patterns import DatePattern
from bulkpo.mapping.values.dates import DateOptions, DateReader
from bulkpo.mapping.values.numbers import NumberMarks, NumberReader
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import Element, ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
BESIDE = {"order-header": {"po-number"}, "order-line": {"line-num", "quantity"}}
"""Elements with rules of their own between rows: keys, line numbers, quantities."""


def plain_elements(object_name: str) -> dict[str, Element]:
    """What can be sent of an object itself."""
    elements = TABLES.object(object_name).elements
    return {
        name: element
        for name, element in elements.items()
        if element.is_plain and not element.read_only and name not in BESIDE[object_name]
    }


HEADER, LINE = plain_elements("order-header"), plain_elements("order-line")


def schema_of(element: Element) -> dict[str, Any]:
    """An element's facts as JSON Schema says them, for its value as text."""
    limit: dict[str, Any] = {} if element.length is None else {"maxLength": element.length}
    if element.values:
        return {"enum": list(element.values), **limit}
    whole, scale = (element.precision or 99) - (element.scale or 0), element.scale or 0
    exact = rf"^[-+]?0*\d{{0,{whole}}}(\.\d{{0,{scale}}}0*)?$" if element.precision else r"^[-+]?\d+(\.\d+)?$"
    by_type: dict[str, dict[str, Any]] = {
        "decimal": {"pattern": exact},
        "float": {"pattern": exact},
        "integer": {"pattern": r"^[-+]?\d+(\.0+)?$"},
        "boolean": {"enum": ["true", "false"]},
        "datetime": {"pattern": r"^20[0-9]{2}-[01][0-9]-[0-2][0-9]$"},
    }
    return by_type.get(element.type, limit)


def object_schema(object_name: str, elements: Mapping[str, Element]) -> dict[str, Any]:
    table = TABLES.object(object_name).elements
    return {
        "type": "object",
        "properties": {name: schema_of(element) for name, element in elements.items()},
        "required": [name for name in elements if table[name].required],
    }


LINE_SCHEMA = object_schema("order-line", LINE)
SCHEMA = object_schema("order-header", HEADER)
SCHEMA["properties"]["order-lines"] = {"type": "array", "minItems": 1, "items": LINE_SCHEMA}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

WORDS = st.text(alphabet="ABz é'<&", min_size=1, max_size=300).map(str.strip).filter(bool)
DIGITS = st.text(alphabet="0123456789", min_size=1, max_size=32)
NUMBERS = st.tuples(st.sampled_from(["", "-"]), DIGITS, st.sampled_from(["", "."]), st.text("0123456789", max_size=8))
DAYS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 28)).filter(lambda moment: moment.day < 29)


def number_text(parts: tuple[str, str, str, str]) -> str:
    sign, whole, mark, fraction = parts
    return f"{sign}{whole}" + (f".{fraction}" if mark and fraction else "")


GOOD = {"decimal": "12.50", "float": "1", "integer": "7", "boolean": "true", "datetime": "2026-01-31"}
"""A fitting text for each type; any other is text."""


def good_texts(element: Element) -> st.SearchStrategy[str]:
    """Texts that fit an element; none only where it is not required."""
    good = element.values[0] if element.values else GOOD.get(element.type, "fits").replace("-31", "-28")
    return st.just(good) if element.required else st.sampled_from([good, ""])


def any_texts(element: Element) -> st.SearchStrategy[str]:
    """Texts an element may find in its cell: fitting, nearly fitting, and none at all."""
    if element.values:
        return st.sampled_from(["", *element.values, element.values[0].upper(), "other"])
    by_type: dict[str, st.SearchStrategy[str]] = {
        "decimal": NUMBERS.map(number_text) | st.sampled_from(["", "x1"]),
        "float": NUMBERS.map(number_text) | st.sampled_from(["", "x1"]),
        "integer": st.sampled_from(["", "-3", "0012", "7.5", "7.0", "seven"]),
        "boolean": st.sampled_from(["", "true", "false", "maybe"]),
        "datetime": DAYS.map(lambda moment: f"{moment:%Y-%m-%d}") | st.sampled_from(["", "soon"]),
    }
    return by_type.get(element.type, WORDS | st.just(""))


def mapping_text() -> str:
    columns = [f"  {name}: {name}" for name in HEADER]
    columns += [f"  line {name}: order-lines/{name}" for name in LINE]
    return (
        "bulkpo: import/1\nname: law\ndocument: {key: po-number}\nnumbers: {decimal: '.'}\n"
        "dates: {order: YMD, time_zone: UTC}\ncolumns:\n  key: po-number\n" + "\n".join(columns) + "\n"
        "constants: {ship-to-user/login: m, order-lines/currency/code: USD}\n"
        "rules: {order-lines/quantity: {required: false}, order-lines/uom: {required: false}}\n"
    )


def object_texts(elements: Mapping[str, Element]) -> st.SearchStrategy[dict[str, str]]:
    """Fitting texts for an object's elements, but for any texts in up to two of them."""
    good = st.fixed_dictionaries({name: good_texts(element) for name, element in elements.items()})
    names = st.lists(st.sampled_from(sorted(elements)), max_size=2, unique=True)
    odd = names.flatmap(lambda chosen: st.fixed_dictionaries({name: any_texts(elements[name]) for name in chosen}))
    return st.tuples(good, odd).map(lambda both: both[0] | both[1])


ORDERS = st.lists(st.tuples(object_texts(HEADER), object_texts(LINE)), min_size=1, max_size=4)


@settings(max_examples=120, deadline=None)
@given(ORDERS)
def test_a_check_agrees_with_json_schema(orders: list[tuple[dict[str, str], dict[str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "m.yaml").write_text(mapping_text())
        path = Path(folder) / "orders.csv"
        rows: list[Sequence[str]] = [["key", *HEADER, *(f"line {name}" for name in LINE)]]
        for number, (header, line) in enumerate(orders):
            rows.append([f"PO{number}", *map(header.__getitem__, HEADER), *map(line.__getitem__, LINE)])
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(rows)
        failed = check(open_mapped(Path(folder) / "m.yaml", path, TABLES)).failed_keys
    refused = set()
    for number, (header, line) in enumerate(orders):
        document: dict[str, Any] = {name: text for name, text in header.items() if text}
        members = {name: text for name, text in line.items() if text}
        document["order-lines"] = [members] if members else []
        if not VALIDATOR.is_valid(document):
            refused.add(f"PO{number}")
    assert failed == refused


MARKS = [
    NumberMarks(decimal, thousands, currency)
    for decimal, thousands in ((".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", "'"), (".", " "))
    for currency in ((), ("€", "EUR"))
]
AMOUNTS = st.decimals(-(10**12), 10**12, places=2, allow_nan=False).map(lambda number: number + Decimal("0.00"))


def written_number(number: Decimal, marks: NumberMarks) -> str:
    text = f"{abs(number):,f}".translate({ord(","): marks.thousands or None, ord("."): marks.decimal})
    signed = f"-{text}" if number < 0 else text
    return f"{signed} {marks.currency[0]}" if marks.currency else signed


@given(AMOUNTS, st.sampled_from(MARKS))
def test_a_number_in_any_declared_format_is_read_and_written_as_itself(number: Decimal, marks: NumberMarks) -> None:
    number = abs(number) if number == 0 else number
    text = written_number(number, marks)
    read = NumberReader(marks).read(text)
    assert (read, written_number(read, marks)) == (number, text)


WAYS = {
    "DMY": "%d/%m/%Y", "MDY": "%m-%d-%Y", "YMD": "%Y.%m.%d", "DD.MM.YYYY HH:mm": "%d.%m.%Y %H:%M",
    "MM/DD/YYYY hh:mm A": "%m/%d/%Y %I:%M %p", "DD-MMM-YY": "%d-%b-%y", "MMMM DD, YYYY": "%B %d, %Y",
    "YYYYMMDD": "%Y%m%d", "YYYY-MM-DDTHH:mm:ss": "%Y-%m-%dT%H:%M:%S", "ISO": "%Y-%m-%d %H:%M:%S",
}  # fmt: skip
ZONES = [
    ZoneInfo(name) for name in ("UTC", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo")
]


def options_of(way: str, zone: ZoneInfo) -> DateOptions:
    if way in ("DMY", "MDY", "YMD"):
        return DateOptions(way, zone)
    return DateOptions(zone=zone, pivot=69, patterns=() if way == "ISO" else (DatePattern.parse(way),))


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2068, 12, 31)),
    st.sampled_from(sorted(WAYS)),
    st.sampled_from(ZONES),
)
def test_a_date_in_any_declared_format_is_read_and_written_as_itself(
    moment: datetime, way: str, zone: ZoneInfo
) -> None:
    moment = moment.replace(hour=12 + moment.hour // 2, microsecond=0)  # at noon no zone's clocks go forward
    text = moment.strftime(WAYS[way])
    read = DateReader(options_of(way, zone)).read(text)
    assert read.strftime(WAYS[way]) == text
    assert read.date() == moment.date()
    assert read.astimezone(UTC).astimezone(zone).date() == moment.date()


@pytest.mark.parametrize(
    ("kind", "text"), [("boolean", "true"), ("boolean", "false"), ("integer", "42"), ("string", "00042")]
)
def test_a_value_in_coupas_own_form_is_read_as_itself(kind: str, text: str) -> None:
    read = reader_for(
        Element("any", kind), NumberReader(NumberMarks(".")), DateReader(DateOptions(zone=ZoneInfo("UTC")))
    )
    assert read(text) == text


@given(st.dates(datetime(1971, 1, 1).date(), datetime(2068, 12, 31).date()), st.sampled_from(ZONES))
def test_a_day_never_moves_even_where_its_midnight_does_not_exist(day: Any, zone: ZoneInfo) -> None:  # noqa: ANN401
    read = DateReader(DateOptions("YMD", zone)).read(f"{day:%Y-%m-%d}")
    assert read.date() == day
    assert read.astimezone(UTC).astimezone(zone).date() == day
