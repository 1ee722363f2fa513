"""Workbooks that calamine reads whole, opened first in a process of its own that may take so much and no more.

A sheet of a few kilobytes can say that it has cells by the billion. What a file may take of memory and processor time
grows with its size. Where the system has no limits to set, the extent that the file's own records tell is all that is
asked.
"""

import importlib.util
import signal
import subprocess
import sys
from pathlib import Path

from bulkpo.errors import InputError

LEAST_OPENING_MEMORY, MOST_OPENING_MEMORY = 384 << 20, 4 << 30
OPENING_MEMORY_PER_BYTE = 200
LEAST_OPENING_SECONDS, MOST_OPENING_SECONDS = 8, 300
OPENING_SECONDS_PER_MEGABYTE = 5
"""What opening a file may take: the least, the most, and in between so much for its size."""

_WAITED = 4  # on a machine with other work, seconds of the clock are more than those of the processor
_OPEN = """
import resource, sys
memory, seconds = int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
import python_calamine
book = python_calamine.load_workbook(sys.argv[1])
kept = [book.get_sheet_by_name(name) for name in book.sheet_names]
"""


def prove_bounded(path: Path) -> None:
    """Raise InputError if opening a workbook takes too much memory or time; what else is wrong, opening it tells.

    Raises MemoryError where this process may not have as much as is allowed.
    """
    if importlib.util.find_spec("resource") is None:
        return
    size = path.stat().st_size
    memory = min(MOST_OPENING_MEMORY, LEAST_OPENING_MEMORY + OPENING_MEMORY_PER_BYTE * size)
    seconds = min(MOST_OPENING_SECONDS, LEAST_OPENING_SECONDS + OPENING_SECONDS_PER_MEGABYTE * (size >> 20))
    allowed = _allowed()
    command = [sys.executable, "-I", "-c", _OPEN, str(path.absolute()), str(min(memory, allowed)), str(seconds)]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter and the program above; the path is an argument
            command, capture_output=True, timeout=_WAITED * seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(path, seconds) from None
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _too_slow(path, seconds)
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        if allowed < memory:
            raise MemoryError
        raise InputError(
            f"{path.name}: opening it takes more than {memory >> 20:,} MB of memory; it is damaged, or has a cell far "
            "away from the others: save it as .xlsx"
        )


def _allowed() -> int:
    """How much memory this process may have."""
    import resource

    limits = [each for each in resource.getrlimit(resource.RLIMIT_AS) if each != resource.RLIM_INFINITY]
    return min(limits, default=sys.maxsize)


def _too_slow(path: Path, seconds: int) -> InputError:
    return InputError(
        f"{path.name}: opening it takes more than {seconds} seconds, which no sound file of its size does; open it in "
        "Excel and save it as .xlsx"
    )
