"""The files that come with bulkpo: schemas and element tables."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def schema_folder() -> Traversable:
    """Where `schemas/` is: inside the package in a wheel, beside it in a checkout or an editable install."""
    package = files("bulkpo")
    inside = package / "_schemas"
    if inside.is_dir():
        return inside
    return package / ".." / "schemas"


def schema_text(name: str) -> str:
    """The text of a file below `schemas/`; raises FileNotFoundError if there is none of that name."""
    return (schema_folder() / name).read_text(encoding="utf-8")
