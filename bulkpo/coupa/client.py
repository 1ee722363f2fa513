"""A Coupa instance: create, act, find, show. One client serves all threads of a run."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from bulkpo.coupa.answers import UnreadableAnswer, messages, read_document, read_documents
from bulkpo.coupa.exchange import Exchange
from bulkpo.coupa.limiter import SECOND, Clock, SystemClock
from bulkpo.coupa.outcomes import NotMade, Outcome, outcome_of
from bulkpo.coupa.queries import PAGE, Fields, Query, QueryRefusedError, QueryTerm, fields_asked, query_string
from bulkpo.coupa.transport import Answer
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile
from bulkpo.model.tree import Tree

_T = TypeVar("_T")
_MOST_KEY_TEXT = 1500
_SHORT_FIELDS = ("id", "status", "version", "updated-at")
_SHORT = fields_asked(_SHORT_FIELDS)


class CoupaClient:
    """Speaks with the instance of one profile."""

    def __init__(self, profile: Profile, clock: Clock | None = None) -> None:
        self.profile = profile
        self._clock = clock or SystemClock()
        self._exchange = Exchange(profile, self._clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._exchange.close()

    @property
    def requests(self) -> int:
        """How many requests were sent so far, those for tokens included."""
        return self._exchange.requests

    @property
    def denied(self) -> tuple[str, ...]:
        """The scopes that were wished for and are not granted; known once something was read."""
        return self._exchange.denied

    @property
    def room(self) -> int | None:
        """How many requests the limit would let go at once now; None if there is none."""
        return self._exchange.room

    def create(self, resource: str, body: bytes, content_type: str, key: str = "") -> Outcome:
        """Make a document. Sent once; what is not known to have failed is `Unclear`.

        Of the document only what tells it and its state is asked for, with the element `key`, by which the answer is
        known to be about this one; an instance that answers in full does as well.
        """
        asked = fields_asked([*_SHORT_FIELDS, key]) if key and "/" not in key else _SHORT
        return self._change("POST", f"/api/{resource}?{asked}", body, content_type)

    def act(self, resource: str, id: int, action: str) -> Outcome:  # noqa: A002 - Coupa's own word
        """Have an action done on a document: `cancel`, `close`, `issue`; as `create` otherwise."""
        return self._change("PUT", f"/api/{resource}/{id}/{action}?{_SHORT}")

    def mark_exported(self, resource: str, id: int) -> Outcome:  # noqa: A002 - Coupa's own word
        """Set a document's flag `exported`; may be repeated, since it comes to the same."""
        return self._change("PUT", f"/api/{resource}/{id}?exported=true")

    def show(self, resource: str, id: int) -> Tree | None:  # noqa: A002 - Coupa's own word
        """One document by its id, or None if there is none."""
        answer = self._exchange.read(f"/api/{resource}/{id}")
        if answer.status == 404:
            return None
        self._expect(answer, f"{resource}/{id}")
        return self._read(lambda: read_document(answer.body, _media(answer)))

    def find(self, resource: str, conditions: Sequence[QueryTerm], fields: Fields | None = None) -> Iterator[Tree]:
        """All documents that meet the conditions, by id; what appears or leaves meanwhile disturbs no other."""
        query, last = Query.of(conditions), 0
        while True:
            page = query.page(lambda asked: self.page(resource, asked, fields), last, None)
            yield from page
            if len(page) < PAGE:
                return
            last = int(page[-1]["id"])

    def page(self, resource: str, conditions: Sequence[QueryTerm], fields: Fields | None = None) -> list[Tree]:
        """One page of documents. Conditions may hold `order_by`, `dir`, `offset` and a `limit` below 50 as well."""
        answer = self._exchange.read(f"/api/{resource}?{query_string(conditions, fields)}")
        if answer.status == 404 and messages(answer.body, _media(answer)):
            return []  # Coupa's XML says so where JSON has an empty list
        self._expect(answer, resource)
        return self._read(lambda: read_documents(answer.body, _media(answer)))

    def find_by_keys(
        self, resource: str, element: str, keys: Sequence[str], fields: Fields | None = None
    ) -> dict[str, list[Tree]]:
        """The documents whose element is exactly one of the keys, under that key; a key found nowhere has none."""
        found: dict[str, list[Tree]] = {key: [] for key in keys}
        for _, documents in self.answers_by_keys(resource, element, list(found), fields):
            for document in documents:
                if (key := str(document.get(element))) in found:
                    found[key].append(document)
        return found

    def answers_by_keys(
        self, resource: str, element: str, keys: Sequence[str], fields: Fields | None = None
    ) -> Iterator[tuple[Sequence[str], list[Tree]]]:
        """What is found under some keys, question by question: the keys asked for together, and all that came.

        What came need not have one of the keys, if the instance compares otherwise or does not heed the question.
        """
        is_id = element == "id"

        def look_up(batch: Sequence[str]) -> tuple[Sequence[str], list[Tree]]:
            condition = (element, batch[0]) if len(batch) == 1 else (f"{element}[in]", ",".join(batch))
            if is_id:
                return batch, self.page(resource, [condition], fields)  # a page of ids finds no more than a page
            return batch, list(self.find(resource, [condition], fields))

        with ThreadPoolExecutor(self.profile.workers) as pool:
            yield from pool.map(look_up, _batches(keys, PAGE if is_id else len(keys)))

    def ping(self) -> str:
        """Get a token and read one order; says in plain words that it worked. Raises ServiceError if it did not."""
        started = self._clock.now()
        self.page("purchase_orders", [("limit", "1")], ["id"])
        milliseconds = (self._clock.now() - started) * 1000 // SECOND
        missing = f"; not granted: {', '.join(self.denied)}" if self.denied else ""
        return f"{self.profile} answers and lets purchase orders be read ({milliseconds} ms, token included){missing}"

    def _change(self, method: str, path: str, body: bytes | None = None, media: str | None = None) -> Outcome:
        """Ask once for something that changes the instance, and say what came of it; never raises."""
        try:
            answer = self._exchange.once(method, path, body, media)
        except ServiceError as error:
            return NotMade(str(error), is_final=True)
        return outcome_of(self.profile, answer)

    def _expect(self, answer: Answer, what: str) -> None:
        if answer.status == 200:
            return
        said = "; ".join(messages(answer.body, _media(answer)))
        raise QueryRefusedError(f"{self.profile} refuses to give {what} ({answer.status}): {said or 'no reason given'}")

    def _read(self, read: Callable[[], _T]) -> _T:
        try:
            return read()
        except UnreadableAnswer as error:
            raise ServiceError(f"{self.profile} gave no answer that can be used: {error}") from None


def _batches(keys: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """Keys, as many at a time as keep the address short; alone where a comma would split them; never empty."""
    batch: list[str] = []
    length = 0
    for key in keys:
        if not key:
            continue
        if "," in key:
            yield [key]
            continue
        if len(batch) == most or length + len(key) > _MOST_KEY_TEXT:
            yield batch
            batch, length = [], 0
        batch.append(key)
        length += len(key) + 1
    if batch:
        yield batch


def _media(answer: Answer) -> str:
    return answer.headers.get("Content-Type", "")
