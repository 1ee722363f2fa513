"""A process that makes inputs and runs them, one after the other, within limits of time and memory.

What is raised is written down by the process itself. An input that ends the process (a hang, memory that is not to be
had in C) stays where it was written before it was run, and the one who started the process finds it there.
"""

import hashlib
import random
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fuzzing.mutations import mutated, mutated_archive
from fuzzing.reach import Reach
from fuzzing.targets import TARGETS, Target

MOST_SECONDS = 20
MOST_BYTES = 1 << 30
TRACED_EVERY = 3
SLOWER_TRACED = 6
"""One input in so many is watched for new lines, which makes it so many times slower."""

_MOST_KEPT = 400
_MEMORY = Path("/dev/shm")  # noqa: S108 - where the system has it, a folder whose files need no disk


@dataclass(frozen=True, slots=True)
class Task:
    """The inputs from one number to another (exclusive), and where what goes wrong is written."""

    target: Target
    seed: int
    first: int
    last: int
    folder: Path

    @property
    def current(self) -> Path:
        """The input that is being run."""
        return self.folder / f"{self.target.name}.{self.seed}.current"

    @property
    def count(self) -> Path:
        """The number of the input that is being run."""
        return self.folder / f"{self.target.name}.{self.seed}.number"


@dataclass(slots=True)
class _Worker:
    task: Task
    reach: Reach = field(default_factory=Reach)
    seen: set[str] = field(default_factory=set)

    def work(self) -> None:
        target = self.task.target
        pool = target.seeds
        seeds = len(pool)
        for number in range(self.task.first, self.task.last):
            chance = random.Random(f"{target.name} {self.task.seed} {number}")  # noqa: S311 - no secret
            make = mutated_archive if target.is_archive else mutated
            data = pool[number] if number < seeds else make(chance.choice(pool), pool, chance, target.words)
            self.task.current.write_bytes(data)
            self.task.count.write_text(str(number))
            if self._run(number, data) and len(pool) < seeds + _MOST_KEPT:
                pool.append(data)
        self.task.current.unlink(missing_ok=True)
        self.task.count.write_text(str(self.task.last))

    def _run(self, number: int, data: bytes) -> bool:
        """Run one input; whether it reached new lines."""
        folder = Path(tempfile.mkdtemp(prefix="bulkpo-fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None))
        try:
            is_traced = number % TRACED_EVERY == 0
            with timed(MOST_SECONDS * (SLOWER_TRACED if is_traced else 1)):
                if is_traced:
                    return self.reach.watched(lambda: self.task.target.run(folder, number, data))
                self.task.target.run(folder, number, data)
        except BaseException as error:  # noqa: BLE001 - whatever comes out is what is looked for
            signature = _signature(error)
            if signature not in self.seen:
                self.seen.add(signature)
                write_failure(self.task, data, "".join(traceback.format_exception(error)))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return False


def write_failure(task: Task, data: bytes, what: str) -> Path:
    """Keep an input that failed, with what happened and how to have it again."""
    path = task.folder / f"{task.target.name}-{hashlib.sha256(data).hexdigest()[:12]}{Path(task.target.file).suffix}"
    path.write_bytes(data)
    again = f"python -m fuzzing --again {task.target.name} {path}"
    path.with_name(f"{path.name}.txt").write_text(f"To have it again: {again}\n\n{what}", encoding="utf-8")
    return path


@contextmanager
def timed(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """End the process where something computes for too long."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def limit_memory() -> None:
    """Let this process take a gigabyte; those that it starts may set a limit of their own."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _signature(error: BaseException) -> str:
    """What two failures of one kind have in common: the error, and the last lines it came through."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} {[(frame.filename, frame.lineno) for frame in frames]}"


def main(arguments: list[str]) -> None:
    """Work through a task given as words."""
    name, seed, first, last, folder = arguments
    limit_memory()
    _Worker(Task(TARGETS[name], int(seed), int(first), int(last), Path(folder))).work()


if __name__ == "__main__":
    main(sys.argv[1:])
