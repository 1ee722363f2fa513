"""What a mapping declares of cells, for all columns or for one: how they are written, and what is right in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bulkpo.mapping.values.dates import DateOptions
from bulkpo.mapping.values.numbers import NumberMarks

CELL_SETTINGS = (
    "formulas",
    "merged_cells",
    "number_formats",
    "scientific",
    "mixed_dates",
    "mixed_numbers",
    "spoiled_text",
)
"""Settings of a mapping that a column may have of its own."""
CELL_MARKS = ("numbers", "dates", "blanks")
"""How cells are written, which a column may declare for itself, too."""
OF_COLUMNS = (*CELL_SETTINGS, *CELL_MARKS, "also", "optional")
"""What is said of a column, and not of one of the several elements it goes to."""


@dataclass(frozen=True, slots=True)
class CellMarks:
    """How cells are written: numbers, dates, and what means an empty one."""

    numbers: NumberMarks | None = None
    dates: DateOptions = field(default_factory=DateOptions)
    blanks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CellSettings:
    """The settings by name; `columns` has those of single columns, which go before the `general` ones."""

    general: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, column: str, setting: str) -> str:
        """What is declared for a column, empty if nothing is."""
        return self.columns.get(column, {}).get(setting) or self.general.get(setting, "")


def parse_settings(data: Mapping[str, Any]) -> dict[str, str]:
    """The settings a block of YAML gives."""
    return {name: str(data[name]) for name in CELL_SETTINGS if name in data}
