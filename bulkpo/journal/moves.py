"""What an event makes of an entry: pure, the same whatever database keeps it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What an event brings to light; None leaves what is known as it is."""

    coupa_id: int | None = None
    version: str | None = None
    updated_at: str | None = None
    message: str = ""
    detail: str = ""
    sent: bytes | None = None


NO_FACTS = Facts()
