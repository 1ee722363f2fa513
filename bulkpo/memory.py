"""Memory that is missing: told from bulkpo's own faults, in words that say what to do."""

import errno
import sys
from contextlib import suppress

MEMORY_MISSING = 3
"""The exit code where the machine has too little memory for what is asked: no fault of bulkpo, nor of the mapping."""

SAID_OF_MEMORY = (
    "memory ran out: this process may have no more of it (ulimit, the limit of a container, or what the machine has). "
    "Close what else takes much, or let bulkpo have more; a check takes some 100 MB, some 300 with millions of lines. "
    "If something was being sent, `bulkpo runs` says how far it came, and `bulkpo resume` goes on from there"
)

_MOST_CAUSES = 8
_WORDS = (
    "Cannot allocate memory", "failed to map segment", "can't start new thread", "Memory allocation failed",
    "Error -4 while",
)  # fmt: skip
"""What libraries say of it in errors of other kinds: the loader, threads, libxml2, zlib."""
_KINDS = (ImportError, OSError, RuntimeError, SyntaxError)


def is_of_memory(error: BaseException | None) -> bool:
    """Whether an error, or one that it came from, says that memory is missing."""
    for _ in range(_MOST_CAUSES):
        if error is None:
            return False
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
            return True
        is_of_library = isinstance(error, _KINDS) or type(error).__module__ == "zlib"
        if is_of_library and any(word in str(error) for word in _WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False


def say_of_memory() -> None:
    """Say it with next to none left."""
    with suppress(Exception):
        sys.stderr.write(f"bulkpo: {SAID_OF_MEMORY}\n")


def reason_of(error: BaseException) -> str:
    """What an error says, for a sentence that goes on with it."""
    return "memory ran out" if is_of_memory(error) else str(error) or type(error).__name__
