"""Where the processor goes during an import, by what it is busy with."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

JOURNAL = ("record", "wait", "flush", "plan", "entries_of", "happenings", "counts")


class Parts:
    """What the processor does by parts of an import, all threads together; a part within another counts by itself."""

    def __init__(self) -> None:
        from bulkpo.coupa.client import CoupaClient
        from bulkpo.journal.journal import Journal
        from bulkpo.payload.encode import Encoder
        from bulkpo.runs.imports import run
        from bulkpo.runs.planning.plan import FilePlan

        self.seconds: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._local = threading.local()
        FilePlan.numbered = self._steps(FilePlan.numbered)  # type: ignore[method-assign]  # watched from here on
        watched: list[tuple[Any, str, str]] = [(Journal, name, "journal") for name in JOURNAL]
        watched += [(CoupaClient, name, "HTTP") for name in ("create", "page")]
        watched += [(Encoder, name, "payload") for name in ("__call__", "digest")]
        for owner, name, part in [*watched, (run, "write_result", "report")]:
            setattr(owner, name, self._watched(getattr(owner, name), part))

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what this thread does meanwhile as this part."""
        within = self._local.__dict__.setdefault("within", [])
        within.append(0.0)
        started = time.thread_time()
        try:
            yield
        finally:
            took = time.thread_time() - started
            with self._lock:
                self.seconds[name] += took - within.pop()
            if within:
                within[-1] += took

    def _watched(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - any function
            with self.part(name):
                return function(*arguments, **named)

        return watched

    def _steps(self, function: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def watched(*arguments: Any) -> Iterator[Any]:  # noqa: ANN401 - any generator
            items = function(*arguments)
            while True:
                with self.part("read and map again"):
                    item = next(items, None)
                if item is None:
                    return
                yield item

        return watched
