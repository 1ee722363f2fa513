"""The records that orders name, looked up: whether each is there, is active, and is only one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import ServiceError
from bulkpo.model.document import Value
from bulkpo.model.tree import Tree
from bulkpo.runs.planning.references import MARKS, Key, Reference
from bulkpo.schema.scopes import scope_of

_PREFIX = 3
_MOST_SUGGESTED = 20
_MOST_IDS = 5
Names = dict[Reference, dict[tuple[Value, ...], None]]
"""The different ways in which orders name the record of each reference."""


class Fault(NamedTuple):
    """What is wrong with how a record is named, told at one of its keys."""

    code: str
    message: str
    key: Key


class NamedRecords:
    """Asks an instance for records. `unchecked` says of each resource that could not be asked why."""

    def __init__(self, client: CoupaClient) -> None:
        self.unchecked: dict[str, str] = {}
        self._client = client
        self._profile = str(client.profile)
        self._found: dict[tuple[str, str], Mapping[str, Sequence[Tree]]] = {}
        self._suggested: dict[tuple[str, str], dict[str, str]] = {}

    def look_up(self, names: Names) -> None:
        """Ask for every record that is named: once for each kind and key, however many elements name such."""
        values: dict[tuple[str, str], dict[str, None]] = {}
        narrowing: dict[str, dict[tuple[str, ...], None]] = {}
        marks: dict[str, list[str]] = {}
        for reference, ways in names.items():
            marks[reference.resource] = [reference.mark] if reference.mark else []
            for number, key in enumerate(reference.keys):
                if len(key.path) > 1:
                    narrowing.setdefault(reference.resource, {})[key.path] = None
                    continue
                known = values.setdefault((reference.resource, key.path[0]), {})
                known.update((value, None) for way in ways if (value := way[number]) is not None)
        for (resource, name), wanted in values.items():
            if (scope := scope_of(resource)) in self._client.denied:
                self.unchecked[resource] = f"grant the client {scope} in Coupa"
                continue
            fields = ["id", name, *marks[resource], *map(_nested, narrowing.get(resource, ()))]
            try:
                self._found[resource, name] = self._client.find_by_keys(resource, name, list(wanted), fields)
            except ServiceError as error:
                self.unchecked[resource] = str(error)

    def faults(self, reference: Reference, way: tuple[Value, ...]) -> list[Fault]:
        """What is wrong with naming a record so; nothing where it could not be asked for."""
        if reference.resource in self.unchecked:
            return []
        given = [(key, value) for key, value in zip(reference.keys, way, strict=True) if value is not None]
        own = [(key, value) for key, value in given if len(key.path) == 1]
        found = list(self._absent(reference, own))
        if found or not own:
            return found
        return list(self._not_one(reference, given))

    def _absent(self, reference: Reference, own: Iterable[tuple[Key, str]]) -> Iterator[Fault]:
        """Keys that no record has, or none that can be used."""
        for key, value in own:
            records = self._found[reference.resource, key.path[0]][value]
            if not records:
                hint = self._hint(reference.resource, key.path[0], value)
                message = f"{value!r} is not among the {reference.resource} of {self._profile}{hint}"
                yield Fault("reference-unknown", message, key)
            elif not _usable(reference, records):
                message = (
                    f"{value!r} is in {self._profile} but cannot be used, since it is not active; activate it there"
                )
                yield Fault("reference-inactive", message, key)

    def _not_one(self, reference: Reference, given: Sequence[tuple[Key, str]]) -> Iterator[Fault]:
        """Keys that fit no record together, or several."""
        ordered = sorted(given, key=lambda each: len(each[0].path))
        (first, first_value), *others = ordered
        fitting = _by_id(_usable(reference, self._found[reference.resource, first.path[0]][first_value]))
        for key, value in others:
            if len(key.path) == 1:
                these = _by_id(_usable(reference, self._found[reference.resource, key.path[0]][value]))
                both = {number: record for number, record in fitting.items() if number in these}
                what = f"{value!r} is {_ids(these)}"
            else:
                both = {
                    number: record for number, record in fitting.items() if _within(record, key.path) in (None, value)
                }
                has = dict.fromkeys(str(_within(record, key.path)) for record in fitting.values())
                what = f"{value!r} is not its {'/'.join(key.path)}, which is {' or '.join(map(repr, has))}"
            if not both:
                message = (
                    f"{what} of the {reference.resource} of {self._profile}, but {first_value!r} ({first.element}) is "
                    f"{_ids(fitting)}; correct one of the two"
                )
                yield Fault("reference-contradicted", message, key)
                return
            fitting = both
        if len(fitting) > 1:
            message = (
                f"{first_value!r} names {len(fitting)} active {reference.resource} of {self._profile} "
                f"({_ids(fitting)}), and Coupa would take one of them; name it by what only the one you mean has"
            )
            yield Fault("reference-ambiguous", message, first)

    def _hint(self, resource: str, key: str, value: str) -> str:
        """What may have been meant: asked for of the first values that are unknown only."""
        known = self._suggested.setdefault((resource, key), {})
        if value not in known:
            near = self._nearest(resource, key, value) if len(known) < _MOST_SUGGESTED else []
            known[value] = (
                f"; did you mean {' or '.join(map(repr, near))}?" if near else "; create it there, or correct the value"
            )
        return known[value]

    def _nearest(self, resource: str, key: str, value: str) -> list[str]:
        try:
            others = self._client.page(resource, [(f"{key}[starts_with]", value[:_PREFIX])], ["id", key])
        except ServiceError:
            return []  # a hint less; the finding stands
        return get_close_matches(value, [str(other.get(key)) for other in others], n=3)


def _nested(path: tuple[str, ...]) -> object:
    """A path as fields are asked for: `{"account-type": ["name"]}`."""
    first, *rest = path
    return {first: [_nested(tuple(rest))]} if rest else first


def _within(record: Mapping[str, object], path: tuple[str, ...]) -> str | None:
    """The text at a path within a record; None where the answer does not tell."""
    value: object = record
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return None if value is None else str(value)


def _usable(reference: Reference, records: Iterable[Tree]) -> list[Tree]:
    """The records that do not say they are not active; an answer that does not tell is no reason to stop."""
    mark = reference.mark
    return [each for each in records if mark is None or each.get(mark) is None or each[mark] == MARKS[mark]]


def _by_id(records: Iterable[Tree]) -> dict[str, Tree]:
    return {str(record.get("id")): record for record in records}


def _ids(records: Mapping[str, Tree]) -> str:
    """The ids of records, as in `id 7` or `ids 7 and 12`."""
    ids = sorted(records, key=lambda number: (len(number), number))
    more = f" and {len(ids) - _MOST_IDS} more" if ids[_MOST_IDS:] else ""
    shown = ids[:_MOST_IDS]
    listed = ", ".join(shown) if more or len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"{'id' if len(ids) == 1 else 'ids'} {listed}{more}"
