"""Who may read what bulkpo writes: its own data nobody but their owner, results whoever may read their input."""

import os
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
