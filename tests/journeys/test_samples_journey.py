"""Every sample with its mapping: what the sandbox takes of it is what comes back."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bulkpo.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "mappings"
ENDINGS = (".csv", ".txt", ".xls", ".xlsx")
SAMPLES = {path.stem: path for path in sorted((ROOT / "samples").iterdir()) if path.suffix in ENDINGS}


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:  # noqa: ANN401 - what a command says
    code = run([*map(str, arguments), "--json"])
    said = capsys.readouterr()
    assert code == 0, said.err
    return json.loads(said.out)


def test_every_sample_has_its_mapping() -> None:
    assert [name for name in SAMPLES if not (MAPPINGS / f"import/{name}.yaml").exists()] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_imported_exported_and_found_unchanged(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = shutil.copy(SAMPLES[name], tmp_path)
    mapping = MAPPINGS / f"import/{name}.yaml"
    sent = told(capsys, "import", mapping, file)
    assert (sent["created"], sent["refused"]) == (sent["documents"], 0)
    for total in sent["totals"]:
        assert total["read_back"] == {key: total[key] for key in ("documents", "lines", "amount")}
    again = told(capsys, "import", mapping, file, "--dry-run", "--on-existing", "compare")
    assert (again["created"], again["differs"], again["existing"]) == (0, 0, sent["documents"])
    columns = "po-number,order-lines/total"
    told(capsys, "export", "purchase_orders", "--columns", columns, "--rows", "order-lines", "-o", "back.jsonl")
    rows = [json.loads(line) for line in Path("back.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (len({row["po-number"] for row in rows}), len(rows)) == (sent["documents"], sent["lines"])
    worth = sum(Decimal(total["amount"]) for total in sent["totals"])
    assert sum(Decimal(str(row["order-lines/total"])) for row in rows) == worth


def test_the_sample_with_files_attaches_each_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    sent = told(capsys, "import", MAPPINGS / "import/with-files.yaml", shutil.copy(SAMPLES["with-files"], tmp_path))
    assert sent["attachments"] == {"waiting": 0, "attaching": 0, "taken": 0, "attached": 7, "left": 0}


MONTHS = {"monthly": ("orders-*.csv", 9, "1408.50"), "monthly-german": ("bestellungen-*.csv", 3, "1009.50")}


def test_a_folder_of_months_is_one_run_for_each_of_its_layouts_and_comes_to_what_is_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = shutil.copytree(ROOT / "samples/monthly", tmp_path / "monthly")
    for name, (pattern, orders, amount) in MONTHS.items():
        mapping = MAPPINGS / f"import/{name}.yaml"
        sent = told(capsys, "import", mapping, folder / pattern)
        assert (sent["created"], sent["lines"]) == (orders, 2 * orders)
        assert [Decimal(total["amount"]) for total in sent["totals"]] == [Decimal(amount)]
        assert len(list(folder.glob(pattern.replace(".csv", ".result.xlsx")))) == orders
        again = told(capsys, "import", mapping, folder / pattern, "--dry-run", "--on-existing", "compare")
        assert (again["created"], again["differs"], again["existing"]) == (0, 0, orders)


def test_a_folder_that_lacks_a_month_is_not_what_is_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(ROOT / "samples/monthly", tmp_path / "monthly")
    (folder / "orders-2026-05.csv").unlink()
    assert run(["check", str(MAPPINGS / "import/monthly.yaml"), str(folder / "orders-*.csv")]) == 1
    said = capsys.readouterr().out
    for different in ("9", "8", "1,408.50", "1,252"):
        assert different in said, said
