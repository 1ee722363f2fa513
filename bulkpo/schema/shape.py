"""The shape of a YAML file, held against its JSON Schema; every problem with its line and what would be right."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError

from bulkpo.schema.tables import nearest
from bulkpo.yamldoc import MORE_PROBLEMS, MOST_PROBLEMS, YamlDocument

Schema = Mapping[str, Any]

_LONGEST_SHOWN = 120
_KINDS = {
    "import/1": "an import mapping, which check, preview and import take",
    "export/1": "an export mapping, which export takes",
    "profiles/1": "a file of profiles, which stands in the working folder or above it as bulkpo.yaml",
    "instance/1": "a file about an instance, which a mapping names under instance",
}
"""What a file is by its first key, and who reads it."""


def shape_problems(document: YamlDocument, schema: Schema) -> list[str]:
    """Everything wrong with a file's shape, in the file's order; empty if it fits.

    A file of another kind has one problem, that it is of another kind.
    """
    other = _other_kind(document, schema)
    if other:
        return [f"{document.place(('bulkpo',))}: {other}"]
    validator = jsonschema.Draft202012Validator(dict(schema))
    said = (each for error in validator.iter_errors(document.data) for leaf in _leaves(error) for each in _say(leaf))
    places = {}
    for message, keys, on_key in islice(said, MOST_PROBLEMS):
        place = document.key_place(keys) if on_key else document.place(keys)
        places[f"{place}: {message}"] = (place.line, place.column)
    problems = sorted(places, key=lambda problem: places[problem])
    return [*problems, f"{document.file}: {MORE_PROBLEMS}"] if next(said, None) else problems


def _other_kind(document: YamlDocument, schema: Schema) -> str:
    found = document.data.get("bulkpo") if isinstance(document.data, dict) else None
    wanted = schema.get("properties", {}).get("bulkpo", {}).get("const")
    if not isinstance(found, str) or found == wanted or found not in _KINDS or wanted not in _KINDS:
        return ""
    return f"this is {_KINDS[found]}; name {_KINDS[wanted].partition(',')[0]} here"


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The errors that say most: of alternatives, those of the one whose kind of value was meant."""
    if error.validator not in ("oneOf", "anyOf") or not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for child in error.context:
        branches.setdefault(child.schema_path[0], []).append(child)
    right_kind = [
        branch
        for branch in branches.values()
        if not any(child.validator in ("type", "const") and not child.path for child in branch)
    ]
    if not right_kind:
        yield error
        return
    for child in min(right_kind, key=len):
        yield from _leaves(child)


def _say(error: Any) -> Iterator[tuple[str, tuple[str | int, ...], bool]]:  # noqa: ANN401 - typed as maybe unset
    """A JSON Schema error in the user's words: the message, where it is, and whether the key is what is wrong."""
    keys = tuple(error.absolute_path)
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for name in error.instance.keys() - known.keys():
                allowed = nearest(name, known) or f"; known here: {', '.join(known)}"
                yield f"{_shown(name)} is not known here{allowed}", (*keys, name), True
        case "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            for name in missing:
                yield f"{name!r} is missing", keys, False
        case "enum":
            allowed = ", ".join(map(str, error.validator_value))
            yield f"{_shown(error.instance)} is not allowed here; write one of: {allowed}", keys, False
        case "const":
            yield f"{_shown(error.instance)} is not allowed here; write {error.validator_value}", keys, False
        case "type" | "oneOf" | "anyOf" | "pattern":
            yield f"{_shown(error.instance)} is not what belongs here; expected {_expected(error)}", keys, False
        case "minProperties" | "minItems":
            yield "this is empty; write at least one entry", keys, False
        case "maximum" | "minimum" | "exclusiveMinimum" | "maxProperties" | "maxLength":
            yield _out_of_bounds(error), keys, False
        case _:
            yield error.message, keys, False


def _out_of_bounds(error: Any) -> str:  # noqa: ANN401 - typed as maybe unset
    shown, bound = _shown(error.instance), f"{error.validator_value:,}"
    match error.validator:
        case "maximum":
            return f"{shown} is too much here; at most {bound}"
        case "minimum":
            return f"{shown} is too little here; at least {bound}"
        case "exclusiveMinimum":
            return f"{shown} is too little here; more than {bound}"
        case "maxLength":
            return f"{shown} has {len(error.instance):,} characters; at most {bound}"
        case _:
            return f"there are {len(error.instance):,} entries; at most {bound}"


def _expected(error: Any) -> str:  # noqa: ANN401 - typed as maybe unset
    described = error.schema.get("description")
    if described:
        return str(described)[0].lower() + str(described)[1:].rstrip(".")
    names = {
        "object": "a block of `name: value` lines",
        "array": "a list",
        "string": "text",
        "integer": "a whole number",
    }
    names |= {"boolean": "true or false", "number": "a number", "null": "nothing"}
    kinds = error.schema.get("type") or [branch.get("type", "") for branch in error.validator_value]
    listed = [kinds] if isinstance(kinds, str) else list(kinds)
    return " or ".join(dict.fromkeys(names.get(kind, kind) for kind in listed if kind)) or str(error.validator_value)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a block of entries"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else _short(repr(value) if isinstance(value, str) else str(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
