"""A column nobody knows is left out for a reason that is said, or is open; none goes in silence."""

from pathlib import Path

import pytest

from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEADINGS = "PO Number,Supplier No,Currency,Description,Qty,UOM,Unit Price,Line Amount,Need By,Xqz"


def guessed(folder: Path, cells: list[str]) -> Drafted:
    """Ten orders of two lines, with these cells in a column nobody knows."""
    rows = [HEADINGS]
    for place, cell in enumerate(cells):
        order, price = 4500 + place // 2, 7 + place % 5
        said = f"{order},V{order % 4},EUR,Steel sheet {place % 7} mm,{place % 3 + 2},EA,{price}.25"
        rows.append(f"{said},{(place % 3 + 2) * (price + 0.25):.2f},2026-05-13,{cell}")
    path = folder / "o.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "Europe/Berlin")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda _: "7100", "the same in every row: 7100"),
        (lambda _: "0.00", "the same in every row: 0.00"),
        (lambda place: "YN"[place % 2], "says only N or Y"),
        (lambda place: str(place + 1), "counts the rows"),
        (lambda place: f"2026-03-0{place % 9 + 1} 11:{place + 10}:07", "a moment, as programs write it"),
        (lambda place: f"{(place % 3 + 2) + (7 + place % 5 + 0.25):.2f}", "Qty + Unit Price in every row"),
    ],
    ids=["constant", "nothing", "flags", "a count", "a stamp", "a sum"],
)
def test_what_is_not_needed_is_left_out_with_its_reason(make: object, reason: str, tmp_path: Path) -> None:
    text = guessed(tmp_path, [make(place) for place in range(20)]).text  # type: ignore[operator]
    assert f'Xqz: {{ignore: "{reason}"}}' in text or f"Xqz: {{ignore: {reason}}}" in text


def test_codes_nobody_knows_are_open_between_what_they_may_be(tmp_path: Path) -> None:
    text = guessed(tmp_path, [f"DC-{place // 4}" for place in range(20)]).text
    assert "Xqz: {undecided: [payment-term/code, ship-to-address/location-code, shipping-term/code]}" in text


def test_what_an_open_column_may_be_is_still_asked_for_where_it_must_be_said(tmp_path: Path) -> None:
    text = guessed(tmp_path, [f"61{place:02}00" for place in range(20)]).text
    assert "order-lines/account/code" in text.partition("Xqz")[2].partition("\n")[0]
    assert 'order-lines/account/code: {undecided: ["01-100-8000"]}' in text


def test_what_may_be_nothing_is_told_of_loudly(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, [f"{place * place % 17 + 1}.7{place % 7}" for place in range(20)])
    said = "not understood and left out: 'Xqz' (such as '1.70'); say what it is with --set, or leave it so"
    assert said in drafted.guess.reasons


@pytest.mark.parametrize("heading", ["Terms", "Delivery Terms", "Vendor", "Contract", "Ship To", "Dept"])
def test_addresses_of_e_mail_are_offered_as_nothing_but_what_holds_such(heading: str, tmp_path: Path) -> None:
    rows = "".join(f"47{n}1,Item {n},{n + 1},2.50,EA,USD,{'ab'[n % 2]}@x.example\n" for n in range(10))
    path = tmp_path / "o.csv"
    path.write_text(f"PO Number,Description,Quantity,Unit Price,UOM,Currency,{heading}\n{rows}", encoding="utf-8")
    column = guess_files([path], TABLES, "purchase_orders", "UTC").guess.columns[-1]
    assert set(column.paths) <= {"ship-to-user/email", "ship-to-user/login", "transmission-emails"}
