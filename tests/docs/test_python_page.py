"""The page for programmers: its example runs, and it knows every call there is."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import bulkpo
import bulkpo.workspace.names

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/python.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

PUBLIC = [
    "Act",
    "ApplyRequest",
    "BulkpoError",
    "CheckRequest",
    "CrosswalkRequest",
    "DoRequest",
    "ExportRequest",
    "FitRequest",
    "GuessRequest",
    "ImportRequest",
    "Intent",
    "PreviewRequest",
    "ResumeRequest",
    "SandboxRequest",
    "SchemaRequest",
    "Selection",
    "Session",
    "SettleRequest",
    "Share",
    "Silent",
    "TemplateRequest",
    "UndoRequest",
    "UpdateRequest",
    "Watch",
    "Work",
    "Workspace",
    "abandon_run",
    "apply",
    "check",
    "connect",
    "do",
    "draft_crosswalk",
    "dry_run",
    "export",
    "export_to_edit",
    "fit_mapping",
    "guess",
    "import_orders",
    "list_examples",
    "list_runs",
    "load",
    "pack_evidence",
    "plan_import",
    "plan_update",
    "preview",
    "prune_run",
    "resume",
    "serve_sandbox",
    "settle",
    "show_order",
    "show_run",
    "undo",
    "update",
    "verify_evidence",
    "write_examples",
    "write_schema",
    "write_template",
    "yes",
]


def test_these_are_the_public_names_and_each_leads_somewhere() -> None:
    assert sorted(bulkpo.__all__) == sorted(PUBLIC)
    assert all(getattr(bulkpo, name) is getattr(bulkpo.workspace.names, name) for name in PUBLIC)


def test_the_page_names_every_call() -> None:
    calls = [name for name in PUBLIC if name.islower()]
    assert [name for name in calls if f"{name}(" not in PAGE and f"`{name}`" not in PAGE] == []


def test_the_example_runs_against_the_embedded_sandbox(tmp_path: Path) -> None:
    shutil.copy(ROOT / "samples/legacy-orders.xlsx", tmp_path / "orders.xlsx")
    mapping = (ROOT / "mappings/import/legacy-orders.yaml").read_text(encoding="utf-8")
    (tmp_path / "legacy-orders.yaml").write_text(mapping.replace("../crosswalks/", ""), encoding="utf-8")
    shutil.copy(ROOT / "mappings/crosswalks/uom.csv", tmp_path)
    program = "\n".join([EXAMPLES[0], "from pathlib import Path", *EXAMPLES[1:]])
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["0 24", "0 24"]
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").count("\n") == 25


def test_import_bulkpo_and_its_version_bring_nothing_heavy_along() -> None:
    program = "import bulkpo.cli.main, bulkpo.workspace.names, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {"requests", "openpyxl", "lxml", "sqlite3", "yaml", "jsonschema", "python_calamine", "urllib3"}
    assert heavy.isdisjoint(done.stdout.split())
