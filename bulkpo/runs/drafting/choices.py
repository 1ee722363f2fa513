"""What an instance has to choose from: the suppliers, units or accounts that an element names."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import ServiceError
from bulkpo.model.text import visible
from bulkpo.runs.drafting.usable_records import UsableRecords
from bulkpo.schema.catalogue import NAMING, ListedPath
from bulkpo.schema.scopes import scope_of
from bulkpo.schema.tables import ElementTables

_LABELS = ("name", "fullname", "email", "description")


@dataclass(frozen=True, slots=True)
class InstanceChoices:
    """What elements can be filled with, by their paths; `left` are the paths without, each with the reason.

    `labels` are the names of what is told by a number or code, by path and value.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def resource_of(listed: ListedPath, tables: ElementTables, naming: Collection[str] = NAMING) -> str | None:
    """The resource whose records an element names; None where it names none by one of `naming`."""
    owner, name = listed.trail[-1]
    if len(listed.own_trail) != 2 or name not in naming:
        return None
    table = tables.object("user" if owner == "user-simple" else owner)
    return next(iter(table.resources), None)


def choices_of(paths: Iterable[ListedPath], client: CoupaClient, tables: ElementTables, most: int) -> InstanceChoices:
    """What an instance has for each path that names a record of it, if there are not more than `most`."""
    values: dict[str, tuple[str, ...]] = {}
    left: dict[str, str] = {}
    labels: dict[str, Mapping[str, str]] = {}
    found: dict[tuple[str, str], Mapping[str, str] | str] = {}
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
            values[listed.path], labels[listed.path] = tuple(names), names
    return InstanceChoices(values, left, labels)


def _names(client: CoupaClient, tables: ElementTables, resource: str, name: str, most: int) -> Mapping[str, str] | str:
    """How records that can be used are named, with labels; a reason where they are too many, or cannot be read."""
    if (scope := scope_of(resource)) in client.denied:
        return f"grant the client {scope} in Coupa"
    elements = tables.object(tables.resource(resource).object).elements
    label = next((each for each in _LABELS if each in elements and each != name), None)
    asked = UsableRecords(client, tables).listed(resource, [name, *([label] if label else [])])
    try:
        records = list(islice(asked, most + 1))
    except ServiceError as error:
        return str(error)
    if len(records) > most:
        return f"there are more than {most:,} {resource}"
    found = {str(it[name]): str(it.get(label) or "") if label else "" for it in records if it.get(name) is not None}
    return {key: found[key] for key in sorted(found, key=str.casefold) if visible(key).strip()}
