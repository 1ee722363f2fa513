"""Inputs by the thousand that nobody would write, until something breaks.

    python -m fuzzing                          ten minutes over everything
    python -m fuzzing csv xlsx --inputs 20000  so many of each
    python -m fuzzing --again csv FILE         one input that failed

A traceback, 20 seconds of computing, four minutes of waiting or more than a gigabyte is a failure. It is written to
the folder `fuzz/` with what happened and how to have it again, and the exit code is 1.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from fuzzing.targets import TARGETS
from fuzzing.worker import MOST_SECONDS, SLOWER_TRACED, Task, limit_memory, timed, write_failure

_TEN_MINUTES = 600
_MOST_WAITING = 2 * SLOWER_TRACED * MOST_SECONDS
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Bounds:
    """When to stop: after so many inputs of each target, or at a time of the clock."""

    inputs: int | None
    until: float


def fuzz(names: list[str], seed: int, bounds: Bounds, folder: Path) -> list[Path]:
    """Run inputs of every target in turn; gives those that failed."""
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    tasks = [Task(TARGETS[name], seed, 0, _AT_ONCE, folder) for name in names]
    while tasks and time.monotonic() < bounds.until:
        task = tasks.pop(0)
        last = task.last if bounds.inputs is None else min(task.last, bounds.inputs)
        following = _run(replace(task, last=last), bounds.until)
        if bounds.inputs is None or following < bounds.inputs:
            tasks.append(replace(task, first=following, last=following + _AT_ONCE))
        else:
            print(f"{task.target.name}: {following:,} inputs", flush=True)
    for task in tasks:
        print(f"{task.target.name}: {task.first:,} inputs", flush=True)
    return sorted(path for path in folder.iterdir() if path not in before and path.suffix == ".txt")


def _run(task: Task, until: float) -> int:
    """Run a task in a process of its own; gives the number of the input to go on with."""
    words = [task.target.name, str(task.seed), str(task.first), str(task.last), str(task.folder)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([sys.executable, "-m", "fuzzing.worker", *words], stdout=said, stderr=said)
        reason = _watch(process, task, until)
        said.seek(0)
        words_said = said.read()[-4000:].decode("utf-8", "replace")
    number = int(task.count.read_text()) if task.count.exists() else task.first
    if reason == "time":
        return number
    if process.returncode != 0 or reason:
        data = task.current.read_bytes() if task.current.exists() else b""
        write_failure(task, data, f"{reason or f'the process ended with {process.returncode}'}\n\n{words_said}")
        return number + 1
    return number


def _watch(process: "subprocess.Popen[bytes]", task: Task, until: float) -> str:
    """Wait for the process; ends it, and says why, where it waits too long, or where all the time is over."""
    seen, since = "", time.monotonic()
    while process.poll() is None:
        time.sleep(0.2)
        now = time.monotonic()
        at = task.count.read_text() if task.count.exists() else ""
        if at != seen:
            seen, since = at, now
        reason = "time" if now > until else "it waits for ever" if now > since + _MOST_WAITING else ""
        if reason:
            process.kill()
            process.wait()
            return reason
    return ""


def _again(name: str, path: Path) -> None:
    """One input, with its traceback on the screen."""
    limit_memory()
    with tempfile.TemporaryDirectory() as folder, timed():
        TARGETS[name].run(Path(folder), 0, path.read_bytes())


def main() -> None:
    """Read the command line, fuzz, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzzing", description=__doc__.partition(":")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all if none is named")
    parser.add_argument("--inputs", type=int, help="how many of each target, rather than ten minutes")
    parser.add_argument("--seconds", type=float, help="how long at most")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same inputs again")
    parser.add_argument("--folder", type=Path, default=Path("fuzz"), help="where what failed is written")
    parser.add_argument("--again", nargs=2, metavar=("TARGET", "FILE"), help="one input that failed")
    asked = parser.parse_args()
    if asked.again:
        _again(asked.again[0], Path(asked.again[1]))
        return
    names = asked.targets or list(TARGETS)
    seconds = asked.seconds or (_TEN_MINUTES if asked.inputs is None else float("inf"))
    print(f"seed {asked.seed}", flush=True)
    failed = fuzz(names, asked.seed, Bounds(asked.inputs, time.monotonic() + seconds), asked.folder)
    for path in failed:
        print(f"failed: {path}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
