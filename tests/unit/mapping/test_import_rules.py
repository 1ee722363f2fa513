"""Rules: what an order must keep to before it is sent, each broken once."""

from pathlib import Path

import pytest
from cleaned import clean_documents

from bulkpo.errors import MappingError
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
TITLES = ("PO", "Supplier", "Login", "Email", "Line", "Type", "Qty", "UOM", "Price", "Account", "Pct", "Ref")
GOOD = dict(zip(TITLES, ("1", "Acme", "jdoe", "", "1", "", "2", "EA", "5", "01", "100", ""), strict=True))
MAPPING = """\
bulkpo: import/1
name: rules
document: {key: po-number}
columns:
  PO: po-number
  Supplier: supplier/name
  Login: ship-to-user/login
  Email: ship-to-user/email
  Line: order-lines/line-num
  Type: order-lines/type
  Qty: order-lines/quantity
  UOM: order-lines/uom/code
  Price: order-lines/price
  Account: order-lines/account-allocations/account/code
  Pct: order-lines/account-allocations/pct
  Ref: order-lines/source-part-num
constants: {order-lines/description: goods, order-lines/currency/code: USD}
"""


def checked(folder: Path, *rows: dict[str, str], rules: str = "", more: str = "") -> tuple[MappedFile, Checked]:
    """Rows that differ from a good one as given, checked under these rules."""
    text = MAPPING + (f"rules: {rules}\n" if rules else "") + more
    (folder / "m.yaml").write_text(text)
    lines = [TITLES, *([str({**GOOD, **row}[title]) for title in TITLES] for row in rows)]
    (folder / "orders.csv").write_text("".join(",".join(line) + "\n" for line in lines))
    file = open_mapped(folder / "m.yaml", folder / "orders.csv", TABLES)
    return file, check(file)


def said(file: MappedFile, found: Checked) -> list[tuple[str, str, str]]:
    return [
        (place_of(file.source, each.row, each.column).removeprefix("orders.csv, "), each.code, each.message)
        for each in found.errors
    ]


CASES: list[tuple[dict[str, str], str, tuple[str, str, str]]] = [
    (
        {"Supplier": ""},
        "{supplier/name: {required: true}}",
        ("line 2, column 2", "required", "supplier/name is required, and no row of order 1 has it; fill it in"),
    ),
    (
        {"Price": ""},
        "",
        ("line 2, column 9", "required", "Price: order-lines/price is required, and the cell is empty; fill it in"),
    ),
    (
        {"Ref": "ABCDEF"},
        "{order-lines/source-part-num: {length: 5}}",
        ("line 2, column 12", "too-long", "Ref: 'ABCDEF' has 6 characters, at most 5 fit; shorten it"),
    ),
    (
        {"Ref": "A-1"},
        "{order-lines/source-part-num: {pattern: '[A-Z]{2}-[0-9]+'}}",
        ("line 2, column 12", "wrong-pattern", "Ref: 'A-1' does not match [A-Z]{2}-[0-9]+; correct it"),
    ),
    (
        {"Ref": "abc"},
        "{order-lines/source-part-num: {min: 5}}",
        (
            "line 2, column 12",
            "not-a-number",
            "Ref: 'abc' is not a number written like 1234.50, as min: 5 asks; correct it",
        ),
    ),
    (
        {"Ref": "NaN"},
        "{order-lines/source-part-num: {max: 5}}",
        (
            "line 2, column 12",
            "not-a-number",
            "Ref: 'NaN' is not a number written like 1234.50, as max: 5 asks; correct it",
        ),
    ),
    (
        {"Price": "-1"},
        "{order-lines/price: {min: 0}}",
        ("line 2, column 9", "too-small", "Price: -1 is below 0; correct it"),
    ),
    (
        {"Qty": "1001"},
        "{order-lines/quantity: {max: 1000}}",
        ("line 2, column 7", "too-large", "Qty: 1001 is above 1000; correct it"),
    ),
    (
        {"UOM": "EE"},
        "{order-lines/uom/code: {allowed: [EA, BOX]}}",
        ("line 2, column 8", "not-allowed", "UOM: 'EE' is not allowed; allowed are: BOX, EA"),
    ),
    (
        {"Login": ""},
        "{ship-to-user: {exactly_one_of: [login, email]}}",
        ("line 2, column 3", "required", "ship-to-user is required, and no row of order 1 has it; fill it in"),
    ),
    (
        {"Email": "a@b.c"},
        "{ship-to-user: {exactly_one_of: [login, email]}}",
        (
            "line 2, column 3",
            "not-exactly-one",
            "ship-to-user needs exactly one of login, email, but login and email are given; correct it",
        ),
    ),
    (
        {"Qty": ""},
        "",
        (
            "line 2, column 7",
            "quantity-missing",
            "a quantity line needs a quantity; fill it in, or make it an amount line",
        ),
    ),
    (
        {"UOM": ""},
        "",
        (
            "line 2, column 8",
            "uom-missing",
            "a quantity line needs a unit of measure; fill it in, or make it an amount line",
        ),
    ),
    (
        {"Type": "OrderAmountLine", "UOM": ""},
        "",
        (
            "line 2, column 7",
            "amount-line-with-quantity",
            "an amount line has no quantity; leave it empty, or make it a quantity line",
        ),
    ),
    (
        {"Type": "OrderAmountLine", "Qty": ""},
        "",
        (
            "line 2, column 8",
            "amount-line-with-quantity",
            "an amount line has no uom; leave it empty, or make it a quantity line",
        ),
    ),
    (
        {"Pct": "99.5"},
        "",
        (
            "line 2, column 11",
            "allocations-not-100",
            "the allocations of the line add up to 99.5 percent, not 100; correct them",
        ),
    ),
    (
        {"PO": ""},
        "",
        (
            "line 2, column 1",
            "empty-key",
            (
                "PO is empty, so the row belongs to no order; fill it in, skip the row by skip_rows, or carry it down "
                "by document.fill_down"
            ),
        ),
    ),
    (
        {"Price": "1.1234567"},
        "",
        ("line 2, column 9", "too-many-decimals", "Price: 1.1234567 has 7 decimals, at most 6 fit; round it yourself"),
    ),
]


