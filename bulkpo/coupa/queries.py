"""Lists of documents: the query that asks for a page, and the ids a page may hold.

Pages go by id (`id[gt]`), never by offset: a document that appears or leaves meanwhile then shifts no other.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from urllib.parse import quote

from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile
from bulkpo.model.tree import Tree

PAGE = 50
ABOVE, UP_TO = "id[gt]", "id[lt_or_eq]"
_OTHER_IDS = "the instance answered with other ids than were asked for; try again later"

QueryTerm = tuple[str, str]
"""A query's name and value, as in `("supplier[name][contains]", "Acme")`; not yet percent-encoded."""
Fields = Sequence[object]
"""What to ask for: names, and for an association its name with the same again: `["id", {"supplier": ["name"]}]`."""
ReadPage = Callable[[Sequence[QueryTerm]], list[Tree]]


class Landmark(NamedTuple):
    """A document that is known to be there, asked for beside others: an answer that ends before it is not whole."""

    id: int
    key: str


class PageSource(Protocol):
    """Where pages come from."""

    profile: Profile

    @property
    def room(self) -> int | None:
        """How many requests the limit would let go at once now; None if there is none."""

    def page(self, resource: str, conditions: Sequence[QueryTerm], fields: Fields | None = None) -> list[Tree]:
        """One page of documents."""


class QueryRefusedError(ServiceError):
    """The instance does not answer this query; its text gives the instance's reasons."""


class NotByIdError(ServiceError):
    """The instance answers a query without heeding that it asked for ids above one, in order."""


@dataclass(frozen=True, slots=True)
class Query:
    """Conditions, and the ids asked for: above `low`, up to `high`; the two are kept out of the conditions."""

    conditions: tuple[QueryTerm, ...]
    low: int = 0
    high: int | None = None

    @classmethod
    def of(cls, conditions: Sequence[QueryTerm]) -> "Query":
        """A query of these conditions; bounds on the id that are among them become its own."""
        above = [int(value) for name, value in conditions if name == ABOVE]
        up_to = [int(value) for name, value in conditions if name == UP_TO]
        rest = tuple(condition for condition in conditions if condition[0] not in (ABOVE, UP_TO))
        return cls(rest, max(above, default=0), min(up_to, default=None))

    def page(self, read: ReadPage, low: int) -> list[Tree]:
        """The next documents with ids above `low`, by id; none only where there are no more.

        A short page is not the last one: how many documents a page holds is up to the instance. Raises NotByIdError if
        the answer is anything else.
        """
        low = max(low, self.low)
        asked = [*self.conditions, (ABOVE, str(low)), ("order_by", "id"), ("dir", "asc")]
        if self.high is not None:
            asked.append((UP_TO, str(self.high)))
        page = read(asked)
        for document in page:
            number = document.get("id")
            if not isinstance(number, int) or number <= low or (self.high is not None and number > self.high):
                raise NotByIdError(_OTHER_IDS)
            low = number
        return page

    def top(self, read: ReadPage) -> int:
        """The highest id there is now, or 0."""
        bounds = [(ABOVE, str(self.low))] + ([] if self.high is None else [(UP_TO, str(self.high))])
        last = read([*self.conditions, *bounds, ("order_by", "id"), ("dir", "desc"), ("limit", "1")])
        number = last[0].get("id") if last else 0
        if not isinstance(number, int):
            raise NotByIdError(_OTHER_IDS)
        return number


def query_string(conditions: Sequence[QueryTerm], fields: Fields | None) -> str:
    """The query of a list, percent-encoded; names with dashes, except in `fields`, where Coupa writes underscores."""
    pairs = list(conditions)
    if not any(name == "limit" for name, _ in pairs):
        pairs.append(("limit", str(PAGE)))
    asked = "&".join(f"{quote(name, safe='[]')}={quote(value, safe=',')}" for name, value in pairs)
    return asked if fields is None else f"{asked}&{fields_asked(fields)}"


def fields_asked(fields: Fields) -> str:
    """The part of a query that asks for these elements alone, percent-encoded."""
    return f"fields={quote(json.dumps(_underscored(fields), separators=(',', ':')), safe=',')}"


def _underscored(node: object) -> object:
    if isinstance(node, str):
        return node.replace("-", "_")
    if isinstance(node, dict):
        return {str(name).replace("-", "_"): _underscored(below) for name, below in node.items()}
    return [_underscored(below) for below in node] if isinstance(node, (list, tuple)) else node
