"""How long a command takes to start, beside Python itself.

    python benchmarks/startup.py [--times 20] [--quick]

`bulkpo --version`, `bulkpo --help` and `bulkpo check` of ten lines, each a process of its own, in turn with
`python -c pass`. Python keeps the modules it has compiled, as pip leaves them where it installs a package: each command
runs once before it is timed.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.claims import at_most, tell
from benchmarks.measuring import Taken, command_apart, spread
from benchmarks.order_lines import MAPPING, write_csv

PYTHON = "python -c pass"
GOALS = {"bulkpo --version": 100, "bulkpo --help": 150, "bulkpo check, 10 lines": 300}
"""Milliseconds from the start of the process to its end, more than Python itself takes."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, help="how often each command runs")
    parser.add_argument("--quick", action="store_true", help="five times")
    asked = parser.parse_args()
    bulkpo = [sys.executable, "-m", "bulkpo"]
    commands = {
        PYTHON: [sys.executable, "-c", "pass"],
        "bulkpo --version": [*bulkpo, "--version"],
        "bulkpo --help": [*bulkpo, "--help"],
        "bulkpo check, 10 lines": [*bulkpo, "check", "lines.yaml", "lines.csv"],
    }
    taken: dict[str, list[Taken]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_csv(folder / "lines.csv", 10)
        (folder / "lines.yaml").write_text(MAPPING, encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        for command in commands.values():
            command_apart(command, folder, environment)
        for _ in range(asked.times or (5 if asked.quick else 20)):
            for each, command in commands.items():
                taken[each].append(command_apart(command, folder, environment))
    python = statistics.median(each.seconds for each in taken[PYTHON])
    print("from start to end of the process, milliseconds")
    for each, runs in taken.items():
        median = statistics.median(run.seconds for run in runs)
        print(
            f"  {each:24} {spread([1000 * run.seconds for run in runs], 0):>16} ms   {median / python:5.1f} times "
            f"{PYTHON}   {max(run.megabytes for run in runs):4.0f} MB"
        )
    for each, goal in GOALS.items():
        tell(each, PYTHON, at_most(goal, "ms more"), [1000 * (run.seconds - python) for run in taken[each]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