@pytest.mark.parametrize(("row", "rules", "told"), CASES)
def test_a_broken_rule_names_its_cell_and_what_to_do(
    tmp_path: Path, row: dict[str, str], rules: str, told: tuple[str, str, str]
) -> None:
    file, found = checked(tmp_path, row, rules=rules)
    assert said(file, found)[0] == told


def test_a_good_row_breaks_no_rule(tmp_path: Path) -> None:
    _, found = checked(
        tmp_path, {}, rules="{ship-to-user: {exactly_one_of: [login, email]}, order-lines/price: {min: 0}}"
    )
    assert found.findings == []


def test_neither_of_a_choice_is_told_where_the_element_is_not_required(tmp_path: Path) -> None:
    rules = "{ship-to-user: {exactly_one_of: [login, email], required: false}}"
    file, found = checked(tmp_path, {"Login": ""}, rules=rules)
    assert said(file, found) == [
        (
            "line 2, column 3",
            "not-exactly-one",
            "ship-to-user needs exactly one of login, email, but none is given; correct it",
        )
    ]


def test_a_value_that_must_be_unique_names_where_it_stood_first(tmp_path: Path) -> None:
    rules = "{order-lines/source-part-num: {unique: true}}"
    file, found = checked(tmp_path, {"Ref": "A"}, {"PO": "2", "Ref": "B"}, {"PO": "3", "Ref": "A"}, rules=rules)
    message = "order-lines/source-part-num 'A' stands in row 2 too, but must be unique; correct one of them"
    assert said(file, found) == [("line 4, column 12", "not-unique", message)]


def test_header_values_that_differ_within_an_order_name_both_cells(tmp_path: Path) -> None:
    file, found = checked(tmp_path, {}, {"Line": "2", "Supplier": "Acne"})
    message = "supplier/name of order 1 is 'Acne' here but 'Acme' in B2; an order has one, make them equal"
    assert said(file, found) == [("line 3, column 2", "conflicting-values", message)]


def test_a_conflict_is_told_at_each_odd_value_and_not_at_the_good_ones(tmp_path: Path) -> None:
    suppliers = ["Acne", "Acme", "Acme", "ACME", "Acme"]
    rows = [{"Line": str(number), "Supplier": supplier} for number, supplier in enumerate(suppliers, 1)]
    file, found = checked(tmp_path, *rows)
    end = "here but 'Acme' in B3 and 2 more; an order has one, make them equal"
    assert said(file, found) == [
        ("line 2, column 2", "conflicting-values", f"supplier/name of order 1 is 'Acne' {end}"),
        ("line 5, column 2", "conflicting-values", f"supplier/name of order 1 is 'ACME' {end}"),
    ]


