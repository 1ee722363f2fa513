"""How the documents of a file meet those that are in Coupa, and their members those that are there."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """What an import does about its documents: make them, change those that are there, or either."""

    CREATE = "create"
    UPDATE = "update"
    UPSERT = "upsert"


class Missing(StrEnum):
    """What to do about a member that is in Coupa and not in the file."""

    LEAVE = "leave"
    REMOVE = "remove"


class New(StrEnum):
    """What to do about a member that is in the file and not in Coupa."""

    REFUSE = "refuse"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class MemberMatch:
    """How the members of one collection are told apart: by the value of an element of theirs, `by`."""

    by: str
    missing: Missing = Missing.LEAVE
    new: New = New.REFUSE


REMOVAL = "_delete"
"""The element of a member by which a file says that it is to be removed."""

EMPTIED = ""
"""The value of an element that is to be emptied; None leaves it as it is."""
