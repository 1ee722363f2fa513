"""Two commands for the same thing at once: one does it, the other says why it does not and writes nothing."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from world import SCOPES

import bulkpo
from bulkpo.cli.main import run
from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer
from bulkpo.workspace.session import Intent, Session

ROOT = Path(__file__).resolve().parents[2]
MAPPING = str(ROOT / "mappings/import/legacy-orders.yaml")
EXPORT = """\
bulkpo: export/1
name: orders
resource: purchase_orders
rows: order-lines
columns: [po-number, order-lines/line-num, order-lines/description, order-lines/price]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Path]:
    """An instance with orders, a workbook of them that was edited, and a file of orders."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET", "sandbox")
    with SandboxServer(None, SandboxOptions(references=References.OPEN)) as server:
        profile = f"{{url: '{server.url}', client_id: sandbox, client_secret_variable: SECRET, scopes: [{SCOPES[0]}"
        rest = "".join(f", {scope}" for scope in SCOPES[1:])
        text = f"bulkpo: profiles/1\nprofiles:\n  acme: {profile}{rest}]}}\n"
        (tmp_path / "bulkpo.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "orders.xlsx").write_bytes((ROOT / "samples/legacy-orders.xlsx").read_bytes())
        (tmp_path / "export.yaml").write_text(EXPORT, encoding="utf-8")
        assert run([*IMPORT, "--no-preflight", "--to", "acme", "--yes"]) == 0
        assert run(["export", "export.yaml", "--editable", "-o", "edited.xlsx", "--to", "acme"]) == 0
        book = openpyxl.load_workbook("edited.xlsx")
        titles = {cell.value: place for place, cell in enumerate(book["orders"][1], 1)}
        for row in range(2, 40):
            book["orders"].cell(row, titles["order-lines/description"]).value = f"text {row}"
        book.save("edited.xlsx")
        (tmp_path / "list.txt").write_text("0004711\n0004712\n", encoding="utf-8")
        capsys.readouterr()
        yield tmp_path


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "places" not in path.parts}


UPDATE = ("update", "edited.xlsx")
IMPORT = ("import", MAPPING, "orders.xlsx")
DO = ("do", "issue-without-send", "list.txt")


def first(words: tuple[str, ...], session: Session) -> None:
    """The same command from Python, whose question lets the other one come in between."""
    match words:
        case ("update", workbook):
            bulkpo.update(bulkpo.UpdateRequest(Path(workbook), "acme"), session)
        case ("import", mapping, file):
            bulkpo.import_orders(
                bulkpo.ImportRequest(Path(mapping), Path(file), to="acme", preflight=False, again=True), session
            )
        case ("do", task, file):
            bulkpo.do(bulkpo.DoRequest(task, Path(file), to="acme"), session)
        case _:
            bulkpo.undo(bulkpo.UndoRequest(1), session)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (UPDATE, "edited.xlsx"),
        (IMPORT, "orders.result.xlsx"),
        (DO, "list.issue-without-send.xlsx"),
        (("undo", "1"), "orders.undone.xlsx"),
    ],
)
def test_what_another_process_is_doing_already_is_refused_in_a_sentence_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], place: str
) -> None:
    where = [] if words[0] == "undo" else ["--to", "acme"]

    def meanwhile(_: Intent) -> bool:
        before = files(folder)
        assert run([*words, *where, "--yes"]) == 2
        told = " ".join(capsys.readouterr().err.split())
        assert f"{folder / place}: process {os.getpid()} on " in told
        assert "is at work on it; wait until it ends, or end it, and try again. Nothing was done" in told
        assert files(folder) == before
        return True

    first(words, Session(confirm=meanwhile))
    assert zipfile.ZipFile(folder / place).testzip() is None


def test_an_import_to_the_same_folder_and_name_of_results_is_refused_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "orders.xlsx").write_bytes((folder / "orders.xlsx").read_bytes())

    def meanwhile(_: Intent) -> bool:
        assert run(["import", MAPPING, "b/orders.xlsx", "--out", ".", "--to", "acme", "--yes"]) == 2
        assert f"{folder / 'orders.result.xlsx'}: process " in capsys.readouterr().err
        return True

    first(IMPORT, Session(confirm=meanwhile))


def test_of_two_updates_begun_at_the_same_moment_one_is_made_and_its_result_is_whole(folder: Path) -> None:
    command = [sys.executable, "-m", "bulkpo", *UPDATE, "--to", "acme", "--yes", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    both = [
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [each.communicate(timeout=60) for each in both]
    done = sorted(zip((each.returncode for each in both), said, strict=True), key=lambda it: it[0])
    assert done[0][0] == 0
    result = json.loads(done[0][1][0])
    assert zipfile.ZipFile(result["result"]).testzip() is None
    other = done[1][1][1].decode()
    assert done[1][0] in (0, 2)  # one that was slow to begin finds all of it done
    assert ("is at work on it" in other) == (done[1][0] == 2)
    assert result["changed"] + json.loads(done[1][1][0] or "{}").get("changed", 0) > 0