def test_line_values_that_differ_within_a_split_line_name_both_cells(tmp_path: Path) -> None:
    file, found = checked(tmp_path, {"Pct": "40"}, {"Pct": "60", "Price": "6"})
    message = "order-lines/price of order 1 is '6' here but '5' in I2; a line has one, make them equal"
    assert said(file, found) == [("line 3, column 9", "conflicting-values", message)]


def test_allocations_over_several_rows_must_come_to_exactly_100(tmp_path: Path) -> None:
    thirds = [{"Pct": "33.3333333333"}] * 3
    file, found = checked(tmp_path, *thirds)
    message = "the allocations of the line add up to 99.9999999999 percent, not 100; correct them"
    assert said(file, found) == [("line 2, column 11", "allocations-not-100", message)]
    _, found = checked(tmp_path, *thirds[:2], {"Pct": "33.3333333334"})
    assert found.errors == []


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        (("6.00", "4.00"), ""),
        (("6.01", "4.01"), ""),
        (("106", "4"), "the allocations of the line come to 110, but it is worth 10; see which is meant"),
        (("3.00", "4.00"), "the allocations of the line come to 7.00, but it is worth 10; see which is meant"),
    ],
)
def test_amounts_of_allocations_that_are_not_what_the_line_is_worth_are_told(
    shares: tuple[str, str], told: str, tmp_path: Path
) -> None:
    text = MAPPING.replace("allocations/pct", "allocations/amount")
    text += "rules: {order-lines/account-allocations/pct: {required: false}}\n"
    (tmp_path / "m.yaml").write_text(text)
    rows = [
        {**GOOD, "Qty": "2", "Price": "5", "Account": str(place), "Pct": share} for place, share in enumerate(shares)
    ]
    lines = [TITLES, *([str(row[title]) for title in TITLES] for row in rows)]
    (tmp_path / "orders.csv").write_text("".join(",".join(line) + "\n" for line in lines))
    found = check(open_mapped(tmp_path / "m.yaml", tmp_path / "orders.csv", TABLES))
    assert found.errors == []
    assert [each.message for each in found.notices if each.code == "allocations-not-amount"] == ([told] if told else [])


def test_an_unreadable_cell_is_told_once_and_not_called_missing_too(tmp_path: Path) -> None:
    file, found = checked(tmp_path, {"Qty": "two"}, {"PO": "2", "Price": "x"})
    assert [(place, code) for place, code, _ in said(file, found)] == [
        ("line 2, column 7", "not-a-number"),
        ("line 3, column 9", "not-a-number"),
    ]


def test_missing_line_numbers_are_given_after_the_highest_there_is(tmp_path: Path) -> None:
    rows = [{"Line": ""}, {"Line": "7"}, {"Line": ""}, {"PO": "2", "Line": ""}]
    text = MAPPING.replace("{key: po-number}", "{key: po-number, number_lines: true}")
    (tmp_path / "m.yaml").write_text(text)
    checked(tmp_path, *rows)
    (tmp_path / "m.yaml").write_text(text)
    file = open_mapped(tmp_path / "m.yaml", tmp_path / "orders.csv", TABLES)
    found = check(file)
    assert found.errors == []
    numbers = [[line.values[0] for line in document.members] for document in clean_documents(file, found)]
    assert numbers == [["8", "7", "9"], ["1"]]


def test_a_choice_nothing_fills_is_an_error_of_the_mapping(tmp_path: Path) -> None:
    with pytest.raises(MappingError) as caught:
        checked(tmp_path, {}, rules="{ship-to-user: {exactly_one_of: [login, employee-number]}}")
    assert caught.value.problems == (
        "m.yaml:18:48: no column or constant fills ship-to-user/employee-number; map one, or leave it out here",
    )


INSTANCE = """\
bulkpo: instance/1
name: acme
custom_fields:
  order-header:
    region: {type: string, length: 4, required: true, values: [EMEA, APAC]}
    batch: {type: integer, namespace: global}
  order-line:
    center: {type: lookup}
required: {order-header/supplier: true, order-line/currency: false}
"""


def with_instance(folder: Path, *targets: str, instance: str = INSTANCE) -> tuple[MappedFile, Checked]:
    """Supplier, Email and Ref sent elsewhere, checked for an instance."""
    (folder / "acme.yaml").write_text(instance)
    text = MAPPING.replace(", order-lines/currency/code: USD", "")
    for old, new in zip(("supplier/name", "ship-to-user/email", "order-lines/source-part-num"), targets, strict=False):
        text = text.replace(old, new)
    (folder / "m.yaml").write_text("instance: acme.yaml\n" + text)
    row = {**GOOD, "Supplier": "EMEA", "Email": "12", "Ref": "CC-1"}
    (folder / "orders.csv").write_text(",".join(TITLES) + "\n" + ",".join(row.values()) + "\n")
    file = open_mapped(folder / "m.yaml", folder / "orders.csv", TABLES)
    return file, check(file)


