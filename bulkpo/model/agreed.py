"""Figures of a file's own, or that people expect of it, which are what its documents come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_MOST_FIGURES, _MOST_TOLD = 6, 12


@dataclass(frozen=True, slots=True)
class Agreed:
    """Some figures that agree: whose they are, what they were held against, and how much that is, in words."""

    what: str
    against: str
    figures: tuple[str, ...] = ()

    def __str__(self) -> str:
        left = len(self.figures) - _MOST_FIGURES
        listed = ", ".join(self.figures[:_MOST_FIGURES]) + (f" and {left:,} more" if left > 0 else "")
        return f"{self.what} with {self.against}" + (f" ({listed})" if listed else "")

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"what": self.what, "against": self.against, "figures": list(self.figures)}


def agreeing_line(agreed: Sequence[Agreed]) -> str:
    """All that agrees, in one line; empty where nothing was held against anything, or nothing of it agrees."""
    left = len(agreed) - _MOST_TOLD
    more = f"; and {left:,} more" if left > 0 else ""
    return f"Control totals agree: {'; '.join(map(str, agreed[:_MOST_TOLD]))}{more}." if agreed else ""
