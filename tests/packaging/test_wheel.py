"""The built wheel is whole: it runs in a clean environment, away from the checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_carries_the_schemas(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "bulkpo/_schemas/import-mapping.schema.json" in names
    tables = {f"bulkpo/_schemas/coupa/{path.name}" for path in (ROOT / "schemas/coupa").iterdir()}
    assert len(tables) > 300
    assert tables <= set(names)


@pytest.mark.slow
def test_the_wheel_checks_a_file_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    binaries = environment / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(binaries / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    subprocess.run(install, check=True)
    version = subprocess.run([binaries / "bulkpo", "--version"], check=True, capture_output=True, text=True)
    assert version.stdout.startswith("bulkpo, version ")
    checked = subprocess.run(
        [
            binaries / "bulkpo",
            "check",
            ROOT / "mappings/import/legacy-orders.yaml",
            ROOT / "samples/legacy-orders.xlsx",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "24 orders with 65 lines: 24 clean, 0 with errors" in checked.stdout
