"""What somebody says that files are encoded in, who wants a mapping drafted or fitted."""

from collections.abc import Sequence
from pathlib import Path

from bulkpo.errors import UsageError
from bulkpo.tables.reading.encoding import known_encoding
from bulkpo.tables.source import is_encoded


def said_encoding(files: Sequence[Path], encoding: str | None) -> str | None:
    """The encoding that is said; raises UsageError for one that is none, or where none of the files can have one."""
    if encoding is None:
        return None
    try:
        known_encoding(encoding)
    except ValueError as error:
        raise UsageError(f"--encoding: {error}") from None
    if not any(map(is_encoded, files)):
        raise UsageError(f"--encoding {encoding}: {files[0]} is a workbook, which says its own; leave it out")
    return encoding
