"""Which lines of bulkpo an input reached, so that inputs that reach new ones are kept and changed further."""

import dis
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

import bulkpo

_PACKAGE = bulkpo.__path__[0]


class Reach:
    """All lines reached so far; a function whose lines are all known is no longer looked at, and costs nothing."""

    def __init__(self) -> None:
        self.lines: set[tuple[CodeType, int]] = set()
        self._left: dict[CodeType, set[int]] = {}

    def watched(self, work: Callable[[], None]) -> bool:
        """Do some work; whether it reached lines that nothing had reached before."""
        before = len(self.lines)
        sys.settrace(self._called)
        try:
            work()
        finally:
            sys.settrace(None)
        return len(self.lines) > before

    def _called(self, frame: FrameType, _event: str, _argument: Any) -> Any:  # noqa: ANN401 - as settrace has it
        code = frame.f_code
        left = self._left.get(code)
        if left is None:
            is_ours = code.co_filename.startswith(_PACKAGE)
            left = self._left[code] = {line for _, line in dis.findlinestarts(code)} if is_ours else set()
        return self._stepped if left else None

    def _stepped(self, frame: FrameType, _event: str, _argument: Any) -> Any:  # noqa: ANN401 - as settrace has it
        left = self._left[frame.f_code]
        if frame.f_lineno in left:
            left.discard(frame.f_lineno)
            self.lines.add((frame.f_code, frame.f_lineno))
        return self._stepped if left else None
