"""The journal's SQL, by name, as it stands in `journal.sql`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_NAME = "-- name: "


@cache
def statements() -> dict[str, str]:
    """Every named query."""
    text = (files("bulkpo.journal") / "journal.sql").read_text(encoding="utf-8")
    _, *parts = text.split(f"\n{_NAME}")
    named = {}
    for part in parts:
        name, _, body = part.partition("\n")
        named[name.strip()] = body.strip()
    return named


def later_tables(sql: Mapping[str, str]) -> tuple[str, ...]:
    """What makes the tables that journals of older versions have not."""
    return tuple(sql[name] for name in ("inputs_table", "stints_table", "readings_table", "attachments_table"))
