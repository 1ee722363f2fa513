"""Reference data: the records that orders refer to, from the starter set or from files of the user's own.

A YAML file holds resources, each with a list of records, and may hold `filters` that are kept by name. A CSV file is
named after its resource (`suppliers.csv`) and has one record a row, with element paths (`account-type/name`) for its
header.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bulkpo.errors import InputError
from bulkpo.sandbox.records.instance import API_USER, Instance
from bulkpo.schema.tables import UnknownElement
from bulkpo.yamldoc import parse_yaml

_STARTER = "starter.yaml"
_FILTERS = "filters"


def seed(instance: Instance, paths: Sequence[Path]) -> None:
    """Fill an empty instance with the starter set, and any instance with the given files. Raises InputError."""
    with instance.writing():
        users = instance.store.find("user", "login", API_USER)
        if not users:
            _load(instance, _STARTER, _starter())
            users = instance.store.find("user", "login", API_USER)
        instance.author = users[0]
        for path in paths:
            _load(instance, path.name, _read(path))
    instance.forget()


@cache
def _starter() -> Mapping[str, Any]:
    text = (files("bulkpo.sandbox") / _STARTER).read_text(encoding="utf-8")
    found: Mapping[str, Any] = parse_yaml(text, _STARTER).data
    return found


def _read(path: Path) -> Mapping[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the reference data cannot be read: {error}") from None
    if path.suffix.lower() == ".csv":
        return {path.stem: list(_rows(text))}
    return parse_yaml(text, path.name).data or {}


def _rows(text: str) -> Iterator[Mapping[str, Any]]:
    for row in csv.DictReader(text.splitlines()):
        record: dict[str, Any] = {}
        for name, value in row.items():
            if name and value:
                _put(record, name.split("/"), value)
        yield record


def _put(record: dict[str, Any], steps: Sequence[str], value: str) -> None:
    for step in steps[:-1]:
        record = record.setdefault(step, {})
    record[steps[-1]] = value


def _load(instance: Instance, file: str, data: object) -> None:
    if not isinstance(data, dict):
        raise InputError(
            f"{file}: expected resources, each with a list of records, as in 'suppliers: [{{name: Acme}}]'"
        )
    problems: list[str] = []
    for resource, records in data.items():
        if resource == _FILTERS and isinstance(records, dict):
            problems.extend(_keep_filters(instance, records))
            continue
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            problems.append(f"{resource}: expected a list of records")
            continue
        try:
            problems.extend(_load_resource(instance, resource, records))
        except UnknownElement as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(f"{file}: {problem}" for problem in problems))


def _keep_filters(instance: Instance, filters: Mapping[str, Any]) -> Iterator[str]:
    """Keep the filters of a file; gives what is wrong with them."""
    for name, said in filters.items():
        if not isinstance(said, dict) or said.keys() != {"resource", "query"}:
            yield f"filters: {name} needs two things, as in {{resource: purchase_orders, query: status=issued}}"
            continue
        kind = instance.catalog.resource(str(said["resource"])).kind
        instance.filters[str(name)] = (kind.name, str(said["query"]))


def _load_resource(instance: Instance, resource: str, records: Sequence[Mapping[str, Any]]) -> list[str]:
    kind = instance.catalog.resource(resource).kind
    # Files are given anew with every start: what an earlier one has loaded is left as it is.
    new = [record for record in records if not instance.references.exists(kind, record)]
    return instance.load(resource, new)
