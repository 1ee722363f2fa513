"""Guess the mapping of a file nobody has mapped yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulkpo.errors import InputError
from bulkpo.mapping.guessing.compose import compose
from bulkpo.mapping.guessing.draft import count_open, draft
from bulkpo.mapping.guessing.engine import JudgedTable, judge
from bulkpo.mapping.guessing.guess import Guess
from bulkpo.runs.drafting.knowledge import knowledge
from bulkpo.runs.drafting.look import LookedTable, look_at
from bulkpo.schema.tables import ElementTables


@dataclass(frozen=True, slots=True)
class Drafted:
    """A guess, the files it is of, and the mapping as text."""

    guess: Guess
    files: tuple[Path, ...]
    text: str

    @property
    def open(self) -> int:
        """How many things are yet to be decided."""
        return count_open(self.guess)

    def as_json(self) -> dict[str, Any]:
        """The guess as plain data."""
        columns = [
            {
                "column": each.title,
                "use": each.use,
                "elements": list(each.paths),
                "meaning": each.meaning,
                "sure": each.sure,
                "reasons": list(each.reasons),
            }
            for each in self.guess.columns
        ]
        return {"undecided": self.open, "columns": columns, "reasons": list(self.guess.reasons), "mapping": self.text}


def guess_files(files: Sequence[Path], tables: ElementTables, resource: str, zone: str) -> Drafted:
    """Guess a mapping for files; raises InputError where there is nothing to guess from."""
    known = knowledge(tables, resource)
    looked = [each for path in files for each in look_at(path, known.synonyms)]
    judged = [(each, judge(each.table, known)) for each in looked]
    if not judged:
        raise InputError(f"{files[0]}: there is no table in it; name a file with orders")
    best, table = max(judged, key=_worth)
    guess = compose({"": (table, best.source)}, resource, zone)
    return Drafted(guess, tuple(files), draft(guess, best.path.stem, best.path.name))


def _worth(pair: tuple[LookedTable, JudgedTable]) -> tuple[int, int]:
    """How much a table looks like orders: by its columns that are elements, then by its rows."""
    looked, judged = pair
    elements = sum(bool(each.target) and not each.target[:1].isupper() for each in judged.columns)
    return elements, len(looked.table.rows)
