"""The orders something is to be done with, as Coupa has them now, and which of them it can be done with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import chain
from typing import Any

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import ServiceError
from bulkpo.mapping.kinds.kind import DocumentKind, KindAction
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.model.totals import CurrencyTotal, Totals, total_json
from bulkpo.model.tree import Tree
from bulkpo.runs.doing.wanted import BY_ID, Wanted
from bulkpo.runs.planning.same_number import Found, by_number
from bulkpo.runs.planning.worth import PO_NUMBER, WORTH_FIELDS, stake_of

FIELDS: Sequence[object] = (
    "id",
    "status",
    "version",
    "updated-at",
    "transmission-method-override",
    *WORTH_FIELDS,
)
_MOST_NAMED = 5


class Verdict(Enum):
    """What is to happen to an order of a list."""

    TO_DO = auto()
    DONE = auto()
    HELD = auto()


@dataclass(frozen=True, slots=True)
class Task:
    """What people ask for, as the actions it takes, each with its name; the last one's words are the task's."""

    name: str
    steps: tuple[tuple[str, KindAction], ...]

    @classmethod
    def of(cls, kind: DocumentKind, name: str) -> "Task":
        """The task of this name."""
        return cls(name, tuple((step, kind.actions[step]) for step in kind.tasks[name]))

    @property
    def goal(self) -> KindAction:
        """Its last action."""
        return self.steps[-1][1]

    @property
    def sends(self) -> bool:
        """Whether it may send an order to its supplier."""
        return any(action.sends for _, action in self.steps)

    def begins(self, status: str) -> str | None:
        """The step it begins with for an order of this status; None if it cannot be done."""
        return next((name for name, action in self.steps if status in action.takes), None)


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order of a list: what Coupa has of it, what is to happen, and why if nothing is.

    An `id` of 0 says that it is not there.
    """

    key: str
    id: int = 0
    status: str = ""
    supplier: str = ""
    total: CurrencyTotal | None = None
    found: Found | None = None
    verdict: Verdict = Verdict.HELD
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderList:
    """A list as it is to be confirmed."""

    task: Task
    orders: tuple[ListedOrder, ...]
    notices: tuple[str, ...] = ()

    def those(self, verdict: Verdict) -> list[ListedOrder]:
        """The orders to which this is to happen."""
        return [order for order in self.orders if order.verdict is verdict]

    @property
    def exit_code(self) -> int:
        """1 if any order is held back."""
        return int(any(order.verdict is Verdict.HELD for order in self.orders))

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        names = {Verdict.TO_DO: "to_do", Verdict.DONE: "already", Verdict.HELD: "held_back"}
        return {
            "run": None,
            "task": self.task.name,
            **{name: len(self.those(verdict)) for verdict, name in names.items()},
            "totals": {name: [total_json(it) for it in self.totals(verdict)] for verdict, name in names.items()},
            "orders": [
                {
                    "key": order.key,
                    "id": order.id or None,
                    "status": order.status,
                    "supplier": order.supplier,
                    "currency": order.total.currency if order.total else None,
                    "amount": format(order.total.amount, "f") if order.total else None,
                    "outcome": names[order.verdict],
                    "message": order.reason,
                }
                for order in self.orders
            ],
        }

    def totals(self, verdict: Verdict) -> tuple[CurrencyTotal, ...]:
        """What they are worth, by currency."""
        sums = Totals()
        for order in self.those(verdict):
            if order.total is not None:
                sums.add(order.total.currency, order.total.lines, order.total.amount)
        return sums.by_currency()


@dataclass(frozen=True, slots=True)
class Sending:
    """Whether orders may be sent to their suppliers; `forbidden_by` is the profile that forbids it."""

    is_meant: bool = False
    forbidden_by: str = ""


