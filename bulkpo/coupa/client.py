"""A Coupa instance: create, act, find, show. One client serves all threads of a run."""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from bulkpo.coupa.answers import UnreadableAnswer, read_document, read_documents, says_nothing_matches
from bulkpo.coupa.crew import crew
from bulkpo.coupa.downloads import download
from bulkpo.coupa.exchange import Exchange
from bulkpo.coupa.limiter import SECOND, Clock, SystemClock
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Unclear, expect_given, outcome_of
from bulkpo.coupa.pace import SharedPace
from bulkpo.coupa.queries import PAGE, Fields, Landmark, Query, QueryTerm, fields_asked, query_string
from bulkpo.coupa.transport import Answer
from bulkpo.coupa.uploads import UploadForm
from bulkpo.errors import ServiceError, StoppedError
from bulkpo.model.profile import Profile
from bulkpo.model.tree import Tree

_JSON = "application/json"
_MOST_KEY_TEXT = 1500
_SHORT_FIELDS = ("id", "status", "version", "updated-at")
_SHORT = fields_asked(_SHORT_FIELDS)


class CoupaClient:
    """Speaks with the instance of one profile; `shared` is a pace that is kept together with other processes."""

    def __init__(self, profile: Profile, clock: Clock | None = None, shared: SharedPace | None = None) -> None:
        self.profile = profile
        self._clock = clock or SystemClock()
        self._exchange = Exchange(profile, self._clock, shared)

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

    def update(self, resource: str, id: int, body: bytes, content_type: str) -> Outcome:  # noqa: A002 - Coupa's own word
        """Change a document; as `create` otherwise."""
        return _about(id, self._change("PUT", f"/api/{resource}/{id}?{_SHORT}", body, content_type))

    def act(self, resource: str, id: int, action: str, said: Mapping[str, str] | None = None) -> Outcome:  # noqa: A002 - Coupa's own word
        """Have an action done on a document: `cancel`, `close`, `issue`; as `create` otherwise.

        `said` is what goes with it, such as a reason.
        """
        path = f"/api/{resource}/{id}/{action}?{_SHORT}"
        body, media = (json.dumps(said).encode(), _JSON) if said else (None, None)
        return _about(id, self._change("PUT", path, body, media))

    def mark_exported(self, resource: str, id: int) -> Outcome:  # noqa: A002 - Coupa's own word
        """Set a document's flag `exported`; may be repeated, since it comes to the same."""
        return _about(id, self._change("PUT", f"/api/{resource}/{id}?exported=true"))

    def attach(self, resource: str, id: int, form: UploadForm) -> Outcome:  # noqa: A002 - Coupa's own word
        """Attach something to a document, or to a line by its resource; as `create` otherwise.

        Nothing is ever changed by it: Coupa's attachments cannot be updated by its API.
        """
        return self._change("POST", f"/api/{resource}/{id}/attachments", form, form.media)

    def attachments(self, resource: str, id: int) -> list[Tree]:  # noqa: A002 - Coupa's own word
        """All that is attached to a document or a line."""
        found: dict[str, Tree] = {}
        while True:
            conditions = [("offset", str(len(found)))] if found else []
            page = self.page(f"{resource}/{id}/attachments", conditions)
            new = {str(each.get("id")): each for each in page if str(each.get("id")) not in found}
            found |= new
            if not new:  # a short page is not the end everywhere, and some answer every offset alike
                return list(found.values())

    def attached_file(self, resource: str, id: int, attachment: int, size: int | None = None) -> bytes | None:  # noqa: A002 - Coupa's own word
        """The content of an attachment, or None if it is not there.

        Raises QueryRefusedError where it is not to be had: it is a page, has not the `size` it is said to have, or
        others than Coupa say that it is not there, which is no proof of that.
        """
        path = f"/api/{resource}/{id}/attachments/{attachment}"
        return download(self._exchange, self.profile, path, (f"the attachment {attachment} of {resource}/{id}", size))

    def show(self, resource: str, id: int) -> Tree | None:  # noqa: A002 - Coupa's own word
        """One document by its id, or None if there is none."""

        def accept(answer: Answer) -> Tree | None:
            if answer.status == 404:
                return None
            expect_given(self.profile, answer, f"{resource}/{id}")
            document = _whole(read_document(answer.body, _media(answer)), None)
            if str(document.get("id")) != str(id):
                raise UnreadableAnswer(f"it was asked for the id {id} and answers about {document.get('id')}")
            return document

        return self._exchange.read(f"/api/{resource}/{id}", accept)

    def find(
        self, resource: str, conditions: Sequence[QueryTerm], fields: Fields | None = None, *, at_least: int = 0
    ) -> Iterator[Tree]:
        """All documents that meet the conditions, by id; what appears or leaves meanwhile disturbs no other.

        Only an empty page is the end: some instances and gateways give pages shorter than was asked for. `at_least` is
        the id of one that is known to meet them, before which there is no end.
        """
        query, last = Query.of(conditions), 0
        while page := query.page(
            lambda asked, is_due=last < at_least: self.page(resource, asked, fields, is_due=is_due),  # type: ignore[misc]  # bound now
            last,
        ):
            yield from page
            last = int(page[-1]["id"])

    def page(
        self, resource: str, conditions: Sequence[QueryTerm], fields: Fields | None = None, *, is_due: bool = False
    ) -> list[Tree]:
        """One page of documents. Conditions may hold `order_by`, `dir`, `offset` and a `limit` below 50 as well.

        `is_due` where there must be some: an empty page is then asked for again, like any answer that cannot be right.
        """

        def accept(answer: Answer) -> list[Tree]:
            if answer.status == 404 and says_nothing_matches(answer.body, _media(answer)):
                documents = []  # so Coupa's XML has it, where JSON has an empty list
            else:
                expect_given(self.profile, answer, resource)
                documents = read_documents(answer.body, _media(answer))
            if is_due and not documents:
                raise UnreadableAnswer(f"it leaves out {resource} that it has shown before")
            return [_whole(document, fields) for document in documents]

        return self._exchange.read(f"/api/{resource}?{query_string(conditions, fields)}", accept)

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
        self,
        resource: str,
        element: str,
        keys: Sequence[str],
        fields: Fields | None = None,
        landmark: Landmark | None = None,
    ) -> Iterator[tuple[Sequence[str], list[Tree]]]:
        """What is found under some keys, question by question: the keys asked for together, and all that came.

        What came need not have one of the keys, if the instance compares otherwise or does not heed the question. The
        key of a landmark is asked for with every question that holds several, and its answer must show it.
        """
        is_id = element == "id"
        beside = [] if landmark is None else [landmark.key]
        at_least = 0 if landmark is None else landmark.id

        def look_up(batch: Sequence[str]) -> tuple[Sequence[str], list[Tree]]:
            if "," not in batch[0]:
                batch = list(dict.fromkeys([*batch, *beside]))
            condition = (element, batch[0]) if len(batch) == 1 else (f"{element}[in]", ",".join(batch))
            known = at_least if set(beside) & set(batch) else 0
            if is_id:  # a page of ids finds no more than a page, but what it does not find is asked for again
                page = self.page(resource, [condition], fields, is_due=known > 0)
                here = {str(document.get("id")) for document in page}
                missing = [key for key in batch if key not in here]
                return batch, page + look_up(missing)[1] if page and missing else page
            return batch, list(self.find(resource, [condition], fields, at_least=known))

        with crew(self.profile.workers) as pool:
            yield from pool.map(look_up, _batches(keys, PAGE if is_id else len(keys)))

    def ping(self) -> str:
        """Get a token and read one order; says in plain words that it worked. Raises ServiceError if it did not."""
        started = self._clock.now()
        self.page("purchase_orders", [("limit", "1")], ["id"])
        milliseconds = (self._clock.now() - started) * 1000 // SECOND
        missing = f"; not granted: {', '.join(self.denied)}" if self.denied else ""
        return f"{self.profile} answers and lets purchase orders be read ({milliseconds} ms, token included){missing}"

    def _change(
        self, method: str, path: str, body: bytes | UploadForm | None = None, media: str | None = None
    ) -> Outcome:
        """Ask once for something that changes the instance, and say what came of it; never raises."""
        try:
            answer = self._exchange.once(method, path, body, media)
        except ServiceError as error:
            return NotMade(str(error), is_final=True)
        except StoppedError as error:
            return NotMade(str(error))
        return outcome_of(self.profile, answer)


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


def _whole(document: Tree, fields: Fields | None) -> Tree:
    """A document as it was asked for; raises UnreadableAnswer for errors in its place, and one without its elements."""
    if "errors" in document and "id" not in document:
        raise UnreadableAnswer("it gives errors in place of documents")
    names = {name for field in fields or () for name in (field if isinstance(field, dict) else (field,))}
    if names and (not names & document.keys() or ("id" in names and document.get("id") is None)):
        raise UnreadableAnswer("it gives documents without the elements that were asked for")
    return document


def _about(number: int, outcome: Outcome) -> Outcome:
    """What came of a change to the document of this id: an answer about another tells nothing of it, but was 2xx."""
    if not isinstance(outcome, Created) or outcome.id == number:
        return outcome
    return Unclear(f"the instance was asked about the id {number} and answered about {outcome.id}", was_taken=True)


def _media(answer: Answer) -> str:
    return answer.headers.get("Content-Type", "")
