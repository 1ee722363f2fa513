"""`bulkpo do` from the command line: listed, done, told, taken up again, and refused where it cannot be meant."""

import json
from pathlib import Path

import pytest

from bulkpo.cli.main import run
from bulkpo.tables.source import SourceOptions, open_source

ROOT = Path(__file__).resolve().parents[2]
MAPPING = str(ROOT / "mappings/import/legacy-orders.yaml")
ORDERS = str(ROOT / "samples/legacy-orders.xlsx")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run(["import", MAPPING, ORDERS, "--out", "."]) == 0
    capsys.readouterr()
    return tmp_path


def test_orders_of_a_run_are_issued_and_those_of_a_list_closed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["do", "issue-without-send", "--run", "1"]) == 0
    (folder / "old.txt").write_text("0004711\n0004712\nXX-1\n", encoding="utf-8")
    assert run(["do", "close", "old.txt"]) == 1
    said = capsys.readouterr().out
    assert "2 orders to close: EUR 72.25, USD 297.50" in said
    assert "XX-1" in said
    assert "Run 3: 2 soft-closed, 1 held back" in said
    source = open_source(folder / "old.close.xlsx", SourceOptions(sheet="Orders"))
    assert [str(chunk.columns[0][0]) for chunk in source.chunks()] == ["0004711"]
    assert run(["show", "3"]) == 0
    assert "do close of" in capsys.readouterr().out
    assert run(["runs", "--json"]) == 0
    kinds = [each["kind"] for each in json.loads(capsys.readouterr().out)["runs"]]
    assert kinds == ["do", "do", "import"]
    assert run(["do", "close", "--where", "status=soft_closed", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["to_do"], told["already"], told["held_back"]) == (0, 2, 0)
    assert run(["resume", "3"]) == 1
    assert run(["do", "reopen", "--run", "3"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["close"], "say which orders, in one way: a FILE with their numbers, --where CONDITION, or --run NUMBER"),
        (["close", "a.txt", "--run", "1"], "say which orders, in one way"),
        (["issue", "--run", "1", "--hard"], "--hard goes with close"),
        (["close", "--run", "1", "--reason", "X"], "--reason and --comment go with reopen"),
        (["close", "--where", "statuss=issued"], "order-header has no element 'statuss'; did you mean status?"),
        (["close", "--run", "9"], "there is no run 9"),
        (["close", "--run", "1", "--column", "PO"], "--column and --sheet say where in a FILE the numbers are"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_meant_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(["do", *arguments]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_profile_that_is_to_be_silent_sends_nothing_to_suppliers(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bulkpo.yaml").write_text(
        "bulkpo: profiles/1\nprofiles:\n  sandbox: {silent: required}\n", encoding="utf-8"
    )
    assert run(["do", "issue", "--run", "1", "--send-to-suppliers"]) == 2
    assert "says `silent: required`, which forbids it" in capsys.readouterr().err
    loud = Path(MAPPING).read_text(encoding="utf-8").replace("silent: required\n", "")
    (folder / "loud.yaml").write_text(
        loud.replace("../crosswalks", str(ROOT / "mappings/crosswalks")), encoding="utf-8"
    )
    assert run(["import", "loud.yaml", ORDERS]) == 2
    assert "says `silent: required`, and this mapping does not; add" in " ".join(capsys.readouterr().err.split())


@pytest.mark.usefixtures("folder")
def test_what_was_done_with_orders_is_not_undone(capsys: pytest.CaptureFixture[str]) -> None:
    run(["do", "issue-without-send", "--run", "1"])
    capsys.readouterr()
    assert run(["undo", "2"]) == 2
    assert "did something with orders that were there (issue-without-send)" in capsys.readouterr().err
