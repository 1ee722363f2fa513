"""Mappings that extend others: what is merged how, where each error stands, and what a run's digest covers."""

from pathlib import Path

import pytest

from bulkpo.errors import MappingError
from bulkpo.mapping.language.conditions import single_tests
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import merged_mapping, open_mapped, read_mapping
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text
from bulkpo.yamldoc import parse_yaml

TABLES = ElementTables(schema_text)
BASE = """\
bulkpo: import/1
name: base
document: {key: po-number}
numbers: {decimal: ".", thousands: ","}
dates: {order: DMY, time_zone: Europe/Berlin}
columns:
  PO Number: po-number
  Line: order-lines/line-num
  Text: {to: order-lines/description, shorten: true}
  Unit: {to: order-lines/uom/code, crosswalk: uom}
  Price: order-lines/price
  Notes: {ignore: internal}
crosswalks: {uom: uom.csv}
constants:
  {ship-to-user/login: migration, type: ExternalOrderHeader, currency/code: EUR, order-lines/currency/code: EUR}
skip_rows: {Text: Cancelled}
silent: required
"""


def folder_with(folder: Path, **files: str) -> Path:
    for name, text in {"base": BASE, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "uom.csv").write_text("Legacy,Coupa\nST,EA\n")
    return folder / "m.yaml"


def heir(folder: Path, text: str, **files: str) -> ImportMapping:
    return read_mapping(folder_with(folder, m=f"bulkpo: import/1\nextends: base.yaml\n{text}", **files), TABLES)


