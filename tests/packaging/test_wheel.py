"""The built wheel is whole: it runs in a clean environment, away from the checkout."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


BINARIES = "Scripts" if sys.platform == "win32" else "bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution: what that lacks, this would lack too."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def binaries(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    environment = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = str(environment / BINARIES / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    subprocess.run(install, check=True)
    return environment / BINARIES


@pytest.mark.slow
def test_the_wheel_carries_the_schemas(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "bulkpo/_schemas/import-mapping.schema.json" in names
    tables = {f"bulkpo/_schemas/coupa/{path.name}" for path in (ROOT / "schemas/coupa").iterdir()}
    assert len(tables) > 300
    assert tables <= set(names)


@pytest.mark.slow
def test_the_wheel_carries_the_examples_and_nothing_that_working_with_them_made(wheel: Path) -> None:
    names = {name.removeprefix("bulkpo/_examples/") for name in zipfile.ZipFile(wheel).namelist()}
    found = [path.relative_to(ROOT) for part in ("mappings", "samples") for path in (ROOT / part).rglob("*.*")]
    made = {path for path in found if ".bulkpo" in path.parts or path.stem.endswith((".result", ".failed"))}
    wanted = {path.as_posix() for path in found if path not in made}
    assert len(wanted) > 100
    assert {name for name in names if name.startswith(("mappings/", "samples/"))} == wanted


@pytest.mark.slow
def test_the_wheel_checks_a_file_in_a_clean_environment(binaries: Path, tmp_path: Path) -> None:
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


@pytest.mark.slow
@pytest.mark.parametrize("page", ["--help", "README.md"])
def test_every_first_step_works_from_an_empty_folder_once_installed(page: str, binaries: Path, tmp_path: Path) -> None:
    found = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    if page == "--help":
        asked = subprocess.run([binaries / "bulkpo", page], capture_output=True, check=True, text=True)
        steps = re.findall(
            r"^ +(bulkpo .*)", asked.stdout.partition("Start here:")[2].partition("\n\n")[0], re.MULTILINE
        )
    else:
        text = (ROOT / page).read_text(encoding="utf-8")
        parts = [text.partition(f"## {title}\n")[2].partition("\n## ")[0] for title in ("A first import", "An export")]
        steps = [step for part in parts for step in re.findall(r"^\$ (bulkpo (?:.*\\\n)*.*)", part, re.MULTILINE)]
    assert len(steps) > 3
    for step in steps:
        done = subprocess.run(step, shell=True, cwd=tmp_path, env=found, capture_output=True, text=True, check=False)  # noqa: S602
        assert done.returncode == 0, (step, done.stderr)
