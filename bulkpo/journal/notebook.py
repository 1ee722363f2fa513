"""What an export remembers: a small SQLite file that outlives a killed process; one process at a time works with it.

- *Windows*: what was read of a question, so that an interrupted export goes on where it was.
- *Delivery*: the file that was, or is about to be, put in place. It stands from `placing` until `acknowledge`, which
  comes when the command has ended normally; what belongs to it counts from then on, all together.
- *Marks*: the documents in that file which are to be marked as exported, and which of them are.
- *Mark of time*: how far the deliveries reach, and what of the last minutes was delivered, by id.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bulkpo.errors import OutputError, RunError
from bulkpo.journal.private import make_private

_Row = tuple[Any, ...]
_Step = tuple[str, Iterable[Sequence[object]]]
_BEGUN, _ASKED, _PLACING, _PLACED, _MARK, _NEXT_MARK = "begun", "asked", "placing", "placed", "mark", "next mark"
_ONCE: Sequence[Sequence[object]] = [()]

_OVER: Sequence[_Step] = (("forget_marks", _ONCE), ("forget_note", [(_PLACING,), (_PLACED,), (_NEXT_MARK,)]))

Delivered = tuple[int, str, str]
"""A document that was delivered: its id, its date and its digest."""


class Notebook:
    """The notebook at a path; the file is made when something is first kept. Threads may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._question = ""
        self._begun: Mapping[str, str] = {}

    @property
    def exists(self) -> bool:
        """Whether anything was kept."""
        return self._connection is not None or self.path.exists()

    @property
    def touched(self) -> float:
        """When anything was kept last, in seconds since 1970."""
        return max((path.stat().st_mtime for path in self._files()), default=0.0)

    def begun(self, question: str) -> Mapping[str, str] | None:
        """What was noted when this question was first read, if there is something to resume."""
        if not self.exists or self._noted(_ASKED) != question or not self.windows():
            return None
        kept: Mapping[str, str] = json.loads(self._noted(_BEGUN) or "{}")
        return kept

    def begin(self, question: str, begun: Mapping[str, str]) -> None:
        """A question is about to be read; the windows of any other are forgotten."""
        self.forget_windows()
        self._question, self._begun = question, begun

    def windows(self) -> list[tuple[int, int, int]]:
        """The windows there are, by id: from above one id up to another, with how many documents."""
        return [(low, high, documents) for low, high, documents in self._ask("windows")] if self.exists else []

    def save_window(self, window: tuple[int, int, int], payload: bytes) -> None:
        """Keep a window; a killed process does not lose it."""
        notes = [(_ASKED, self._question), (_BEGUN, json.dumps(self._begun))] if not self.windows() else []
        self._keep(("note", notes), ("save_window", [(*window, payload)]))

    def window(self, low: int) -> bytes:
        """What a window holds."""
        return bytes(self._ask("window", low)[0][0])

    def forget_windows(self) -> None:
        """All is to be read anew, or its file is in place."""
        if self.windows():
            self._keep(("forget_windows", _ONCE))
            with self._using() as connection:
                connection.execute("VACUUM")

    def plan_marks(self, marks: Iterable[tuple[int, str]]) -> None:
        """These documents are to be marked once their file is in place, if they are not changed until then."""
        self._keep(("plan_mark", marks))

    def open_marks(self, above: int, most: int) -> dict[int, str]:
        """The first documents above an id that are still to be marked, with the date of their last change."""
        rows = self._ask("open_marks", above, most) if self.exists else []
        return {int(number): str(changed) for number, changed in rows}

    def settle_marks(self, numbers: Iterable[int]) -> None:
        """These are marked, or are not to be."""
        self._keep(("settle_mark", [(number,) for number in numbers]))

    @property
    def mark(self) -> str | None:
        """How far the deliveries reach that were acknowledged."""
        return self._noted(_MARK)

    def delivered(self) -> list[Delivered]:
        """What was delivered at, after and shortly before the mark."""
        return [(number, at, digest) for number, at, digest in self._ask("delivered")] if self.exists else []

    @property
    def placed(self) -> tuple[Mapping[str, Any], bool] | None:
        """The file that waits to be acknowledged, and whether it is known to have come into place."""
        noted = self._noted(_PLACING)
        return None if noted is None else (json.loads(noted), self._noted(_PLACED) is not None)

    def placing(self, placed: Mapping[str, Any], mark: str | None = None, delivered: Iterable[Delivered] = ()) -> None:
        """A file is about to be put in place; the mark and what was delivered count once it is acknowledged."""
        marks = [] if mark is None else [(_NEXT_MARK, mark)]
        self._keep(
            ("forget_pending", _ONCE),
            ("deliver", delivered),
            ("note", [(_PLACING, json.dumps(placed)), *marks]),
            durable=True,
        )

    def place(self) -> None:
        """The file is in place."""
        self._keep(("note", [(_PLACED, "")]))

    def withdraw(self) -> None:
        """The file never came into place: what was to follow does not."""
        if self.exists:
            self._keep(*_OVER, ("forget_pending", _ONCE))

    def begin_anew(self, mark: str | None = None, delivered: Iterable[Delivered] = ()) -> None:
        """Forget what was read and delivered; the deliveries reach as far as the mark says, if there is one."""
        if self.exists or mark is not None:
            self._keep(
                *_OVER,
                ("forget_windows", _ONCE),
                ("forget_pending", _ONCE),
                ("forget_delivered", _ONCE),
                ("forget_note", [(_MARK,)]),
                ("deliver", delivered),
                ("settle_delivered", _ONCE),
                ("note", [] if mark is None else [(_MARK, mark)]),
            )

    def acknowledge(self) -> None:
        """The command has ended normally: what belongs to its file counts. Without a mark nothing need be kept.

        This has to be the last and the least there is to do: a process that is killed after it, and before whoever
        waits for it knows that it has ended, has delivered what nobody takes.
        """
        if not self.exists:
            return
        if self._noted(_NEXT_MARK) is None and self.mark is None:
            self.discard()
            return
        settled: Sequence[_Step] = (
            ("forget_delivered", _ONCE), ("settle_delivered", _ONCE), ("settle_mark_of_time", _ONCE),
        )  # fmt: skip
        self._keep(*settled, *_OVER, durable=True)

    def close(self) -> None:
        """Let go of the file, keeping it."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def discard(self) -> None:
        """Remove the file: nothing in it is needed any more."""
        self.close()
        for path in self._files():
            path.unlink(missing_ok=True)

    def _noted(self, name: str) -> str | None:
        rows = self._ask("noted", name) if self.exists else []
        return str(rows[0][0]) if rows else None

    def _ask(self, name: str, *parameters: object) -> list[_Row]:
        with self._using() as connection:
            return connection.execute(_statements()[name], parameters).fetchall()

    def _keep(self, *steps: _Step, durable: bool = False) -> None:
        """Run statements, each for its rows, all or none; no kill loses them and, if `durable`, no power cut."""
        with self._using() as connection:
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                for name, rows in steps:
                    connection.executemany(_statements()[name], rows)

    def _files(self) -> list[Path]:
        """The file, and what SQLite keeps beside it."""
        return list(self.path.parent.glob(f"{self.path.name}*"))

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                yield self._connection
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise RunError(
                        f"this export is being made by another process; wait until it ends ({self.path})"
                    ) from None
                raise OutputError(f"{self.path}: cannot be used: {error}; free the disk or remove the file") from None
            except sqlite3.DatabaseError as error:
                raise OutputError(f"{self.path}: is damaged ({error}); remove it and export again") from None

    def _open(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            make_private(self.path)
        except OSError as error:
            raise OutputError(f"{self.path.parent}: cannot be made or written: {error.strerror}") from None
        connection = sqlite3.connect(self.path, timeout=1, check_same_thread=False, isolation_level=None)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_statements()["schema"])
        except BaseException:
            connection.close()
            raise
        return connection


@cache
def _statements() -> dict[str, str]:
    text = (files("bulkpo.journal") / "notebook.sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("\n-- name: ")[1:])
    return {name.strip(): body.strip() for name, _, body in parts}
