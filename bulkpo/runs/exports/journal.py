"""Everything that can be read of the journal, as a file."""

from pathlib import Path

from bulkpo.journal.damage import readable_lines
from bulkpo.journal.sqlite import FILE
from bulkpo.tables.writing.atomic import replacing


def export_lines(folder: Path, path: Path) -> int:
    """Write the journal of a work folder, a JSON object a line; says how many. Raises JournalError and OutputError."""
    lines = 0
    with replacing(path, like=folder / FILE) as file:
        for line in readable_lines(folder):
            file.write(f"{line}\n".encode())
            lines += 1
    return lines