class Lister:
    """Lists orders of one kind for a task."""

    def __init__(self, client: CoupaClient, resource: str, task: Task, sending: Sending) -> None:
        self._client = client
        self._resource = resource
        self._kind = kind_of(resource)
        self._task = task
        self._sending = sending

    def wanted(self, wanted: Wanted) -> OrderList:
        """The orders a list names."""
        is_id = wanted.element == BY_ID
        odd = [value for value in wanted.values if is_id and not (value.isascii() and value.isdigit())]
        values = [value for value in wanted.values if value not in odd] if odd else wanted.values
        found = [ListedOrder(value, reason="this is no id: an id is a whole number") for value in odd]
        seen: set[int] = set()
        for asked, documents in self._client.answers_by_keys(self._resource, wanted.element, values, FIELDS):
            by_key, strays = by_number(asked, documents, wanted.element)
            if strays:
                raise ServiceError(
                    f"{self._client.profile} was asked for {wanted.element} {' or '.join(asked[:_MOST_NAMED])} and "
                    f"answered {', '.join(strays[:_MOST_NAMED])}: such an answer proves nothing; nothing was done"
                )
            found += chain.from_iterable(self._under(key, by_key[key], wanted.element, seen) for key in asked)
        notices = list(wanted.oddities)
        if wanted.repeated:
            notices.append(f"{wanted.repeated:,} of the list stand there more than once; each is taken once")
        if wanted.blank:
            notices.append(f"{wanted.blank:,} rows of the list have nothing in that column")
        return OrderList(self._task, tuple(_distinct(found)), tuple(notices))

    def meeting(self, queries: Iterable[Sequence[tuple[str, str]]]) -> OrderList:
        """The orders that meet one of these queries."""
        found: dict[int, Tree] = {}
        for conditions in queries:
            for document in self._client.find(self._resource, conditions, FIELDS):
                found[int(document["id"])] = document
        return OrderList(self._task, tuple(_distinct(self._judged("", found[id_]) for id_ in sorted(found))))

    def _under(self, key: str, documents: Sequence[Found], element: str, seen: set[int]) -> Iterator[ListedOrder]:
        """What is under a value; an order that was there by another spelling is not there twice."""
        if len(documents) > 1 and element != BY_ID:
            ids = ", ".join(str(each["id"]) for each in documents)
            yield ListedOrder(
                key, reason=f"Coupa has {len(documents)} {self._kind.noun.many} of this number (ids {ids})"
            )
        elif not documents:
            yield ListedOrder(key, reason="it is not in Coupa")
        elif (id_ := int(str(documents[0]["id"]))) not in seen:
            seen.add(id_)
            yield self._judged(key if element == PO_NUMBER else "", documents[0])

    def _judged(self, key: str, found: Found) -> ListedOrder:
        status = str(found.get("status") or "")
        verdict, reason = self._verdict(status, found)
        stake = stake_of(found)
        return ListedOrder(
            key=key or str(found.get(PO_NUMBER) or f"id {found['id']}"),
            id=int(str(found["id"])),
            status=status,
            supplier=stake.partner,
            total=stake.total,
            found=found,
            verdict=verdict,
            reason=reason,
        )

    def _verdict(self, status: str, found: Found) -> tuple[Verdict, str]:
        goal = self._task.goal
        if status == goal.leaves:
            return Verdict.DONE, f"it is {status} already"
        if self._task.begins(status) is None:
            takes = sorted({name for _, action in self._task.steps for name in action.takes})
            return Verdict.HELD, f"it is {status or 'without a status'}; only what is {_or(takes)} can be {goal.done}"
        silencer = self._kind.silencer
        if self._task.sends and silencer is not None and not self._sending.is_meant:
            element, value = silencer
            if found.get(element) != value:
                return (
                    Verdict.HELD,
                    f"it would be sent to its supplier: its {element} is not {value}; {self._way_out()}",
                )
        return Verdict.TO_DO, ""

    def _way_out(self) -> str:
        if self._sending.forbidden_by:
            return f"the profile {self._sending.forbidden_by} says `silent: required`"
        return "--send-to-suppliers says that this is meant"


def _distinct(orders: Iterable[ListedOrder]) -> Iterator[ListedOrder]:
    """Orders of which no two have one key: a number that is there twice is told apart by ids."""
    seen: set[str] = set()
    for order in orders:
        if order.key in seen:
            order = replace(order, key=f"{order.key} (id {order.id})")  # noqa: PLW2901
        seen.add(order.key)
        yield order


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
