"""A guess held against an instance: what it has is evidence of what columns are, and what it lacks is said."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bulkpo.cli.main import run
from bulkpo.sandbox.records.references import References
from bulkpo.sandbox.scopes import KNOWN
from bulkpo.sandbox.serving.server import CLIENT_ID, CLIENT_SECRET, SandboxOptions, SandboxServer

HEADINGS = "PO Number,Vendor,Item text,Qty,UoM,Unit Price,Currency,Who,Where"
ROWS = """
PO-1,{0},Copy paper,1,EA,2.50,USD,jdoe,HQ
PO-2,{1},Blue pens,1,BX,2.50,USD,rroe,NYC
PO-3,{2},Black ink,1,EA,2.50,EUR,jdoe,LON
PO-4,{3},Red ink,1,EA,2.50,EUR,migration,LON
"""
Instance = Callable[..., SandboxServer]


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Instance]:
    """Starts an instance with the starter records and others, reached by the profile `acme`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULKPO_ACME_CLIENT_SECRET", CLIENT_SECRET)
    with ExitStack() as running:

        def start(granted: frozenset[str] = KNOWN, more: Path | None = None) -> SandboxServer:
            files = (more,) if more is not None else ()
            options = SandboxOptions(granted=granted, references=References.STARTER, reference_files=files)
            server = running.enter_context(SandboxServer(None, options))
            profile = f"acme: {{url: '{server.url}', client_id: {CLIENT_ID}, time_zone: UTC}}"
            Path("bulkpo.yaml").write_text(f"bulkpo: profiles/1\nprofiles: {{{profile}}}\n", encoding="utf-8")
            return server

        yield start


def guessed(capsys: pytest.CaptureFixture[str], *vendors: str, headings: str = HEADINGS) -> dict[str, object]:
    """The guess of orders of four vendors, held against the instance."""
    Path("orders.csv").write_text(headings + ROWS.format(*vendors), encoding="utf-8")
    run(["guess", "orders.csv", "--to", "acme", "--json"])
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def column(found: dict[str, object], title: str) -> dict[str, object]:
    columns = found["columns"]
    assert isinstance(columns, list)
    named: dict[str, object] = next(each for each in columns if each["column"] == title)
    return named


