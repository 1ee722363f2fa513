"""The files that exports and reports wrote, known again by identity: kept in the work folder, beside the journal."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bulkpo.journal.private import make_private
from bulkpo.tables.writing.atomic import identity_of
from bulkpo.tables.writing.places import free_place, refuse_taken

_NAME = "written.json"
_MOST_KEPT = 1000


class OwnFiles:
    """What a work folder knows. Where it cannot be read or written nothing is known, and nothing is overwritten."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME

    def place(self, path: Path, writer: str) -> Path:
        """Where `writer`, such as an export by its name, may write what is to be called `path`."""
        return free_place(path, self._read().get(_key(path, writer), ()))

    @contextmanager
    def placed(self, path: Path, writer: str) -> Iterator[Path]:
        """Where `writer` may write what is to be called `path`; noted once it is written."""
        place = self.place(path, writer)
        yield place
        self.note(place, writer, place.stat())

    def has_written(self, path: Path) -> bool:
        """Whether something was written at a path, whoever has changed it since."""
        end = _key(path, "")
        return any(key.endswith(end) for key in self._read())

    def note(self, path: Path, writer: str, file: os.stat_result) -> None:
        """Note a file that is about to be put at a path, or stands there; the one before stays known until then.

        Raises OutputError where somebody else has put one there meanwhile.
        """
        known = self._read()
        refuse_taken(path, [*known.get(_key(path, writer), ()), identity_of(file)])
        before = known.pop(_key(path, writer), [])[-1:]
        kept = dict(list(known.items())[1 - _MOST_KEPT :]) | {_key(path, writer): [*before, identity_of(file)]}
        with suppress(OSError):  # a file cut short by a kill tells nothing, and so nothing is overwritten
            self._path.parent.mkdir(parents=True, exist_ok=True)
            make_private(self._path)
            self._path.write_bytes(json.dumps(kept, indent=1).encode("utf-8", "backslashreplace"))

    def _read(self) -> dict[str, list[str]]:
        try:
            known: Any = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return (
            {key: value for key, value in known.items() if isinstance(value, list)} if isinstance(known, dict) else {}
        )


def _key(path: Path, writer: str) -> str:
    return f"{writer}: {os.path.realpath(path)}"
