"""What elements mean to people, from `schemas/meanings.yaml`: a sentence for each step of a path, and an example."""

from collections.abc import Mapping, Sequence

from bulkpo.schema.tables import Element
from bulkpo.yamldoc import parse_yaml

MEANINGS = "meanings.yaml"
_MOST_VALUES = 12


class Meanings:
    """The meanings, read from the text of their file."""

    def __init__(self, text: str) -> None:
        self._known: Mapping[str, Mapping[str, Mapping[str, str]]] = parse_yaml(text, MEANINGS).data

    def of(self, trail: Sequence[tuple[str, str]]) -> str:
        """What a path means whose steps are given as objects with their elements; empty where nothing is known."""
        told = (self._known.get(owner, {}).get(name, {}).get("means", "") for owner, name in trail)
        return " ".join(each for each in told if each)

    def example(self, trail: Sequence[tuple[str, str]]) -> str:
        """A value the last element could have; empty where none is known."""
        owner, name = trail[-1]
        return self._known.get(owner, {}).get(name, {}).get("example", "")


def facts(element: Element, *, is_required: bool = False) -> str:
    """An element's type and limits in words, as in: Text of at most 20 characters, required."""
    said = _KINDS.get(element.type, element.type)
    if element.length is not None:
        said += f" of at most {element.length:,} characters"
    if element.precision is not None:
        whole = element.precision - (element.scale or 0)
        said += f" of at most {whole} digits, and {element.scale or 0} after the decimal point"
    if element.values:
        more = ", and others" if len(element.values) > _MOST_VALUES else ""
        said += f": {', '.join(element.values[:_MOST_VALUES])}{more}"
    return f"{said}{', required' if is_required else ''}."


_KINDS = {
    "string": "Text",
    "text": "Text",
    "integer": "A whole number",
    "decimal": "A number",
    "float": "A number",
    "boolean": "True or false",
    "datetime": "A date",
    "date": "A date",
    "time": "A time",
}
