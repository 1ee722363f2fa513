"""What bulkpo writes into a copy of the user's rows: why each stands there, and which of its cells are wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bulkpo.model.own import own_text


@dataclass(frozen=True, slots=True)
class RowNotes:
    """Of one table: the reasons by row, and the cells to be marked, by row and column; True for an error.

    Rows are numbered as the table's own file shows them. `heading` is the last heading row, 0 where there are none.
    """

    heading: int = 0
    reasons: Mapping[int, str] = field(default_factory=dict)
    marks: Mapping[int, Mapping[int, bool]] = field(default_factory=dict)

    def text(self, row: int) -> str:
        """What is written at the end of a row; empty for most."""
        reason = self.reasons.get(row, "")
        return own_text(reason, has_heading=bool(self.heading)) if reason else ""
