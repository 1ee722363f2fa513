"""The `bulkpo` command, and where its errors become messages and exit codes."""

import os
import signal
import sys
from contextlib import suppress

from bulkpo.memory import MEMORY_MISSING, is_of_memory, say_of_memory

_INTERRUPTED = 130
"""Known before anything is imported."""


def main() -> None:
    """Run the command line and leave with its exit code at once, whatever threads still wait for.

    Ctrl-C, or being asked to end, at any moment is told in a word: while modules are still being imported, too.
    """
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        code = _run()
    except KeyboardInterrupt:
        with suppress(OSError, ValueError, AttributeError):
            sys.stderr.write("Interrupted.\n")
        code = _INTERRUPTED
    except Exception as error:
        if not is_of_memory(error):
            raise
        say_of_memory()
        code = MEMORY_MISSING
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # from here on there is nothing left to end in good order
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)  # a kill while the interpreter is taken down would make a failure of what has ended well


def _run() -> int:
    """The command line's exit code, whatever happens."""
    from bulkpo.cli.last_net import LastNet

    net = LastNet(sys.argv[1:])
    net.spread()
    try:
        from bulkpo.cli.main import run

        code = run(sys.argv[1:])
    except Exception as error:  # noqa: BLE001 - the last net catches whatever falls
        return net.catch(error)
    return net.exit_code or code


if __name__ == "__main__":
    main()
