"""The command `bulkpo export`, made to die: `export_driver.py STEP WORDS…`.

STEP is the step at which the process kills itself with SIGKILL: each note in the notebook counts twice, before and
after, each page that is read and each mark that is set too, and each file that is put in place. 0 lets it live.

To acknowledge the delivery is the last thing that the command does: the process says ENDED once that is done, and dies
no more. No program can do something and let others know of it in one step that cannot be torn apart.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from types import FunctionType
from typing import Any

from bulkpo import settings
from bulkpo.cli.main import run
from bulkpo.coupa.client import CoupaClient
from bulkpo.journal.notebook import Notebook

_lock = threading.Lock()
_left = [int(sys.argv[1])]


def burn() -> None:
    """Take one step."""
    with _lock:
        _left[0] -= 1
        if not _left[0]:
            os.kill(os.getpid(), signal.SIGKILL)


def burning(kept: Callable[..., Any]) -> Callable[..., Any]:
    """A step before and after."""

    def step(*arguments: object, **more: object) -> object:
        burn()
        answer = kept(*arguments, **more)
        burn()
        return answer

    return step


def acknowledging(kept: Callable[[Notebook], None]) -> Callable[[Notebook], None]:
    """The last step."""

    def acknowledge(notebook: Notebook) -> None:
        burn()
        _left[0] = 0
        kept(notebook)
        os.write(1, b"ENDED\n")

    return acknowledge


NOTES = [name for name, it in vars(Notebook).items() if isinstance(it, FunctionType) and not name.startswith("_")]
NOTES.remove("acknowledge")
for owner, names, made_to_die in (
    (Notebook, NOTES, burning),
    (Notebook, ["acknowledge"], acknowledging),
    (CoupaClient, ["page", "mark_exported"], burning),
):
    for name in names:
        setattr(owner, name, made_to_die(getattr(owner, name)))
sys.addaudithook(lambda event, _: burn() if event == "os.rename" else None)
load = settings.load_profile
settings.load_profile = lambda *arguments: replace(load(*arguments), rate=None, timeout=Decimal(1), workers=4)
sys.exit(run(sys.argv[2:]))
