"""What a request that changes something came to: one contract for creates, actions, marks and records.

Nothing is repeated blindly: only `NotMade` proves that nothing was made, so that the request can be sent again.
`Unclear` must be settled by a look-up.

| what came back | outcome | why |
| --- | --- | --- |
| 200 or 201 with a document and its id | Created | done |
| any other 2xx, one cut short or that cannot be read | Unclear, taken | done, but not what was made |
| 400, 413 and 422; any other 4xx with an `errors` body | Refused | the instance looked at it and said no |
| 429 | NotMade | turned away before it was looked at; `retry_after` says when to come back |
| 401, with a fresh token too | NotMade | turned away before it was looked at |
| 403 with an `errors` body as Coupa writes it | NotMade, final | Coupa's own word that the scope is missing |
| any other 403, and 407 | Unclear | a gateway or proxy spoke, and nobody knows what it had passed on |
| 408, 5xx | Unclear | whoever answered does not say what was done |
| 3xx, and any other 4xx | Unclear, final | somebody else than Coupa answers at this address |
| no connection, no tunnel, no end of the handshake | NotMade | the request cannot have left |
| no token, or a certificate refused in the handshake | NotMade, final | the same, and trying again cannot help |
| anything lost after that: reset, timeout, cut short, TLS torn | Unclear | it may have arrived |

A 2xx that is not Coupa's, such as a login page, is final as well. *Final* ends the run: what is wrong is wrong for
every request, and a person has to mend it. *Taken* is never sent again: whatever a look-up shows or lacks, the instance
has said that it took it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from bulkpo.coupa.answers import UnreadableAnswer, is_data, messages, names_errors, read_document
from bulkpo.coupa.queries import QueryRefusedError
from bulkpo.coupa.transport import Answer, Lost
from bulkpo.model.profile import Profile
from bulkpo.model.tree import Tree
from bulkpo.schema.scopes import scope_of_request

_MOST_HOST = 253  # RFC 1035
_LOOKED_AT = (400, 413, 422)  # refusals of the document itself, whoever words them


@dataclass(frozen=True, slots=True)
class Created:
    """Done. `document` is what the instance answered with."""

    id: int
    document: Tree


@dataclass(frozen=True, slots=True)
class Refused:
    """The instance looked at it and said no; `messages` are its reasons, in its words."""

    messages: tuple[str, ...]
    status: int


@dataclass(frozen=True, slots=True)
class NotMade:
    """Nothing was made, and that is sure. `retry_after` is in seconds; `is_final` where trying again cannot help."""

    reason: str
    retry_after: Decimal | None = None
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have been made or not: the answer was lost or cannot be read. `was_taken` where the status was a 2xx.

    `is_final` where somebody else than Coupa answers, so that asking for more would only make more of it unclear.
    """

    reason: str
    was_taken: bool = False
    is_final: bool = False


Outcome = Created | Refused | NotMade | Unclear


def outcome_of(profile: Profile, answer: Answer | Lost) -> Outcome:
    """What an answer, or the lack of one, says of the request: the table above."""
    if isinstance(answer, Lost):
        if not answer.sent:
            return NotMade(answer.reason)
        return Unclear(answer.reason, was_taken=answer.status is not None and 200 <= answer.status < 300)
    status, media = answer.status, answer.headers.get("Content-Type", "")
    if 200 <= status < 300:
        return _made(profile, answer, media)
    if 300 <= status < 400:
        return Unclear(redirected(profile, answer), is_final=True)
    if 400 <= status < 500 and status not in (407, 408):
        return _turned_away(profile, answer, media)
    return Unclear(f"the instance answered {status}")


def _turned_away(profile: Profile, answer: Answer, media: str) -> Outcome:
    status = answer.status
    if status == 429:
        return NotMade("too many requests (429)", retry_seconds(answer))
    if status == 401:
        return NotMade("the instance turns its own token away (401)")
    if status == 403:
        if names_errors(answer.body, media):
            return NotMade(forbidden(profile, answer), is_final=True)
        return Unclear("the instance answered 403, but not in Coupa's words")
    said = messages(answer.body, media)
    if status not in _LOOKED_AT and not names_errors(answer.body, media):
        return Unclear(
            f"{profile} answers {status}, but not in Coupa's words{(said and ': ' + '; '.join(said)) or ''}; check the "
            "profile's url and what stands between",
            is_final=True,
        )
    return Refused(said or (f"the instance answered {status} and gave no reason",), status)


def forbidden(profile: Profile, answer: Answer) -> str:
    """What to do about an answer of 403, with the instance's own reason."""
    said = "; ".join(messages(answer.body, answer.headers.get("Content-Type", "")))
    needed = scope_of_request(answer.request.method, answer.request.path)
    advice = f"grant the client {needed} in Coupa" + (", and list it in the profile" if profile.has_own_scopes else "")
    return f"{profile} does not allow this, and nothing was done (403{said and ': ' + said}); {advice}"


def redirected(profile: Profile, answer: Answer) -> str:
    """What to do about an answer that sends its caller to another address."""
    try:
        target = urlsplit(answer.headers.get("Location", ""))
        where = f"to {target.scheme or 'https'}://{target.hostname[:_MOST_HOST]}" if target.hostname else "elsewhere"
    except ValueError:
        where = "elsewhere"
    return (
        f"{profile} sends its callers {where} ({answer.status}), which is not followed so that no credential goes "
        "astray; if that is your instance, write it as the profile's url"
    )


def retry_seconds(answer: Answer) -> Decimal | None:
    """How long `Retry-After` asks to wait: seconds, whole or decimal, or until a date; None where it says nothing."""
    said = answer.headers.get("Retry-After", "")
    try:
        seconds = Decimal(said)
    except InvalidOperation:
        return _seconds_until(said, answer.headers.get("Date", ""))
    return seconds if seconds.is_finite() and seconds >= 0 else None


def _seconds_until(moment: str, now: str) -> Decimal | None:
    """The seconds up to a date as HTTP writes it, from the answer's own date if it has one."""
    try:
        until = parsedate_to_datetime(moment)
        since = parsedate_to_datetime(now) if now else datetime.now(UTC)
        return Decimal(max(0, int((until - since).total_seconds())))
    except (ValueError, TypeError, OverflowError):
        return None


def _made(profile: Profile, answer: Answer, media: str) -> Created | Unclear:
    try:
        if answer.status in (200, 201):
            document = read_document(answer.body, media)
            if isinstance(number := document.get("id"), int):
                return Created(number, document)
    except UnreadableAnswer:
        pass
    reason = f"the instance answered {answer.status}, but not with the document and its id"
    if answer.body and not is_data(media):
        reason = f"{profile} answers {answer.status} with a page, and not as Coupa does; check the profile's url"
        return Unclear(reason, was_taken=True, is_final=True)
    return Unclear(reason, was_taken=True)


def expect_given(profile: Profile, answer: Answer, what: str) -> None:
    """Raise QueryRefusedError with Coupa's reason where what was asked for is not given."""
    if answer.status != 200:
        said = "; ".join(messages(answer.body, answer.headers.get("Content-Type", "")))
        raise QueryRefusedError(f"{profile} refuses to give {what} ({answer.status}): {said or 'no reason given'}")
