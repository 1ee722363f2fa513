"""What an update would do: the documents of a file held against those in Coupa, before anything is sent.

The documents are read some hundred at a time. What is not there, or cannot be changed as the file says, is a finding at
its cell, as in a check, and its document is held back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.queries import Landmark, QueryRefusedError
from bulkpo.errors import ServiceError, UsageError
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.mapping.rows.apply import FieldAt
from bulkpo.mapping.rows.group import Gathered
from bulkpo.model.document import Document
from bulkpo.model.finding import Finding
from bulkpo.model.held import Held
from bulkpo.model.matching import Mode
from bulkpo.model.profile import Profile
from bulkpo.model.totals import CurrencyTotal, Totals
from bulkpo.model.tree import Tree
from bulkpo.payload.asked import asked_together, state_fields
from bulkpo.payload.change import Change, Part
from bulkpo.payload.differ import Hindrance, change_of
from bulkpo.payload.whole import removes, with_whole
from bulkpo.runs.checking.clean import clean_gathered
from bulkpo.runs.checking.mapped import Pass
from bulkpo.runs.planning.newest import newest_there
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.runs.planning.same_number import by_number
from bulkpo.runs.planning.worth import PO_NUMBER, WORTH_FIELDS, shift_of, stake_of
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

_KEYS_AT_A_TIME = 2000
_MOST_NAMED = 10
_CANCELLED = "cancelled"
_ID = "id"
_NOTHING = ("", 0, Decimal(0))


class PlannedChange(NamedTuple):
    """What is to be done about a document: changed as it was read, or made, where there is no `change`.

    `number` is what Coupa calls it, where it is known by another key; `clashes` where somebody else has changed since
    what it is based on what it changes, so that it is left.
    """

    change: Change | None
    version: str | None = None
    updated_at: str | None = None
    number: str = ""
    clashes: bool = False


@dataclass(slots=True)
class Changes:
    """What an update would do, by key, and the documents it cannot change, which are held back."""

    planned: dict[str, PlannedChange] = field(default_factory=dict)
    held: Held = field(default=Held())

    @property
    def new(self) -> int:
        """How many documents would be made."""
        return sum(it.change is None for it in self.planned.values())

    @property
    def changed(self) -> int:
        """How many documents would be changed."""
        return sum(bool(it.change) for it in self.to_make.values())

    @property
    def unchanged(self) -> int:
        """How many documents are in Coupa as the file says."""
        return len(self.to_make) - self.new - self.changed

    @property
    def to_make(self) -> dict[str, PlannedChange]:
        """Those that do not clash with what others did."""
        return {key: it for key, it in self.planned.items() if not it.clashes}

    def totals(self) -> tuple[tuple[CurrencyTotal, ...], tuple[CurrencyTotal, ...]]:
        """What those to be changed are worth before and after, by currency."""
        before, after = Totals(), Totals()
        for planned in self.to_make.values():
            if planned.change and planned.change.worth is not None:
                before.add(*planned.change.worth.before.figures)
                after.add(*planned.change.worth.after.figures)
        return before.by_currency(), after.by_currency()

    @property
    def resent(self) -> tuple[str, ...]:
        """The keys of those whose suppliers would be sent them again."""
        return tuple(key for key, it in self.to_make.items() if it.change and it.change.resends)


def plan_changes(plan: FilePlan, client: CoupaClient) -> Changes:
    """Read what is there of the plan's documents and work out what is to change; raises ServiceError."""
    return _Planning(plan, client).changes()


def read_states(
    client: CoupaClient, plan: FilePlan, keys: Sequence[str], element: str = "", landmark: Landmark | None = None
) -> Mapping[str, Sequence[Tree]]:
    """The documents under these keys as far as an update looks at them; raises ServiceError if it is answered others.

    `element` is what they are looked up by; the mapping's key if left out. An answer that lacks the landmark is not
    believed.
    """
    by = element or plan.key_element
    fields = asked_fields(plan)
    found: dict[str, list[Tree]] = {}
    for asked, documents in client.answers_by_keys(plan.resource, by, list(dict.fromkeys(keys)), fields, landmark):
        some, strays = by_number(asked, documents, by)
        if strays:
            raise ServiceError(
                f"{client.profile} was asked for {plan.resource} whose {by} is {' or '.join(asked[:_MOST_NAMED])} and "
                f"answered {', '.join(strays[:_MOST_NAMED])}: such an answer proves nothing, so nothing more is sent"
            )
        found |= {key: [dict(other) for other in others] for key, others in some.items()}
    return found


