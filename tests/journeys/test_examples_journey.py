import json
import re
import shlex
from pathlib import Path

import pytest

from bulkpo.cli.main import run
from bulkpo.workspace.examples import list_examples, write_examples

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = list_examples()
SCHEMA = re.compile(r"\$schema=(\S+)")


def test_every_mapping_of_the_checkout_is_an_example() -> None:
    paths = {path for each in EXAMPLES for path in each.files}
    folders = ("mappings/import", "mappings/export")
    assert {f"{folder}/{path.name}" for folder in folders for path in (ROOT / folder).iterdir()} <= paths
    assert all(each.about for each in EXAMPLES)


@pytest.mark.parametrize("name", [each.name for each in EXAMPLES])
def test_an_example_alone_is_whole_its_commands_run_and_its_editor_finds_the_schema(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["examples", name]) == 0
    assert capsys.readouterr().out.startswith(f"{len(list(tmp_path.rglob('*.*')))} files written to this folder")
    for path in tmp_path.rglob("*.yaml"):
        assert all((path.parent / said).is_file() for said in SCHEMA.findall(path.read_text(encoding="utf-8"))), path
    (example,) = (each for each in EXAMPLES if each.name == name)
    for command in example.commands:
        assert run(shlex.split(command)[1:]) in ((0, 1) if name == "damaged" else (0,)), capsys.readouterr()


def test_what_is_there_is_never_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    mine, link = Path("mappings/import/legacy-orders.yaml"), Path("samples/legacy-orders.xlsx")
    mine.parent.mkdir(parents=True)
    mine.write_text("name: mine\n", encoding="utf-8")
    link.parent.mkdir()
    link.symlink_to(tmp_path / "nowhere.xlsx")
    assert run(["examples", "legacy-orders"]) == 0
    told = capsys.readouterr().out
    assert "mappings/import/legacy-orders.yaml is there and is not the example's; it is kept as it is" in told
    assert "samples/legacy-orders.xlsx is there and is not the example's; it is kept as it is" in told
    assert mine.read_text(encoding="utf-8") == "name: mine\n"
    assert not Path("nowhere.xlsx").exists()
    assert run(["examples", "legacy-orders", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "folder": ".",
        "written": [],
        "unchanged": ["mappings/crosswalks/uom.csv", "schemas/import-mapping.schema.json"],
        "kept": ["mappings/import/legacy-orders.yaml", "samples/legacy-orders.xlsx"],
        "commands": ["bulkpo check mappings/import/legacy-orders.yaml samples/legacy-orders.xlsx"],
    }


def test_everything_is_written_into_a_folder_that_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["examples", "--to", str(tmp_path / "new" / "folder")]) == 0
    assert "files written to" in capsys.readouterr().out
    for part in ("mappings", "samples"):
        wanted = {path.relative_to(ROOT) for path in (ROOT / part).rglob("*") if path.is_file()}
        hidden = {path for path in wanted if any(name.startswith(".") for name in path.parts)}
        made = {path for path in wanted if ".result" in path.name or ".failed" in path.name}
        found = {path.relative_to(tmp_path / "new/folder") for path in (tmp_path / "new/folder" / part).rglob("*.*")}
        assert wanted - hidden - made <= found
    assert not write_examples(folder=tmp_path / "new" / "folder").placed.written


def test_a_name_that_is_none_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["examples", "legcy-orders"]) == 2
    assert capsys.readouterr().err == (
        "bulkpo: there is no example 'legcy-orders'; did you mean legacy-orders or legacy-orders-eu or open-orders? "
        "`bulkpo examples` lists them\n"
    )


def test_a_file_where_a_folder_is_wanted_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert run(["examples", "open-orders", "--to", str(tmp_path / "taken")]) == 3
    assert "is a file, where a folder is wanted; choose another by --to FOLDER" in capsys.readouterr().err
