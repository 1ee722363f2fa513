"""Files that are attached to documents, fetched whole."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from bulkpo.coupa.answers import names_errors
from bulkpo.coupa.exchange import Exchange
from bulkpo.coupa.outcomes import expect_given
from bulkpo.coupa.queries import QueryRefusedError
from bulkpo.coupa.transport import Answer
from bulkpo.model.profile import Profile

_T = TypeVar("_T")
_MORE_FETCHES = 2
_NOT_TO_BE_HAD = (403, 404, 410)
"""What is said of a file that is not there, or no longer: asking again changes nothing."""


def download(exchange: Exchange, profile: Profile, path: str, wanted: tuple[str, int | None]) -> bytes | None:
    """The content of a file, or None if Coupa says that it is not there; `wanted` is what it is, and its size if known.

    Raises QueryRefusedError where it is not to be had: it is a page, has not the size it is said to have, or others
    than Coupa say that it is not there, which is no proof of that.
    """
    what, size = wanted

    def accept(answer: Answer) -> bytes | QueryRefusedError | None:
        media = answer.headers.get("Content-Type", "")
        if answer.status in _NOT_TO_BE_HAD and not names_errors(answer.body, media):
            return QueryRefusedError(f"{profile} answers {answer.status} for {what}, and not in Coupa's words")
        if answer.status == 404:
            return None
        expect_given(profile, answer, what)
        is_page = media.startswith("text/html")
        if len(answer.body) != size and (size is not None or is_page):
            given = "a page" if is_page else f"{len(answer.body):,} bytes"
            raise QueryRefusedError(f"{profile} gives {given} in place of the file's {size or 'own'} bytes")
        return answer.body

    content = _patiently(lambda: exchange.read(path, accept, _NOT_TO_BE_HAD))
    if isinstance(content, QueryRefusedError):
        raise content
    return content


def _patiently(fetch: Callable[[], _T]) -> _T:
    """What a fetch gives; a page in place of a file may be a gateway's, and pass."""
    for _ in range(_MORE_FETCHES):
        with suppress(QueryRefusedError):
            return fetch()
    return fetch()
