"""What an instance has of all that orders name, asked for as evidence of a guess: nothing is written there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import ServiceError
from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.columns.references import OWN_NAMES, InstanceRecords
from bulkpo.runs.drafting.choices import resource_of
from bulkpo.runs.drafting.usable_records import UsableRecords
from bulkpo.schema.catalogue import NAMING, fillable_paths
from bulkpo.schema.scopes import scope_of
from bulkpo.schema.synonyms import Synonyms
from bulkpo.schema.tables import ElementTables

_MOST_LISTED = 2_000
_MOST_ASKED = 500
_CHART, _CHARTS = "order-lines/account/account-type/name", "account_types"
_NAMED_BY = frozenset((*NAMING, "email"))
_WORDS = {"uoms": "units", "account_types": "charts of accounts"}


@dataclass(frozen=True, slots=True)
class NamedPaths:
    """The element paths by which orders name records, by their resources, as far as columns may mean them."""

    by_resource: Mapping[str, tuple[str, ...]]

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes it takes to list them."""
        return tuple(dict.fromkeys(map(scope_of, self.by_resource)))


def named_paths(tables: ElementTables, resource: str, synonyms: Synonyms) -> NamedPaths:
    """The paths that name records of which a column may mean one, by what its heading can mean; its own names, too."""
    owners = {target.rpartition("/")[0] for target in synonyms.targets if "/" in target}
    found: dict[str, list[str]] = defaultdict(list)
    for listed in fillable_paths(tables, tables.resource(resource).object):
        owner, _, name = listed.path.rpartition("/")
        if owner in owners and name in _NAMED_BY and (mine := resource_of(listed, tables, _NAMED_BY)) is not None:
            found[mine].append(listed.path)
    own = [name for name in OWN_NAMES if name in synonyms.targets]
    if own:
        found[resource] += own
    if "accounts" in found:
        found[_CHARTS].append(_CHART)
    return NamedPaths({name: tuple(paths) for name, paths in found.items()})


@dataclass(slots=True)
class _Asking:
    """What is found while asking."""

    client: CoupaClient
    records: UsableRecords
    values: dict[str, frozenset[str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    asked: dict[str, frozenset[str]] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    failed: str = ""
    is_over: bool = False

    def ask(self, resource: str, paths: Sequence[str], columns: Mapping[str, Iterable[ColumnCells]]) -> None:
        """List the records of a resource, or ask for the values of columns where there are too many to list."""
        words = _words(resource)
        if (scope := scope_of(resource)) in self.client.denied:
            self.said.append(f"{words} were not asked for: grant the client {scope} in Coupa")
            return
        try:
            records = list(islice(self.records.listed(resource, _names(paths)), _MOST_LISTED + 1))
            if len(records) > _MOST_LISTED:
                self._ask_for_values(resource, paths, columns)
                return
        except ServiceError as error:
            self._fail(words, str(error))
            return
        self.listed += [f"{words} ({len(records):,})"] if records else []
        for path in paths:
            name = path.rpartition("/")[2]
            known = frozenset(str(it[name]) for it in records if it.get(name) not in (None, ""))
            if known:
                self.values[path], self.words[path] = known, words

    def _fail(self, words: str, why: str) -> None:
        """Say why records could not be asked for; what fails twice in the same way is over, as without a token."""
        if why == self.failed:
            self.said[-1] = f"{self.client.profile.name} was not asked for what it has: {why}"
            self.is_over = True
            return
        self.failed = why
        self.said.append(f"{words} were not asked for: {why}")

    def _ask_for_values(
        self, resource: str, paths: Sequence[str], columns: Mapping[str, Iterable[ColumnCells]]
    ) -> None:
        asked = 0
        for path in paths:
            texts = [text for column in columns.get(path.rpartition("/")[0], ()) for text in column.different]
            wanted = list(dict.fromkeys(texts))[:_MOST_ASKED]
            if wanted:
                found = self.records.by_keys(resource, path.rpartition("/")[2], wanted, _names(paths))
                self.values[path] = frozenset(key for key, records in found.items() if records)
                self.asked[path], self.words[path] = frozenset(wanted), _words(resource)
                asked = max(asked, len(wanted))
        which = (
            f"the first {asked:,} different values of columns named so were asked for"
            if asked
            else "none was asked for"
        )
        self.said.append(f"there are more than {_MOST_LISTED:,} {_words(resource)}: {which}")


def instance_records(
    client: CoupaClient, tables: ElementTables, named: NamedPaths, columns: Mapping[str, Iterable[ColumnCells]]
) -> InstanceRecords:
    """What an instance has; `columns` are those whose headings mean records, by the path above what names them.

    What cannot be listed is said, and the rest goes on without it.
    """
    asking = _Asking(client, UsableRecords(client, tables))
    for resource, paths in named.by_resource.items():
        if not asking.is_over and asking.records.are_known(resource):
            asking.ask(resource, paths, columns)
    name = client.profile.name
    said = (f"asked {name} for its {', '.join(asking.listed)}",) if asking.listed else ()
    return InstanceRecords(
        name, asking.values, asking.words, asking.asked, (*said, *asking.said), is_open=client.profile.is_open
    )


def _names(paths: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(path.rpartition("/")[2] for path in paths))


def _words(resource: str) -> str:
    return _WORDS.get(resource, resource.replace("_", " "))
