"""The one rule of overwriting: a file is replaced only by what wrote it; anything else gets the next free name."""

from collections.abc import Collection
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from bulkpo.errors import OutputError
from bulkpo.tables.writing.atomic import identity_of, is_strangers_link, sweep


def free_place(path: Path, ours: Collection[str]) -> Path:
    """The path if nothing is there, or a file with one of these identities; else NAME.2, NAME.3 and so on.

    A folder of that name is left for the writing to stumble over.
    """
    if path.is_file():
        with suppress(OSError):
            sweep(path)  # nobody may ever write there again
    numbered = (path.with_name(f"{path.stem}.{number}{path.suffix}") for number in count(2))
    return next(place for place in chain([path], numbered) if _is_free(place, ours))


def refuse_taken(path: Path, ours: Collection[str]) -> None:
    """Raise OutputError where somebody else has put a file at a path since it was found to be free."""
    if not _is_free(path, ours):
        raise OutputError(f"{path}: another program has just written it, so it was left as it is; try again")


def _is_free(path: Path, ours: Collection[str]) -> bool:
    return not is_strangers_link(path) and (not path.is_file() or identity_of(path.stat()) in ours)
