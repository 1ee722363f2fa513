"""Lines that are billed to no account are told of: Coupa refuses them."""

from pathlib import Path

import pytest

from bulkpo.errors import MappingError
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEAD = """\
bulkpo: import/1
name: billed
document: {key: po-number}
columns:
  PO: po-number
  Text: order-lines/description
  Price: order-lines/price
"""
REST = "constants: {supplier/name: Acme, ship-to-user/login: jdoe, order-lines/currency/code: USD%s}\n"
CHART = ", order-lines/account/account-type/name: SAP100"
OF_LINE = "  Acct: order-lines/account/code\n"
OF_SEGMENTS = "  Acct: order-lines/account/segment-1\n  Other: order-lines/account/segment-2\n"
SHARES = "order-lines/account-allocations"
OF_SHARES = f"  Pct: {SHARES}/pct\n  Acct: {SHARES}/account/code\n"
SIDE_BY_SIDE = f'  Pct: "{SHARES}[1]/pct"\n  Acct: "{SHARES}[1]/account/code"\n'
LINE = "a line needs an account to be billed to; fill it in, or map a column or constant that does"
SHARE = LINE.replace("a line", "an allocation")


def told(folder: Path, columns: str, table: str, more: str = CHART, rules: str = "") -> list[tuple[str, str, str]]:
    (folder / "m.yaml").write_text(HEAD + columns + REST % more + rules, encoding="utf-8")
    (folder / "o.csv").write_text(table, encoding="utf-8")
    file = open_mapped(folder / "m.yaml", folder / "o.csv", TABLES)
    found = [each for each in check(file).findings if each.code == "account-missing"]
    return [
        (place_of(file.source, each.row, each.column).removeprefix("o.csv, "), each.severity.value, each.message)
        for each in found
    ]


@pytest.mark.parametrize(
    ("columns", "table", "places"),
    [
        (OF_LINE, "PO,Text,Price,Acct\n1,a,5,01\n1,b,6,\n2,c,7, \n", ["line 3, column 4", "line 4, column 4"]),
        (OF_SEGMENTS, "PO,Text,Price,Acct,Other\n1,a,5,,7\n2,b,6,,\n", ["line 3, column 4"]),
    ],
)
@pytest.mark.parametrize("more", ["", CHART])
def test_a_line_whose_account_is_empty_is_an_error_at_its_cell(
    tmp_path: Path, columns: str, table: str, places: list[str], more: str
) -> None:
    assert told(tmp_path, columns, table, more) == [(place, "error", LINE) for place in places]


@pytest.mark.parametrize("columns", [OF_SHARES, SIDE_BY_SIDE])
def test_a_line_without_allocations_and_an_allocation_without_an_account_are_errors(
    tmp_path: Path, columns: str
) -> None:
    table = "PO,Text,Price,Pct,Acct\n1,a,5,100,01\n2,b,6,100,\n3,c,7,,\n"
    found = told(tmp_path, columns, table, more="")
    assert [(place.split(",")[0], message) for place, _, message in found] == [("line 3", SHARE), ("line 4", LINE)]


@pytest.mark.parametrize("element", ["order-lines/account", "order-lines/account/code", SHARES])
def test_what_the_mapping_says_need_not_be_billed_is_told_only(tmp_path: Path, element: str) -> None:
    table = "PO,Text,Price,Acct\n1,a,5,\n"
    found = told(tmp_path, OF_LINE, table, rules=f"rules: {{{element}: {{required: false}}}}\n")
    message = "a line needs an account to be billed to; the mapping says that it need not"
    assert found == [("line 2, column 4", "notice", message)]


@pytest.mark.parametrize(
    ("element", "severity"),
    [(f"{SHARES}/account", "notice"), (f"{SHARES}/account/code", "notice"), (f"{SHARES}/pct", "error")],
)
@pytest.mark.parametrize("columns", [OF_SHARES, SIDE_BY_SIDE])
def test_allocations_of_which_the_mapping_says_that_they_need_no_account_are_told_only(
    tmp_path: Path, columns: str, element: str, severity: str
) -> None:
    table = "PO,Text,Price,Pct,Acct\n1,a,5,100,01\n2,b,6,100,\n"
    found = told(tmp_path, columns, table, more="", rules=f"rules: {{{element}: {{required: false}}}}\n")
    assert [(place.split(",")[0], told_as) for place, told_as, _ in found] == [("line 3", severity)]


def test_a_constant_bills_every_line(tmp_path: Path) -> None:
    assert told(tmp_path, "", "PO,Text,Price\n1,a,5\n", f'{CHART}, order-lines/account/code: "01"') == []


def test_a_chart_of_accounts_alone_is_no_account(tmp_path: Path) -> None:
    rules = "rules: {order-lines/account: {required: true}}\n"
    with pytest.raises(MappingError, match="order-lines/account is required by Coupa, but no column or constant fills"):
        told(tmp_path, "", "PO,Text,Price\n1,a,5\n", rules=rules)


@pytest.mark.parametrize(
    ("path", "is_lifted"),
    [
        ("order-lines/account", True),
        ("order-lines/account/code", True),
        (SHARES, True),
        (f"{SHARES}/account", True),
        (f"{SHARES}/account/code", True),
        (f"{SHARES}/pct", False),
        (f"{SHARES}/period", False),
    ],
)
@pytest.mark.parametrize("columns", [OF_SHARES, SIDE_BY_SIDE, f"  Pct: {SHARES}/pct\n"])
def test_every_way_of_saying_that_allocations_need_no_account_lifts_that_it_is_required(
    tmp_path: Path, columns: str, path: str, *, is_lifted: bool
) -> None:
    table = "PO,Text,Price,Pct,Acct\n1,a,5,100,\n" if "Acct" in columns else "PO,Text,Price,Pct\n1,a,5,100\n"
    billed, rules = ', order-lines/account/code: "01"', f"rules: {{{path}: {{required: false}}}}\n"
    asked = ["required"] if "Acct" in columns else [f"{SHARES}/account is required by Coupa"]
    assert required(tmp_path, columns, table, billed + "|" + rules) == ([] if is_lifted else asked)


def required(folder: Path, columns: str, table: str, more: str) -> list[str]:
    """What asks for an element: codes of findings, or of the mapping itself which one and by whom."""
    constants, rules = more.split("|")
    (folder / "m.yaml").write_text(HEAD + columns + REST % constants + rules, encoding="utf-8")
    (folder / "o.csv").write_text(table, encoding="utf-8")
    try:
        file = open_mapped(folder / "m.yaml", folder / "o.csv", TABLES)
    except MappingError as error:
        return [problem.split(": ", 1)[1].split(",")[0] for problem in error.problems]
    return [each.code for each in check(file).findings if each.code == "required"]


@pytest.mark.parametrize(("paths", "is_lifted"), [(("code",), False), (("name",), False), (("code", "name"), True)])
def test_a_rule_of_one_way_to_name_a_record_leaves_that_one_of_them_is_needed(
    tmp_path: Path, paths: tuple[str, ...], *, is_lifted: bool
) -> None:
    columns = f"{OF_SHARES}  Name: {SHARES}/account/name\n"
    names = {"code": f"{SHARES}/account/code", "name": f"{SHARES}/account/name"}
    rules = "rules: {" + ", ".join(f"{names[path]}: {{required: false}}" for path in paths) + "}\n"
    found = required(tmp_path, columns, "PO,Text,Price,Pct,Acct,Name\n1,a,5,100,,\n", f"|{rules}")
    assert found == ([] if is_lifted else ["required"])