def asked_fields(plan: FilePlan) -> list[object]:
    """What is read of a document that may be changed."""
    own = [each[0] for each in (plan.kind.silencer, plan.kind.transmission) if each is not None]
    always = ["id", "status", "version", "updated-at", plan.key_element, *own]
    return asked_together([*always, *state_fields(plan.layout)], WORTH_FIELDS if plan.kind.has_worth else ())


def refuse_resending(kind: DocumentKind, keys: Sequence[str], profile: Profile, *, by_mapping: bool) -> None:
    """Raise UsageError if documents would be sent to suppliers again, where that is not to be."""
    if not keys or not (by_mapping or profile.is_silent):
        return
    who = "the mapping says" if by_mapping else f"the profile {profile.name} says"
    element, value = kind.silencer or ("", "")
    named = ", ".join(keys[:_MOST_NAMED]) + (f" and {len(keys) - _MOST_NAMED:,} more" if keys[_MOST_NAMED:] else "")
    raise UsageError(
        f"{kind.noun.counted(len(keys))} would be sent to suppliers again, and {who} silent: required; nothing was "
        f"sent. Leave them out, or change {element} to {value} with them: constants: {{{element}: {value}}} ({named})"
    )


class _Planning:
    """One pass over the file, some hundred documents at a time."""

    def __init__(self, plan: FilePlan, client: CoupaClient) -> None:
        self._plan = plan
        self._client = client
        self._pass = Pass(plan.mapped, plan.checked.counts)
        self._terms = plan.terms
        self._tables = ElementTables(schema_text)
        self._planned: dict[str, PlannedChange] = {}
        self._findings: list[Finding] = []
        self._keys: set[str] = set()
        self._rows = 0
        self._totals, self._in_coupa = Totals(), Totals()

    def changes(self) -> Changes:
        """Work it all out."""
        clean = clean_gathered(self._pass, self._plan.checked.failed_keys)
        while batch := list(islice(clean, _KEYS_AT_A_TIME)):
            found = self._there([document.key for _, document in batch])
            for gathered, document in batch:
                hindrances = list(self._work_out(document, found[document.key]))
                if hindrances:
                    self._hold(gathered, document, hindrances, found[document.key])
            self._keep_whole([document.key for _, document in batch])
        self._findings.sort(key=lambda finding: (finding.row, finding.column))
        held = Held(
            tuple(self._findings),
            frozenset(self._keys),
            self._rows,
            self._totals.by_currency(),
            self._in_coupa.by_currency(),
            self._with_errors(),
        )
        return Changes(self._planned, held)

    def _there(self, keys: Sequence[str]) -> Mapping[str, Sequence[Tree]]:
        """What is there under these keys; what seems not to be there is asked for beside something that is."""
        client, plan = self._client, self._plan
        found = read_states(client, plan, keys)
        if not (missing := [key for key in keys if not found[key]]):
            return found
        with suppress(QueryRefusedError):
            if (landmark := newest_there(client, plan.shape)) is not None:
                return {**found, **read_states(client, plan, missing, landmark=landmark)}
        return found

    def _with_errors(self) -> tuple[CurrencyTotal, ...]:
        """What Coupa has of the documents that failed the check: only their keys are believed."""
        plan, totals = self._plan, Totals()
        failed = sorted(plan.checked.failed_keys - plan.held.keys) if plan.kind.has_worth else []
        key = plan.key_element
        keys = [each for each in failed if each.isprintable() and (key != _ID or (each.isascii() and each.isdigit()))]
        found = (
            self._client.find_by_keys(plan.resource, key, keys, asked_together([_ID, key], WORTH_FIELDS))
            if keys
            else {}
        )
        for each in failed:
            others = found.get(each, ())
            totals.add(*(stake_of(others[0]).figures if len(others) == 1 else _NOTHING))
        return totals.by_currency()

    def _work_out(self, document: Document, others: Sequence[Tree]) -> Iterator[Hindrance]:
        """Note what is to be done about a document; gives what is in the way."""
        kind, key = self._plan.kind, self._terms.key
        if not others:
            if self._plan.mapped.mapping.mode is Mode.UPSERT:
                self._planned[document.key] = PlannedChange(None)
                return
            message = (
                f"Coupa has no {kind.noun.one} with this {key}, so there is nothing to change; correct it, or say "
                "mode: upsert to create it"
            )
            yield Hindrance("key-not-there", message, document.row, key)
            return
        if len(others) > 1:
            ids = " and ".join(str(other.get("id")) for other in others)
            message = f"Coupa has {len(others)} {kind.noun.many} with this {key} (ids {ids}); use id as the key"
            yield Hindrance("key-ambiguous", message, document.row, key)
            return
        worked = change_of(self._terms, document, others[0])
        yield from worked.hindrances
        status = str(others[0].get("status"))
        if worked.change and status in kind.fixed_in:
            message = f"the {kind.noun.one} is {status} in Coupa and cannot be changed; leave it out"
            yield Hindrance("status-fixed", message, document.row, key)
        elif status == _CANCELLED and self._plan.mapped.mapping.mode is Mode.UPSERT:
            message = (
                f"the {kind.noun.one} is cancelled in Coupa, and its {key} is taken; give it another, or leave it out"
            )
            yield Hindrance("status-fixed", message, document.row, key)
        is_sent = bool(worked.change) and resends(kind, worked.change, others[0])
        worth = shift_of(worked.change, others[0]) if kind.has_worth else None
        change = worked.change._replace(resends=is_sent, worth=worth)
        version, updated = (None if it is None else str(it) for it in map(others[0].get, ("version", "updated-at")))
        self._planned[document.key] = PlannedChange(change, version, updated, str(others[0].get(PO_NUMBER) or ""))

    def _keep_whole(self, keys: Iterable[str]) -> None:
        """Keep all there is of what is to be removed, so that it can come back."""
        removing = {
            str(it.change.id): key
            for key in keys
            if (it := self._planned.get(key)) is not None and it.change is not None and removes(it.change.header)
        }
        answers = self._client.answers_by_keys(self._plan.resource, "id", list(removing))
        for theirs in (document for _, documents in answers for document in documents):
            key = removing[str(theirs["id"])]
            planned = self._planned[key]
            if planned.change is not None:
                self._planned[key] = planned._replace(change=with_whole(planned.change, theirs, self._tables))

    def _hold(
        self, gathered: Gathered, document: Document, hindrances: Iterable[Hindrance], others: Sequence[Tree]
    ) -> None:
        self._planned.pop(document.key, None)
        self._keys.add(document.key)
        self._rows += len(gathered.rows)
        figures = self._plan.totals_of(document)
        self._totals.add(*figures)
        is_there = len(others) == 1 and self._plan.kind.has_worth
        self._in_coupa.add(*(stake_of(others[0]).figures if is_there else figures))
        for it in hindrances:
            row, column = self._cell(gathered, it)
            self._findings.append(Finding(it.code, it.message, row, column, it.element, key=document.key))

    def _cell(self, gathered: Gathered, it: Hindrance) -> tuple[int, int]:
        """The cell that says the element, or the row alone."""
        for level, each in enumerate(self._plan.mapped.mapping.levels):
            for position, slot in enumerate(each.level.fields):
                if slot.full_path == it.element and it.row in gathered.rows:
                    return self._pass.applier.cell_of(FieldAt(level, 0, position), it.row, gathered.header)
        return it.row, 0


def resends(kind: DocumentKind, change: Change, theirs: Tree) -> bool:
    """Whether a change sends the document to its supplier again: one it has been sent to, that is not kept silent."""
    if kind.silencer is None or theirs.get("status") not in kind.sent_in:
        return False
    element, silent = kind.silencer
    after = next((edit.new for edit in change.header.edits if edit.names == (element,)), theirs.get(element))
    return after != silent and _is_seen(change.header)


def _is_seen(part: Part) -> bool:
    """Whether a supplier sees anything of a change: custom fields are the buyer's own."""
    return bool(part.collection and part.how != "changed") or (
        any(edit.names[0] != "custom-fields" for edit in part.edits) or any(map(_is_seen, part.parts))
    )
