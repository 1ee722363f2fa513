"""What columns say of the state of orders and suppliers is kept, or told: nothing closed is open in silence."""

from pathlib import Path

import pytest

from bulkpo.cli.main import run
from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.runs.drafting.guesses.guess import Drafted, Witnesses, guess_files
from bulkpo.runs.drafting.guesses.guess_suppliers import guess_suppliers
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
_ONLY_OPEN = "only open orders are loaded"


def orders(folder: Path, states: list[str], discounts: str = "0") -> Path:
    """Orders of two lines with a state each."""
    first = [f"{4500 + place // 2};{place % 2 + 1};V{place // 2};EUR;Article {place}" for place in range(len(states))]
    rows = [f"{each};{len(each)};EA;9.25;{state};{discounts}" for each, state in zip(first, states, strict=True)]
    path = folder / "o.csv"
    heading = "PO Number;Line;Supplier No;Currency;Description;Qty;UOM;Unit Price;Status;Discount"
    path.write_text("\n".join([heading, *rows]), encoding="utf-8")
    return path


def block(path: Path, title: str = "Status") -> dict[str, object]:
    """What the guessed mapping says of a column."""
    columns = guess_files([path], TABLES, "purchase_orders", "UTC").guess.columns
    return dict(next(each.block for each in columns if each.title == title))


def suppliers(folder: Path, rows: str, heading: str = "Vendor No,Vendor Name,Status,City,Country") -> Drafted:
    path = folder / "suppliers.csv"
    path.write_text(f"{heading}\n{rows}", encoding="utf-8")
    return guess_suppliers([path], TABLES, Witnesses({}))


def test_a_state_that_is_open_in_every_row_must_be_so_in_later_files(tmp_path: Path) -> None:
    assert block(orders(tmp_path, ["Issued"] * 6)) == {"require": "Issued", "reason": _ONLY_OPEN}
    both = block(orders(tmp_path, ["Offen", "Offen", "Bestellt"] * 2))
    assert both == {"require": {"in": ["Offen", "Bestellt"]}, "reason": _ONLY_OPEN}


def test_rows_of_totals_need_no_state(tmp_path: Path) -> None:
    path = orders(tmp_path, ["Issued"] * 6)
    path.write_text(path.read_text(encoding="utf-8") + "\nTotal;;;;;27;;;;", encoding="utf-8")
    assert block(path) == {"require": "Issued", "reason": _ONLY_OPEN}


@pytest.mark.parametrize("states", [["Issued"] * 5 + [""], ["Closed"] * 6, ["Issued", "Closed"] * 3])
def test_other_states_are_left_as_they_are(tmp_path: Path, states: list[str]) -> None:
    assert block(orders(tmp_path, states)) == {"ignore": "orders are loaded open"}


def test_a_later_file_with_a_closed_order_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = orders(tmp_path, ["Issued"] * 6)
    said = ["ship-to-user/login=migration", "order-lines/account/code=01-100-8000"]
    said += ["order-lines/account/account-type/name=SAP100", "Unit Price=order-lines/price"]
    sets = [word for each in said for word in ("--set", each)]
    assert run(["guess", str(path), "-o", "o.yaml", *sets]) == 0
    assert "must say Issued" in capsys.readouterr().out
    orders(tmp_path, ["Issued"] * 5 + ["Closed"])
    assert run(["check", "o.yaml", str(path)]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert f"'Closed' is not as the mapping requires: Status Issued ({_ONLY_OPEN})" in told


def test_a_state_that_is_decided_to_be_something_else_needs_to_say_nothing(tmp_path: Path) -> None:
    drafted = guess_files([orders(tmp_path, ["Issued"] * 6)], TABLES, "purchase_orders", "UTC")
    assert "  Status: ship-to-attention\n" in drafted.decided({"Status": "ship-to-attention"}, "").text


def test_discounts_of_nothing_are_told_as_that(tmp_path: Path) -> None:
    assert block(orders(tmp_path, ["Issued"] * 6, "0,00"), "Discount") == {"ignore": "it is 0 in every row"}
    unsure = {"ignore": "not sure whether the price has it already"}
    assert block(orders(tmp_path, ["Issued"] * 6, "5"), "Discount") == unsure


ROWS = "V1,Acme GmbH,{0},Berlin,DE\nV2,Baker Ltd,{1},Leeds,GB\nV3,Coyle SA,{0},Lyon,FR\nV4,Dunn Inc,{0},Boston,US\n"


def test_states_of_suppliers_in_capitals_are_written_small(tmp_path: Path) -> None:
    drafted = suppliers(tmp_path, ROWS.format("Active", "Inactive"))
    assert "  Status: {to: status, case: lower}\n" in drafted.text
    assert "1 row is loaded as inactive" in drafted.guess.reasons


@pytest.mark.parametrize("title", ["Status", "Aktiv", "Inactive"])
def test_states_of_suppliers_in_other_words_become_those_of_coupa(tmp_path: Path, title: str) -> None:
    heading = f"Vendor No,Vendor Name,{title},City,Country"
    drafted = suppliers(tmp_path, ROWS.format("Aktiv", "Gesperrt"), heading)
    assert f"  {title}: {{to: status, crosswalk: states}}\n" in drafted.text
    assert "crosswalks: {states: {Aktiv: active, Gesperrt: inactive}}\n" in drafted.text


@pytest.mark.parametrize("title", ["Status", "Active"])
def test_a_state_of_suppliers_that_nobody_knows_is_asked_for(tmp_path: Path, title: str) -> None:
    heading = f"Vendor No,Vendor Name,{title},City,Country"
    drafted = suppliers(tmp_path, ROWS.format("Active", "Dormant"), heading)
    assert [(each.title, each.paths) for each in drafted.guess.undecided] == [(title, ("status",))]


def test_marks_of_suppliers_that_nobody_knows_are_told(tmp_path: Path) -> None:
    drafted = suppliers(tmp_path, ROWS.format("", "Payment"), "Vendor No,Vendor Name,Blocked,City,Country")
    said = "not understood, so nothing is left out by it"
    assert f"'Blocked' says Payment: {said}" in drafted.guess.reasons
    assert next(each for each in drafted.guess.columns if each.title == "Blocked").block == {"ignore": said}


def test_headings_of_groups_are_no_suppliers(tmp_path: Path) -> None:
    first, second, *rest = ROWS.format("Active", "Active").splitlines(keepends=True)
    rows = "".join(["Germany,,,,\n", first, second, "Others,,,,\n", *rest, "V5,Egon KG,Active,Bonn,DE\n"])
    drafted = suppliers(tmp_path, rows)
    assert "skip_rows: {Vendor No: {in: [Germany, Others]}}\n" in drafted.text
    assert any("as headings of groups do: they are left out" in reason for reason in drafted.guess.reasons)
    assert {each.use for each in drafted.guess.columns} == {Use.MAPPED}


def test_suppliers_known_by_their_names_are_all_loaded_though_some_have_nothing_else(tmp_path: Path) -> None:
    rows = "Acme,,,\nBaker,Active,Leeds,GB\nCoyle,Active,Lyon,FR\nDunn,,,\nEgon,Active,Bonn,DE\nFox,Active,Bath,GB\n"
    assert "skip_rows" not in suppliers(tmp_path, rows, "Vendor Name,Status,City,Country").text
