"""What stops a command, and the exit code each kind ends with.

BulkpoError
├── UsageError      2  the command line asks for something that cannot be
├── MappingError    2  a mapping, profile or crosswalk file is wrong (all its errors at once)
├── InputError      3  an input cannot be read
├── OutputError     3  an output cannot be written
├── ServiceError    4  the service cannot be used: unreachable, credentials, scope
├── JournalError    3  the journal cannot be read or written
├── RunError        2  a run cannot go on as asked: changed file, claimed by another process
└── StoppedError  130  somebody asked to stop

Where memory runs out a command ends with 3 (`bulkpo.memory`). Any other exception is a fault of bulkpo itself, and
ends with 70 (`bulkpo.cli.last_net`).

A row's trouble is a finding (`bulkpo.model.finding`), never an exception.
"""

from collections.abc import Sequence


class BulkpoError(Exception):
    """A message for the user, ending with where the trouble is and what to do."""

    exit_code = 1


class UsageError(BulkpoError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class MappingError(BulkpoError):
    """A YAML file is wrong; `problems` holds one complete message for each error in it."""

    exit_code = 2

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class InputError(BulkpoError):
    """An input file cannot be read."""

    exit_code = 3


class OutputError(BulkpoError):
    """An output file cannot be written."""

    exit_code = 3


class JournalError(BulkpoError):
    """The journal cannot be read or written."""

    exit_code = 3


class ServiceError(BulkpoError):
    """The service cannot be used: unreachable, wrong credentials, missing scope."""

    exit_code = 4


class StoppedError(BulkpoError):
    """Somebody asked to stop while something was waited for."""

    exit_code = 130


class RunError(BulkpoError):
    """A run cannot go on as asked."""

    exit_code = 2