FIELDS = ("custom-fields/region", "batch", "order-lines/custom-fields/center/name")


def test_custom_fields_are_typed_in_and_out_of_their_namespace(tmp_path: Path) -> None:
    instance = INSTANCE.replace("order-header/supplier: true", "order-header/supplier: false")
    file, found = with_instance(tmp_path, *FIELDS, instance=instance)
    assert found.errors == []
    types = {field.full_path: field.type for field in file.mapping.layout.fields}
    assert (types["custom-fields/region"], types["batch"]) == ("string", "integer")


@pytest.mark.parametrize(
    ("targets", "problem"),
    [
        (
            ("custom-fields/regoin", *FIELDS[1:]),
            ("m.yaml:7:13: order-header has no element 'regoin'; did you mean region?"),
        ),
        (
            (*FIELDS[:2], "order-lines/custom-fields/center"),
            (
                "m.yaml:17:8: order-lines/custom-fields/center is an object, not a value; name an element below "
                "it, such as order-lines/custom-fields/center/name"
            ),
        ),
        (
            ("supplier/name", *FIELDS[1:]),
            (
                "m.yaml:5:1: custom-fields/region is required by Coupa, but no column or constant fills it; map "
                "one, or say so in rules: {custom-fields/region: {required: false}}"
            ),
        ),
        (
            FIELDS,
            (
                "m.yaml:5:1: supplier is required by Coupa, but no column or constant fills it; map one, or say "
                "so in rules: {supplier: {required: false}}"
            ),
        ),
    ],
)
def test_an_instance_says_what_there_is_and_what_it_requires(
    tmp_path: Path, targets: tuple[str, ...], problem: str
) -> None:
    with pytest.raises(MappingError) as caught:
        with_instance(tmp_path, *targets)
    assert problem in caught.value.problems


def test_a_custom_fields_own_limits_hold(tmp_path: Path) -> None:
    instance = INSTANCE.replace("[EMEA, APAC]", "[AMER, APAC]").replace("supplier: true", "supplier: false")
    file, found = with_instance(tmp_path, *FIELDS, instance=instance)
    message = "Supplier: 'EMEA' is not allowed; allowed are: AMER, APAC"
    assert said(file, found) == [("line 2, column 2", "not-allowed", message)]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "type: lookup",
            "type: choice",
            (
                "acme.yaml:8:20: 'choice' is not allowed here; write one of: string, text, integer, decimal, "
                "boolean, datetime, date, lookup"
            ),
        ),
        (
            "batch:",
            "supplier:",
            ("acme.yaml:6:5: order-header has an element supplier of its own; a custom field needs another name"),
        ),
        (
            "order-line:",
            "order-lien:",
            (
                "acme.yaml:7:3: 'order-lien' is not an object of Coupa; write an object such as order-header or "
                "order-line"
            ),
        ),
        (
            "order-header/supplier",
            "order-header/suplier",
            ("acme.yaml:9:12: order-header has no element 'suplier'; did you mean supplier or supplier-site?"),
        ),
    ],
)
def test_a_wrong_instance_file_is_refused_with_its_place(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(MappingError) as caught:
        with_instance(tmp_path, *FIELDS, instance=INSTANCE.replace(old, new))
    assert caught.value.problems == (problem,)


def test_a_missing_instance_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"nowhere\.yaml: there is no such file; check the name and the folder"):
        checked(tmp_path, {}, more="instance: nowhere.yaml\n")


NO_QUANTITY = (
    "a quantity line needs a quantity, and the mapping fills none; map order-lines/quantity, make it an amount line, "
    "or say that yours needs none: rules: {order-lines/quantity: {required: false}}"
)
NO_UNIT = (
    NO_QUANTITY.replace("a quantity,", "a unit of measure,")
    .replace("map order-lines/quantity", "map order-lines/uom/code")
    .replace("{order-lines/quantity", "{order-lines/uom")
)
LINES = """\
bulkpo: import/1
name: lines
document: {key: po-number}
columns:
  PO: po-number
%s
constants:
  {supplier/name: Acme, ship-to-user/login: jdoe, order-lines/account/code: "01", order-lines/currency/code: USD}
"""
BY_ROW = """\
  Text: order-lines/description
  Price: order-lines/price
  Type: order-lines/type"""
