"""Who runs this process, on which machine, and by which command line; secrets are masked before anything is kept."""

import os
import platform
import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bulkpo import __version__
from bulkpo.model.by import By
from bulkpo.model.text import masked


def who_runs(environment: Mapping[str, str], command: Sequence[str], secrets: Iterable[str]) -> By:
    """Who runs this process; `command` is the command line as it was given, empty for a program."""
    operator, known_by = _operator(environment)
    said = shlex.join(command) if command else ""
    by = By(
        operator=operator,
        known_by=known_by,
        machine=platform.node(),
        system=f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        version=__version__,
        command=f"bulkpo {said}" if said else "by a program (Python)",
        since=datetime.now(UTC).isoformat(timespec="milliseconds"),
    )
    return By.from_json({name: masked(text, secrets) for name, text in by.as_json().items()})


def _operator(environment: Mapping[str, str]) -> tuple[str, str]:
    """The user, and how that is known: the system's own word where there is one, else a variable anybody can set."""
    if os.name == "posix":
        import pwd

        number = os.getuid()
        sudo = environment.get("SUDO_USER", "")
        become = f"; SUDO_USER says it was become from {sudo}" if sudo else ""
        try:
            return pwd.getpwuid(number).pw_name, f"the system's account with user id {number}{become}"
        except KeyError:
            return f"user id {number}", f"the process; the system has no account of this number{become}"
    try:
        return os.getlogin(), "the system's session"
    except OSError:
        name = environment.get("USERNAME", "")
        return name or "unknown", "the variable USERNAME, which anybody can set" if name else "nothing says so"
