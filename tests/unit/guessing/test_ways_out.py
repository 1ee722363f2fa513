"""What a guess says to do next works when it is done, and what an option cannot do is refused and not passed over."""

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulkpo.cli.main import cli
from bulkpo.runs.drafting.nearest import NearestValues

ORDERS = (
    "PO Number,Supplier No,Description,Quantity,UoM,$ Price,Currency,Buyer Note\n"
    "PO-1,V100,Copy paper,2,EA,2.50,USD,x\nPO-2,V200,Blue pens,3,EA,1.50,USD,y\n"
)
SUPPLIERS = "Vendor No,Vendor Name,City,VAT No,Contact\n0412,Nordbeck GmbH,Kiel,DE123456789,Anna Klein\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text(ORDERS, encoding="utf-8")
    Path("vendors.csv").write_text(SUPPLIERS, encoding="utf-8")


def guessed(*words: str) -> Result:
    return CliRunner().invoke(cli, ["guess", *words])


def next_command(told: Result) -> str:
    return next(line.strip() for line in told.stdout.splitlines() if line.startswith("  bulkpo guess "))


def test_the_command_to_go_on_with_repeats_what_was_said() -> None:
    said = ("--set", "Buyer Note=ignore", "--set", "$ Price=order-lines/price")
    told = guessed("orders.csv", "-o", "my orders.yaml", "--time-zone", "Europe/Paris", *said)
    assert next_command(told) == (
        'bulkpo guess orders.csv -o "my orders.yaml" --force --time-zone Europe/Paris --set "Buyer Note=ignore" '
        "--set '$ Price=order-lines/price' --set \"ship-to-user/login=…\" --set …"
    )


def test_the_command_to_go_on_with_guesses_suppliers_where_these_were_guessed() -> None:
    told = guessed("--resource", "suppliers", "vendors.csv", "-o", "v.yaml", "--set", "VAT No=tax-id")
    command = next_command(told)
    assert command == (
        'bulkpo guess vendors.csv -o v.yaml --force --resource suppliers --set "VAT No=tax-id" --set "Contact=…"'
    )
    again = guessed(*shlex.split(command.replace("…", "ignore"))[2:])
    assert again.exit_code == 0
    assert "resource: suppliers\n" in Path("v.yaml").read_text(encoding="utf-8")


def test_what_somebody_said_needs_no_other_reason() -> None:
    told = guessed("--resource", "suppliers", "vendors.csv", "-o", "v.yaml", "--set", "VAT No=tax-id")
    line = next(each for each in told.stdout.splitlines() if "VAT No" in each)
    assert line.split("  ")[-1].strip() == "you said so"


def test_files_that_are_not_read_are_told_where_the_mapping_is_shown_too() -> None:
    told = guessed("--resource", "suppliers", "vendors.csv", "orders.csv")
    assert "Not read: orders.csv" in told.output.splitlines()


@pytest.mark.parametrize(
    ("words", "stopped"),
    [
        (
            ("orders.csv", "--time-zone", "paris"),
            "--time-zone: 'paris' is not a time zone; did you mean Europe/Paris?",
        ),
        (
            ("orders.csv", "--set", "time_zone=New York"),
            "--set: 'New York' is not a time zone; did you mean America/New_York?",
        ),
        (
            ("--resource", "supplier", "vendors.csv"),
            (
                "--resource supplier: what columns mean is known of purchase orders and suppliers alone; did you mean "
                "suppliers?"
            ),
        ),
        (("orders.csv", "--accept"), "--accept goes with --fit MAPPING, which it changes"),
        (
            ("--fit", "orders.csv", "orders.csv", "-o", "new.yaml"),
            "-o does not go with --fit, which changes its mapping in place: --accept does that",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_may_be(words: tuple[str, ...], stopped: str) -> None:
    assert str(guessed(*words).exception) == stopped


def test_gross_prices_and_budgets_are_left_out_for_what_they_are() -> None:
    Path("orders.csv").write_text(
        "Commande;Fournisseur;Article;Quantité;Prix brut;Prix net;Montant;Budget\n"
        "C1;F1;Vis;2;3,00;2,50;5,00;100,00\nC2;F2;Clou;3;1,80;1,50;4,50;90,00\n",
        encoding="utf-8",
    )
    text = guessed("orders.csv").stdout
    assert "  Prix brut: {ignore: with tax or before discounts; Coupa wants the net price}\n" in text
    assert '  Budget: {ignore: "budgeted, paid or still open, not what is ordered"}' in text


def test_two_tables_say_whose_reason_it_is() -> None:
    Path("typed.csv").write_text(
        "KO;Bestellnummer;Lieferant;Datum;\nPO;Bestellnummer;Pos;Menge;Preis\n"
        "KO;B1;Acme;15.06.2026;\nPO;B1;1;2;3,50\nKO;B2;Bolt;16.06.2026;\nPO;B2;1;4;1,25\n",
        encoding="utf-8",
    )
    told = guessed("typed.csv", "-o", "t.yaml").stdout
    assert [line for line in told.splitlines() if line.startswith("In ")] == ["In KO: no 'Bestellnummer' stands twice"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Each", "EA is named so (Each)"),
        ("ea.", "the same but for capitals, blanks and signs (Each)"),
    ],
)
def test_a_proposal_says_whether_it_is_the_code_or_its_name_that_is_the_same(text: str, why: str) -> None:
    assert NearestValues({"EA": "Each", "BX": "Box"}).of(text).why == why


def test_a_reason_says_how_a_heading_comes_to_its_meaning() -> None:
    Path("orders.csv").write_text(
        "Commande;Date Effective;Item;Délai demandé;Quantité;Prix net\n"
        "C1;01.09.2026;A-1;15.09.2026;2;2,50\nC2;02.09.2026;A-2;16.09.2026;3;1,50\n",
        encoding="utf-8",
    )
    told = guessed("orders.csv", "-o", "o.yaml").stdout
    assert "the heading 'Item', which has other meanings too; " in told
    assert "the heading 'Délai demandé', by its words; " in told
