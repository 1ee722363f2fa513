"""Answers that never end, are too large or make no sense: each has a bound, and what is unclear stays unclear."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from itertools import chain

import pytest
from raw_server import Script, dripped, framed, raw_server
from world import QuickClock

from bulkpo.coupa import connections, transport
from bulkpo.coupa.answers import JSON, XML, UnreadableAnswer, read_documents
from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.limiter import SystemClock
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Unclear
from bulkpo.errors import ServiceError, StoppedError
from bulkpo.model.profile import Profile, Secret

HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"


def profile_at(url: str, timeout: str = "0.4") -> Profile:
    return Profile("acme", url, "me", Secret("x"), (), timeout=Decimal(timeout), rate=None)


def created(script: Script, timeout: str = "0.4") -> Outcome:
    with raw_server(script) as url, CoupaClient(profile_at(url, timeout)) as client:
        return client.create("purchase_orders", b"<order-header/>", XML)


def endless_continues(_: bytes) -> Iterator[bytes]:
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n"


def endless_headers(_: bytes) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-More: y\r\n"


@pytest.mark.parametrize(
    "script",
    [
        lambda _: dripped(framed(b'{"id": 7}'), 0.2),
        lambda _: chain([HEAD + b"Content-Length: 100\r\n\r\n"], dripped(b"[" * 50, 0.2)),
        lambda _: dripped(HEAD + b"X-Slow: " + b"a" * 1000, 0.1),
    ],
    ids=["a byte every fifth of a second", "a body that drips", "a header that drips"],
)
def test_an_answer_that_is_not_whole_in_time_is_unclear(script: Script) -> None:
    outcome = created(script)
    assert isinstance(outcome, Unclear)
    assert outcome.reason == "no whole answer within 1.2 seconds"


@pytest.mark.parametrize(
    "script",
    [
        endless_continues,
        endless_headers,
        lambda _: iter([HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"]),
        lambda _: iter([HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n"]),
        lambda _: iter([HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}"]),
        lambda _: iter([HEAD + b"Content-Length: -1\r\n\r\n{}"]),
        lambda _: iter([HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"]),
        lambda _: iter([b"HTTP/9.9 abc\r\n\r\n"]),
        lambda _: iter([b"\x00\xff" * 100_000]),
        lambda _: iter([b""]),
    ],
)
def test_an_answer_that_makes_no_sense_is_unclear(script: Script) -> None:
    outcome = created(script)
    assert isinstance(outcome, Unclear)
    assert not outcome.is_final


@pytest.mark.parametrize(
    "ends", [b"HTTP/1.1 201 Created\r\n", HEAD, HEAD + b"X: " + b"a" * 70_000, HEAD + b"A: 1\r\n" * 150]
)
def test_a_2xx_is_taken_from_its_first_line_on_wherever_the_answer_ends(ends: bytes) -> None:
    outcome = created(lambda _: iter([ends]))
    assert isinstance(outcome, Unclear)
    assert outcome.was_taken


@pytest.mark.parametrize("number", [b"0", b"-7", b"null", b"true", b"1.5"])
def test_an_answer_whose_id_is_none_is_taken(number: bytes) -> None:
    outcome = created(lambda _: iter([framed(b'{"id": %b}' % number)]))
    assert isinstance(outcome, Unclear)
    assert outcome.was_taken


@pytest.mark.parametrize("interim", [b"102 Processing", b"103 Early Hints\r\nLink: </style.css>"])
def test_what_comes_before_an_answer_is_not_taken_for_it(interim: bytes) -> None:
    outcome = created(lambda _: iter([b"HTTP/1.1 %b\r\n\r\n" % interim, framed(b'{"id": 7}')]))
    assert isinstance(outcome, Created)
    assert outcome.id == 7


def test_nothing_is_asked_on_a_connection_that_changed_its_protocol() -> None:
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"
    assert isinstance(created(lambda _: iter([switch])), Unclear)


def test_an_action_answered_about_another_document_is_taken_and_not_done_to_that_one() -> None:
    with raw_server(lambda _: iter([framed(b'{"id": 8}')])) as url, CoupaClient(profile_at(url)) as client:
        outcome = client.act("purchase_orders", 7, "issue")
    assert outcome == Unclear("the instance was asked about the id 7 and answered about 8", was_taken=True)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (framed(b'{"id": 8}'), "it was asked for the id 7 and answers about 8"),
        (
            framed(b'{"id": 7}', b"HTTP/1.1 200 OK\r\nAge: 120"),
            "a cache answers for it, with what was so 120 seconds ago",
        ),
    ],
)
def test_a_document_of_another_id_or_from_a_cache_is_asked_for_again(answer: bytes, said: str) -> None:
    with (
        raw_server(lambda _: iter([answer])) as url,
        CoupaClient(profile_at(url), QuickClock()) as client,
        pytest.raises(ServiceError) as told,
    ):
        client.show("purchase_orders", 7)
    assert str(told.value) == f"acme ({url}) cannot be read: {said}, after 6 tries; try again later"


def test_an_answer_beyond_all_bounds_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_LARGE", 1 << 20)

    def endless(_: bytes) -> Iterator[bytes]:
        yield HEAD + b"Content-Length: 10000000000\r\n\r\n"
        while True:
            yield b" " * 65536

    assert created(endless, timeout="20") == Unclear("an answer of more than 1 MB", was_taken=True)


def test_large_answers_to_many_threads_are_all_understood() -> None:
    large = framed(b'[{"id": 7}]' + b" " * (9 << 20))
    with (
        raw_server(lambda _: iter([large])) as url,
        CoupaClient(profile_at(url, "20"), QuickClock()) as client,
        ThreadPoolExecutor(6) as pool,
    ):
        pages = list(pool.map(lambda _: client.page("purchase_orders", []), range(12)))
    assert pages == [[{"id": 7}]] * 12


def test_an_answer_of_millions_of_elements_is_not_understood() -> None:
    with pytest.raises(UnreadableAnswer, match=r"^the answer holds more than 2,000,000 elements$"):
        read_documents(b"[" + b"{}," * 2_000_000 + b"{}]", JSON)


def test_setting_stop_ends_a_wait_at_once() -> None:
    stop = threading.Event()
    script = lambda _: iter([framed(b"", b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 40")])  # noqa: E731
    with raw_server(script) as url, CoupaClient(profile_at(url), SystemClock(stop)) as client:
        assert isinstance(client.create("purchase_orders", b"", XML), NotMade)  # from here on everybody waits
        before = client.requests
        threading.Timer(0.2, stop.set).start()
        with pytest.raises(StoppedError):
            client.page("purchase_orders", [])  # which asks once more where it has waited to the end
        assert client.create("purchase_orders", b"", XML) == NotMade("stopped while waiting for the instance")
        assert client.requests == before


@pytest.mark.parametrize("said", [b"86400", b"1e30", b"Fri, 31 Dec 2027 23:59:59 GMT"])
def test_a_wait_of_a_day_ends_the_run_with_words(said: bytes) -> None:
    script = lambda _: iter([framed(b"", b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: " + said)])  # noqa: E731
    outcome = created(script)
    assert isinstance(outcome, NotMade)
    assert outcome.is_final
    assert "asks to wait 86,400 seconds or more (429); what is left waits" in outcome.reason
    with raw_server(script) as url, CoupaClient(profile_at(url)) as client, pytest.raises(ServiceError, match="86,400"):
        client.page("purchase_orders", [])


def test_a_date_to_wait_for_is_heeded() -> None:
    head = (
        b"HTTP/1.1 429 Too Many Requests\r\nDate: Fri, 27 Nov 2026 10:00:00 GMT\r\n"
        b"Retry-After: Fri, 27 Nov 2026 10:00:03 GMT"
    )
    assert created(lambda _: iter([framed(b"", head)])) == NotMade("too many requests (429)", Decimal(3))


@pytest.mark.parametrize("secret", ["sandbox", "1", "Acme", "a secret of 15."])
def test_a_word_of_the_data_that_is_the_secret_too_stays_as_it_is(secret: str) -> None:
    said = f"sand for the sandbox, 1 ton, Acme; {secret}"
    script = lambda _: iter([framed(f'[{{"id": 1, "description": "{said}"}}]'.encode())])  # noqa: E731
    with raw_server(script) as url, CoupaClient(replace(profile_at(url), client_secret=Secret(secret))) as client:
        assert client.page("purchase_orders", []) == [{"id": 1, "description": said}]


def test_a_connection_that_was_idle_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MOST_IDLE_SECONDS", 0)
    asked = []

    def script(head: bytes) -> Iterator[bytes]:
        asked.append(head)
        yield framed(b'{"id": 7}').replace(b"Connection: close", b"Connection: keep-alive")
        time.sleep(1)  # the connection stays open, and would take another request without an answer

    with raw_server(script) as url, CoupaClient(profile_at(url)) as client:
        for _ in range(2):
            client.create("purchase_orders", b"", XML)
    assert len(asked) == 2
