"""What bulkpo adds to a user's file, and knows again when the file is read, since none of it is the user's."""

OWN_PREFIX = "bulkpo "
"""Columns and sheets whose names start so are bulkpo's own."""

OWN_COLUMN = "bulkpo findings"
"""The heading of the column of reasons."""

OWN_SHEET = "bulkpo summary"
"""The sheet of a report that sums it up."""

OWN_MARK = "bulkpo: "
"""What the last cell of a row starts with where it gives reasons and no heading says so."""


def own_text(reason: str, *, has_heading: bool) -> str:
    """A reason as it is written into a row: so that it is known again, by its heading or by itself."""
    return reason if has_heading else f"{OWN_MARK}{reason}"


def is_own(cell: object) -> bool:
    """Whether a cell is known by itself as bulkpo's own: a heading of its column, or a marked reason."""
    return isinstance(cell, str) and (cell == OWN_COLUMN or cell.startswith(OWN_MARK))
