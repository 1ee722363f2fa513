"""Take one guard out of the code at a time, and see whether the tests notice.

python scripts/mutants.py [PART OF A FILE'S NAME]

Each mutant of tests/mutants/mutants.py is tried in a copy of the tree, on the tests that must kill it. Ends with 1 if
one survives, and with 2 if one does not fit the code any more.
"""

import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COPIES = 2
COPIED = ("bulkpo", "tests", "scripts")
LINKED = ("schemas", "mappings", "samples", "pyproject.toml")


def copy_of_the_tree(folder: Path) -> Path:
    """The tree as far as tests need it."""
    folder.mkdir()
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    return folder


def is_killed(tree: Path, mutant: Any) -> bool:  # noqa: ANN401 - a Mutant, which is known by running its file
    """Whether the tests fail with the mutant in place."""
    path = tree / mutant.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        return not passes(tree, mutant.tests)
    finally:
        path.write_text(whole, encoding="utf-8")


def passes(tree: Path, tests: str) -> bool:
    """Whether tests pass in a tree."""
    asked = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", *tests.split()]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(asked, cwd=tree, env=environment, capture_output=True, check=False).returncode == 0


def main() -> int:
    """Try all mutants; the exit code."""
    mutants = runpy.run_path(str(ROOT / "tests/mutants/mutants.py"))["MUTANTS"]
    mutants = [it for it in mutants if any(part in it.file for part in sys.argv[1:] or [""])]
    stray = [it for it in mutants if (ROOT / it.file).read_text(encoding="utf-8").count(it.old) != 1]
    for mutant in stray:
        print(f"does not fit the code: {mutant.file}: {mutant.old!r}")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(COPIES) as threads:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(COPIES):
            trees.put(copy_of_the_tree(Path(folder) / str(number)))

        def tried(mutant: Any) -> bool:  # noqa: ANN401 - a Mutant
            tree = trees.get()
            try:
                return is_killed(tree, mutant)
            finally:
                trees.put(tree)

        sound = trees.get()
        broken = [tests for tests in {mutant.tests for mutant in mutants} if not passes(sound, tests)]
        trees.put(sound)
        if broken:
            print(f"these fail without any mutant: {'; '.join(broken)}")
            return 2
        fitting = [mutant for mutant in mutants if mutant not in stray]
        survivors = [it for it, killed in zip(fitting, threads.map(tried, fitting), strict=True) if not killed]
    for mutant in survivors:
        print(f"survives: {mutant.file}: {mutant.old!r} -> {mutant.new!r}")
    print(f"{len(fitting) - len(survivors)} of {len(fitting)} mutants killed")
    return 2 if stray else int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main())
