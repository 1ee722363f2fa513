from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bulkpo.errors import MappingError
from bulkpo.mapping.language.export import ExportContext, ExportMapping, export_of, load_export
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

SHIPPED = sorted((Path(__file__).parents[3] / "mappings" / "export").glob("*.yaml"))
CONTEXT = ExportContext(
    ElementTables(schema_text), schema_text, {"since": "2026-01-01"}, datetime(2026, 11, 21, 14, tzinfo=UTC)
)
HEAD = "bulkpo: export/1\nname: x\n"


def load(text: str) -> ExportMapping:
    return load_export(HEAD + text, "x.yaml", CONTEXT)


def problems(text: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        load(text)
    return [problem.removeprefix("x.yaml:") for problem in caught.value.problems]


def test_a_mapping_is_read_in_full() -> None:
    mapping = load(
        "description: Open ones\n"
        "time_zone: America/New_York\n"
        "where: {status: {in: [issued]}, updated-at: {gt: today}}\n"
        "rows: order-lines/account-allocations\n"
        "columns:\n"
        "  PO: po-number\n"
        "  Price: order-lines/price\n"
        "  Share: order-lines/account-allocations/pct\n"
        "  Tags: order-lines/asset-tags/tag\n"
        "  Second: order-lines[2]/price\n"
        "  Cost center: custom-fields/cost-center\n"
        "  Batch: {constant: 0042}\n"
        "output: {sheet: Open, totals: [Price], about: false}\n"
    )
    assert mapping.resource.name == "purchase_orders"
    assert mapping.queries == ((("status[in]", "issued"), ("updated-at[gt]", "2026-11-21T00:00:00-05:00")),)
    assert mapping.rows == ("order-lines", "account-allocations")
    assert (mapping.sheet, mapping.totals, mapping.about, str(mapping.zone)) == (
        "Open", ("Price",), False, "America/New_York",
    )  # fmt: skip
    assert [(column.title, str(column.path), column.type, column.constant) for column in mapping.columns] == [
        ("PO", "po-number", "string", ""),
        ("Price", "order-lines/price", "decimal", ""),
        ("Share", "order-lines/account-allocations/pct", "decimal", ""),
        ("Tags", "order-lines/asset-tags/tag", "string", ""),
        ("Second", "order-lines[2]/price", "decimal", ""),
        ("Cost center", "custom-fields/cost-center", "string", ""),
        ("Batch", "None", "string", "0042"),
    ]
    assert mapping.fields() == [
        "id",
        {"order-lines": ["id", {"account-allocations": ["id", "pct"]}, "price", {"asset-tags": ["tag"]}]},
        "po-number",
        {"custom-fields": ["cost-center"]},
    ]


def test_dates_are_in_the_zone_of_the_mapping_or_else_in_the_declared_one_of_the_profile() -> None:
    tokyo = replace(CONTEXT, zone=ZoneInfo("Asia/Tokyo"))
    text = HEAD + "where: {updated-at: {gt: 2026-03-01}}\ncolumns: [created-at]\n"
    asked = {
        "profile": load_export(text, "x.yaml", tokyo),
        "mapping": load_export(text + "time_zone: America/New_York\n", "x.yaml", tokyo),
        "neither": load_export(text, "x.yaml", CONTEXT),
    }
    assert {key: str(mapping.zone) for key, mapping in asked.items()} == {
        "profile": "Asia/Tokyo", "mapping": "America/New_York", "neither": "None",
    }  # fmt: skip
    assert {key: str(mapping.clauses[0]).partition("=")[2] for key, mapping in asked.items()} == {
        "profile": "2026-03-01T00:00:00+09:00",
        "mapping": "2026-03-01T00:00:00-05:00",
        "neither": "2026-03-01T00:00:00+00:00",
    }


def test_moments_that_are_dates_to_people_are_shown_as_dates() -> None:
    mapping = load(
        "rows: order-lines\n"
        "columns:\n"
        "  Changed: updated-at\n"
        "  Created on: {path: created-at, format: date}\n"
        "  Need by: order-lines/need-by-date\n"
        "  Need by then: {path: order-lines/need-by-date, format: datetime}\n"
    )
    assert [column.as_date for column in mapping.columns] == [False, True, True, False]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_mapping_that_comes_with_bulkpo_can_be_read(path: Path) -> None:
    assert load_export(path.read_text(encoding="utf-8"), path.name, CONTEXT).columns


def test_all_stands_for_every_plain_element_of_document_and_rows() -> None:
    columns = [column.title for column in load("rows: order-lines\ncolumns: all\n").columns]
    assert columns[0] == "id"
    assert {"po-number", "status", "order-lines/id", "order-lines/price"} <= set(columns)
    assert not any(title.startswith("supplier") for title in columns)
    some = [column.title for column in load("columns: [po-number, supplier/all]\n").columns]
    assert some[:2] == ["po-number", "supplier/id"]
    assert "supplier/name" in some


def test_a_collection_that_is_not_chosen_as_rows_is_text() -> None:
    types = {column.title: column.type for column in load("columns: [order-lines/price, version]\n").columns}
    assert types == {"order-lines/price": "string", "version": "integer"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("columns: [id]\nwhre: {}\n", "4:1: 'whre' is not known here; did you mean where?"),
        ("where: {}\n", "1:1: 'columns' is missing"),
        ("columns: {}\n", "3:10: this is empty; write at least one entry"),
        ("columns: [id]\ntime_zone: Mars\n", "4:1: 'Mars' is not a time zone; write one as in America/New_York"),
        ("resource: suppliers_\ncolumns: [id]\n", "3:1: 'suppliers_' is not a resource of Coupa; did you mean supp"),
        ("rows: supplier\ncolumns: [id]\n", "3:1: supplier is no collection; name one, such as order-lines or"),
        ("rows: order-line\ncolumns: [id]\n", "3:1: order-header has no element 'order-line'; did you mean ord"),
        ("columns: [id, id]\n", "3:15: id stands twice; remove one"),
        ("columns: {A: supplier}\n", "3:11: supplier is a whole supplier; name an element of it, as in supplier/id"),
        ("columns: [suplier/all]\n", "3:11: order-header has no element 'suplier'; did you mean supplier or"),
        ("columns: {A: {path: id, format: date}}\n", "3:25: id is integer; only a datetime has a format: remove this"),
        ("columns: {A: {path: id, format: day}}\n", "3:33: 'day' is not allowed here; write one of: date, datetime"),
        ("columns: {A: {path: idd}}\n", "3:15: order-header has no element 'idd'; did you mean id"),
        ("columns: [id]\noutput: {csv: tsv}\n", "4:15: 'tsv' is not allowed here; write one of: excel, coupa"),
        ("columns: {A: {constant: x, b: y}}\n", "3:28: 'b' is not known here; known here: constant"),
        ("columns: {A: id}\noutput: {totals: [B]}\n", "4:19: there is no column 'B'"),
        ("columns: {A: po-number}\noutput: {totals: [A]}\n", "4:19: 'A' is string, which cannot be added up"),
        ("where: {status: {inn: [x]}}\ncolumns: [id]\n", "3:18: 'inn' is not known here; did you mean in?"),
        ("where: ['status[in]=issued', 'a=1']\ncolumns: [id]\n", "3:30: order-header has no element 'a'"),
        ("where: {id: [1], 'id': 2}\ncolumns: [id]\n", "3:18: 'id' stands twice, first in line 3; remove one"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, expected: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(expected)


def test_all_errors_of_a_mapping_are_told_at_once() -> None:
    text = "resource: purchase_orders\nwhere: {po: 1, status: {gt: 2, lt: 3}, id: x}\nrows: x\ncolumns: [y]\n"
    assert [problem.split(":")[0] for problem in problems(text)] == ["4", "4", "5", "6"]


def test_a_command_line_is_read_like_a_mapping_and_its_options_are_named() -> None:
    data = {"name": "x", "resource": "suppliers", "where": ["status=active"], "columns": ["name"], "rows": ""}
    assert export_of(data, CONTEXT).queries == ((("status", "active"),),)
    with pytest.raises(MappingError) as caught:
        export_of({**data, "where": ["stat=1"], "rows": "name", "columns": ["id", "nam"]}, CONTEXT)
    assert list(caught.value.problems) == [
        "--where 'stat=1': supplier has no element 'stat'; did you mean status?",
        "--rows 'name': name is no collection; name one, such as account-types or contacts",
        "--columns 'nam': supplier has no element 'nam'; did you mean name?",
    ]
