"""A mapping fitted to a file whose headings have changed: shown as a difference, and money only by word of a person."""

from pathlib import Path

import pytest

from bulkpo.cli.main import run
from bulkpo.runs.drafting.patch import MappingPatch
from bulkpo.yamldoc import parse_yaml

MAPPING = """\
# Orders of the old system; do not touch without Ann.
bulkpo: import/1
name: own
document: {key: po-number, number_lines: true}
dates: {order: DMY, time_zone: Europe/Berlin}
skip_rows: {Gone: X}   # cancelled
columns:
  PO Number: po-number
  Vendor No: supplier/number      # as in SAP
  User: ship-to-user/login
  Currency: [currency/code, order-lines/currency/code]
  Item: order-lines/description
  Quantity: order-lines/quantity
  Unit:
    to: order-lines/uom/code     # units of our own
    case: upper
  Unit Price: {to: order-lines/price, round: {digits: 4}}
  Need By: order-lines/need-by-date

# what every order has
constants:
  type: ExternalOrderHeader
  order-lines/type: OrderQuantityLine
  order-lines/account/code: 01-100-8100
  order-lines/account/account-type/name: Corporate
  transmission-method-override: do_not_transmit
"""
OLD = "PO Number,Vendor No,User,Currency,Item,Quantity,Unit,Unit Price,Need By,Gone"
NEW = "PO Number,Vendor Number,User,Currency,Item description,Quantity,UOM,Price per unit,Delivery Date,Gone,Terms"
ROWS = """
1,00042,migration,EUR,Paper,1,ea,2,31.12.2026,,Net 30
2,00042,migration,EUR,Pens,3,ea,4,30.12.2026,,Net 30
3,00042,migration,EUR,Ink,1,ea,2,29.12.2026,X,Net 30
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text(MAPPING, encoding="utf-8")
    Path("old.csv").write_text(OLD + ROWS.replace(",Net 30", ""), encoding="utf-8")
    Path("new.csv").write_text(NEW + ROWS, encoding="utf-8")
    return tmp_path


def test_what_changed_is_shown_with_reasons_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["guess", "--fit", "own.yaml", "new.csv"]) == 1
    told = capsys.readouterr().out
    assert "'Item' is now 'Item description': the heading 'Item description' means order-lines/description" in told
    assert "-  Item: order-lines/description\n+  Item: {to: order-lines/description, also: [Item description]}" in told
    assert "'Terms' is new: payment-term/code" in told
    assert 'Yours to say: --set "Unit Price=Price per unit", or --set "Unit Price=gone"' in told
    assert Path("own.yaml").read_text(encoding="utf-8") == MAPPING


def test_money_is_never_pointed_elsewhere_by_accepting_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["guess", "--fit", "own.yaml", "new.csv", "--accept"]) == 1
    text = Path("own.yaml").read_text(encoding="utf-8")
    assert "  Unit Price: {to: order-lines/price, round: {digits: 4}}\n" in text
    assert "  Vendor No: supplier/number      # as in SAP\n" in text
    capsys.readouterr()
    assert run(["check", "own.yaml", "new.csv"]) == 2
    said = [f"--set={column}" for column in ("Vendor No=Vendor Number", "Unit Price=Price per unit")]
    run(["guess", "--fit", "own.yaml", "new.csv", "--accept", *said])
    text = Path("own.yaml").read_text(encoding="utf-8")
    assert "  Unit Price: {to: order-lines/price, round: {digits: 4}, also: [Price per unit]}\n" in text
    assert "  Vendor No: {to: supplier/number, also: [Vendor Number]}      # as in SAP\n" in text
    Path("own.yaml").write_text(text.replace("{undecided: [payment-term/code]}", "payment-term/code"), encoding="utf-8")
    for file in ("new.csv", "old.csv"):
        capsys.readouterr()
        run(["check", "own.yaml", file])
        told = capsys.readouterr()
        if file == "new.csv":
            assert "2 orders with 2 lines: 2 clean, 0 with errors" in told.out
        else:
            assert "Terms" in told.err


def test_comments_order_and_blanks_stay_to_the_letter() -> None:
    run(["guess", "--fit", "own.yaml", "new.csv", "--accept"])
    text = Path("own.yaml").read_text(encoding="utf-8")
    kept = [line for line in MAPPING.splitlines() if not line.startswith(("  Item:", "  Need By:"))]
    left = iter(text.splitlines())
    assert all(line in left for line in kept)
    assert len(text.splitlines()) == len(MAPPING.splitlines()) + 2
    crlf = MAPPING.replace("\n", "\r\n").encode()
    Path("own.yaml").write_bytes(b"\xef\xbb\xbf" + crlf)
    run(["guess", "--fit", "own.yaml", "new.csv", "--accept"])
    assert Path("own.yaml").read_bytes() == b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


def test_a_column_that_may_be_two_is_neither(capsys: pytest.CaptureFixture[str]) -> None:
    two = NEW.replace("Item description", "Item description,Item text")
    rows = ROWS.replace("Paper", "Paper,A4").replace("Pens", "Pens,blue").replace("Ink", "Ink,red")
    Path("new.csv").write_text(two + rows, encoding="utf-8")
    run(["guess", "--fit", "own.yaml", "new.csv"])
    told = capsys.readouterr().out
    assert "'Item' is missing: may be" in told
    assert "-  Item:" not in told


def test_what_is_gone_is_made_optional_only_if_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    Path("new.csv").write_text(
        "\n".join(line.rsplit(",", 2)[0] for line in (OLD + ROWS.replace(",Net 30", "")).split("\n"))
    )
    Path("own.yaml").write_text(MAPPING.replace("skip_rows: {Gone: X}   # cancelled\n", ""), encoding="utf-8")
    assert run(["guess", "--fit", "own.yaml", "new.csv"]) == 1
    assert "'Need By' is missing: nothing in the file looks like it" in capsys.readouterr().out
    assert run(["guess", "--fit", "own.yaml", "new.csv", "--set", "Need By=gone", "--accept"]) == 0
    assert "Need By: {to: order-lines/need-by-date, optional: true}" in Path("own.yaml").read_text(encoding="utf-8")
    assert run(["guess", "--fit", "own.yaml", "new.csv", "--set", "Item=Nowhere"]) == 2
    assert "the file has no column 'Nowhere'; it may be gone" in capsys.readouterr().err


def test_a_file_as_the_mapping_has_it_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.yaml").write_text(MAPPING.replace("columns:\n", "columns:\n  Gone: {ignore: read by skip_rows}\n"))
    assert run(["guess", "--fit", "own.yaml", "old.csv"]) == 0
    assert capsys.readouterr().out == "The file has the columns of the mapping, and no others\n"


def test_a_file_of_another_kind_is_not_fitted(capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.csv").write_text("Report of orders,,,\n" + OLD + ROWS, encoding="utf-8")
    assert run(["guess", "--fit", "own.yaml", "other.csv", "--accept"]) == 2
    assert "other.csv: has 0 of the 10 columns of own.yaml; it is a file of another kind" in capsys.readouterr().err
    assert Path("own.yaml").read_text(encoding="utf-8") == MAPPING


@pytest.mark.parametrize(
    "columns",
    [
        "columns: {A: x, B: y}\n",
        "columns:\n  A: x\n  B: y",
        "columns:\n    A: x # one\n    # two\n\n# three\nname: n\n",
        "columns:\n  A:\n    to: x\n    also: [Q]\n  B: y\n",
        "columns:\n  B: y\n  A:\n    to: x # one\n\n# two\nname: n",
        "name: n\ncolumns:\n  'A':\n    {to: x,\n     also: [Q]}  # one\n",
    ],
)
def test_a_patch_is_yaml_that_says_what_it_should(columns: str) -> None:
    patch = MappingPatch(columns)
    patch.also("A", 'C: "1" #')
    patch.add("D", "z")
    data = parse_yaml(patch.patched(), "m.yaml").data
    found = data["columns"]["A"]
    assert found["also"][-1] == 'C: "1" #'
    assert found["to"] == "x"
    assert data["columns"]["D"] == "z"
    assert list(data["columns"])[-1] == "D"
    assert data.get("name", "n") == "n"
    for comment in ("# one", "# two", "# three"):
        assert (comment in columns) == (comment in patch.patched())


PER = MAPPING.replace(
    "{to: order-lines/price, round: {digits: 4}}\n",
    "{to: order-lines/price, divide_by: {column: Per, empty: 1}}\n  Per: {ignore: read by the price}\n",
)


@pytest.fixture
def priced_per() -> None:
    """A mapping whose prices are divided by a column that is ignored, and a file that calls that column otherwise."""
    Path("own.yaml").write_text(PER, encoding="utf-8")
    heading, *rows = (OLD + ROWS.replace(",Net 30", "")).replace("Unit Price", "Unit Price,Price per").splitlines()
    lines = [heading, *(",".join([*row.split(",")[:8], "100", *row.split(",")[8:]]) for row in rows)]
    Path("new.csv").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.usefixtures("priced_per")
def test_a_column_that_prices_are_divided_by_gets_its_new_name_though_it_is_ignored() -> None:
    assert run(["guess", "--fit", "own.yaml", "new.csv", "--set", "Per=Price per", "--accept"]) == 0
    text = Path("own.yaml").read_text(encoding="utf-8")
    assert "Unit Price: {to: order-lines/price, divide_by: {column: Per, empty: 1}}" in text
    assert "  Per: {ignore: read by the price, also: [Price per]}\n" in text


@pytest.mark.usefixtures("priced_per")
def test_a_column_that_prices_are_divided_by_is_not_taken_away(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["guess", "--fit", "own.yaml", "new.csv", "--set", "Per=gone", "--accept"]) == 2
    assert "--set Per=gone: 'Unit Price' is reckoned with it (divide_by and the like)" in capsys.readouterr().err
    assert Path("own.yaml").read_text(encoding="utf-8") == PER
