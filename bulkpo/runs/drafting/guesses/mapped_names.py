"""The headings that mappings in a folder give to elements already: what one file calls so, another may, too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bulkpo.errors import BulkpoError
from bulkpo.runs.checking.mapping_files import read_yaml
from bulkpo.yamldoc import parse_yaml

_MOST_FILES = 50
_USUAL = "purchase_orders"


def mapped_names(folder: Path, but: Path, resource: str = _USUAL) -> dict[str, str]:
    """The elements by headings, of a folder's mappings of a resource; headings that mean two things are left out."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.y*ml"))[:_MOST_FILES]:
        if path.resolve() != but.resolve():
            for heading, element in _of(path, resource):
                found.setdefault(heading, set()).add(element)
    return {heading: next(iter(elements)) for heading, elements in found.items() if len(elements) == 1}


def _of(path: Path, resource: str) -> Iterator[tuple[str, str]]:
    try:
        data = parse_yaml(read_yaml(path), path.name).data
    except BulkpoError:
        return
    if not isinstance(data, dict) or data.get("bulkpo") != "import/1" or data.get("resource", _USUAL) != resource:
        return
    for block in (data, *_inner(data, "tables").values()):
        for heading, entry in _inner(block, "columns").items():
            element = _element(entry)
            if element and len(heading) > 2:
                yield heading, element


def _inner(block: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - whatever a file says
    """What stands under a name; nothing where the file is not written so far, or wrongly."""
    found = block.get(name) if isinstance(block, dict) else None
    return found if isinstance(found, dict) else {}


def _element(entry: Any) -> str:  # noqa: ANN401 - whatever a file says
    """The one element a column goes to, as it stands; the first of a list; nothing where something is done to it."""
    if isinstance(entry, list):
        entry = entry[0] if entry else ""
    return entry if isinstance(entry, str) else ""
