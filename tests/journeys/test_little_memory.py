"""A process that is not let have much memory checks a large file all the same, with numpy installed or not."""

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
