"""The lines in which benchmarks tell what they measured, and the table made of them."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.claims import at_least, at_most, claims_in, table, tell
from benchmarks.measuring import Job, Taken, apart, command_apart, in_turn, ratios


def test_claims_are_told_beside_text_and_become_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    tell("check XLSX", "openpyxl reading alone", at_least(6, "times as fast"), [7, 5, 6.5])
    tell("the same, memory", "nothing", at_most(150, "MB"), [160.25])
    tell("check 10 lines of CSV", "frictionless", at_least(10, "times as fast"), [])
    text, claims = claims_in(f"check, 10 lines\n{capsys.readouterr().out}")
    assert text == "check, 10 lines"
    assert table(claims).splitlines()[2:] == [
        "| check XLSX | openpyxl reading alone | at least 6 times as fast | 6.50 (5.00 to 7.00) times as fast | yes |",
        "| the same, memory | nothing | at most 150 MB | 160 MB | **no** |",
        "| check 10 lines of CSV | frictionless | at least 10 times as fast | not installed | not measured |",
    ]


def test_a_job_runs_in_a_process_of_its_own_and_gives_its_result() -> None:
    taken = apart(sum, [1, 2])
    assert taken.result == 3
    assert taken.seconds >= 0


def test_what_a_job_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        apart(int, "no number")


def test_jobs_are_compared_round_by_round() -> None:
    taken = in_turn({"one": Job(len, ["a"]), "two": Job(len, ["bb"], ["csv"])}, 2)
    assert {name: [each.result for each in runs] for name, runs in taken.items()} == {"one": [1, 1], "two": [2, 2]}
    assert ratios([Taken(6.0, 0, 0), Taken(3.0, 0, 0)], [Taken(2.0, 0, 0), Taken(3.0, 0, 0)]) == [3.0, 1.0]


def test_a_command_is_timed_with_its_start_up_and_must_succeed(tmp_path: Path) -> None:
    assert command_apart([sys.executable, "-c", "print('done')"], tmp_path).result == "done\n"
    with pytest.raises(subprocess.CalledProcessError):
        command_apart([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
