"""A run ends: by itself, or because somebody says so; what stays unknown is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from bulkpo.cli.main import run
from bulkpo.journal.moves import Facts
from bulkpo.states import Event, State
from bulkpo.workspace.opening import Workspace

ROOT = Path(__file__).resolve().parents[2]
MAPPING = str(ROOT / "mappings/import/legacy-orders.yaml")
COMMAND = ("import", MAPPING, "orders.xlsx")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.xlsx").write_bytes((ROOT / "samples/legacy-orders.xlsx").read_bytes())


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code = run([*arguments, "--json"])
    told: dict[str, Any] = {**json.loads(capsys.readouterr().out), "code": code}
    return told


def test_a_run_that_may_not_begin_is_not_one_to_go_on_with(capsys: pytest.CaptureFixture[str]) -> None:
    data(capsys, *COMMAND, "--limit", "1")
    data(capsys, "resume", "--all")
    assert run([*COMMAND, "--on-existing", "fail"]) == 2
    assert "To go on" not in capsys.readouterr().out
    assert [each["status"] for each in data(capsys, "runs")["runs"]] == ["abandoned", "done"]
    assert run(["resume"]) == 0
    assert "there is nothing to resume" in capsys.readouterr().out
    assert run(["resume", "2"]) == 2
    assert "run 2 was abandoned; import its file anew" in capsys.readouterr().err


def test_an_abandoned_run_is_over_and_its_file_can_be_imported_anew(capsys: pytest.CaptureFixture[str]) -> None:
    assert data(capsys, *COMMAND, "--limit", "3")["created"] == 3
    assert run(["runs", "--abandon", "1"]) == 0
    assert "Run 1 is abandoned: 21 orders of it not sent" in capsys.readouterr().out
    assert data(capsys, "resume") == {"run": None, "code": 0}
    again = data(capsys, "runs", "--abandon", "1")
    assert (again["code"], again["error"]) == (2, "run 1 is abandoned already; there is nothing to abandon")
    anew = data(capsys, *COMMAND)
    assert (anew["created"], anew["existing"]) == (21, 3)
    assert data(capsys, "undo", "1")["undone"] == 3
    assert run(["runs", "--prune", "1"]) == 0


def test_what_stays_unknown_of_an_abandoned_run_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    data(capsys, *COMMAND, "--limit", "1")
    with Workspace().journal() as journal:
        first, second, *_ = journal.entries(1, [State.PLANNED])
        sending, _ = journal.record(first, Event.SEND)
        journal.record(sending, Event.UNCLEAR, Facts(message="the answer was lost"))
        journal.record(second, Event.SEND)
    assert run(["runs", "--abandon", "1"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "Run 1 is abandoned: 21 orders of it not sent" in words
    assert "2 orders may or may not be in sandbox; look there: 0004712 (row " in words
    assert ": the answer was lost" in words
    assert ": no answer is known" in words


def test_what_stays_unknown_is_settled_by_whoever_looked_in_coupa(capsys: pytest.CaptureFixture[str]) -> None:
    assert data(capsys, *COMMAND)["created"] == 24
    with Workspace().journal() as journal:
        order = next(journal.entries(1, [State.CREATED]))
    assert data(capsys, "settle", "1", "--order", order.key, "--not-made") == {
        "error": f"order {order.key} of run 1 is created, and not unknown: there is nothing to decide; "
        f"`bulkpo show 1 --order {order.key}` shows what happened to it",
        "exit_code": 2,
        "code": 2,
    }
    for given in ([], ["--created", "7", "--not-made"]):
        told = data(capsys, "settle", "1", "--order", order.key, *given)
        assert (told["error"], told["code"]) == ("say either --created ID or --not-made", 2)


def test_an_order_that_a_kill_left_open_is_settled_and_the_run_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    data(capsys, *COMMAND, "--limit", "1")
    with Workspace().journal() as journal:
        left = next(journal.entries(1, [State.PLANNED]))
        journal.wait(journal.record(left, Event.SEND)[1])
    assert run(["settle", "1", "--order", left.key, "--not-made"]) == 0
    assert capsys.readouterr().out == (
        f"Noted: order {left.key} of run 1 is planned\n  0 of the run are still unknown\nTo go on: bulkpo resume 1\n"
    )
    assert data(capsys, "resume", "--all")["created"] == 24
