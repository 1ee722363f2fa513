"""What goes into Coupa comes back the same: an export, imported again, plans no change."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bulkpo.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
EXPORT, IMPORT = (ROOT / "mappings" / way / "exported-orders.yaml" for way in ("export", "import"))
UNIVERSITY = ROOT.parent / "shared/data/wvu-2017.xlsx"


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401
    """Runs a command in a folder of its own, and gives what it says to programs."""
    monkeypatch.chdir(tmp_path)

    def say(*arguments: object, code: int = 0) -> dict[str, Any]:
        assert run([*map(str, arguments), "--json"]) == code
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return say


def counts(answer: dict[str, Any]) -> tuple[int, ...]:
    return tuple(answer[name] for name in ("documents", "lines", "planned", "existing", "differs", "failed"))


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_the_demo_orders_come_back_unchanged(told: Any, tmp_path: Path, extension: str) -> None:  # noqa: ANN401
    (tmp_path / "orders.xlsx").write_bytes((ROOT / "samples/legacy-orders.xlsx").read_bytes())
    assert told("import", ROOT / "mappings/import/legacy-orders.yaml", "orders.xlsx")["created"] == 24
    assert told("export", EXPORT, "-o", f"back.{extension}")["documents"] == 24
    answer = told("import", IMPORT, f"back.{extension}", "--dry-run")
    assert counts(answer) == (24, 65, 0, 24, 0, 0), answer["differences"]


def test_what_was_corrected_in_the_file_is_told_order_by_order(told: Any, tmp_path: Path) -> None:  # noqa: ANN401
    (tmp_path / "orders.xlsx").write_bytes((ROOT / "samples/legacy-orders.xlsx").read_bytes())
    told("import", ROOT / "mappings/import/legacy-orders.yaml", "orders.xlsx")
    told("export", EXPORT, "-o", "back.xlsx")
    book = openpyxl.load_workbook("back.xlsx")
    sheet = book["Orders"]
    titles = [cell.value for cell in sheet[1]]
    number = sheet.cell(2, 1).value
    sheet.cell(2, titles.index("Description") + 1).value = "Something else"
    book.save("back.xlsx")
    answer = told("import", IMPORT, "back.xlsx", "--dry-run", "--on-existing", "compare", code=1)
    assert counts(answer) == (24, 65, 0, 23, 1, 0)
    assert list(answer["differences"]) == [number]
    assert answer["differences"][number].startswith("order-lines[1]/description: sent 'Something else', Coupa has '")


@pytest.mark.slow
@pytest.mark.skipif(not UNIVERSITY.exists(), reason="the university's orders are not here: ../shared/data")
def test_a_universitys_orders_come_back_unchanged(told: Any, tmp_path: Path) -> None:  # noqa: ANN401
    (tmp_path / "orders.xlsx").write_bytes(UNIVERSITY.read_bytes())
    assert told("import", ROOT / "mappings/import/oracle-ebs.yaml", "orders.xlsx")["created"] == 579
    assert told("export", EXPORT, "-o", "back.xlsx")["rows"] == 2724
    answer = told("import", IMPORT, "back.xlsx", "--dry-run")
    assert counts(answer) == (579, 2724, 0, 579, 0, 0), answer["differences"]
