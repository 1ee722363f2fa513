"""Answers no instance should give, and what bulkpo makes of each: observed, never written by hand.

An answer is made of the body that would be right, so that what is wrong with it is the one thing that is wrong.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import repeat

from raw_server import Script, framed, raw_server
from world import QuickClock

from bulkpo.coupa.answers import XML
from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile, Secret

CREATE, LIST, TOKEN = "create", "list", "token"
RIGHT = {
    CREATE: b'{"id": 7, "po-number": "PO-1", "status": "draft", "version": 1}',
    LIST: b'[{"id": 7, "po-number": "PO-1", "status": "draft", "version": 1}]',
    TOKEN: b'{"access_token": "a-token-of-some-length", "expires_in": 86399}',
}
_OK = {CREATE: b"201 Created", LIST: b"200 OK", TOKEN: b"200 OK"}
_ADDRESS = re.compile(r" ?\(http://[^)]*\)")
_MOST_SAID = 110
_MB = 1 << 20
_LINES = 50_000
_AT_ONCE = 12


@dataclass(frozen=True)
class HostileAnswer:
    """An answer in words, and its bytes: a head and a body around `RIGHT`, or `pieces` as they are.

    In `body`, RIGHT stands for `RIGHT`, and OPEN and SHUT for the brackets of a list, where it is one; `status` is the
    usual one if it is empty. After the pieces `goes_on` comes without end. `places` are where it is given.
    """

    name: str
    body: bytes = b"RIGHT"
    status: bytes = b""
    media: bytes = b"application/json"
    more: bytes = b""
    pieces: tuple[bytes, ...] = ()
    goes_on: bytes = b""
    places: tuple[str, ...] = (CREATE, LIST, TOKEN)

    def script(self, place: str) -> Script:
        """The bytes in a place."""

        def answer(_: bytes) -> Iterator[bytes]:
            right = RIGHT[place]
            if not self.pieces and not self.goes_on:
                head = b"HTTP/1.1 %b\r\n%b" % (self.status or _OK[place], self.more)
                body = self.body.replace(b"RIGHT", right)
                for mark, list_mark in ((b"OPEN", b"["), (b"SHUT", b"]")):
                    body = body.replace(mark, list_mark if place == LIST else b"")
                yield framed(body, head.removesuffix(b"\r\n"), self.media)
                return
            yield from (piece.replace(b"RIGHT", right) for piece in self.pieces)
            yield from repeat(self.goes_on) if self.goes_on else ()

        return answer


def _head(name: str, line: bytes) -> HostileAnswer:
    return HostileAnswer(name, more=line + b"\r\n")


def _raw(name: str, *pieces: bytes, goes_on: bytes = b"") -> HostileAnswer:
    return HostileAnswer(name, pieces=pieces, goes_on=goes_on)


def _chunked(name: str, chunks: bytes, goes_on: bytes = b"") -> HostileAnswer:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return HostileAnswer(f"chunks: {name}", pieces=(head, chunks), goes_on=goes_on)


def _long(name: str, length: bytes) -> HostileAnswer:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %b\r\nConnection: close\r\n\r\n"
    return HostileAnswer(f"a length of {name}", pieces=(head % length, b"RIGHT"))


def _id(name: str, value: str) -> HostileAnswer:
    one = f'OPEN{{"id": {value}, "po-number": "PO-1", "status": "draft"}}SHUT'
    return HostileAnswer(f"an id: {name}", one.encode(), places=(CREATE, LIST))


def _fact(name: str, pair: str) -> HostileAnswer:
    one = f'OPEN{{"id": 7, "po-number": "PO-1", {pair}}}SHUT'
    return HostileAnswer(name, one.encode("utf-8", "surrogatepass"), places=(CREATE, LIST))


def _said(name: str, body: bytes, status: bytes = b"400 Bad Request") -> HostileAnswer:
    return HostileAnswer(f"{status[:3].decode()}: {name}", body, status)


def _of_token(name: str, body: str) -> HostileAnswer:
    return HostileAnswer(f"a token: {name}", body.encode("utf-8", "surrogatepass"), places=(TOKEN,))


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(_MB)) for _ in range(megabytes)), packer.flush()])


def _entities() -> bytes:
    ten = b"".join(b'<!ENTITY e%d "%b">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 10))
    return b'<!DOCTYPE a [<!ENTITY e0 "ha">%b]><a><id type="integer">7</id><b>&e9;</b></a>' % ten


_GZIP = b"Content-Encoding: gzip\r\n"
_WAIT = b"429 Too Many Requests"
_XML = b"application/xml"
_UNFRAMED = (
    _raw("nothing at all", b""),
    _raw("bytes that are no HTTP", b"\x00\xff" * 50_000),
    _raw("a page without a head, as in HTTP/0.9", b"<html>hello</html>"),
    _raw("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    _raw("the alert of a TLS server", b"\x15\x03\x01\x00\x02\x02\x28"),
    _raw("a version that does not exist", b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n[]"),
    _raw("a first line of 10 MB", b"HTTP/1.1 200 " + b"x" * 10 * _MB + b"\r\n\r\n"),
    _raw("a header of 10 MB", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10 * _MB + b"\r\n\r\n"),
    _raw("50,000 cookies", b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * _LINES + b"\r\n"),
    _raw("headers without end", b"HTTP/1.1 200 OK\r\n", goes_on=b"X: y\r\n"),
    replace(_raw("100 Continue without end", goes_on=b"HTTP/1.1 100 Continue\r\n\r\n"), places=(CREATE,)),
    replace(_raw("102 Processing without end", goes_on=b"HTTP/1.1 102 Processing\r\n\r\n"), places=(CREATE,)),
    _raw("101, and another protocol", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello"),
    _chunked("a size of -5", b"-5\r\nhello\r\n0\r\n\r\n"),
    _chunked("a size of ZZ", b"ZZ\r\nhello\r\n0\r\n\r\n"),
    _chunked("a size of 4,000 digits", b"1" * 4000 + b"\r\nx"),
    _chunked("a size of 100,000 digits", b"1" * 100_000 + b"\r\nx"),
    _chunked("an empty size", b"\r\n[]\r\n0\r\n\r\n"),
    _chunked("a note of 1 MB", b"2;" + b"n" * _MB + b"\r\n[]\r\n0\r\n\r\n"),
    _chunked("no last one", b"2\r\n[]\r\n"),
    _chunked("50,000 trailers", b"2\r\n[]\r\n0\r\n" + b"T: x\r\n" * _LINES),
    _long("-1", b"-1"),
    _long("5,000 digits", b"9" * 5000),
    _long("1e3", b"1e3"),
    _long("2, 3", b"2, 3"),
    _long("nothing", b""),
    _long("20 digits", b"9" * 20),
)
_STATUSES = tuple(
    HostileAnswer(f"status {name}", status=status)
    for name, status in (
        ("999", b"999 Odd"), ("600", b"600 Odd"), ("99", b"99 Odd"), ("000", b"000 Odd"), ("-200", b"-200 OK"),
        ("2000", b"2000 OK"), ("abc", b"abc OK"), ("204 with a body", b"204 No Content"),
        ("206", b"206 Partial Content"), ("200 in Arabic digits", "\u0662\u0660\u0660 OK".encode()),
    )
)  # fmt: skip
_HEADS = (
    _head("a header without a colon", b"nonsense"),
    _head("a header with NUL and ESC", b"X\x00: \x1b[2J\x00"),
    _head("br, which was not asked for", b"Content-Encoding: br"),
    _head("gzip, of what is none", b"Content-Encoding: gzip"),
    _head("deflate, of what is none", b"Content-Encoding: deflate"),
    _head("gzip a thousand times", b"Content-Encoding: " + b", ".join([b"gzip"] * 1000)),
    HostileAnswer("gzip, cut short", gzip.compress(b"[" * 1000)[:-9], more=_GZIP),
    HostileAnswer("gzip of 300 MB", _bomb(300), more=_GZIP, places=(CREATE,)),
    HostileAnswer("UTF-16 that says so", media=b"application/json; charset=utf-16", body="[]".encode("utf-16")),
    HostileAnswer("a letter set that does not exist", media=b"application/json; charset=nonsense"),
    HostileAnswer("no kind", media=b""),
    HostileAnswer("a kind of 60 KB", media=b"a" * 60_000 + b"/json"),
    HostileAnswer("a page as JSON", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
    HostileAnswer("a page", b"<html>sign in</html>", media=b"text/html"),
)
_REDIRECTS = tuple(
    HostileAnswer(f"302 to {name}", b"", b"302 Found", more=b"Location: %b\r\n" % where)
    for name, where in (
        ("`http://[::1`", b"http://[::1"), ("a file", b"file:///etc/passwd"), ("//evil.example", b"//evil.example"),
        ("an address with a password", b"https://me:secret@evil.example/?t=secret"), ("nowhere", b""),
        ("control characters", b"\x00\x1b[31m"), ("a port of 99999", b"http://evil.example:99999/"),
        ("a script", b"javascript:alert(1)"), ("itself", b"/oauth2/token"),
    )
)  # fmt: skip
_WAITS = tuple(
    HostileAnswer(f"429, wait {name}", b"", _WAIT, more=b"Retry-After: %b\r\n" % said, places=(CREATE,))
    for name, said in (
        ("1e30 seconds", b"1e30"), ("-5 seconds", b"-5"), ("nan", b"nan"), ("infinity", b"inf"),
        ("until 9999", b"Fri, 31 Dec 9999 23:59:59 GMT"), ("until 99999", b"Fri, 31 Dec 99999 23:59:59 GMT"),
        ("5,000 digits", b"9" * 5000), ("1e-30 seconds", b"1e-30"), ("1e999999999999999999", b"1e999999999999999999"),
        ("31 February", b"31 Feb 2026"), ("bytes", b"\xff"),
    )
)  # fmt: skip
_IDS = tuple(
    _id(name, value)
    for name, value in (
        ("20 digits", "1" * 20), ("400 digits", "1" * 400), ("5,000 digits", "1" * 5000), ("-5", "-5"), ("0", "0"),
        ("7.5", "7.5"), ("1e30", "1e30"), ("true", "true"), ("null", "null"), ("a list", "[7]"),
        ("an object", '{"id": 7}'), ("text", '"abc"'), ("a way out", '"../../x?y"'),
        ("Arabic digits", '"\u0667\u0667"'),
        ("7_7", '"7_7"'), ("half a character", '"\\ud800"'), ("NaN", "NaN"), ("digits as text", '"7"'),
    )
)  # fmt: skip
_FACTS = tuple(
    _fact(name, pair)
    for name, pair in (
        ("a status that is a list", '"status": ["a"]'), ("a status of half a character", '"status": "\\ud800"'),
        ("a status of 1 MB", f'"status": "{"x" * _MB}"'), ("a version that is an object", '"version": {"a": 1}'),
        ("a version of 4,000 digits", f'"version": {"1" * 4000}'), ("lines that are text", '"order-lines": "x"'),
        ("lines that are nothing", '"order-lines": [null, 1, []]'), ("a date that is none", '"updated-at": "soon"'),
        ("a name of half a character", '"\\ud800": 1'),
        ("100,000 elements", ", ".join(f'"e{i}": 1' for i in range(100_000))),
        ("a key twice", '"id": 8'), ("a number of 1 MB", f'"a": {"1" * _MB}'), ("Infinity", '"a": -Infinity'),
    )
)  # fmt: skip
_SHAPES = tuple(
    HostileAnswer(name, body)
    for name, body in (
        ("nothing in the body", b""), ("a mark of UTF-8 first", b"\xef\xbb\xbfRIGHT"), ("NUL at the end", b"RIGHT\0\0"),
        ("twice the same", b"RIGHTRIGHT"), ("a byte of Latin-1", b'["\xe9"]'), ("null", b"null"), ("true", b"true"),
        ("a number", b"1"), ("text", b'"text"'), ("lists of lists", b"[[[]]]"), ("a list of nothing", b"[null, null]"),
        ("100,000 open brackets", b"[" * 100_000), ("100,000 open braces", b'{"a":' * 100_000),
        ("lists 900 deep", b"[" * 900 + b"]" * 900), ("1 MB of digits", b"1" * _MB), ("only blanks", b" " * 1000),
        ("half a character in UTF-8", b'["\xed\xa0\x80"]'),
    )
)  # fmt: skip
_MARKUP = tuple(
    HostileAnswer(f"XML: {name}", body, media=_XML)
    for name, body in (
        ("a document type", b'<!DOCTYPE a [<!ENTITY x "y">]><a><id type="integer">7</id></a>'),
        ("entities that multiply", _entities()),
        ("an entity of this machine's files",
         b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><id>7</id><b>&x;</b></a>'),
        ("100,000 deep", b"<a>" * 100_000),
        ("an encoding that does not exist", b'<?xml version="1.0" encoding="no"?><a/>'),
        ("an id of 20 digits", b'<order-header><id type="integer">%b</id></order-header>' % (b"1" * 20)),
        ("an empty error", b"<errors><error/></errors>"), ("100,000 elements", b"<a>%b</a>" % (b"<b/>" * 100_000)),
    )
)  # fmt: skip
_REFUSALS = (
    _said("half characters in the reason", b'{"errors": ["\\ud800 is \\udfff taken"]}'),
    _said("control characters in the reason", b'{"errors": {"\\u001b[31m\\n": ["x\\u0000y"]}}'),
    _said("errors that are null", b'{"errors": null}'),
    _said("errors that are a number", b'{"errors": 7}'),
    _said("a reason of 1 MB", b'{"errors": ["%b"]}' % (b"x" * _MB)),
    _said("100,000 reasons", b'{"errors": [%b]}' % b",".join(b'"reason %d"' % number for number in range(100_000))),
    _said("reasons 900 deep", b'{"errors": %b"x"%b}' % (b"[" * 900, b"]" * 900)),
    _said("half characters in the reason", b'{"errors": ["\\ud800"]}', b"403 Forbidden"),
    _said("errors that are null", b'{"errors": null}', b"404 Not Found"),
)
_TOKENS = tuple(
    _of_token(name, body)
    for name, body in (
        ("with a line's end", '{"access_token": "a\\r\\nX: y", "expires_in": 60}'),
        ("with a blank", '{"access_token": "a b"}'), ("empty", '{"access_token": ""}'),
        ("a list", '{"access_token": ["a"]}'), ("a number", '{"access_token": 7}'),
        ("with é", '{"access_token": "é"}'), ("half a character", '{"access_token": "\\ud800"}'),
        ("of 1 MB", f'{{"access_token": "{"t" * _MB}"}}'),
        ("for -5 seconds", '{"access_token": "t", "expires_in": -5}'),
        ("for 400 digits of seconds", f'{{"access_token": "t", "expires_in": {"9" * 400}}}'),
        ("for NaN seconds", '{"access_token": "t", "expires_in": NaN}'),
        ("for one second", '{"access_token": "t", "expires_in": 1}'),
        ("for a list", '{"access_token": "t", "expires_in": [1]}'), ("an error that is a list", '{"error": ["x"]}'),
    )
)  # fmt: skip
ANSWERS = (
    *_UNFRAMED, *_STATUSES, *_HEADS, *_REDIRECTS, *_WAITS, *_IDS, *_FACTS, *_SHAPES, *_MARKUP, *_REFUSALS, *_TOKENS,
)  # fmt: skip


def rows() -> list[str]:
    """The lines of the table; most of the time goes into waits between tries, so that many are observed at once."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(_row_of, ANSWERS))


