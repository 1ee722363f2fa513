"""What a mapping declares right of cells that would be errors, for all columns or for one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CELL_SETTINGS = ("formulas", "merged_cells", "number_formats", "scientific", "mixed_dates", "mixed_numbers")
"""Settings of a mapping that a column may have of its own."""


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
