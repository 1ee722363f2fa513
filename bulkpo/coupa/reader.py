"""All documents of some queries, each once and by id, read by several threads at the pace the instance allows."""

import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bulkpo.coupa.crew import crew
from bulkpo.coupa.queries import PAGE, Fields, NotByIdError, PageSource, Query, QueryRefusedError, QueryTerm
from bulkpo.coupa.windows import Board, Pace, Span, Window
from bulkpo.errors import ServiceError
from bulkpo.model.tree import Tree

ReadProgress = Callable[[int, int | None], None]
"""Told how many documents were read, and of about how many, if that can be said."""

_JOIN_SECONDS = 2
_TRIES = 3
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Spool(Protocol):
    """Where windows that were read are kept, so that an interrupted export goes on where it was."""

    def spans(self) -> Sequence[Span]:
        """The windows there are, none overlapping."""

    def save(self, span: Span, payload: bytes) -> None:
        """Keep a window; durable when this returns. Called from several threads."""

    def load(self, low: int) -> bytes:
        """What the window held."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is read: a resource, the queries that together ask for its documents, and the fields wanted of them."""

    resource: str
    queries: tuple[tuple[QueryTerm, ...], ...]
    fields: Fields | None = None


class DocumentReader:
    """Reads a listing. `notices` says afterwards what people should know of how it was read."""

    def __init__(self, client: PageSource, listing: Listing, spool: Spool) -> None:
        self.notices: list[str] = []
        self._client = client
        self._listing = listing
        self._spool = spool
        self._queries = [Query.of(conditions) for conditions in listing.queries]

    def batches(self, progress: ReadProgress) -> Iterator[list[Tree]]:
        """The documents by id, some at a time. Raises ServiceError."""
        try:
            first, top = self._begin()
        except (QueryRefusedError, NotByIdError):
            yield from self._by_offset(progress)
            return
        documents = _merged([documents for documents, _ in first])
        if top == 0:
            progress(len(documents), len(documents))
            yield documents
        else:
            yield from self._in_windows(self._board(first, documents, top), progress)
            self._tell_later(top)

    def _begin(self) -> tuple[list[tuple[list[Tree], bool]], int]:
        """The first pages of every query and whether more may follow, and the highest id of those; 0 if none does."""
        with crew(self._client.profile.workers) as pool:
            first = list(pool.map(self._first_pages, self._queries))
            more = [query for query, (_, goes_on) in zip(self._queries, first, strict=True) if goes_on]
            seen = max((pages[-1]["id"] for pages, goes_on in first if goes_on), default=0)
            return first, max([seen, *pool.map(lambda query: query.top(self._read), more)])

    def _tell_later(self, top: int) -> None:
        """Say what came after reading began, which was not waited for."""
        later = {document["id"] for query in self._queries for document in query.page(self._read, top)}
        if later:
            self.notices.append(
                f"at least {len(later)} {self._listing.resource} above id {top} came while this was read and are not "
                "in it; the next export has them"
            )

    def _first_pages(self, query: Query) -> tuple[list[Tree], bool]:
        """The first two pages of a query, and whether more may follow.

        The second page shows whether the instance heeds the ids asked for, and that nothing follows a short one.
        """
        first = self._page(query, 0)
        second = self._page(query, first[-1]["id"]) if first else []
        return first + second, bool(second)

    def _page(self, query: Query, low: int) -> list[Tree]:
        """The next documents above an id.

        An empty page is the end only if the instance, asked for its highest id, agrees: a gateway before it, or an
        instance that cannot read its own store for a moment, may answer an empty list as well.
        """
        for _ in range(_TRIES):
            if page := query.page(self._read, low):
                return page
            top = query.top(self._read)
            if top == low or 0 < top < low:  # what was the last may have left meanwhile, but hardly all there was
                return page
        raise ServiceError(
            f"{self._client.profile} answers that there are no {self._listing.resource} above id {low}, and "
            "contradicts itself when asked for the highest; what was read is kept: try again later"
        )

    def _board(self, first: Sequence[tuple[list[Tree], bool]], documents: Sequence[Tree], top: int) -> Board:
        """The ids still to be read, after the first pages of every query."""
        low = documents[0]["id"]
        high = min(pages[-1]["id"] for pages, goes_on in first if goes_on)
        begun = [document for document in documents if document["id"] <= high]
        if not self._spool.spans():
            kept = Packed()
            kept.add(begun)
            self._spool.save(Span(low - 1, high, kept.documents), kept.payload())
        pace = Pace(len(begun) - 1, high - low, self._client.profile.workers)
        return Board(low - 1, top, self._spool.spans(), pace)

    def _in_windows(self, board: Board, progress: ReadProgress) -> Iterator[list[Tree]]:
        workers = range(self._client.profile.workers)
        threads = [threading.Thread(target=self._work, args=[board], daemon=True) for _ in workers]
        for thread in threads:
            thread.start()
        try:
            yield from self._handed_on(board, progress)
        finally:
            board.stop()
            deadline = time.monotonic() + _JOIN_SECONDS
            for thread in threads:  # one that waits for an answer is left to its fate, so that Ctrl-C is prompt
                thread.join(max(0.0, deadline - time.monotonic()))

    def _handed_on(self, board: Board, progress: ReadProgress) -> Iterator[list[Tree]]:
        while (window := board.next(lambda: progress(board.documents, board.expected))) is not None:
            progress(board.documents, board.expected)
            yield from unpacked_documents(self._spool.load(window.low) if window.payload is None else window.payload)

    def _work(self, board: Board) -> None:
        try:
            while (window := board.take(self._room)) is not None:
                self._read_window(board, window)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that writes, which raises it
            board.fail(error)

    def _read_window(self, board: Board, window: Window) -> None:
        kept = Packed()
        if len(self._queries) == 1:
            for page in self._pages(board, window):
                kept.add(page)
        else:
            board.advance(window, window.low, enough=True)
            kept.add(_merged([list(self._all_pages(query, window)) for query in self._queries]))
        if board.stopped:
            return  # left off halfway
        payload = kept.payload()
        self._spool.save(Span(window.low, window.high, kept.documents), payload)
        board.finish(window, payload, kept.documents)

    def _pages(self, board: Board, window: Window) -> Iterator[list[Tree]]:
        """The pages of a window, of which another thread may take the rest at any time.

        The last page may reach beyond the window: that a page is short proves nothing, but what follows it does.
        """
        last, high = window.low, window.high
        enough = False
        while not (enough or board.stopped):
            page = self._page(self._queries[0], last)
            last = page[-1]["id"] if page else last
            enough = not page or last >= high
            high = board.advance(window, last, enough=enough)
            if last >= high:
                page = [document for document in page if document["id"] <= high]
                enough = True
            yield page

    def _all_pages(self, query: Query, window: Window) -> Iterator[Tree]:
        last, high = window.low, window.high
        while last < high and (page := self._page(query, last)):
            yield from (document for document in page if document["id"] <= high)
            last = page[-1]["id"]

    def _by_offset(self, progress: ReadProgress) -> Iterator[list[Tree]]:
        """Page after page, for a resource that cannot be asked for ids above one."""
        self.notices.append(
            f"{self._listing.resource} cannot be read by id and was read page by page; "
            "what came or went meanwhile may be missing: export again to be sure"
        )
        seen: set[object] = set()
        for conditions in self._listing.queries:
            offset, before = 0, None
            while page := self._read([*conditions, ("offset", str(offset))]):
                if page == before:
                    raise ServiceError(
                        f"{self._client.profile} gives the same page of {self._listing.resource} again and again, so "
                        "that what comes after it cannot be read"
                    )
                fresh = [document for document in page if document.get("id") is None or document["id"] not in seen]
                seen.update(document.get("id") for document in fresh)
                progress(len(seen), None)
                yield fresh
                offset, before = offset + len(page), page

    def _room(self) -> int | None:
        return self._client.room

    def _read(self, conditions: Sequence[QueryTerm]) -> list[Tree]:
        return self._client.page(self._listing.resource, conditions, self._listing.fields)


class Packed:
    """Documents as they are kept: a line each, compressed as they come, since most of a document is names."""

    def __init__(self) -> None:
        self.documents = 0
        self._packer = zlib.compressobj(1)
        self._parts: list[bytes] = []

    def add(self, documents: Sequence[Tree]) -> None:
        """Add documents that come after those there are, by id."""
        if documents:
            lines = "".join(f"{_dumps(document)}\n" for document in documents)
            self._parts.append(self._packer.compress(lines.encode()))
            self.documents += len(documents)

    def payload(self) -> bytes:
        """All of it; nothing can be added any more."""
        return b"".join([*self._parts, self._packer.flush()])


def unpacked_documents(payload: bytes) -> Iterator[list[Tree]]:
    """The documents of a payload, some at a time."""
    lines = zlib.decompress(payload).splitlines()
    for start in range(0, len(lines), PAGE):
        batch: list[Tree] = json.loads(b"[%s]" % b",".join(lines[start : start + PAGE]))
        yield batch


def _merged(pages: Sequence[list[Tree]]) -> list[Tree]:
    found = {document["id"]: document for page in pages for document in page}
    return [found[number] for number in sorted(found)]