def test_a_column_whose_values_are_suppliers_numbers_has_those_and_not_names(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance()
    numbers = column(guessed(capsys, "V100", "V200", "V300", "00042"), "Vendor")
    assert (numbers["use"], numbers["elements"]) == ("mapped", ["supplier/number"])
    assert str(numbers["reasons"]).count("4 of 4 values are numbers of suppliers in acme") == 1
    names = column(guessed(capsys, "Acme Supplies", "Globex", "Initech", "Stark Industrial"), "Vendor")
    assert (names["use"], names["elements"]) == ("mapped", ["supplier/name"])
    assert "4 of 4 values are names of suppliers in acme" in str(names["reasons"])


def test_names_that_look_like_codes_are_names_where_the_instance_says_so(
    instance: Instance, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    more = tmp_path / "more.yaml"
    names = ("A4B", "X-1", "7UP", "B2B")
    more.write_text(
        "suppliers:\n" + "".join(f"  - {{number: N{each}, name: {each}}}\n" for each in names), encoding="utf-8"
    )
    instance(more=more)
    found = column(guessed(capsys, *names), "Vendor")
    assert (found["use"], found["elements"]) == ("mapped", ["supplier/name"])


def test_headings_that_say_nothing_are_known_by_what_the_instance_has(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance()
    headings = HEADINGS.replace("Vendor", "Kreditor X9").replace("Who", "Feld 7")
    found = guessed(capsys, "V100", "V200", "V300", "V500", headings=headings)
    assert column(found, "Kreditor X9")["elements"] == ["supplier/number"]
    assert column(found, "Feld 7")["elements"] == ["ship-to-user/login"]
    assert column(found, "Where")["elements"] == ["ship-to-address/location-code"]


def test_short_numbers_that_are_in_the_instance_by_chance_say_nothing(
    instance: Instance, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    more = tmp_path / "more.yaml"
    more.write_text(
        "suppliers:\n" + "".join(f"  - {{number: '{each}', name: N {each}}}\n" for each in range(9)), encoding="utf-8"
    )
    instance(more=more)
    found = guessed(capsys, "3", "5", "7", "8", headings=HEADINGS.replace("Vendor", "Feld 7"))
    assert column(found, "Feld 7")["use"] != "mapped"
    assert "in acme" not in str(column(found, "Feld 7")["reasons"])


def test_what_the_instance_lacks_is_told_beside_its_column(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance()
    found = guessed(capsys, "V100", "V200", "V300", "V999")
    assert column(found, "Vendor")["missing"] == "1 of 4 suppliers is not in acme: V999"
    assert "Vendor: supplier/number  # 1 of 4 suppliers is not in acme: V999\n" in str(found["mapping"])
    assert "Vendor: 1 of 4 suppliers is not in acme: V999" in str(found["reasons"])
    assert "asked acme for its currencies (7), accounts (5)" in str(found["reasons"])


def test_numbers_that_lost_their_zeros_are_told_with_what_to_do(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance()
    found = column(guessed(capsys, "42", "V200", "V300", "V100"), "Vendor")
    assert found["missing"] == "1 of 4 suppliers is not in acme: 42; with zeros in front they are there, so say pad: 5"


def test_a_supplier_that_is_not_active_is_none(instance: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    instance()
    found = column(guessed(capsys, "V100", "V200", "V300", "V900"), "Vendor")
    assert found["missing"] == "1 of 4 suppliers is not in acme: V900"


def test_lists_that_may_not_be_read_are_named_and_the_guess_goes_on(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance(KNOWN - {"core.supplier.read"})
    found = guessed(capsys, "V100", "V200", "V300", "V500")
    assert column(found, "Vendor")["elements"] == ["supplier/number"]
    assert "suppliers were not asked for: grant the client core.supplier.read in Coupa" in str(found["reasons"])
    assert "2 of 2 values are codes of units in acme" in str(column(found, "UoM")["reasons"])


def test_an_instance_that_cannot_be_asked_leaves_the_guess_without_it(
    instance: Instance, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance()
    monkeypatch.setenv("BULKPO_ACME_CLIENT_SECRET", "another")
    found = guessed(capsys, "V100", "V200", "V300", "V500")
    assert column(found, "Vendor")["elements"] == ["supplier/number"]
    assert "acme was not asked for what it has: " in str(found["reasons"])
    assert "another" not in str(found)


def test_constants_are_offered_of_the_instances_own_records(
    instance: Instance, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    more = tmp_path / "more.yaml"
    more.write_text("account_types:\n  - {name: Corporate, currency: {code: USD}}\n", encoding="utf-8")
    instance(more=more)
    found = guessed(capsys, "V100", "V200", "V300", "V500")
    assert "order-lines/account/account-type/name: {undecided: [SAP100]}" in str(found["mapping"])


def test_of_too_many_records_those_of_the_file_are_asked_for(
    instance: Instance, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    more = tmp_path / "more.yaml"
    rows = "".join(f"  - {{number: S{number:05}, name: Supplier {number}}}\n" for number in range(2_001))
    more.write_text(f"suppliers:\n{rows}", encoding="utf-8")
    instance(more=more)
    found = guessed(capsys, "S00007", "S01999", "V300", "S09999")
    assert column(found, "Vendor")["elements"] == ["supplier/number"]
    assert column(found, "Vendor")["missing"] == "1 of 4 suppliers is not in acme: S09999"
    assert (
        "there are more than 2,000 suppliers: the first 4 different values of columns named so were asked for"
        in str(found["reasons"])
    )


def test_nothing_is_asked_where_no_profile_is_named(instance: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    instance()
    Path("orders.csv").write_text(HEADINGS + ROWS.format("V1", "V2", "V3", "V4"), encoding="utf-8")
    run(["guess", "orders.csv", "--json"])
    assert "asked" not in capsys.readouterr().out


def test_a_list_of_suppliers_is_held_against_those_that_are_there(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance()
    rows = "V100,Acme Supplies,Net 30\nV200,Globex,Net 45\nV300,Initech,Net 30\nNEW-9,Nova Tools,Net 31\n"
    Path("list.csv").write_text(f"Vendor ID,Vendor Name,Terms\n{rows}", encoding="utf-8")
    found = _said(["guess", "--resource", "suppliers", "list.csv", "--to", "acme", "--json"], capsys)
    assert isinstance(found, dict)
    assert [each["elements"] for each in found["columns"]] == [["number"], ["name"], ["payment-term/code"]]
    assert column(found, "Vendor ID")["missing"] == "3 of 4 suppliers are in acme already: V100, V200, V300"
    assert "3 of 4 values are numbers of suppliers in acme" in str(column(found, "Vendor ID")["reasons"])
    assert column(found, "Terms")["missing"] == "1 of 3 payment terms is not in acme: Net 31"
    assert "asked acme for its payment terms (5)" in str(found["reasons"])


def test_what_a_rehearsal_made_out_of_a_file_proves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text(HEADINGS + ROWS.format("Nagoya", "Osaka", "Kyoto", "Kobe"), encoding="utf-8")
    guess = ["guess", "orders.csv", "--to", "sandbox", "--json"]
    before = _said(guess, capsys)
    Path("wrong.yaml").write_text(WRONG, encoding="utf-8")
    assert run(["import", "wrong.yaml", "orders.csv"]) == 0, capsys.readouterr().err
    capsys.readouterr()
    assert _said(guess, capsys) == before
    run(["template", "wrong.yaml", "-o", "t.xlsx", "--json"])
    assert json.loads(capsys.readouterr().out)["lists"]["Vendor"] == 7
    run(
        [
            "guess",
            "--crosswalk",
            "Vendor",
            "wrong.yaml",
            "orders.csv",
            "-o",
            "vendors.xlsx",
            "--to",
            "sandbox",
            "--json",
        ]
    )
    assert json.loads(capsys.readouterr().out)["known"] == 0


def _said(command: list[str], capsys: pytest.CaptureFixture[str]) -> object:
    run(command)
    return json.loads(capsys.readouterr().out)


WRONG = """\
bulkpo: import/1
name: wrong
document: {key: po-number, number_lines: true}
columns:
  PO Number: po-number
  Vendor: supplier/number
  Item text: order-lines/description
  Qty: order-lines/quantity
  UoM: order-lines/uom/code
  Unit Price: order-lines/price
  Currency: [currency/code, order-lines/currency/code]
  Who: ship-to-user/login
  Where: ship-to-address/location-code
constants:
  type: ExternalOrderHeader
  order-lines/type: OrderQuantityLine
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
  transmission-method-override: do_not_transmit
silent: required
"""
