"""Which elements of a document are read to hold it against a file: those of its layout, and the ids to go back to."""

from collections.abc import Iterable, Mapping, Sequence

from bulkpo.model.document import Level
from bulkpo.model.matching import REMOVAL

_ID = "id"


def state_fields(level: Level) -> list[object]:
    """The elements of a layout as Coupa's `fields` wants them, with the ids of members and of what is referred to."""
    plain: dict[str, None] = {_ID: None}
    nested: dict[str, dict[str, object]] = {}
    for field in level.fields:
        name, *inner = field.path.names
        if name == REMOVAL:
            continue
        if inner:
            _nest(nested.setdefault(name, {}), inner)
        else:
            plain.setdefault(name)
    found: list[object] = [*plain, *({name: _asked(name, inner)} for name, inner in nested.items())]
    return [*found, {level.below.collection: state_fields(level.below)}] if level.below else found


def asked_together(fields: Iterable[object], more: Iterable[object]) -> list[object]:
    """Two lists of elements as one that asks for each once."""
    plain: dict[object, None] = {}
    nested: dict[str, list[object]] = {}
    for field in (*fields, *more):
        if isinstance(field, Mapping):
            for name, inner in field.items():
                nested[name] = asked_together(nested.get(name, ()), inner)
        else:
            plain.setdefault(field)
    return [*plain, *({name: inner} for name, inner in nested.items())]


def _nest(into: dict[str, object], names: Sequence[str]) -> None:
    name, *inner = names
    below = into.setdefault(name, {})
    if inner and isinstance(below, dict):
        _nest(below, inner)


def _asked(name: str, inner: Mapping[str, object]) -> list[object]:
    """What is asked of a reference: its elements, and its id to go back to it."""
    own: list[object] = [] if name == "custom-fields" else [_ID]
    return own + [
        {below: _asked(below, more)} if isinstance(more, dict) and more else below
        for below, more in inner.items()
        if below != _ID
    ]
