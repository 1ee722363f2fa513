"""Timing a job in a process of its own, in turn with its peers.

A job is a function that stands at the top of a module, with plain arguments: it is run in a fresh interpreter, so that
neither the memory nor the caches of one job are another's. Modules that it names are imported before the clock starts.
"""

import importlib
import multiprocessing
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

Name = TypeVar("Name")


class Job(NamedTuple):
    """A function, its arguments, and the modules to import before it is timed."""

    function: Callable[..., Any]
    arguments: Sequence[Any] = ()
    imports: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What a job took: seconds by the clock and of the processor, and its peak memory; and what it gave."""

    seconds: float
    cpu: float
    megabytes: float
    result: Any = field(default=None, compare=False)


def apart(function: Callable[..., Any], *arguments: Any) -> Taken:  # noqa: ANN401 - any function's arguments
    """Run a function in a fresh process; what it raises is raised here."""
    return run_apart(Job(function, arguments))


def run_apart(job: Job) -> Taken:
    """Run a job in a fresh process; what it raises is raised here."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(_timed, job).result()


def command_apart(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Taken:
    """Run a command line to its end, start-up included; `result` is what it printed.

    Raises CalledProcessError where it fails. It is started from a small process, since Linux counts the memory of the
    process a command was started from as the command's own.
    """
    taken: Taken = apart(_command, list(command), folder, environment).result
    return taken


def in_turn(jobs: Mapping[Name, Job], times: int) -> dict[Name, list[Taken]]:
    """Run every job so many times, each round all of them, since a machine's speed drifts."""
    taken: dict[Name, list[Taken]] = {name: [] for name in jobs}
    for _ in range(times):
        for name, job in jobs.items():
            taken[name].append(run_apart(job))
    return taken


def ratios(many: Sequence[Taken], few: Sequence[Taken]) -> list[float]:
    """How many times longer the one took than the other, round by round."""
    return [more.seconds / less.seconds for more, less in zip(many, few, strict=True)]


def spread(values: Sequence[float], digits: int = 1) -> str:
    """The median of some figures, with the least and the greatest where they differ: `6.2 (6.0 to 6.5)`."""
    middle, least, greatest = (
        f"{value:,.{digits}f}" for value in (statistics.median(values), min(values), max(values))
    )
    return middle if least == greatest else f"{middle} ({least} to {greatest})"


def peak_megabytes() -> float:
    """The most memory this process has had; 0 where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return _usage_megabytes(children=False)
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _timed(job: Job) -> Taken:
    for name in job.imports:
        importlib.import_module(name)
    started, cpu = time.perf_counter(), time.process_time()
    result = job.function(*job.arguments)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return Taken(seconds, cpu, peak_megabytes(), result)


def _command(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None) -> Taken:
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    return Taken(seconds, _children_cpu(), _usage_megabytes(children=True), done.stdout)


def _children_cpu() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _usage_megabytes(*, children: bool) -> float:
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF)
    return usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
