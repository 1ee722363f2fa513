"""The records of an instance that say something of what files mean: those that can be used and are its own.

Where orders may refer to anything, as in the sandbox unless it is told otherwise, the first order that names a record
makes it. What a rehearsal made so out of a file's values can prove nothing of these values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bulkpo.coupa.client import CoupaClient
from bulkpo.model.tree import Tree
from bulkpo.runs.planning.references import MARKS
from bulkpo.schema.tables import ElementTables

_AUTHOR = "created-by"
_FIRST_USE = "first-use"
"""The user in whose name the sandbox makes records that are named for the first time (docs/sandbox.md)."""
_SAID = {True: "true", "active": "active"}


class UsableRecords:
    """Asks an instance for its records, by the elements that name them."""

    def __init__(self, client: CoupaClient, tables: ElementTables) -> None:
        self._client = client
        self._tables = tables

    def are_known(self, resource: str) -> bool:
        """Whether it can be told of a resource's records that they are the instance's own."""
        return not self._client.profile.is_open or _AUTHOR in self._elements(resource)

    def listed(self, resource: str, names: Sequence[str]) -> Iterator[Tree]:
        """All that can be used."""
        elements = self._elements(resource)
        mark = next((each for each in MARKS if each in elements), None)
        conditions = [] if mark is None else [(mark, _SAID[MARKS[mark]])]
        return self._own(self._client.find(resource, conditions, self._fields(names)))

    def by_keys(self, resource: str, name: str, keys: Sequence[str], names: Sequence[str]) -> dict[str, list[Tree]]:
        """Those that one of the keys names; a key that names none has none."""
        found = self._client.find_by_keys(resource, name, keys, self._fields(names))
        return {key: list(self._own(records)) for key, records in found.items()}

    def _elements(self, resource: str) -> Iterable[str]:
        return self._tables.object(self._tables.resource(resource).object).elements

    def _fields(self, names: Sequence[str]) -> list[object]:
        return ["id", *names, *([{_AUTHOR: ["login"]}] if self._client.profile.is_open else [])]

    def _own(self, records: Iterable[Tree]) -> Iterator[Tree]:
        """Those that no rehearsal made."""
        if not self._client.profile.is_open:
            yield from records
            return
        for record in records:
            author = record.get(_AUTHOR)
            if not isinstance(author, Mapping) or author.get("login") != _FIRST_USE:
                yield record
