"""Journals that are damaged, cut, empty or gone: what is said, what is left, and that nothing is promised beyond it."""

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bulkpo.cli.main import run

BEFORE = Path(__file__).parents[1] / "unit" / "journal" / "written_before.sql"
COMMANDS = (
    ["runs"], ["show"], ["show", "1", "--order", "PO-2"], ["resume", "2"], ["resume"], ["journal", "check"],
    ["journal", "export", "out.jsonl"], ["journal", "repair"], ["journal", "check"], ["runs"],
)  # fmt: skip
HISTORIES = int(os.environ.get("HISTORIES", "12"))


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of two runs, one of them not done, in the folder we are in."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / ".bulkpo" / "journal.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(BEFORE.read_text(encoding="utf-8"))
        raw.execute("PRAGMA user_version = 1")
    for number in (1, 2):
        (path.parent / f"run-{number}.claim").touch()
    return path


SMALL = """\
bulkpo: import/1
name: small
resource: purchase_orders
mode: MODE
document: {key: po-number}
columns:
  Number: po-number
  Price: order-lines/price
constants: {order-lines/line-num: "1", CONSTANTS}
"""
CONSTANTS = (
    "supplier/name: Acme, ship-to-user/login: migration, currency/code: USD, order-lines/description: Work, "
    "order-lines/type: OrderAmountLine, order-lines/currency/code: USD, order-lines/account/code: 01-100-8000, "
    "order-lines/account/account-type/name: SAP100"
)


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which files were imported together, their orders changed, and then cancelled."""
    folder = tmp_path_factory.mktemp("lived-in")
    before = Path.cwd()
    os.chdir(folder)
    try:
        Path("create.yaml").write_text(SMALL.replace("MODE", "create").replace("CONSTANTS", CONSTANTS))
        update = SMALL.replace("MODE", "update").replace(", CONSTANTS", "")
        Path("update.yaml").write_text(update)
        for name, first in (("a.csv", 1), ("b.csv", 11)):
            lines = [f"PO-{number},{number}.50" for number in range(first, first + 8)]
            Path(name).write_text("\n".join(["Number,Price", *lines]))
        Path("c.csv").write_text("Number,Price\nPO-1,7.25\nPO-2,2.50\nPO-12,8.00\n")
        assert run(["import", "create.yaml", "a.csv", "b.csv"]) == 0
        assert run(["import", "update.yaml", "c.csv", "--yes"]) == 0
        assert run(["do", "cancel", "--run", "1", "--yes"]) == 0
    finally:
        os.chdir(before)
    return folder


def damage(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(max(len(data), 1))
        match chance.choice(["flip", "zero", "cut", "noise", "swap"]):
            case "flip":
                data[at : at + 1] = bytes([data[at] ^ 0xFF]) if data else b""
            case "zero":
                page = at // 4096 * 4096
                data[page : page + 4096] = bytes(len(data[page : page + 4096]))
            case "cut":
                del data[at:]
            case "noise":
                data[at : at + 64] = chance.randbytes(len(data[at : at + 64]))
            case "swap":
                data[:4096], data[-4096:] = data[-4096:], data[:4096]
    path.write_bytes(data)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_no_command_fails_on_a_damaged_journal_without_saying_why_in_words(
    journal: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    damage(journal, random.Random(seed))  # noqa: S311 - damage to be repeated, no secrets
    for command in COMMANDS:
        code = run(command)
        said = capsys.readouterr()
        assert code in (0, 1, 2, 3), (command, code, said)
        assert "Traceback" not in said.err
        assert "resume` goes on from here" not in said.err
    assert run(["journal", "check"]) == 0, "sound once it is repaired"


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_no_command_fails_on_a_damaged_journal_of_all_there_is(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    shutil.copytree(lived_in, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    damage(Path(".bulkpo/journal.db"), random.Random(seed))  # noqa: S311 - damage to be repeated, no secrets
    further = (["undo", "2", "--dry-run"], ["evidence", "1", "-o", "pack.zip"], ["import", "update.yaml", "c.csv"])
    for command in (*COMMANDS[:-2], *further, *COMMANDS[-2:]):
        code = run(command)
        said = capsys.readouterr()
        assert code in range(7), (command, code, said)
        assert "Traceback" not in said.err


def test_orders_whose_trail_is_lost_are_counted(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(lived_in, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    assert run(["journal", "check"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    with closing(sqlite3.connect(".bulkpo/journal.db")) as raw:
        raw.execute("DELETE FROM events WHERE run = 1 AND number < 4 AND event = 'send'")
        raw.commit()
    assert run(["journal", "check"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "  run 1: what was sent of 3 documents is not here any more: evidence of it and a way back from its updates "
        "are incomplete; what is in Coupa can still be looked up"
    )


def test_a_sound_journal_is_said_to_be(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["journal", "check"]) == 0
    assert capsys.readouterr().out == f"{journal}: sound, 2 runs with 6 documents whole\n"
    assert run(["journal", "export", "all.jsonl"]) == 0
    lines = [json.loads(line) for line in Path("all.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["key"] for line in lines if line["table"] == "entries"] == [
        "PO-1",
        "PO-2",
        "PO-4",
        "PX-1",
        "PX-2",
        "PX-4",
    ]
    assert any("<po-number>PO-1</po-number>" in (line.get("sent") or "") for line in lines)


def test_a_run_with_a_gap_is_lost_and_the_others_are_kept_as_doubtful(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(journal)) as raw:
        raw.execute("DELETE FROM entries WHERE run = 1 AND number = 2")
        raw.commit()
    assert run(["journal", "check"]) == 3
    assert "  lost: run 1; import the files anew with --on-existing compare" in capsys.readouterr().out
    assert run(["journal", "repair"]) == 0
    assert f"Repaired: 1 run kept; the damaged file is {journal}.damaged-1" in capsys.readouterr().out
    with closing(sqlite3.connect(journal)) as raw:
        assert raw.execute("SELECT number, state, in_doubt FROM entries").fetchall() == [
            (1, "created", 0), (2, "planned", 1), (3, "planned", 1),
        ]  # fmt: skip
        assert raw.execute("SELECT count(*) FROM events").fetchone() == (2,)
    assert run(["journal", "check"]) == 0


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_journal_that_is_gone_is_not_every_run_done(
    journal: Path, capsys: pytest.CaptureFixture[str], is_empty: bool
) -> None:
    journal.unlink()
    if is_empty:
        journal.touch()
    said = (
        f"bulkpo: {journal}: run 1, 2 was worked on here and is not in the journal, which was removed or replaced; put "
        "it back from a copy. Without one, import the files anew with --on-existing compare: what is in Coupa is found "
        "by its number. `bulkpo journal repair` then forgets those runs\n"
    )
    for command in (["resume"], ["runs"]):
        assert run(command) == 3
        assert capsys.readouterr().err == said
    assert run(["journal", "check"]) == 3
    assert run(["journal", "repair"]) == 0
    capsys.readouterr()
    assert run(["resume"]) == 0
    assert capsys.readouterr().out == "Every run is done; there is nothing to resume\n"
    with closing(sqlite3.connect(journal)) as raw:
        assert raw.execute("SELECT seq FROM sqlite_sequence").fetchall() == [(2,)], "no number comes again"


def test_export_alone_takes_a_file(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert journal.exists()
    assert run(["journal", "export"]) == run(["journal", "check", "x.jsonl"]) == 2
    assert "FILE goes with export: bulkpo journal export journal.jsonl" in capsys.readouterr().err


def test_a_sound_journal_is_left_as_it_is_by_a_repair(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = journal.read_bytes()
    assert run(["journal", "repair"]) == 0
    assert capsys.readouterr().out.endswith("There is nothing to repair\n")
    assert journal.read_bytes() == before
    assert not list(journal.parent.glob("*.damaged-*"))


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 99")


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE bookmarks (address, title)")
        raw.commit()


def half(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DROP TABLE entries")
        raw.commit()


def odd_claims(path: Path) -> None:
    for name in ("99999999999999999999", "-1", "0", "²", "٣", "x"):
        (path.parent / f"run-{name}.claim").touch()


def folder_for_a_claim(path: Path) -> None:
    claim = path.with_name("run-2.claim")
    claim.unlink()
    claim.mkdir()


def link_for_a_claim(path: Path) -> None:
    claim = path.with_name("run-2.claim")
    claim.unlink()
    claim.symlink_to(claim)


def meaningless(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE entries SET coupa_id = 'x', key = X'FF00', attempts = 'y' WHERE run = 1 AND number = 1")
        raw.execute("UPDATE runs SET summary = '[[', options = '{\"limit\": []}', profile = CAST(X'80FF' AS TEXT)")
        raw.commit()


def instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Something else in the journal's place."""

    def put(path: Path) -> None:
        path.unlink()
        make(path)

    return put


@pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")
@pytest.mark.parametrize(
    "wrong",
    {
        "a newer format": newer,
        "a database of another program": of_another_program,
        "a table that is missing": half,
        "claims with odd numbers": odd_claims,
        "text": instead(lambda path: path.write_text("hello\n" * 2000)),
        "the first bytes alone": instead(lambda path: path.write_bytes(b"SQLite format 3\0")),
        "zeros": instead(lambda path: path.write_bytes(bytes(8192))),
        "a folder": instead(Path.mkdir),
        "a pipe": instead(os.mkfifo),
        "a link to nothing": instead(lambda path: path.symlink_to("/no/such/file")),
        "a link to itself": instead(lambda path: path.symlink_to(path)),
        "a device": instead(lambda path: path.symlink_to("/dev/zero")),
        "a folder beside it": lambda path: Path(f"{path}-wal").mkdir(),
        "another's log beside it": lambda path: Path(f"{path}-wal").write_bytes(b"another's log" * 700),
        "a folder for a claim": folder_for_a_claim,
        "a link for a claim": link_for_a_claim,
        "values that mean nothing": meaningless,
    }.items(),
    ids=lambda item: item[0],
)
def test_whatever_stands_in_the_journals_place_is_told_in_words(
    journal: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[str, Callable[[Path], None]]
) -> None:
    wrong[1](journal)
    for command in COMMANDS:
        code = run(command)
        said = capsys.readouterr()
        assert code in (0, 1, 2, 3), (command, code, said)
        assert code == 0 or said.out + said.err