def _row_of(answer: HostileAnswer) -> str:
    """A line of the table: what becomes of a create, a list and a token that are answered so."""
    cells = [_outcome(answer, place) if place in answer.places else "" for place in (CREATE, LIST, TOKEN)]
    return f"| {' | '.join(cell.replace('|', '/') for cell in (answer.name, *cells))} |"


def _outcome(answer: HostileAnswer, place: str) -> str:
    others = (lambda _: iter([framed(b"[]")])) if place == TOKEN else answer.script(place)
    token = answer.script(TOKEN) if place == TOKEN else None
    is_endless = bool(answer.goes_on)
    profile = Profile("acme", "", "me", Secret("x"), (), timeout=Decimal(1 if is_endless else 20), rate=None)
    with (
        raw_server(others, token_script=token) as url,
        CoupaClient(replace(profile, url=url), QuickClock()) as client,
    ):
        if place == CREATE:
            return _made(client.create("purchase_orders", b"<order-header/>", XML, "po-number"))
        try:
            found = client.page("purchase_orders", [])
        except ServiceError as error:
            return f"ends with 4: {_short(str(error))}"
        return "taken" if place == TOKEN else f"{len(found)} taken"


def _made(outcome: Outcome) -> str:
    match outcome:
        case Created(number, _):
            return f"created, id {number}"
        case Refused(messages, _):
            return f"refused: {_short('; '.join(messages))}"
        case NotMade(reason, wait, is_final):
            waited = "" if wait is None else f", after {wait:g} s"
            return f"ends the run: {_short(reason)}" if is_final else f"sent again{waited}"
        case _:
            known = "taken: looked up, and never sent again" if outcome.was_taken else "unclear: looked up"
            return f"{known}; ends the run" if outcome.is_final else known


def _short(text: str) -> str:
    plain = json.dumps(_ADDRESS.sub("", text), ensure_ascii=False)[1:-1].replace('\\"', '"')
    return plain if len(plain) <= _MOST_SAID else f"{plain[:_MOST_SAID]}…"