def problems(folder: Path, text: str, **files: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        heir(folder, text, **files)
    return list(caught.value.problems)


LOUD = "silent:\n"


def test_a_mapping_that_only_extends_is_its_base(tmp_path: Path) -> None:
    mapping = heir(tmp_path, LOUD)
    base = read_mapping(
        folder_with(tmp_path, base=BASE.replace("silent: required\n", "")).with_name("base.yaml"), TABLES
    )
    assert (mapping.columns.keys(), mapping.layout) == (base.columns.keys(), base.layout)
    assert (mapping.crosswalks, mapping.marks) == (base.crosswalks, base.marks)
    assert (mapping.name, mapping.silent, mapping.bases) == ("base", False, ("base.yaml",))


def test_entries_are_merged_columns_replaced_whole_and_nothing_removes(tmp_path: Path) -> None:
    own = """name: own
dates: {order: MDY}
numbers: {decimal: ","}
columns:
  text: {to: order-lines/description, case: upper}
  Notes:
  Need By: order-lines/need-by-date
constants: {type: null}
skip_rows: {text: {blank: true}}
"""
    text = f"bulkpo: import/1\nextends: base.yaml\n{own}"
    merged, bases = merged_mapping(folder_with(tmp_path, m=text))
    found = parse_yaml(merged, "merged").data
    assert bases == ("base.yaml",)
    assert found["dates"] == {"order": "MDY", "time_zone": "Europe/Berlin"}
    assert found["numbers"] == {"decimal": ","}
    assert "type" not in found["constants"]
    assert len(found["constants"]) == 3
    assert found["skip_rows"] == {"text": {"blank": True}}
    assert list(found["columns"]) == ["PO Number", "Line", "Unit", "Price", "text", "Need By"]
    assert found["columns"]["text"] == {"to": "order-lines/description", "case": "upper"}
    assert "extends" not in found


def test_headings_say_what_this_file_calls_the_columns_everywhere(tmp_path: Path) -> None:
    mapping = heir(tmp_path, LOUD + "headings: {PO Number: Bestellnr., Text: Bezeichnung}\n")
    assert {"Bestellnr.", "Bezeichnung"} < mapping.columns.keys()
    assert mapping.columns.keys().isdisjoint({"PO Number", "Text"})
    assert [test.column for test in single_tests(mapping.skip_rows)] == ["Bezeichnung"]


def test_a_heading_that_the_mapping_does_not_have_is_told_with_the_nearest(tmp_path: Path) -> None:
    assert problems(tmp_path, LOUD + "headings: {PO Nmber: Bestellnr.}\n") == [
        "m.yaml:4:12: 'PO Nmber' is no column of the mapping; did you mean PO Number?"
    ]


def test_headings_rename_columns_that_fill_nothing_too(tmp_path: Path) -> None:
    open_lines = "Qty: order-lines/quantity\nopen: {ordered: Qty, received: Done, basis: not_received}\n"
    base = BASE.replace("Notes: {ignore: internal}", open_lines).replace(
        "skip_rows: {Text: Cancelled}", "skip_rows: {Deleted: X}"
    )
    mapping = heir(tmp_path, LOUD + "headings: {Deleted: Loeschkz., Done: Geliefert}\n", base=base)
    assert {"Loeschkz.", "Geliefert"} < mapping.columns.keys()
    assert problems(tmp_path, LOUD + "headings: {Deletd: Loeschkz.}\n", base=base) == [
        "m.yaml:4:12: 'Deletd' is no column of the mapping; did you mean Deleted?"
    ]


def test_an_error_of_the_base_names_the_base_and_its_line(tmp_path: Path) -> None:
    broken = BASE.replace("order-lines/price", "order-lines/prise").replace("shorten: true", "shorten: perhaps")
    (misshapen,) = problems(tmp_path, LOUD, base=broken)
    assert misshapen.startswith(
        "base.yaml:9:48: 'perhaps' is not what belongs here; expected cut text to the element's"
    )
    (misspelt,) = problems(tmp_path, LOUD, base=BASE.replace("order-lines/price", "order-lines/prise"))
    assert misspelt.startswith("base.yaml:11:10: order-line has no element 'prise'; did you mean price")


def test_files_of_a_base_are_named_from_its_own_folder(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "deep").mkdir(parents=True)
    folder_with(shared, base=BASE)
    (shared / "deep" / "middle.yaml").write_text("bulkpo: import/1\nextends: ../base.yaml\nsilent:\n")
    (tmp_path / "m.yaml").write_text("bulkpo: import/1\nextends: shared/deep/middle.yaml\n")
    mapping = read_mapping(tmp_path / "m.yaml", TABLES)
    assert mapping.bases == ("shared/deep/middle.yaml", "shared/base.yaml")
    assert "shared/uom.csv" in merged_mapping(tmp_path / "m.yaml")[0]


def test_removing_what_no_base_has_is_an_error(tmp_path: Path) -> None:
    assert problems(tmp_path, "columns: {Note: null}\n") == [
        "m.yaml:3:11: 'Note' removes nothing: no base has it; did you mean Notes?"
    ]


def test_nothing_removes_only_where_there_is_a_base(tmp_path: Path) -> None:
    path = folder_with(tmp_path, m=BASE.replace("{ignore: internal}", ""))
    with pytest.raises(MappingError, match=r"m.yaml:12:\d+: nothing is not what belongs here"):
        read_mapping(path, TABLES)


def test_mappings_that_extend_each_other_are_refused_with_the_circle(tmp_path: Path) -> None:
    assert problems(tmp_path, "", base="bulkpo: import/1\nextends: m.yaml\n") == [
        "base.yaml:2:10: mappings extend each other in a circle: m.yaml → base.yaml → m.yaml; let one extend none"
    ]


def test_a_chain_without_end_is_refused(tmp_path: Path) -> None:
    chain = {f"b{n}": f"bulkpo: import/1\nextends: b{n + 1}.yaml\n" for n in range(20)}
    path = folder_with(tmp_path, m="bulkpo: import/1\nextends: b0.yaml\n", **chain)
    with pytest.raises(MappingError, match=r"^b9.yaml:2:10: this is base number 11 of m.yaml; 10 are allowed$"):
        read_mapping(path, TABLES)


def test_a_base_that_is_not_there_or_is_no_import_mapping_is_told(tmp_path: Path) -> None:
    path = folder_with(tmp_path, m="bulkpo: import/1\nextends: gone.yaml\n")
    with pytest.raises(MappingError) as caught:
        read_mapping(path, TABLES)
    (message,) = caught.value.problems
    assert message.startswith("m.yaml:2:10: the base cannot be read: ")
    assert message.endswith("gone.yaml: there is no such file; check the name and the folder")
    assert problems(tmp_path, "", base="bulkpo: export/1\nname: x\n") == [
        "base.yaml:1:9: a base begins with bulkpo: import/1, as its heirs do (m.yaml:2:10)"
    ]


def test_what_is_shown_merged_means_the_same(tmp_path: Path) -> None:
    mapping = heir(tmp_path, LOUD + "name: 'on'\nblanks: ['012', 'tRue', '1.50']\n")
    (tmp_path / "shown.yaml").write_text(merged_mapping(tmp_path / "m.yaml")[0], encoding="utf-8")
    shown = read_mapping(tmp_path / "shown.yaml", TABLES)
    assert (shown.columns.keys(), shown.layout, shown.marks) == (
        mapping.columns.keys(),
        mapping.layout,
        mapping.marks,
    )
    assert shown.name == "on"


def test_a_run_knows_when_its_base_has_changed(tmp_path: Path) -> None:
    path = folder_with(tmp_path, m=f"bulkpo: import/1\nextends: base.yaml\n{LOUD}")
    orders = tmp_path / "orders.csv"
    orders.write_text("PO Number,Line,Text,Unit,Price,Notes\nA1,1,Bolt,ST,2.50,\n")

    def digest() -> str:
        file = open_mapped(path, orders, TABLES)
        return FilePlan(file, check(file)).mapping_digest

    before = digest()
    assert digest() == before
    (tmp_path / "base.yaml").write_text(BASE + "# a remark\n")
    assert digest() != before
