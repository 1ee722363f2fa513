import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_lowest_versions_are_those_the_project_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [each.partition(";")[0] for each in project["dependencies"] if "win32" not in each]
    allowed = {each.replace(">=", "==") for each in needed}
    lines = (ROOT / "tests/lowest.txt").read_text(encoding="utf-8").splitlines()
    lowest = {line.removesuffix(".0") for line in lines if not line.startswith("#")}
    assert {each.removesuffix(".0") for each in allowed} == lowest
