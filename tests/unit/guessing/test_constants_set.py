"""Any element can be set to one value for all orders; what Coupa does not have is refused with what may be meant."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bulkpo.cli.main import cli

FILE = "PO Number,Supplier No,Description,Quantity,UoM,Unit Price,Currency\nPO-1,V100,Copy paper,2,EA,2.50,USD\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text(FILE, encoding="utf-8")


def guessed(*said: str) -> tuple[str, str]:
    """The mapping, and what stopped it."""
    told = CliRunner().invoke(cli, ["guess", "orders.csv", *(f"--set={each}" for each in said)])
    return told.stdout, str(told.exception or "")


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("ship-to-address/location-code=HQ", "  ship-to-address/location-code: HQ\n"),
        ("payment-term/code=Net 30", "  payment-term/code: Net 30\n"),
        ("order-lines/need-by-date=2026-12-31", '  order-lines/need-by-date: "2026-12-31"\n'),
        ("order_lines/commodity/name=Software", "  order-lines/commodity/name: Software\n"),
    ],
)
def test_any_element_is_a_constant_that_no_column_fills(said: str, line: str) -> None:
    text, stopped = guessed(said)
    assert line in text
    assert not stopped


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "ship-to-adress/location-code=HQ",
            (
                "--set: there is no column and no element 'ship-to-adress/location-code': order-header has no element "
                "'ship-to-adress'; did you mean ship-to-address or ship-to-user or ship-to-attention?"
            ),
        ),
        (
            "payment-term=Net 30",
            (
                "--set: there is no column and no element 'payment-term': payment-term is an object, not a value; name "
                "an element below it, such as payment-term/code"
            ),
        ),
        (
            "order-lines/total=1",
            (
                "--set: there is no column and no element 'order-lines/total': order-lines/total is read-only: Coupa "
                "sets it itself; remove it"
            ),
        ),
        (
            "currency/code=EUR",
            (
                "--set: the column 'Currency' fills currency/code; "
                'to have a constant instead, add --set "Currency=ignore"'
            ),
        ),
        (
            "payment-term/code=ignore",
            "--set: payment-term/code is no constant of this mapping, so there is nothing to leave out",
        ),
        ("Supplier No=supplier/nummer", "--set: supplier has no element 'nummer'; did you mean number or name?"),
    ],
)
def test_what_cannot_be_set_is_refused_with_what_may_be_meant(said: str, told: str) -> None:
    assert guessed(said) == ("", told)


def test_a_constant_takes_the_place_of_a_column_that_is_ignored() -> None:
    text, _ = guessed("Currency=ignore", "currency/code=EUR", "order-lines/currency/code=EUR")
    assert "  currency/code: EUR\n  order-lines/currency/code: EUR\n" in text
    assert "  Currency: {ignore: you said so}" in text


@pytest.mark.parametrize("zone", ["CET+1", "../etc", "Europe/Nowhere", ""])
def test_a_time_zone_that_is_none_is_refused(zone: str) -> None:
    _, stopped = guessed(f"time_zone={zone}")
    assert stopped == f"--set: {zone!r} is not a time zone; write one like America/New_York"


def test_what_is_to_be_decided_shows_a_cell_and_says_that_any_currency_will_do() -> None:
    Path("orders.csv").write_text(
        "PO Number,Supplier No,Description,Quantity,Unit Price,Zustand\n"
        "PO-1,V100,Copy paper,2,2.50,Berlin  Mitte\nPO-2,V200,Pens,3,1.50,Hamburg\n",
        encoding="utf-8",
    )
    told = CliRunner().invoke(cli, ["guess", "orders.csv", "-o", "orders.yaml"])
    asked = {line.split(": ")[1]: line for line in told.stdout.splitlines() if line.startswith("To decide: ")}
    assert asked["Zustand"].endswith(", such as Berlin Mitte)")
    assert asked["currency/code"] == (
        "To decide: currency/code: USD or EUR? (no column says it; it is the same for all, and may be any ISO code)"
    )
