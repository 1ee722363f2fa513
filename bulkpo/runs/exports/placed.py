"""A file that an export puts in place, known again by a later export.

What is to hold once the file is there is noted right before it is put there. Whether a crash came right after or right
before is then told by the file: if it stands in its place, what was noted holds.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from bulkpo.tables.writing.atomic import identity_of


@dataclass(frozen=True, slots=True)
class Placed:
    """A file that was put in place, or is about to be: what it came to, and the file itself, whatever its name."""

    file: str
    documents: int
    rows: int
    identity: str

    @classmethod
    def about(cls, path: Path, file: os.stat_result, documents: int, rows: int) -> "Placed":
        """A file that is done and about to be put at a path."""
        return cls(str(path.resolve()), documents, rows, identity_of(file))

    @property
    def stands(self) -> bool:
        """Whether this very file is in its place, and no other of the same name."""
        try:
            return identity_of(Path(self.file).stat()) == self.identity
        except OSError:
            return False
