"""JSON that every reader reads alike: no name twice in an object, and no numbers but whole ones."""

import json
from typing import Any


def strict_json(text: bytes) -> Any:  # noqa: ANN401 - what JSON holds
    """What a text says; raises ValueError where two readers could take it for different things."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=_refused, parse_constant=_refused)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refused(text: str) -> Any:  # noqa: ANN401 - never returns
    raise ValueError(f"{text} is no whole number")
