"""What cannot be read in a cell, on its way to becoming a finding."""

from typing import NamedTuple


class Unreadable(Exception):  # noqa: N818 - never leaves this package: a column turns it into a Trouble
    """A cell that has no one meaning; caught where its column is walked."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class Trouble(NamedTuple):
    """A wrong cell: its position in the chunk, the finding's code and message.

    `kept` is the value sent all the same, where the trouble is only a notice; None otherwise.
    """

    position: int
    code: str
    message: str
    kept: str | None = None

    def at(self, position: int) -> "Trouble":
        """The same trouble with a cell elsewhere."""
        return Trouble(position, self.code, self.message, self.kept)
