"""What is written to a console never raises: its letters, its width, and whether anybody reads it."""

import json
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from bulkpo.cli.console import folded
from bulkpo.cli.main import run

ROOT = Path(__file__).resolve().parents[3]
MAPPING = str(ROOT / "mappings/import/legacy-orders.yaml")
NAME = "Bestellung → Größe №1 日本.xlsx"
COMMANDS = [
    ("check", MAPPING, NAME, "--to", "sandbox"),
    ("import", MAPPING, NAME, "--to", "sandbox"),
    ("show",),
    ("show", "--order", "0004711"),
    ("preview", MAPPING, NAME),
    ("import", MAPPING, "fehlt→.xlsx"),
    ("ping", "--to", "nirgends→"),
    ("elements", "Größe→"),
    ("runs", "--order→"),
]
PROFILES = "bulkpo: profiles/1\nprofiles:\n  sandbox: {references: starter}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / NAME).write_bytes((ROOT / "samples/legacy-orders.xlsx").read_bytes())
    (tmp_path / "bulkpo.yaml").write_text(PROFILES, encoding="utf-8")
    return tmp_path


def in_console(folder: Path, encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bulkpo", *arguments]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp1252", "latin-1", "ascii"])
def test_letters_a_console_does_not_have_are_replaced(folder: Path, encoding: str) -> None:
    program = f"from bulkpo.cli.main import run\nfor each in {COMMANDS!r}: run(each)"
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    shown = NAME.encode(encoding, "replace").decode(encoding)
    assert f"{shown}, sheet Orders, read by legacy-orders.yaml" in done.stdout.decode(encoding)


def test_json_keeps_every_letter_in_any_console(folder: Path) -> None:
    in_console(folder, "utf-8", "import", MAPPING, NAME)
    for encoding in ("ascii", "cp1252", "utf-8"):
        told = json.loads(in_console(folder, encoding, "show", "--json").stdout.decode(encoding))
        assert Path(told["input_file"]).name == NAME


def test_a_reader_that_goes_away_keeps_no_file_from_being_written(folder: Path) -> None:
    quoted = f"'{sys.executable}' -m bulkpo check '{MAPPING}' '{NAME}' --to sandbox --failed f.xlsx --report r.html"
    done = subprocess.run(["sh", "-c", f"{quoted} | head -n 1"], cwd=folder, capture_output=True, check=False)  # noqa: S607
    assert done.stderr == b""
    assert (folder / "f.xlsx").stat().st_size > 0
    assert (folder / "r.html").stat().st_size > 0


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-", ">/dev/full"])
def test_a_stream_that_is_closed_or_full_keeps_no_order_from_being_sent(folder: Path, redirection: str) -> None:
    if redirection == ">/dev/full" and not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    (folder / "bulkpo.yaml").unlink()
    command = f"'{sys.executable}' -m bulkpo import '{MAPPING}' '{NAME}' {redirection}"
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False)  # noqa: S607
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0
    assert in_console(folder, "utf-8", "show").stdout.count(b"24 orders created") == 1


class Terminal(StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("columns", [80, 120])
def test_text_is_folded_at_the_width_of_the_terminal(
    folder: Path, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    run(["import", MAPPING, NAME, "--dry-run"])
    run(["import", MAPPING, NAME, "--no-preflight"])
    run(["show"])
    run(["runs"])
    run(["elements", "--search", "currency"])
    (folder / "bulkpo.yaml").unlink()
    run(["import", MAPPING, NAME])
    lines = terminal.getvalue().splitlines()
    assert len(lines) > 200
    assert [line for line in lines if len(line) >= columns and len(line.split()) > 1] == []


def test_a_word_longer_than_the_line_stays_whole() -> None:
    path = "/a/very/long/way/to/a/file-with-a-name.xlsx"
    assert folded(f"  Result: {path} and more", 30) == f"  Result:\n    {path}\n    and more"
    assert folded("as it is\n\n  there", None) == "as it is\n\n  there"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["preview", MAPPING, NAME, "-n", "-3"], "-3 is not in the range x>=1"),
        (["sandbox", "--port", "99999"], "99999 is not in the range 0<=x<=65535"),
        (["show", "99999999999999999999"], "there is no run 9223372036854775807"),
        (["undo", "0"], "0 is not in the range"),
        (["runs", "--prune", "-1"], "-1 is not in the range"),
        (["frobnicate"], "No such command 'frobnicate'."),
        (["import"], "Missing argument 'MAPPING'."),
    ],
)
def test_a_usage_error_is_json_where_json_is_asked_for(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["exit_code"] == 2
    assert said in told["error"] or re.match(r"No such option:? '?--json", told["error"])
    assert run(arguments) == 2
    assert said in capsys.readouterr().err