SIDE_BY_SIDE = """\
  Text: order-lines[1]/description
  Price: order-lines[1]/price
  Type: order-lines[1]/type
  Text 2: order-lines[2]/description
  Price 2: order-lines[2]/price
  Type 2: order-lines[2]/type"""


def needs(folder: Path, mapping: str, table: str, code: str) -> list[tuple[str, str]]:
    """What is said of this need of quantity lines, each with its place."""
    (folder / "m.yaml").write_text(mapping)
    (folder / "orders.csv").write_text(table)
    file = open_mapped(folder / "m.yaml", folder / "orders.csv", TABLES)
    told = [each for each in check(file).findings if each.code == code]
    return [(place_of(file.source, each.row, each.column), each.message) for each in told]


@pytest.mark.parametrize(
    "lines",
    [
        (
            BY_ROW,
            "PO,Text,Price,Type\n1,a,5,OrderQuantityLine\n1,b,6,OrderAmountLine\n2,c,7,\n3,d,8,OrderAmountLine\n",
            ["orders.csv, line 2, column 4", "orders.csv, line 4, column 4"],
        ),
        (
            SIDE_BY_SIDE,
            "PO,Text,Price,Type,Text 2,Price 2,Type 2\n1,a,5,OrderAmountLine,b,6,OrderQuantityLine\n",
            ["orders.csv, line 2, column 7"],
        ),
        (
            BY_ROW.replace("Type: order-lines/type", "Type: {ignore: known}"),
            "PO,Text,Price,Type\n1,a,5,x\n",
            ["orders.csv, line 2"],
        ),
    ],
)
@pytest.mark.parametrize(
    "need",
    [("quantity-missing", "order-lines/quantity", NO_QUANTITY), ("uom-missing", "order-lines/uom", NO_UNIT)],
)
def test_each_quantity_line_of_a_mapping_without_quantities_or_units_is_told_of(
    tmp_path: Path, lines: tuple[str, str, list[str]], need: tuple[str, str, str]
) -> None:
    (columns, table, places), (code, path, message) = lines, need
    mapping = LINES % columns
    if "ignore" in columns:
        mapping = mapping.replace("  {supplier", "  {order-lines/type: OrderQuantityLine, supplier")
    assert needs(tmp_path, mapping, table, code) == [(place, message) for place in places]
    declared = f"{mapping}rules: {{{path}: {{required: false}}}}\n"
    assert needs(tmp_path, declared, table, code) == []


@pytest.mark.parametrize("path", ["order-lines/uom", "order-lines/uom/code"])
def test_a_mapping_that_fills_neither_type_nor_unit_is_told_that_coupa_refuses_its_lines(
    tmp_path: Path, path: str
) -> None:
    mapping = LINES % "  Text: order-lines/description\n  Price: order-lines/price\n  Qty: order-lines/quantity"
    table = "PO,Text,Price,Qty\n1,a,5,1\n1,b,6,2\n"
    told = (
        "the mapping fills neither order-lines/type nor order-lines/uom: Coupa takes every line for a quantity line, "
        "and refuses those without a unit; map order-lines/uom/code, or say that yours needs none: rules: "
        "{order-lines/uom: {required: false}}"
    )
    assert needs(tmp_path, mapping, table, "line-type-left-open") == [("orders.csv", told)]
    declared = f"{mapping}rules: {{{path}: {{required: false}}}}\n"
    (_, without), *none = needs(tmp_path, declared, table, "line-type-left-open")
    assert "uom" not in without
    assert none == []


def test_a_rule_of_a_units_code_makes_empty_units_right_too(tmp_path: Path) -> None:
    rules = "{order-lines/uom/code: {required: false}}"
    file, found = checked(tmp_path, {"UOM": ""}, rules=rules)
    assert said(file, found) == []


def test_an_empty_quantity_and_unit_that_need_not_be_there_are_notices(tmp_path: Path) -> None:
    rules = "{order-lines/quantity: {required: false}, order-lines/uom: {required: false}}"
    file, found = checked(tmp_path, {"Qty": "", "UOM": ""}, rules=rules)
    assert said(file, found) == []
    assert [(each.code, each.message) for each in found.findings if each.code.endswith("-missing")] == [
        ("quantity-missing", "a quantity line needs a quantity; the mapping says that it need not"),
        ("uom-missing", "a quantity line needs a unit of measure; the mapping says that it need not"),
    ]
