"""Who may read what bulkpo writes: its own data nobody but their owner, results whoever may read their input."""

import os
import re
import stat
from pathlib import Path

import pytest

from bulkpo.cli.main import run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs the rights of POSIX files")
MAPPING = """\
bulkpo: import/1
name: small
resource: purchase_orders
document: {key: po-number}
columns:
  Number: po-number
  Supplier: supplier/name
  Price: order-lines/price
constants:
  ship-to-user/login: migration
  currency/code: USD
  order-lines/line-num: "1"
  order-lines/description: Work
  order-lines/type: OrderAmountLine
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""
EXPORT = "bulkpo: export/1\nname: changed\nsince: updated-at\ncolumns: [po-number]\n"


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_what_is_kept_is_private_and_what_is_told_is_for_whom_the_input_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(MAPPING, encoding="utf-8")
    Path("changed.yaml").write_text(EXPORT, encoding="utf-8")
    file = Path("orders.csv")
    file.write_text("Number,Supplier,Price\nPO-1,Acme,1.00\nPO-2,Acme,x\n", encoding="utf-8")
    file.chmod(mode)
    assert run(["import", "small.yaml", "orders.csv"]) == 1
    assert run(["check", "small.yaml", "orders.csv", "--report", "report.xlsx"]) == 1
    assert run(["export", "changed.yaml", "-o", "changed.csv"]) == 0
    told = ["orders.result.xlsx", "orders.failed.csv", "report.xlsx"]
    assert {name: rights(Path(name)) for name in told} == dict.fromkeys(told, mode | 0o600)
    kept = [path for path in Path(".bulkpo").rglob("*") if path.is_file()]
    assert {"journal.db", "sandbox.db", "run-1.claim"} < {path.name for path in kept}
    assert {path: rights(path) for path in kept} == dict.fromkeys(kept, 0o600)


def test_data_that_others_could_read_are_taken_from_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("changed.yaml").write_text(EXPORT, encoding="utf-8")
    assert run(["export", "changed.yaml", "-o", "changed.csv"]) == 0
    assert run(["runs"]) == 0
    kept = [path for path in Path(".bulkpo").rglob("*.db") if path.is_file()]
    for path in kept:
        path.chmod(0o644)
    assert run(["export", "changed.yaml", "-o", "changed.csv"]) == 0
    assert run(["runs"]) == 0
    assert {path.name: rights(path) for path in kept} == dict.fromkeys([path.name for path in kept], 0o600)


UPDATE = """\
bulkpo: import/1
name: prices
resource: purchase_orders
mode: update
document: {key: po-number}
columns: {Number: po-number, Price: order-lines/price}
constants: {order-lines/line-num: "1"}
"""
LINES = """\
bulkpo: export/1
name: lines
rows: order-lines
columns: [po-number, order-lines/line-num, order-lines/price]
"""
TOLD_OF_ITS_INPUT = ["orders.plan.xlsx", "orders.result.xlsx", "prices.undone.xlsx", "two.xlsx", "two.json"]


def test_plans_and_what_was_undone_are_for_whom_the_input_is_and_evidence_for_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {
        "small.yaml": MAPPING, "prices.yaml": UPDATE, "lines.yaml": LINES, "prices.csv": "Number,Price\nPO-1,3.00\n",
        "orders.csv": "Number,Supplier,Price\nPO-1,Acme,1.00\n", "more.csv": "Number,Supplier,Price\nPO-2,Acme,1.00\n",
    }  # fmt: skip
    for name, text in texts.items():
        Path(name).write_text(text, encoding="utf-8")
        Path(name).chmod(0o640)
    before = os.umask(0o022)
    try:
        for report in ("two.xlsx", "two.json"):
            assert run(["check", "small.yaml", "orders.csv", "more.csv", "--report", report]) == 0
        for command in (
            ["import", "small.yaml", "orders.csv", "--plan", "orders.plan.xlsx"],
            ["apply", "orders.plan.xlsx", "--yes"],
            ["import", "prices.yaml", "prices.csv", "--yes"],
            ["undo", "2", "--yes"],
            ["evidence", "1", "-o", "pack.zip"],
            ["export", "lines.yaml", "--editable", "-o", "lines.xlsx"],
            ["do", "cancel", "--run", "1", "--yes"],
        ):
            assert run(command) == 0, command
    finally:
        os.umask(before)
    assert {name: oct(rights(Path(name))) for name in TOLD_OF_ITS_INPUT} == dict.fromkeys(TOLD_OF_ITS_INPUT, "0o640")
    assert rights(Path("pack.zip")) == 0o600
    assert {rights(Path(name)) for name in ("lines.xlsx", "cancel.run-1.xlsx")} == {0o644}


EVERY_FILE = {
    "orders.result.xlsx": 0o640, "orders.failed.csv": 0o640, "report.xlsx": 0o640, "report.html": 0o640,
    "report.csv": 0o640, "report.json": 0o640, "failed.csv": 0o640, "changed.csv": None, "changed.xlsx": None,
    "changed.jsonl": None, "journal.jsonl": 0o600, ".bulkpo/journal.db": 0o600, ".bulkpo/journal.db.damaged-1": 0o600,
    ".bulkpo/written.json": 0o600, ".bulkpo/exports/changed.db": 0o600,
    ".bulkpo/sandbox/sandbox.db": 0o600,
}  # fmt: skip
"""What each file's rights are; None: as the system gives them to a new file."""


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_every_file_has_its_rights_whatever_the_umask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mask: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(MAPPING, encoding="utf-8")
    Path("changed.yaml").write_text(EXPORT, encoding="utf-8")
    Path("orders.csv").write_text("Number,Supplier,Price\nPO-1,Acme,1.00\nPO-2,Acme,x\n", encoding="utf-8")
    given = {path.name: 0o640 for path in tmp_path.iterdir()}
    for name, mode in given.items():
        Path(name).chmod(mode)
    before = os.umask(mask)
    try:
        assert run(["import", "small.yaml", "orders.csv"]) == 1
        for name in ("report.xlsx", "report.html", "report.csv", "report.json"):
            assert run(["check", "small.yaml", "orders.csv", "--report", name]) == 1
        assert run(["check", "small.yaml", "orders.csv", "--failed", "failed.csv"]) == 1
        for name in ("changed.csv", "changed.xlsx", "changed.jsonl"):
            assert run(["export", "changed.yaml", "-o", name]) == 0
        assert run(["journal", "export", "journal.jsonl"]) == 0
        Path(".bulkpo/journal.db").write_bytes(b"no longer a journal")
        assert run(["journal", "repair"]) == 0
    finally:
        os.umask(before)
    paths = [path for path in tmp_path.rglob("*") if path.is_file()]
    found = {path.relative_to(tmp_path).as_posix(): rights(path) for path in paths}
    found = {re.sub("exports/sandbox_changed-[0-9a-f]+", "exports/changed", name): it for name, it in found.items()}
    expected = {name: 0o666 & ~mask if mode is None else mode for name, mode in EVERY_FILE.items()}
    assert {name: oct(mode) for name, mode in found.items() if name not in given} == {
        name: oct(mode) for name, mode in expected.items()
    }


def test_an_input_whose_results_could_not_be_named_is_refused_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(MAPPING, encoding="utf-8")
    file = Path("a" * 245 + ".csv")
    file.write_text("Number,Supplier,Price\nPO-1,Acme,1.00\n", encoding="utf-8")
    assert run(["import", "small.yaml", str(file)]) == 3
    assert "choose another, or a shorter one for the input. Nothing was done" in capsys.readouterr().err
    assert run(["runs", "--json"]) == 0
    assert '"runs": []' in capsys.readouterr().out
