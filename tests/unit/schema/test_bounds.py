"""No number in a YAML file can ask for more memory or time than there is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bulkpo.schema.shape import shape_problems
from bulkpo.shipped import schema_text
from bulkpo.yamldoc import parse_yaml

SIZES_NOTHING = {"plain", "value", "constant", "min", "max", "empty", "zero", "factor", "orders", "lines"}
"""Numbers that are compared or written, of which nothing is made that is as large."""


def numbers(schema: object, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every place of a schema where a number may stand, by its key."""
    if isinstance(schema, list):
        for each in schema:
            yield from numbers(each, name)
    elif isinstance(schema, dict):
        kind = schema.get("type")
        if kind in ("integer", "number"):
            yield name, schema
        for key, below in schema.items():
            plain = key in ("properties", "$defs", "oneOf", "anyOf", "items", "additionalProperties")
            yield from numbers(below, name if plain else key)


@pytest.mark.parametrize("file", ["import-mapping", "export-mapping", "instance", "profiles"])
def test_every_number_that_sizes_something_has_a_most(file: str) -> None:
    unbounded = [
        name
        for name, schema in numbers(json.loads(schema_text(f"{file}.schema.json")))
        if "maximum" not in schema and name not in SIZES_NOTHING
    ]
    assert unbounded == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("columns: {A: {to: po-number, pad: 1000000000}}", "m.yaml:4:35: 1000000000 is too much here; at most 255"),
        ("columns: {A: {to: po-number, pad: 0}}", "m.yaml:4:35: 0 is too little here; at least 1"),
        (
            "columns: {A: {to: po-number, split: {by: x, part: 99999}}}",
            "m.yaml:4:51: 99999 is too much here; at most 1,000",
        ),
        ("columns:\n" + "\n".join(f" c{n}: a" for n in range(16_385)), "m.yaml:5:2: there are 16,385 entries"),
    ],
)
def test_a_number_out_of_bounds_is_told_with_the_bound(line: str, told: str) -> None:
    document = parse_yaml(f"bulkpo: import/1\nname: x\ndocument: {{key: po-number}}\n{line}\n", "m.yaml")
    assert shape_problems(document, json.loads(schema_text("import-mapping.schema.json")))[0].startswith(told)


def test_of_very_many_problems_the_first_hundred_are_told() -> None:
    document = parse_yaml("bulkpo: import/1\n" + "\n".join(f"zz{n}: 1" for n in range(1000)), "m.yaml")
    problems = shape_problems(document, json.loads(schema_text("import-mapping.schema.json")))
    assert len(problems) == 101
    assert problems[-1] == "m.yaml: more is wrong; correct these first"
