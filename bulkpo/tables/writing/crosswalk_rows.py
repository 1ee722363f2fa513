"""The rows of a crosswalk to confirm, and the sheet they stand on."""

from dataclasses import dataclass

CROSSWALK_SHEET = "Crosswalk"


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """A value to translate: its result, empty until it is confirmed, what is proposed and why, and its rows."""

    value: str
    result: str
    proposed: str
    why: str
    rows: int
