"""The last net: what nobody foresaw becomes a sentence and a short report, never a bare traceback.

A report says where in the program it happened and holds nothing of anybody's data: no message of the error, which may
quote a cell or a password; no value of a variable; of the command line its words that are bulkpo's own.
"""

import os
import platform
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo import __version__
from bulkpo.cli.console import Console
from bulkpo.memory import MEMORY_MISSING, SAID_OF_MEMORY, is_of_memory, say_of_memory

if TYPE_CHECKING:
    from types import FrameType

FAULT = 70
"""The exit code of a fault of bulkpo itself, as sysexits.h has it."""

_MOST_FRAMES = 15
_MOST_CAUSES = 8
_NAMES = 100
_ENDINGS = (".yaml", ".yml", ".xlsx", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt", ".html", ".json", ".jsonl")


class LastNet:
    """Catches what falls through everything else, in any thread."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = tuple(arguments)
        self._lock = threading.Lock()
        self.exit_code = 0
        """FAULT or MEMORY_MISSING once something fell, in whichever thread."""

    def spread(self) -> None:
        """Be under all threads from now on; what libraries warn of reaches no screen."""
        threading.excepthook = lambda fall: self.catch(fall.exc_value)
        sys.unraisablehook = lambda fall: self.catch(fall.exc_value)
        sys.excepthook = lambda _kind, error, _trace: self.catch(error)
        if not sys.warnoptions:
            warnings.simplefilter("ignore")

    def catch(self, error: BaseException | None) -> int:
        """Write the report of the first error, and say so; gives the exit code."""
        if error is None or isinstance(error, SystemExit | KeyboardInterrupt):
            return FAULT
        with self._lock:
            if not self.exit_code:
                self.exit_code = MEMORY_MISSING if is_of_memory(error) else FAULT
                with suppress(Exception):
                    self._tell(error)
            return self.exit_code

    def _tell(self, error: BaseException) -> None:
        if self.exit_code == MEMORY_MISSING:
            self._say({"error": SAID_OF_MEMORY, "exit_code": MEMORY_MISSING})
            return
        text = "\n".join([*_facts(self._arguments), *_happened(error)]) + "\n"
        report = _written(text)
        where = "could not be written anywhere" if report is None else f"is in {report}"
        said = _said(error, where)
        self._say({"error": said, "exit_code": FAULT, "report": None if report is None else str(report)})

    def _say(self, result: Mapping[str, object]) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        console = Console("--json" in self._arguments and is_main)  # in another, what is asked for is still to come
        try:
            console.complain(result["error"])
        except MemoryError:
            say_of_memory()
        console.result(result)


def _said(error: BaseException, where: str) -> str:
    """What to tell of a fault whose report is somewhere: a package that is missing, or bulkpo's own."""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing is not None and not missing.startswith("bulkpo"):
        return (
            f"this bulkpo is not wholly installed: the package {missing} is not there. Install bulkpo again, as after "
            f"every update (`pip install .` in its folder). A short report {where}"
        )
    return (
        f"a fault of bulkpo itself ({type(error).__name__}), and not of your files. A short report, without your "
        f"data and secrets, {where}; hand it to whoever looks after bulkpo for you. If something was being sent, "
        "`bulkpo runs` says how far it came, and `bulkpo resume` looks up what is unclear"
    )


def said_of(arguments: Sequence[str]) -> str:
    """A command line without what stands for data: its command and the names of its options, of files their ending."""
    words, command = ["bulkpo"], True
    for argument in arguments:
        if argument.startswith("--"):
            name, equals, _ = argument.partition("=")
            words.append(name[:_NAMES] + (f"{equals}…" if equals else ""))
        elif argument.startswith("-"):
            words.append(argument[:2] + ("…" if argument[2:] else ""))
        elif command and argument.isascii() and argument.isalpha():
            words.append(argument[:_NAMES])
            command = False
        else:
            words.append("…" + next((end for end in _ENDINGS if argument.lower().endswith(end)), ""))
    return " ".join(words)


def _facts(arguments: Sequence[str]) -> Iterator[str]:
    yield f"bulkpo {__version__}"
    yield f"command: {said_of(arguments)}"
    yield f"python: {platform.python_version()} ({platform.python_implementation()})"
    yield f"platform: {platform.platform()}"
    yield f"time: {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}"
    yield f"thread: {'main' if threading.current_thread() is threading.main_thread() else 'another'}"


def _happened(error: BaseException) -> Iterator[str]:
    """The kind of the error and its way through the program; then the same of what it came from."""
    link: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if link is None:
            return
        yield f"\n{type(link).__module__}.{type(link).__qualname__}"
        frames = [f"  {_place(frame, line)}" for frame, line in traceback.walk_tb(link.__traceback__)]
        left = len(frames) - 2 * _MOST_FRAMES
        yield from [*frames[:_MOST_FRAMES], f"  … {left} more", *frames[-_MOST_FRAMES:]] if left > 0 else frames
        link = link.__cause__ or link.__context__


def _place(frame: "FrameType", line: int) -> str:
    """File, line and function, the file from where packages are, so that no name of a person's folder is in it."""
    path = frame.f_code.co_filename.replace("\\", "/")
    for start in ("/site-packages/", "/bulkpo/", "/lib/"):
        _, found, rest = path.rpartition(start)
        if found:
            return f"{start[1:] if start == '/bulkpo/' else ''}{rest}:{line} {frame.f_code.co_name}"
    return f"{path.rpartition('/')[2]}:{line} {frame.f_code.co_name}"


def _written(text: str) -> Path | None:
    """Put a report into the folder we are in, or else where the system has room for a while."""
    name = f"bulkpo-fault-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    for folder in (Path.cwd, lambda: Path(tempfile.gettempdir())):
        path = None
        with suppress(OSError):
            path = folder() / name
            file = os.open(path, flags, 0o600)
            try:
                with os.fdopen(file, "w", encoding="utf-8", errors="backslashreplace") as report:
                    report.write(text)
            except OSError:
                path.unlink(missing_ok=True)
                raise
            return path
    return None
