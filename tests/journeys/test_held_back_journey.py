"""Orders that refer to what is not there stay behind and the rest goes; a dry run says just that beforehand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bulkpo.cli.main import run

MAPPING = """\
bulkpo: import/1
name: orders
resource: purchase_orders
document: {key: po-number}
columns:
  PO: po-number
  Supplier: supplier/name
  Line: order-lines/line-num
  Text: order-lines/description
  Qty: order-lines/quantity
  Price: order-lines/price
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  currency/code: USD
  transmission-method-override: do_not_transmit
  order-lines/currency/code: USD
  order-lines/type: OrderQuantityLine
  order-lines/uom/code: EA
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""
PROFILES = "bulkpo: profiles/1\nprofiles:\n  sandbox: {references: starter}\n"
MIXED = ["Globex", "Nowhere Ltd", "Initech", "Nobody & Co", "Globex", "Nobody & Co"]
COMMAND = ("import", "orders.yaml", "orders.csv")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.yaml").write_text(MAPPING, encoding="utf-8")
    Path("bulkpo.yaml").write_text(PROFILES, encoding="utf-8")
    write_orders(MIXED)


def write_orders(suppliers: Sequence[str], text: str = "Valve") -> None:
    rows = [
        f"PO-{number},{supplier},{line},{text} {line},2,{number}.50"
        for number, supplier in enumerate(suppliers, 1)
        for line in (1, 2)
    ]
    Path("orders.csv").write_text("\n".join(["PO,Supplier,Line,Text,Qty,Price", *rows, ""]), encoding="utf-8")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> "Said":
    return Said(capsys)


class Said:
    """Runs commands and keeps what they said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def words(self, *arguments: str) -> tuple[int, str]:
        code = run(arguments)
        told = self._capsys.readouterr()
        return code, " ".join((told.out + told.err).split())

    def data(self, *arguments: str) -> dict[str, Any]:
        code = run([*arguments, "--json"])
        data: dict[str, Any] = {**json.loads(self._capsys.readouterr().out), "code": code}
        return data


def test_one_unknown_reference_holds_back_its_orders_and_the_rest_goes(said: Said) -> None:
    code, words = said.words(*COMMAND)
    assert code == 1
    assert "Run 1: 3 created" in words
    assert "3 orders held back for what they refer to, worth USD 54.00" in words
    assert "held back: 2 × Supplier: 'Nobody & Co' is not among the suppliers of the sandbox" in words
    failed = Path("orders.failed.csv").read_text(encoding="utf-8")
    assert [number for number in range(1, 7) if f"PO-{number}," in failed] == [2, 4, 6]


def test_strict_sends_all_or_nothing_of_references_too(said: Said) -> None:
    code, words = said.words(*COMMAND, "--strict")
    assert (code, "nothing was sent" in words) == (2, True)
    assert said.data("runs")["runs"] == []


def test_what_was_held_back_stays_so_when_the_run_is_resumed(said: Said) -> None:
    first = said.data(*COMMAND, "--limit", "1")
    assert (first["created"], first["planned"], first["held"]) == (1, 2, 3)
    Path("bulkpo.yaml").unlink()  # now every supplier is there
    again = said.data("resume", "--all")
    assert (again["created"], again["held"], again["failed"]) == (3, 3, 3)


@pytest.mark.parametrize("on_existing", ["skip", "compare", "fail"])
@pytest.mark.parametrize("more", [(), ("--strict",), ("--no-preflight",), ("--limit", "2")], ids=" ".join)
@pytest.mark.parametrize("before", ["nothing", "the same", "other lines"])
def test_a_dry_run_does_what_the_import_will_do(
    said: Said, on_existing: str, more: tuple[str, ...], before: str
) -> None:
    if "--no-preflight" in more:
        write_orders(["Globex", "Initech", "Globex"])
    if before != "nothing":
        there = Path("orders.csv").read_text(encoding="utf-8")
        write_orders(["Globex", "Initech"], "Valve" if before == "the same" else "Pump")
        said.data(*COMMAND)
        Path("orders.csv").write_text(there, encoding="utf-8")
    command = [*COMMAND, "--on-existing", on_existing, *more]
    dry = said.data(*command, "--dry-run")
    real = said.data(*command)
    assert dry["code"] == real["code"]
    if "error" in real:  # --strict
        assert dry["error"] == real["error"]
        assert "--strict" in more
        return
    assert dry["planned"] == real["created"]
    assert (dry["failed"], dry["held"], dry["findings"]) == (real["failed"], real["held"], real["findings"])
    assert dry["existing"] + dry["differs"] >= real["existing"] + real["differs"]


def test_reasons_are_given_once_each_with_how_many_orders_have_them(said: Said) -> None:
    write_orders(MIXED * 5)
    code, words = said.words(*COMMAND, "--no-preflight")
    assert code == 1
    assert "Run 1: 15 created, 15 refused" in words
    why = "Unable to find valid Supplier record for supplier with keys"
    reasons = f'15 refused: 10 × {why} {{"name"=>"Nobody & Co"}}, 5 × {why} {{"name"=>"Nowhere Ltd"}}'
    assert reasons in words
    code, words = said.words("show", "1")
    assert reasons in words
    assert f"PO-2 (rows 4-5) refused: {why}" in words
    write_orders(MIXED)
    assert f"PO-2 (row 4) refused: {why}" in said.words("show", "1")[1]


def test_a_list_that_is_cut_says_how_many_more_there_are_and_where(said: Said) -> None:
    write_orders(["Nobody & Co"] * 23)
    said.words(*COMMAND, "--no-preflight")
    assert "and 3 more; --json has them all, and so has the result file beside orders.csv" in said.words("show")[1]
    assert len(said.data("show")["troubled"]) == 23


def test_reasons_that_differ_in_values_alone_are_one(said: Said) -> None:
    write_orders([f"Nobody {letter}" for letter in "ABCDEF"])
    words = said.words(*COMMAND, "--no-preflight")[1]
    assert '6 refused: 1 × Unable to find valid Supplier record for supplier with keys {"name"=>"Nobody A"}' in words
    assert "(and 5 more with other values)" in words


def test_nothing_is_said_to_agree_where_nothing_was_sent(said: Said) -> None:
    write_orders(["Nobody & Co"])
    _, words = said.words(*COMMAND)
    assert "agree" not in words
    write_orders(["Globex"])
    assert "Sent and read back agree." in said.words(*COMMAND)[1]
    assert "agree" not in said.words(*COMMAND)[1]
