"""Standard input as a file: kept in the work folder under its digest, so that a run of it can be resumed."""

import hashlib
import os
from pathlib import Path
from typing import IO

from bulkpo.errors import InputError
from bulkpo.journal.private import make_private
from bulkpo.tables.faults import writing
from bulkpo.tables.source import ending_of

_FOLDER = "inputs"
_BLOCK = 1 << 20
_DIGITS = 12


def keep(stream: IO[bytes], folder: Path) -> Path:
    """The file that holds what came; only its owner may read it. Raises InputError where nothing came."""
    place = folder / _FOLDER
    coming = place / f"coming-{os.getpid()}"
    digest = hashlib.sha256()
    with writing(coming):
        folder.mkdir(parents=True, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
        coming.unlink(missing_ok=True)
        make_private(coming)
        try:
            with coming.open("wb") as file:
                while block := stream.read(_BLOCK):
                    digest.update(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            if not coming.stat().st_size:
                raise InputError("standard input: nothing came; pipe a file into it")
            kept = place / f"stdin-{digest.hexdigest()[:_DIGITS]}{ending_of(coming)}"
            coming.replace(kept)
        finally:
            coming.unlink(missing_ok=True)
    return kept
