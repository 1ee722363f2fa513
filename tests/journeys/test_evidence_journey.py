"""`bulkpo evidence` from the command line: a pack of what was done, checked by itself and by hand."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bulkpo.cli.main import run
from bulkpo.journal.journal import journal_in
from bulkpo.model.by import By
from bulkpo.tables.source import SourceOptions, open_source

ROOT = Path(__file__).resolve().parents[2]
SHA256SUM = shutil.which("sha256sum")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a run in it."""
    for name in ("mappings", "samples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert run(["import", "mappings/import/legacy-orders.yaml", "samples/legacy-orders.xlsx", "--out", "."]) == 0
    capsys.readouterr()
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert run([*arguments, "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def member(pack: str, name: str) -> bytes:
    with zipfile.ZipFile(pack) as archive:
        return archive.read(name)


def run_json(pack: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(member(pack, "run.json"))
    return found


@pytest.mark.usefixtures("folder")
def test_a_pack_holds_a_run_whole_and_its_sums_close(capsys: pytest.CaptureFixture[str]) -> None:
    made = told(capsys, "evidence", "1", "-o", "pack.zip")
    assert (made["run"], made["orders"], made["accounting"]["closes"]) == (1, 24, True)
    assert made["sha256"] == hashlib.sha256(Path("pack.zip").read_bytes()).hexdigest()
    held = told(capsys, "evidence", "--verify", "pack.zip", "--sha256", made["sha256"])
    assert (held["verified"], held["wrong"], held["events"]) == (True, [], made["events"])
    sums = {each["what"]: each for each in made["accounting"]["sums"]}
    assert sums["rows, each with its outcome in rows.jsonl"]["parts"] == {"created": 65, "left out": 2}
    assert sums["rows, as the check read them"]["whole"] == 67
    assert sums["orders, as the check found them"]["parts"] == {"with errors": 0, "held back": 0, "created": 24}
    packed = {copy["what"]: copy["standing"] for copy in made["files"]}
    assert packed == dict.fromkeys(("input", "mapping", "crosswalk", "result"), "packed")


@pytest.mark.usefixtures("folder")
def test_it_says_who_ran_which_version_on_which_machine_when_and_as_whom(capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "evidence", "-o", "pack.zip")
    (work,) = run_json("pack.zip")["work"]
    by = work["by"]
    assert by["command"] == "bulkpo import mappings/import/legacy-orders.yaml samples/legacy-orders.xlsx --out ."
    assert (by["profile"], by["client"], by["version"]) == ("sandbox", "sandbox", "0.1.0")
    assert all(by[name] for name in ("operator", "known_by", "machine", "system"))
    assert work["started"] < work["ended"]


@pytest.mark.skipif(SHA256SUM is None, reason="the tool of GNU coreutils")
@pytest.mark.usefixtures("folder")
def test_it_can_be_checked_by_hand_as_its_readme_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "evidence", "-o", "pack.zip")
    inside = tmp_path / "inside"
    with zipfile.ZipFile("pack.zip") as archive:
        archive.extractall(inside)
    said = subprocess.run(
        [SHA256SUM or "", "-c", "MANIFEST.sha256"], cwd=inside, capture_output=True, text=True, check=True
    )
    assert said.stdout.count(": OK\n") == len(list(inside.rglob("*.*"))) - 1
    readme = (inside / "README.txt").read_text()
    script = readme.split("----- chain.py begins -----\n")[1].split("----- chain.py ends -----\n")[0]
    (inside / "chain.py").write_text(script)
    done = subprocess.run([sys.executable, "chain.py"], cwd=inside, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("events.jsonl is whole: 48 events, head ")
    lines = (inside / "events.jsonl").read_bytes().splitlines(keepends=True)
    for broken in (lines[:-1], lines[:5] + lines[6:], [lines[0], lines[2], lines[1], *lines[3:]]):
        (inside / "events.jsonl").write_bytes(b"".join(broken))
        assert subprocess.run([sys.executable, "chain.py"], cwd=inside, capture_output=True, check=False).returncode


@pytest.mark.usefixtures("folder")
def test_a_pack_is_held_against_a_digest_as_sha256sum_prints_it_and_what_is_none_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    digest = told(capsys, "evidence", "-o", "pack.zip")["sha256"]
    for kept in (f"{digest}  pack.zip", f"sha256:{digest}", f" {digest.upper()}\n"):
        assert told(capsys, "evidence", "--verify", "pack.zip", "--sha256", kept)["held_against"] == digest
    told(capsys, "evidence", "--verify", "pack.zip", "--sha256", "0" * 64, code=1)
    for none in ("", "abc", digest[:-1]):
        assert run(["evidence", "--verify", "pack.zip", "--sha256", none]) == 2
        assert f"--sha256: {none!r} is no SHA-256" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "words",
    [
        ("evidence", "-o", "NAME.zip"),
        ("evidence", "--verify", "NAME.zip"),
        ("export", "mappings/export/open-orders.yaml", "-o", "NAME.xlsx"),
        (
            "import",
            "--again",
            "mappings/import/legacy-orders.yaml",
            "samples/legacy-orders.xlsx",
            "--plan",
            "NAME.xlsx",
        ),
        ("template", "mappings/import/legacy-orders.yaml", "-o", "NAME.xlsx"),
    ],
)
def test_a_name_that_is_too_long_is_said_to_be_and_is_no_fault_of_bulkpo(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    long = "n" * 300
    assert run([word.replace("NAME", long) for word in words]) == 3
    said = "".join(capsys.readouterr().err.split())
    assert f"{long}{words[-1][4:]}:thenameistoolongforthisdisk;chooseanother" in said


@pytest.mark.usefixtures("folder")
def test_the_cover_has_the_totals_of_the_whole_file_and_what_was_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path("samples/legacy-orders.xlsx")
    told(capsys, "evidence", "-o", "pack.zip")
    Path("evidence.xlsx").write_bytes(member("pack.zip", "evidence.xlsx"))
    rows = {
        sheet: [
            tuple(map(str, row))
            for some in open_source(Path("evidence.xlsx"), SourceOptions(sheet=sheet)).chunks()
            for row in zip(*some.columns, strict=True)
        ]
        for sheet in ("Summary", "Totals", "Rows", "Not checked")
    }
    assert ("Orders read back", "24") in rows["Summary"]
    assert ("Input", str(text.resolve())) in rows["Summary"]
    (source, sent, back, whole) = (
        [row for row in rows["Totals"] if row[1] == "USD" and row[0] == of]
        for of in ("the run: source", "the run: sent", "the run: read back", "the file: created")
    )
    assert source[0][1:] == sent[0][1:] == back[0][1:] == whole[0][1:]
    assert rows["Rows"][0][1] == "Orders"
    assert rows["Not checked"][0][0] == "rehearsal"


@pytest.mark.usefixtures("folder")
def test_the_same_run_gives_the_same_bytes_and_an_earlier_chain_is_the_beginning_of_a_later(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = told(capsys, "evidence", "-o", "one.zip")
    two = told(capsys, "evidence", "-o", "two.zip")
    assert one["sha256"] == two["sha256"]
    cover = zipfile.ZipFile(io.BytesIO(member("one.zip", "evidence.xlsx")))
    assert {info.date_time for info in cover.infolist()} == {(1980, 1, 1, 0, 0, 0)}  # and not of the clock
    assert run(["undo", "1"]) == 0
    capsys.readouterr()
    told(capsys, "evidence", "-o", "three.zip")
    before, after = (member(pack, "events.jsonl").splitlines() for pack in ("one.zip", "three.zip"))
    assert after[: len(before) - 1] == before[:-1]
    assert [work["what"] for work in run_json("three.zip")["work"]] == ["import", "undo"]
    assert told(capsys, "evidence", "--verify", "three.zip")["verified"]


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_not_what_it_was_or_is_gone_is_told_and_not_packed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("samples/legacy-orders.xlsx").write_bytes(b"another")
    Path("mappings/crosswalks/uom.csv").unlink()
    made = told(capsys, "evidence", "-o", "pack.zip")
    standing = {copy["what"]: copy["standing"] for copy in made["files"]}
    assert standing == {"input": "changed since", "mapping": "packed", "crosswalk": "gone", "result": "packed"}
    lacks = [gap["said"] for gap in made["not_checked"]]
    assert any("legacy-orders.xlsx is not packed (changed since)" in said for said in lacks)
    assert any("uom.csv is not packed (gone)" in said for said in lacks)
    assert any("rows.jsonl is not there" in said for said in lacks)
    assert not any(name.startswith("inputs/") for name in zipfile.ZipFile("pack.zip").namelist())
    assert told(capsys, "evidence", "--verify", "pack.zip")["verified"]


def test_a_pack_is_its_owners_alone_and_never_takes_the_place_of_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "evidence", "-o", "pack.zip")
    if os.name == "posix":
        assert stat.S_IMODE(Path("pack.zip").stat().st_mode) == 0o600
    before = Path("pack.zip").read_bytes()
    said = told(capsys, "evidence", "-o", "pack.zip", code=3)["error"]
    assert said == "pack.zip: is there already, and evidence is never written over; choose another name"
    assert Path("pack.zip").read_bytes() == before
    assert not list(folder.glob(".*.part"))


@pytest.mark.usefixtures("folder")
def test_the_run_sheet_of_a_result_names_the_digest_that_sha256sum_prints_of_the_mapping() -> None:
    source = open_source(Path("legacy-orders.result.xlsx"), SourceOptions(sheet="Run"))
    facts = {str(name): str(value) for chunk in source.chunks() for name, value in zip(*chunk.columns, strict=True)}
    mapping = Path("mappings/import/legacy-orders.yaml").read_bytes()
    assert facts["SHA-256 of the mapping legacy-orders.yaml"] == hashlib.sha256(mapping).hexdigest()
    for name in ("Operator", "Machine", "bulkpo", "Command", "OAuth client id", "Started (UTC)", "Ended (UTC)"):
        assert facts[name], name
    assert facts["Options"] == f"format xml, on existing skip, after create none, key po-number, out {Path.cwd()}"


def test_a_run_that_a_process_works_on_gives_no_evidence_until_it_ends(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with journal_in(folder / ".bulkpo", lambda: "").claim(1):
        said = told(capsys, "evidence", "1", "-o", "pack.zip", code=2)["error"]
    assert said.startswith("run 1 is being worked on by process ")
    assert not Path("pack.zip").exists()


def test_work_that_ended_without_a_word_is_told_as_such(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(journal_in(folder / ".bulkpo", lambda: "2026-11-27T10:00:00.000+00:00")) as journal:
        journal.begin_stint(1, "resume", By(operator="keller"))
    made = told(capsys, "evidence", "1", "-o", "pack.zip")
    said = [gap["said"] for gap in made["not_checked"] if gap["what"] == "who"]
    begun = "resume begun 2026-11-27T10:00:00.000+00:00"
    assert said == [f"{begun} has no end: its process was ended, or works still"]
    assert told(capsys, "evidence", "--verify", "pack.zip")["verified"]


def test_a_journal_of_before_has_evidence_that_says_who_is_not_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(folder / ".bulkpo/journal.db")) as database:
        database.execute("DROP TABLE stints")
        database.execute("DROP TABLE readings")
        database.commit()
    made = told(capsys, "evidence", "1", "-o", "pack.zip")
    lacks = {gap["what"]: gap["said"] for gap in made["not_checked"]}
    assert lacks["who"] == "the run is of a bulkpo that did not note who ran it, on which machine and as whom"
    assert lacks["read-back"] == "24 orders created or changed were not read back element by element"
    packed = {copy["what"]: copy["standing"] for copy in made["files"]}
    assert packed == dict.fromkeys(("input", "mapping", "crosswalk"), "packed"), "proved by the run's digests"
    assert told(capsys, "evidence", "--verify", "pack.zip")["verified"]


@pytest.mark.usefixtures("folder")
def test_figures_that_were_expected_stand_beside_the_sums_and_a_file_says_when_it_was_last_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["import", "mappings/import/legacy-orders.yaml", "samples/legacy-orders.xlsx", "--out", "."]
    assert run([*command, "--expect", "orders=24", "--expect", "amount.EUR=34018.8075"]) == 0
    capsys.readouterr()
    made = told(capsys, "evidence", "-o", "pack.zip")
    assert made["accounting"]["expected"] == {"orders": "24", "amount.EUR": "34018.8075"}
    assert not any(gap["what"] == "completeness" for gap in made["not_checked"])
    (changed,) = [copy["changed"] for copy in made["files"] if copy["what"] == "input"]
    at = datetime.fromtimestamp(Path("samples/legacy-orders.xlsx").stat().st_mtime, UTC)
    assert changed == at.isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--verify", "none.zip"], 3, "none.zip: cannot be read: No such file or directory"),
        (["--verify", "a.zip", "1"], 2, "--verify checks a pack: leave RUN and --output out"),
        (["1", "--sha256", "00"], 2, "--sha256 goes with --verify PACK"),
        (["7"], 2, "there is no run 7 in "),
        (["1", "-o", "gone/pack.zip"], 3, "gone/pack.zip: "),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_done_is_said_in_words(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert said in told(capsys, "evidence", *arguments, code=code)["error"]
