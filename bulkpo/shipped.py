"""The files that come with bulkpo: schemas and element tables, mappings and the samples they are for."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

EXAMPLE_FOLDERS = ("mappings", "samples")


@cache
def schema_folder() -> Traversable:
    """Where `schemas/` is: inside the package in a wheel, beside it in a checkout or an editable install."""
    return _folder("_schemas", "schemas")


def schema_text(name: str) -> str:
    """The text of a file below `schemas/`; raises FileNotFoundError if there is none of that name."""
    return (schema_folder() / name).read_text(encoding="utf-8")


def example_files() -> dict[str, Traversable]:
    """Every example mapping and sample by its path, as `mappings/import/legacy-orders.yaml`, and the files' schemas."""
    found = {f"schemas/{each.name}": each for each in schema_folder().iterdir() if each.name.endswith(".schema.json")}
    for name in EXAMPLE_FOLDERS:
        found |= _below(_folder(f"_examples/{name}", name), name)
    return dict(sorted(found.items()))


def _folder(inside: str, beside: str) -> Traversable:
    package = files("bulkpo")
    packed = package.joinpath(*inside.split("/"))
    return packed if packed.is_dir() else package / ".." / beside


def _below(folder: Traversable, name: str) -> dict[str, Traversable]:
    """The files of a folder and those within; what working there has made (`.bulkpo/`) is not part of it."""
    found: dict[str, Traversable] = {}
    for each in folder.iterdir():
        path = f"{name}/{each.name}"
        if each.name.startswith("."):
            continue
        if each.is_dir():
            found |= _below(each, path)
        else:
            found[path] = each
    return found
