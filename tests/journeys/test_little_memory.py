"""A process that is not let have much memory checks a large file all the same, or says that memory is missing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bulkpo.runs.checking.blocks import FEWEST_BYTES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process is held to so much memory by ulimit")

MAPPING = """\
bulkpo: import/1
name: notes
resource: purchase_orders
document: {key: po-number}
columns:
  PO: po-number
  Supplier: supplier/name
  Text: order-lines/description
  Price: order-lines/price
constants:
  ship-to-user/login: migration
  currency/code: USD
  order-lines/currency/code: USD
  order-lines/account/code: A
  order-lines/quantity: 1
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A large file, one of whose orders is bad."""
    found = tmp_path_factory.mktemp("large")
    (found / "notes.yaml").write_text(MAPPING, encoding="utf-8")
    text = "x" * 250
    rows = [f"PO-{row:05d},Acme,{text},{'cheap' if row == 7 else '1.50'}" for row in range(FEWEST_BYTES // 250)]
    (found / "notes.csv").write_text("\n".join(["PO,Supplier,Text,Price", *rows, ""]), encoding="utf-8")
    return found


def checked(folder: Path, limit: str) -> tuple[int, str, str]:
    """What a check says when its process is held to a limit."""
    command = f'{limit} && exec "$0" -m bulkpo check notes.yaml notes.csv'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("limit", ["ulimit -v 153600", "ulimit -v 204800", "ulimit -d 153600"])
def test_a_large_file_is_checked_within_little_memory_as_with_much(folder: Path, limit: str) -> None:
    code, out, err = checked(folder, "true")
    assert (code, err) == (1, "")
    assert "33,553 clean, 1 with errors" in out
    assert checked(folder, limit) == (code, out, err)


IMPORT = (
    MAPPING.replace("code: A", "code: 01-100-8000")
    + """\
  order-lines/type: OrderQuantityLine
  order-lines/uom/code: EA
"""
)
EXPORT = """\
bulkpo: export/1
name: back
resource: purchase_orders
columns: {PO: po-number}
where: {created-by/login: {blank: false}}
"""


def said(folder: Path, kilobytes: int, command: str) -> tuple[int, str]:
    """The exit code of a command held to so much memory, and what it says on standard error."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'ulimit -v {kilobytes} && exec "$0" -m bulkpo {command}', sys.executable],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="how much a process takes is that of Linux")
@pytest.mark.parametrize("kilobytes", [24_000, 50_000, 75_000])
def test_where_memory_is_missing_every_command_says_so_and_nothing_is_half_sent(kilobytes: int, tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text(IMPORT, encoding="utf-8")
    (tmp_path / "back.yaml").write_text(EXPORT, encoding="utf-8")
    rows = "".join(f"PO-M{row:02d},Acme Supplies,bolts,1.50\n" for row in range(40))
    (tmp_path / "few.csv").write_text(f"PO,Supplier,Text,Price\n{rows}", encoding="utf-8")
    commands = ("check notes.yaml few.csv", "guess few.csv -o new.yaml", "import notes.yaml few.csv",
                "export back.yaml -o back.xlsx")  # fmt: skip
    for command in commands:
        code, err = said(tmp_path, kilobytes, command)
        assert code in (0, 1) or (code, "memory ran out: " in err) == (3, True), (command, code, err)
    assert not list(tmp_path.glob("bulkpo-fault-*"))
    done = subprocess.run(
        [sys.executable, "-m", "bulkpo", "import", "notes.yaml", "few.csv", "--json"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert (told["unknown"], told["differs"], told["created"] + told["existing"]) == (0, 0, 40)
