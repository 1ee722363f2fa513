"""What steers a terminal, or hides what it stands beside, never reaches one: through whatever input it comes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from raw_server import framed, raw_server

CONTROLS = "\x1b[31m\x9b2J\x07\x7f\r\u202e\u2066\u200b\u200f\ufeff\u2028"
FORBIDDEN = [chr(code) for code in (*range(9), *range(11, 32), *range(127, 160))] + list(
    "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
MAPPING = """\
bulkpo: import/1
name: small
resource: purchase_orders
document: {key: po-number}
columns:
  Number: po-number
  "Sup\\e[31mplier\\u202e": supplier/name
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
WRONG = """\
bulkpo: import/1
name: "named\\e[31m\\u202e"
resource: "purchase_orders\\e[31m"
document: {key: "po-number\\e[31m"}
columns: {"a\\e": "b\\e", "c\\e": {to: d, crosswalk: "c\\e"}}
crosswalks: {"c\\e[31m\\u202e": {"a\\e": "b\\e"}, "d\\e": "no\\e[31m.csv"}
"""
EXPORT = """\
bulkpo: export/1
name: small
resource: purchase_orders
where: {po-number: {contains: "x\\e[31m\\u202e"}}
columns: {"PO\\e[31m": po-number, Status: status}
"""
PROFILES = """\
bulkpo: profiles/1
profiles:
  "acme\\e[31m\\u202e":
    url: URL
    client_id: "me\\e[31m"
    client_secret_variable: SECRET
"""
NAME = "acme\x1b[31m\u202e"
CLEAN = f"clean{NAME}.csv"
BOOK = f"book{NAME}.xlsx"
FILE = f"orders{CONTROLS}.csv".replace("\r", "")


def bulkpo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return subprocess.run(
        [sys.executable, "-m", "bulkpo", *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=120,
        env=environment | {"SECRET": "x", "PYTHONIOENCODING": "utf-8"},
    )


def assert_plain(done: subprocess.CompletedProcess[bytes], *, as_json: bool = False) -> None:
    for said in (done.stdout, done.stderr):
        text = said.decode("utf-8").replace(os.linesep, "\n")
        assert [hex(ord(letter)) for letter in FORBIDDEN if letter in text] == [], text
        assert "Traceback" not in text
    assert done.returncode in (0, 1, 2, 3, 4, 5), done.stderr
    if as_json:
        assert isinstance(json.loads(done.stdout), dict)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    (tmp_path / "edit.yaml").write_text(EXPORT.replace("Status: status", "R: requester/login"), encoding="utf-8")
    (tmp_path / "export.yaml").write_text(EXPORT, encoding="utf-8")
    titles = "Number,Sup\x1b[31mplier\u202e,Price,Odd\x1b[31m\u202e"
    rows = [f"PO-{number}{CONTROLS.replace(chr(13), '')},Acme\x1b[31m,1.0\x1b0,{CONTROLS}" for number in range(3)]
    rows += ["PO-9,Acme\x1b[31m,2.00,x"]
    (tmp_path / FILE).write_bytes("\n".join([titles, *rows]).encode())
    clean = ["Number,Sup\x1b[31mplier\u202e,Price", "PO-1,Acme,1.00", "PO-2,Acme\u202e,2.00"]
    (tmp_path / CLEAN).write_text("\n".join(clean), encoding="utf-8")
    book = Workbook()
    book.worksheets[0].title = "She\u202eet\u200b"
    for row in (
        ["Number", "Sup_x001B_[31mplier\u202e", "Price", "Odd_x001B_"],
        ["PO_x001B_-1", "A_x001B_", "x_x009B_"],
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / BOOK)
    return tmp_path


def answers(head: bytes) -> Iterator[bytes]:
    """What an instance says, with control characters in all of it."""
    odd = json.dumps(CONTROLS)[1:-1]
    if head.startswith(b"GET"):
        page = f'[{{"id": 1, "po-number": "PO{odd}", "status": "{odd}", "name": "{odd}", "code": "{odd}"}}]'
        yield framed((page if b"%5Bgt%5D" not in head and b"[gt]" not in head else "[]").encode())
    elif b"issue" in head:
        yield framed(f"<html>{CONTROLS}</html>".encode(), b"HTTP/1.1 200 O\x1b[31mK", b"text/html\x1b[31m")
    else:
        yield framed(f'{{"errors": {{"b{odd}": ["no {odd}"]}}}}'.encode(), b"HTTP/1.1 400 \x1b[31m")


@pytest.mark.slow
@pytest.mark.parametrize("as_json", [False, True], ids=["words", "json"])
def test_no_input_reaches_a_terminal_as_it_is(folder: Path, as_json: bool) -> None:
    with raw_server(answers) as url:
        (folder / "bulkpo.yaml").write_text(PROFILES.replace("URL", url), encoding="utf-8")
        to = ("--to", NAME)
        for command in (
            ["check", "mapping.yaml", FILE],
            ["check", "mapping.yaml", FILE, *to],
            ["check", "mapping.yaml", BOOK],
            ["check", "wrong.yaml", BOOK],
            ["export", "wrong.yaml"],
            ["export", "export.yaml", "--where", "status\x1b=\x1b"],
            ["import", "mapping.yaml", BOOK],
            ["import", "mapping.yaml", FILE, *to, "--yes"],
            ["import", "mapping.yaml", CLEAN, *to, "--yes", "--no-preflight"],
            ["import", "mapping.yaml", CLEAN],
            ["runs"],
            ["show"],
            ["show", "2"],
            ["show", "2", "--order", "PO-1"],
            ["show", "--order", f"PO-9{CONTROLS}"],
            ["resume", "2", "--retry-refused", "--yes"],
            ["export", "export.yaml", *to],
            ["export", "purchase_orders", *to, "-o", f"out{NAME}.csv"],
            ["ping", *to],
            ["ping", "--to", CONTROLS],
            ["elements", CONTROLS],
            [f"no-such{CONTROLS}"],
            ["check", f"no{CONTROLS}.yaml", FILE],
            ["import", "mapping.yaml", f"no{CONTROLS}.csv"],
            ["do", "cancel", FILE, *to, "--yes"],
            ["do", "cancel", "--run", "3", "--yes", "--reason", "r\x1b", "--comment", "c\x1b[31m"],
            ["undo", "3", "--yes"],
            ["import", "mapping.yaml", CLEAN, *to, "--plan", f"plan{NAME}.xlsx"],
            ["import", "mapping.yaml", CLEAN, "--plan", f"plan{NAME}.xlsx"],
            ["apply", f"plan{NAME}.xlsx", "--yes"],
            ["apply", BOOK],
            ["evidence", "3", "-o", f"pack{NAME}.zip"],
            ["evidence", "--verify", f"pack{NAME}.zip"],
            ["evidence", "--verify", BOOK],
            ["export", "edit.yaml", "--editable", "-o", f"edit{NAME}.xlsx"],
            ["update", f"edit{NAME}.xlsx", "--yes"],
            ["update", BOOK],
            ["template", "mapping.yaml", "-o", f"template{NAME}.xlsx"],
            ["check", f"template{NAME}.xlsx"],
            ["guess", FILE],
            ["guess", BOOK],
        ):  # fmt: skip
            assert_plain(bulkpo(folder, *command, *(["--json"] if as_json else [])), as_json=as_json)
    assert_plain(bulkpo(folder, "preview", "mapping.yaml", FILE))
