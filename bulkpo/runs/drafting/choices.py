"""What an instance has to choose from: the suppliers, units or accounts that an element names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import ServiceError
from bulkpo.model.text import visible
from bulkpo.runs.planning.references import MARKS
from bulkpo.schema.catalogue import NAMING, ListedPath
from bulkpo.schema.scopes import scope_of
from bulkpo.schema.tables import ElementTables

_SAID = {True: "true", "active": "active"}


@dataclass(frozen=True, slots=True)
class InstanceChoices:
    """What elements can be filled with, by their paths; `left` are the paths without, each with the reason."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)


def resource_of(listed: ListedPath, tables: ElementTables) -> str | None:
    """The resource whose records an element names; None where it names none."""
    owner, name = listed.trail[-1]
    if len(listed.own_trail) != 2 or name not in NAMING:
        return None
    table = tables.object("user" if owner == "user-simple" else owner)
    return next(iter(table.resources), None)


def choices_of(paths: Iterable[ListedPath], client: CoupaClient, tables: ElementTables, most: int) -> InstanceChoices:
    """What an instance has for each path that names a record of it, if there are not more than `most`."""
    values: dict[str, tuple[str, ...]] = {}
    left: dict[str, str] = {}
    found: dict[tuple[str, str], tuple[str, ...] | str] = {}
    for listed in paths:
        resource, name = resource_of(listed, tables), listed.trail[-1][1]
        if resource is None:
            continue
        if (resource, name) not in found:
            found[resource, name] = _names(client, tables, resource, name, most)
        names = found[resource, name]
        if isinstance(names, str):
            left[listed.path] = names
        elif names:
            values[listed.path] = names
    return InstanceChoices(values, left)


def _names(client: CoupaClient, tables: ElementTables, resource: str, name: str, most: int) -> tuple[str, ...] | str:
    """The names of the records that can be used; a reason where they are too many, or cannot be read."""
    if (scope := scope_of(resource)) in client.denied:
        return f"grant the client {scope} in Coupa"
    elements = tables.object(tables.resource(resource).object).elements
    mark = next((each for each in MARKS if each in elements), None)
    conditions = [(mark, _SAID[MARKS[mark]])] if mark is not None else []
    try:
        records = list(islice(client.find(resource, conditions, ["id", name]), most + 1))
    except ServiceError as error:
        return str(error)
    if len(records) > most:
        return f"there are more than {most:,} {resource}"
    return tuple(dict.fromkeys(_told(str(record[name]) for record in records if record.get(name) is not None)))


def _told(names: Iterable[str]) -> Iterator[str]:
    return iter(sorted((name for name in names if visible(name).strip()), key=str.casefold))
