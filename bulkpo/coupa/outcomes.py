"""What a request that changes something came to.

Four values, because a create is never repeated blindly: only `NotMade` proves that nothing was made and the request
can be sent again. `Unclear` must be settled by looking the key up.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bulkpo.model.tree import Tree


@dataclass(frozen=True, slots=True)
class Created:
    """Done. `document` is what the instance answered with."""

    id: int
    document: Tree


@dataclass(frozen=True, slots=True)
class Refused:
    """The instance looked at it and said no; `messages` are its reasons, in its words."""

    messages: tuple[str, ...]
    status: int


@dataclass(frozen=True, slots=True)
class NotMade:
    """Nothing was made, and that is sure: too fast, no connection, no valid token. `retry_after` is in seconds."""

    reason: str
    retry_after: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have been made or not: the answer was lost or cannot be read."""

    reason: str


Outcome = Created | Refused | NotMade | Unclear


def retry_seconds(header: str | None) -> Decimal | None:
    """The seconds a `Retry-After` header asks for, whole or decimal; None where it says nothing of use."""
    try:
        seconds = Decimal((header or "").strip())
    except InvalidOperation:
        return None
    return seconds if seconds.is_finite() and seconds >= 0 else None
