"""The `bulkpo` command, and where its errors become messages and exit codes."""

import os
import sys
from contextlib import suppress

from bulkpo.cli.main import INTERRUPTED, run


def main() -> None:
    """Run the command line and leave with its exit code; whoever interrupts it does not wait for threads that wait."""
    code = run(sys.argv[1:])
    if code == INTERRUPTED:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
