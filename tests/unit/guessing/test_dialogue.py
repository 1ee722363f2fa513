"""At a terminal, what is left open is asked for, and the mapping has what was answered."""

import os
import pty
import select
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ANSWERS = [b"1\n", b"EUR\n", b"1\n", b"ACME\n", b"\n"]
PATIENCE = 60


def test_what_is_answered_at_a_terminal_stands_in_the_mapping(tmp_path: Path) -> None:
    shutil.copy(ROOT / "benchmarks/guess/excel-hand-en.xlsx", tmp_path / "orders.xlsx")
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        os.execv(sys.executable, [sys.executable, "-m", "bulkpo", "guess", "orders.xlsx", "-o", "o.yaml"])  # noqa: S606 - itself
    shown, answers, begun = b"", list(ANSWERS), time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        try:
            got = os.read(terminal, 4096) if select.select([terminal], [], [], 1)[0] else b"\0"
        except OSError:
            break
        shown += got.strip(b"\0")
        if answers and shown.rstrip().endswith(b"leaves it open):"):
            os.write(terminal, answers.pop(0))
            shown += b"\n"
    os.waitpid(child, 0)
    assert shown.index(b"Becomes") < shown.index(b"leaves it open):")
    text = (tmp_path / "o.yaml").read_text(encoding="utf-8")
    assert "  ship-to-user/login: migration\n  currency/code: EUR\n  order-lines/currency/code: EUR\n" in text
    assert '  order-lines/account/code: "01-100-8000"\n  order-lines/account/account-type/name: ACME\n' in text
    assert "time_zone: {undecided:" in text
