"""What nobody foresaw ends in a sentence and a short report that holds nobody's data, never in a bare traceback."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bulkpo.cli.last_net import said_of

MARK = "S3cr3tMark0123456789"
PROGRAM = f"""\
import sys, threading, types
import click
from bulkpo.__main__ import main
from bulkpo.cli.main import COMMANDS

def fall(how):
    secret = "{MARK}"
    if how == "deep":
        fall(how)
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise ValueError(secret) from error

@click.command("fall", context_settings={{"ignore_unknown_options": True, "allow_extra_args": True}})
@click.argument("how")
def command(how):
    if how == "thread":
        thread = threading.Thread(target=fall, args=[how])
        thread.start()
        thread.join()
        return 0
    if how == "forgotten":
        class Thing:
            def __del__(self):
                fall(how)
        Thing()
        return 0
    if how == "memory":
        raise MemoryError
    if how == "image":
        raise ImportError("etree.so: failed to map segment from shared object")
    if how == "threads":
        raise RuntimeError("can't start new thread")
    if how == "worker":
        thread = threading.Thread(target=bytearray, args=[1 << 62])
        thread.start()
        thread.join()
        return 0
    if how == "behind":
        raise ValueError("no row") from MemoryError()
    if how == "quoted":
        raise ValueError("can't start new thread")
    if how == "missing":
        import no_such_package
    if how == "interrupt":
        raise KeyboardInterrupt
    fall(how)

falling = types.ModuleType("bulkpo.cli.falling")
falling.fall_command = command
sys.modules["bulkpo.cli.falling"] = falling
COMMANDS["fall"] = "falling"
main()
"""


def falling(folder: Path, how: str, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, "fall", how, f"{MARK}.xlsx", MARK, f"--to={MARK}", f"-o{MARK}", *more]
    return subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def report_of(done: subprocess.CompletedProcess[str]) -> Path:
    found = re.search(r"is in (\S+bulkpo-fault-\d{8}-\d{6}-\d+\.txt);", done.stderr)
    assert found, done.stderr
    return Path(found[1])


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("plainly", "ValueError"), ("deep", "RecursionError"), ("thread", "ValueError"), ("forgotten", "ValueError"),
        ("quoted", "ValueError"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_a_sentence_and_a_report_without_data(tmp_path: Path, how: str, kind: str) -> None:
    done = falling(tmp_path, how)
    assert done.returncode == 70
    report = report_of(done)
    assert done.stderr == (
        f"bulkpo: a fault of bulkpo itself ({kind}), and not of your files. A short report, without your data and "
        f"secrets, is in {report}; hand it to whoever looks after bulkpo for you. If something was being sent, `bulkpo "
        "runs` says how far it came, and `bulkpo resume` looks up what is unclear\n"
    )
    assert report.parent == tmp_path
    assert os.name != "posix" or stat.S_IMODE(report.stat().st_mode) == 0o600
    text = report.read_text(encoding="utf-8")
    assert "command: bulkpo fall … ….xlsx … --to=… -o…\n" in text
    assert f"builtins.{kind}\n" in text
    if how == "plainly":
        assert "builtins.KeyError\n  <string>:11 fall\n" in text
    for said in (done.stderr, done.stdout, text):
        assert MARK not in said
        assert "Traceback" not in said


@pytest.mark.parametrize("how", ["memory", "image", "threads", "worker", "behind"])
def test_memory_that_is_missing_is_no_fault_and_is_told_in_a_sentence(tmp_path: Path, how: str) -> None:
    done = falling(tmp_path, how, "--json")
    assert done.returncode == 3
    assert done.stderr.startswith("bulkpo: memory ran out: this process may have no more of it (ulimit, ")
    assert done.stderr.endswith(" `bulkpo runs` says how far it came, and `bulkpo resume` goes on from there\n")
    assert done.stderr.count("\n") == 1
    if how != "worker":
        assert json.loads(done.stdout)["exit_code"] == 3
    assert not list(tmp_path.iterdir())


def test_a_report_goes_where_there_is_room_when_the_folder_cannot_be_written(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    program = f"import os; os.chdir({str(here)!r}); os.rmdir({str(here)!r})\n{PROGRAM}"
    command = [sys.executable, "-c", program, "fall", "plainly"]
    environment = os.environ | {"TMPDIR": str(elsewhere)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert report_of(done).parent == elsewhere


def test_programs_are_told_as_well(tmp_path: Path) -> None:
    done = falling(tmp_path, "plainly", "--json")
    told = json.loads(done.stdout)
    assert told["exit_code"] == done.returncode == 70
    assert Path(told["report"]) == report_of(done)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-", ">/dev/full 2>/dev/full"])
def test_a_fault_that_can_be_told_to_nobody_has_its_exit_code_all_the_same(tmp_path: Path, redirection: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    command = f"'{sys.executable}' '{program}' fall plainly --json {redirection}"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S607
    assert done.returncode == 70
    assert "Traceback" not in done.stdout + done.stderr
    assert len(list(tmp_path.glob("bulkpo-fault-*.txt"))) == 1


def test_a_package_that_is_not_there_is_told_by_its_name_with_what_to_do(tmp_path: Path) -> None:
    done = falling(tmp_path, "missing")
    assert done.returncode == 70
    assert "not wholly installed: the package no_such_package is not there. Install bulkpo again" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_is_no_fault(tmp_path: Path) -> None:
    done = falling(tmp_path, "interrupt")
    assert (done.returncode, done.stderr.strip()) == (130, "Interrupted.")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("module", ["bulkpo.cli", "bulkpo.cli.last_net", "bulkpo.cli.main", "bulkpo.errors", "click"])
def test_an_interrupt_while_modules_are_imported_is_told_in_a_word(tmp_path: Path, module: str) -> None:
    program = f"""\
import sys
def interrupt(event, arguments):
    if event == "import" and arguments[0] == {module!r}:
        raise KeyboardInterrupt
sys.addaudithook(interrupt)
from bulkpo.__main__ import main
main()
"""
    command = [sys.executable, "-c", program, "runs"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "a.yaml", "Acme.XLSX", "--yes"], "bulkpo import ….yaml ….xlsx --yes"),
        (["export", "--where", "name=x", "-o/home/me/x.csv"], "bulkpo export --where … -o…"),
        (["--json", "runs", "7"], "bulkpo --json runs …"),
        (["--to=secret"], "bulkpo --to=…"),
        ([], "bulkpo"),
    ],
)
def test_a_command_line_is_told_without_what_stands_in_it(arguments: list[str], said: str) -> None:
    assert said_of(arguments) == said
