"""The console: lines for people or one JSON object for programs, and nothing written to it ever raises.

What a console's letters cannot show is replaced, and once nobody reads any more what is said goes nowhere, so that the
work goes on. On a terminal, text is folded at its width.

Whatever comes from outside (cells, file names, an instance's words) may hold characters that steer a terminal or
hide what they stand beside. They are shown as escapes, here and for everything that is written: `\\x1b`.
"""

import io
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from bulkpo.cli.folding import fold

PLAIN_WIDTH = 100
"""How wide text is laid out where there is no terminal."""
_LEAST_WIDTH = 30
_PROGRESS_SECONDS = 0.1
_START_AGAIN = "\r\x1b[K"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""Control characters but for the tab and the line's end, marks of direction, and what takes no place.

Sources: ECMA-48; Unicode Standard Annex 9 (bidirectional text), Unicode Technical Report 36 (security).
"""


def be_lenient() -> None:
    """Let whatever is written to standard output and error be replaced where their letters cannot show it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def seen(text: str) -> str:
    """A text with nothing in it that a terminal obeys or hides."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def _escaped(text: str) -> str:
    """JSON with the same as its own escapes; a JSON text has them within its strings only."""
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)


def write(text: str, *, err: bool = False, end: str = "\n") -> None:
    """Write to a standard stream, if it is there and somebody reads it; what cannot be seen is shown as escapes."""
    _put(seen(text), end, err=err)


def copy_out(path: Path) -> None:
    """Write a file to standard output as it is; raises OSError where nobody reads it to its end."""
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        write(path.read_text(encoding="utf-8-sig"), end="")
        return
    with path.open("rb") as file:
        shutil.copyfileobj(file, stream)
    stream.flush()


def _put(text: str, end: str, *, err: bool) -> None:
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    try:
        stream.write(_showable(text, stream) + end)
        stream.flush()
    except BrokenPipeError:  # nobody reads it any more
        let_go(stream)
    except (OSError, ValueError) as error:  # the disk is full, or it is closed
        let_go(stream)
        if not err:
            write(f"bulkpo: standard output cannot be written: {error}", err=True)


def _showable(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeError:
        return text.encode(encoding, "replace").decode(encoding)
    return text


def let_go(stream: TextIO) -> None:
    """Discard whatever is written from now on, including what the stream still holds in its buffer."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def width(*, err: bool = False) -> int | None:
    """How many letters a line of the terminal holds; None where there is no terminal."""
    stream = sys.stderr if err else sys.stdout
    try:
        is_terminal = stream is not None and stream.isatty()
    except ValueError:
        return None
    return max(shutil.get_terminal_size().columns - 1, _LEAST_WIDTH) if is_terminal else None


def folded(text: str, most: int | None) -> str:
    """Text with its lines folded between words, what follows set in a little; as it is where `most` is None."""
    if most is None:
        return text
    return "\n".join("\n".join(_folded(line, most)) for line in text.split("\n"))


def _folded(line: str, most: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip(" ")))
    return fold(line, most, indent, indent + "  ") or [""]


class Counter:
    """Counts long work on a terminal's last line: `12,288 rows checked`. Silent where standard error is a file."""

    def __init__(self) -> None:
        self._what = ""
        self._shown = 0.0
        self._is_terminal = width(err=True) is not None
        self._started = time.monotonic()

    def count(self, what: str, count: int, total: int | None = None) -> None:
        """Show how far the work is, at most ten times a second."""
        now = time.monotonic()
        if what != self._what:
            self._what, self._started = what, now
        if not self._is_terminal or now - self._shown < _PROGRESS_SECONDS:
            return
        self._shown = now
        of_all = f" of {total:,}" if total is not None else ""
        rate = count / max(now - self._started, _PROGRESS_SECONDS)
        left = f", {(total - count) / rate:,.0f} s left" if total is not None and rate else ""
        _put(f"{_START_AGAIN}{count:,}{of_all} {what} ({rate:,.0f}/s{left})", end="", err=True)

    def clear(self) -> None:
        """Clear the line."""
        if self._is_terminal and self._shown:
            self._shown = 0.0
            _put(_START_AGAIN, end="", err=True)


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command writes: words for people, or one JSON object for programs."""

    as_json: bool = False
    counter: Counter = field(default_factory=Counter)
    """What counts long work; its line makes room for whatever is said."""

    @property
    def width(self) -> int | None:
        """How wide the terminal is that people are told on; None where it is none."""
        return width(err=self.as_json)

    def say(self, text: str = "") -> None:
        """A line for people."""
        self.counter.clear()
        write(folded(seen(text), self.width), err=self.as_json)

    def show(self, lines: Iterable[str]) -> None:
        """Lines for people that are laid out already."""
        self.counter.clear()
        for line in lines:
            write(line, err=self.as_json)

    def complain(self, trouble: object) -> None:
        """Say on standard error what went wrong."""
        self.counter.clear()
        write(folded(seen(f"bulkpo: {trouble}"), width(err=True)), err=True)

    def result(self, data: Mapping[str, Any]) -> None:
        """The JSON object, if it was asked for; letters the stream does not know are escaped."""
        self.counter.clear()
        if self.as_json:
            text = _escaped(json.dumps(data, ensure_ascii=False))
            is_whole = sys.stdout is None or _showable(text, sys.stdout) == text
            write(text if is_whole else json.dumps(data))
