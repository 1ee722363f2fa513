"""Workbooks that calamine reads whole, opened first in a process of its own that may take so much memory and no more.

A sheet of a few kilobytes can say that it has cells by the billion. Where the system has no limit to set, the extent
that the file's own records tell is all that is asked.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

from bulkpo.errors import InputError

_MOST_MEMORY = 4 << 30
_MOST_SECONDS = 300
_OPEN = """
import resource, sys
most = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (most, most))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
import python_calamine
book = python_calamine.load_workbook(sys.argv[1])
for name in book.sheet_names:
    book.get_sheet_by_name(name)
"""


def prove_bounded(path: Path, most: int = _MOST_MEMORY) -> None:
    """Raise InputError if opening a workbook takes too much memory or time; what else is wrong, opening it tells."""
    if importlib.util.find_spec("resource") is None:
        return
    command = [sys.executable, "-I", "-c", _OPEN, str(path.absolute()), str(most)]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter and the program above; the path is an argument
            command, capture_output=True, timeout=_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"{path.name}: opening it takes more than {_MOST_SECONDS // 60} minutes; save it as .xlsx"
        ) from None
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise InputError(
            f"{path.name}: opening it takes more than {most >> 30} GB of memory; it is damaged, or has a cell far away "
            "from the others: save it as .xlsx"
        )
