"""Where the sandbox keeps its documents: one SQLite file, or memory.

A document is one JSON text of its own elements: references as ids, owned members nested within. Beside the text
stand narrow tables of what is asked for most, so that a question need not open every document. New orders come into
these many at a time, and before a question that looks there: row by row their indexes cost more than the documents.
Ids never repeat, not even between kinds, and they grow. A write has been committed when its context ends.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import RLock
from typing import Any

from bulkpo.errors import OutputError
from bulkpo.sandbox.storage.pending import Late, NarrowRows, narrow_rows

Body = dict[str, Any]

FILE_NAME = "sandbox.db"
_VERSION = 3
_BLOCK = 16_384
_MOST_LATE = 128
_AT_ONCE = frozenset({"document", "documents", "documents_where", "find_key", "file", "orders_numbered"})
_ORDER = "order-header"
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@cache
def statements() -> Mapping[str, str]:
    """The statements of `store.sql` by name."""
    text = (files("bulkpo.sandbox.storage") / "store.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))


class Store:
    """All documents of one sandbox. Safe to share between threads."""

    def __init__(self, folder: Path | None) -> None:
        self._sql = statements()
        self._lock = RLock()
        self._db = _open(folder)
        self._next = self._end = 0
        self._blocks: dict[int, tuple[Any, ...]] = {}
        self._late = Late()
        # A server that was killed has left orders out of the narrow tables.
        for (body,) in self.rows("late_orders", ()):
            self._late.add(narrow_rows(json.loads(body)))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._refresh()
            self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Changes made within are kept together, or not at all if an exception leaves the block."""
        with self._lock:
            ids, late, count = (self._next, self._end), self._late, len(self._late.rows)
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                if len(self._late.rows) >= _MOST_LATE:
                    self._catch_up()
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                (self._next, self._end), self._late = ids, late
                late.cut(count)
                raise

    def new_id(self) -> int:
        """An id never given before. Only within `writing`."""
        if self._next == self._end:
            self._next = self._db.execute(self._sql["reserve"]).fetchone()[0]
            self._end = self._next + 1000
        self._next += 1
        return self._next - 1

    def insert(self, kind: str, body: Body, keys: Sequence[str] = ()) -> None:
        """Keep a new document; `keys` names the elements it is found by. Only within `writing`."""
        self._db.execute(self._sql["insert_document"], (body["id"], kind, _dump(body)))
        if kind == _ORDER:
            self._late.add(narrow_rows(body))
        elif keys:
            self._insert_keys(kind, body, keys)

    def replace(self, kind: str, body: Body, keys: Sequence[str] = ()) -> None:
        """Keep a changed document. Only within `writing`."""
        self._db.execute(self._sql["update_document"], (_dump(body), body["id"]))
        if kind == _ORDER:
            self._catch_up()
            self._db.execute(self._sql["delete_lines"], (body["id"],))
            self._put_narrow([narrow_rows(body)])
        else:
            self._db.execute(self._sql["delete_keys"], (body["id"],))
            self._insert_keys(kind, body, keys)

    def _insert_keys(self, kind: str, body: Body, keys: Sequence[str]) -> None:
        found = [(kind, key, str(body[key]), body["id"]) for key in keys if key in body]
        self._db.executemany(self._sql["insert_key"], found)

    def _catch_up(self) -> None:
        """Bring the narrow tables up to date."""
        late, self._late = self._late, Late()
        if late.rows:
            self._put_narrow(late.rows)
            self._db.execute(self._sql["caught_up"], (late.rows[-1].order[0],))

    def _put_narrow(self, found: Sequence[NarrowRows]) -> None:
        self._db.executemany(self._sql["put_order"], [rows.order for rows in found])
        self._db.executemany(self._sql["insert_line"], [line for rows in found for line in rows.lines])
        for rows in found:
            self._blocks.pop(rows.order[0] // _BLOCK, None)

    def insert_file(self, id_: int, content: bytes) -> None:
        """Keep the bytes of an attachment. Only within `writing`."""
        self._db.execute(self._sql["insert_file"], (id_, content))

    def get(self, kind: str, id_: int) -> Body | None:
        """A document by its id, as a copy."""
        rows = self.rows("document", (id_, kind))
        return json.loads(rows[0][0]) if rows else None

    def many(self, ids: Sequence[int]) -> dict[int, Body]:
        """Documents by their ids."""
        return {id_: json.loads(body) for id_, body in self.rows("documents", (json.dumps(ids),))}

    def find(self, kind: str, element: str, value: str) -> list[int]:
        """The ids of documents of a kind that have a value in an element they are found by."""
        return [id_ for (id_,) in self.rows("find_key", (kind, element, value))]

    def numbered(self, po_number: str | None) -> list[int]:
        """The ids of the orders that have a po-number."""
        with self._lock:
            return [id_ for (id_,) in self.rows("orders_numbered", (po_number,))] + self._late.numbered(po_number)

    def orders_of_lines(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Each line's id with its order's."""
        return self.rows("orders_of_lines", (json.dumps(ids),))

    def blocks(self) -> list[tuple[Any, ...]]:
        """What blocks of orders hold, in the order of ids: rows of the statement `block`, remembered until a change."""
        with self._lock:
            last = self.rows("last_order", ())[0][0]
            numbers = range(0 if last is None else last // _BLOCK + 1)
            for number in numbers:
                if number not in self._blocks:
                    start = number * _BLOCK
                    self._blocks[number] = self.rows("block", (start, start + _BLOCK))[0]
            return [self._blocks[number] for number in numbers]

    def rows(self, statement: str, values: Sequence[object], **parts: str) -> list[tuple[Any, ...]]:
        """The rows of a statement of `store.sql`, with constant parts put in."""
        sql = self._sql[statement]
        for name, part in parts.items():
            sql = sql.replace(f"{{{name}}}", part)
        with self._lock:
            if statement not in _AT_ONCE and self._late.rows:
                self._refresh()
            return self._db.execute(sql, values).fetchall()

    def _refresh(self) -> None:
        if self._db.in_transaction:
            self._catch_up()
        else:
            with self.writing():
                self._catch_up()

    def clear(self) -> None:
        """Forget every document; ids go on from where they were. Only within `writing`."""
        for statement in self._sql["clear"].split(";")[:-1]:
            self._db.execute(statement)
        self._blocks.clear()
        self._late = Late()


def _open(folder: Path | None) -> sqlite3.Connection:
    if folder is None:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    else:
        connection = _open_file(folder / FILE_NAME)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.executescript(statements()["schema"])
    elif version != _VERSION:
        raise OutputError(
            f"{folder}: this sandbox was made by another version of bulkpo; delete the folder to start anew"
        )
    return connection


def _open_file(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it holds what was sent: for its owner's eyes alone
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=2)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "PRAGMA synchronous = NORMAL"
        )  # outlives a killed process; a power cut may take the last writes
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA wal_autocheckpoint = 8000")
        # Two servers on one file would give the same ids twice.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        raise OutputError(
            f"{path}: the sandbox cannot keep its data here: {error}; "
            "if another sandbox uses this folder, stop it or choose another folder"
        ) from None
    return connection
