"""What is worth knowing about a date that is sent: a year no order has, or a time that clocks showed twice that day."""

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bulkpo.mapping.values.dates import is_far
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.table import Cell

_OWN_ZONE = re.compile(r":\d\d(?:\.\d+)?\s*(?:Z|[-+]\d\d:?\d\d)\s*$", re.ASCII)


def odd_date(cell: Cell, value: str, zone: ZoneInfo | None) -> Trouble | None:
    """The notice of a date in Coupa's form, None if it is none of these; `zone` is that of dates without their own.

    A midnight that came twice is the day's first moment, as every date without a time is.
    """
    if is_far(value):
        return Trouble(0, "far-date", f"{value[:10]} is sent as it stands; see that it is meant", kept=value)
    if zone is None or len(value) == len("2026-01-31"):
        return None
    first = datetime.fromisoformat(value).replace(tzinfo=zone, fold=0)
    second = first.replace(fold=1)
    if first.time() == time() or first.astimezone(UTC) >= second.astimezone(UTC) or _has_own_zone(cell):
        return None
    message = (
        f"{first.replace(tzinfo=None)} came twice in {zone.key}, where clocks went back then; the first of the two is "
        f"sent; write {second.isoformat()} if the second is meant"
    )
    return Trouble(0, "time-twice", message, kept=value)


def _has_own_zone(cell: Cell) -> bool:
    if isinstance(cell, datetime):
        return cell.tzinfo is not None
    return isinstance(cell, str) and _OWN_ZONE.search(cell) is not None
