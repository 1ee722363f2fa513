"""The client against a server on loopback that answers what a test tells it to, and remembers what it was asked."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, NotMade, Refused, Unclear
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Format, Profile, Secret

XML = "application/xml"
SHORT = "fields=%5B%22id%22,%22status%22,%22version%22,%22updated_at%22%5D"
ORDER = {"id": 7, "po-number": "00042", "order-lines": [{"id": 1, "price": "5.10"}]}


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Reply:
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    media: str = "application/json"
    fault: str = ""  # "reset": close without a word; "hang": stay silent until the server stops; "half": half a body


class ScriptedInstance:
    """Answers requests one after the other with the replies it was given; tokens are always given, and counted."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.asked: list[Asked] = []
        self.tokens = 0
        self.token_reply: Reply | None = None
        self.granted: set[str] | None = None
        self.scopes: list[str] = []
        self.expires_in = 86400
        self.over = threading.Event()
        self.lock = threading.Lock()

    def say(self, *bodies: object, status: int = 200) -> None:
        self.replies += [Reply(status, json.dumps(body)) for body in bodies]

    def then(self, *replies: Reply) -> None:
        self.replies += replies

    def reply(self, asked: Asked) -> Reply:
        with self.lock:
            if asked.path == "/oauth2/token":
                self.tokens += 1
                self.scopes.append(parse_qs(asked.body)["scope"][0])
                if self.granted is not None and set(self.scopes[-1].split()) - self.granted:
                    return Reply(400, '{"error": "invalid_scope"}')
                token = {"access_token": f"token-{self.tokens}", "expires_in": self.expires_in}
                return self.token_reply or Reply(body=json.dumps(token))
            self.asked.append(asked)
            return self.replies.pop(0)


class ManualClock:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.time = 0
        self.waits: list[Decimal] = []

    def now(self) -> int:
        return self.time

    def wait(self, nanoseconds: int) -> None:
        self.time += nanoseconds
        self.waits.append(Decimal(nanoseconds) / 1_000_000_000)


def handler(instance: ScriptedInstance) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            reply = instance.reply(Asked(self.command, self.path, dict(self.headers), body))
            if reply.fault == "hang":
                instance.over.wait(30)
            if reply.fault in ("reset", "hang"):
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            data = reply.body.encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.media, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data) + (10 if reply.fault == "half" else 0)))
            self.end_headers()
            self.wfile.write(data)
            self.close_connection = self.close_connection or reply.fault == "half"

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    return Handler


@pytest.fixture
def instance() -> ScriptedInstance:
    return ScriptedInstance()


@pytest.fixture
def profile(instance: ScriptedInstance) -> Iterator[Profile]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(instance))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Profile(
        "acme",
        url=f"http://127.0.0.1:{server.server_port}",
        client_id="me",
        client_secret=Secret("hush-hush"),
        scopes=("core.purchase_order.read", "core.purchase_order.write"),
        timeout=Decimal("0.5"),
        workers=4,
    )
    instance.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def make_client(profile: Profile, clock: ManualClock) -> Iterator[Callable[..., CoupaClient]]:
    made: list[CoupaClient] = []

    def make(**changes: object) -> CoupaClient:
        made.append(
            CoupaClient(
                replace(profile, **changes),  # type: ignore[arg-type]  # a test names fields of a profile
                clock,
            )
        )
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_client: Callable[..., CoupaClient]) -> CoupaClient:
    return make_client()


def query_of(path: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(path).query)


# Creating


def test_a_create_says_what_was_made(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say(ORDER, status=201)
    assert client.create("purchase_orders", b"<order-header/>", XML) == Created(7, ORDER)
    (asked,) = instance.asked
    assert (asked.method, asked.path, asked.body) == (
        "POST",
        f"/api/purchase_orders?{SHORT}",
        "<order-header/>",
    )
    assert (asked.headers["Content-Type"], asked.headers["Accept"]) == (XML, XML)
    assert asked.headers["Authorization"] == "Bearer token-1"


def test_an_answer_of_200_is_a_create_too(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say(ORDER)
    assert client.create("purchase_orders", b"{}", "application/json") == Created(7, ORDER)


def test_a_create_answered_in_xml_gives_the_same_tree(client: CoupaClient, instance: ScriptedInstance) -> None:
    body = (
        '<?xml version="1.0"?><order-header><id type="integer">7</id><po-number>00042</po-number><order-lines '
        'type="array"><order-line><id type="integer">1</id><price type="decimal">5.10</price></order-line>'
        "</order-lines></order-header>"
    )
    instance.then(Reply(201, body, media="application/xml; charset=utf-8"))
    assert client.create("purchase_orders", b"<order-header/>", XML) == Created(7, ORDER)


@pytest.mark.parametrize(
    ("answer", "messages"),
    [
        (Reply(400, '{"errors": {"order_header": ["bad", "late"]}}'), ("order-header: bad", "order-header: late")),
        (
            Reply(400, "<errors><error><![CDATA[bad]]></error><error>\n late\n</error></errors>", media=XML),
            ("bad", "late"),
        ),
        (Reply(400, "<html>no</html>", media="text/html"), ("the instance answered 400 and gave no reason",)),
        (Reply(400, media=XML), ("the instance answered 400 and gave no reason",)),
    ],
)
def test_a_refusal_gives_the_instances_reasons(
    client: CoupaClient, instance: ScriptedInstance, answer: Reply, messages: tuple[str, ...]
) -> None:
    instance.then(answer)
    assert client.create("purchase_orders", b"<order-header/>", XML) == Refused(messages, 400)


def test_too_fast_proves_that_nothing_was_made_and_holds_everybody_up(
    client: CoupaClient, instance: ScriptedInstance, clock: ManualClock
) -> None:
    instance.then(Reply(429, headers={"Retry-After": "2.5"}))
    instance.say(ORDER)
    assert client.create("purchase_orders", b"", XML) == NotMade("too many requests (429)", Decimal("2.5"))
    assert clock.waits == []
    client.show("purchase_orders", 7)
    assert clock.waits == [Decimal("2.5")]


NO_DOCUMENT = "the instance answered 201, but not with the document and its id"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(fault="reset"), "the connection broke before the answer was complete"),
        (Reply(fault="hang"), "no answer within 0.5 seconds"),
        (Reply(201, '{"id": 7', fault="half"), "the connection broke before the answer was complete"),
        (Reply(500), "the instance answered 500"),
        (Reply(503, "<html/>", media="text/html"), "the instance answered 503"),
        (Reply(408), "the instance answered 408"),
        (Reply(201, '{"id": null}'), NO_DOCUMENT),
        (Reply(201, "<order-header><id>", media=XML), NO_DOCUMENT),
    ],
)
def test_what_may_have_been_made_is_unclear_and_never_sent_again(
    client: CoupaClient, instance: ScriptedInstance, answer: Reply, reason: str
) -> None:
    instance.then(answer)
    assert client.create("purchase_orders", b"", XML) == Unclear(reason, was_taken=answer.status == 201)
    assert len(instance.asked) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            Reply(303, headers={"Location": "https://user:pw@login.example/x?token=1"}),
            "sends its callers to https://login.example (303), which is not followed so that no credential goes astray",
        ),
        (Reply(302, headers={"Location": "http://[::1"}), "sends its callers elsewhere (302), which is not followed"),
        (
            Reply(404, '{"message": "no Route matched with those values"}'),
            "answers 404, but not in Coupa's words: no Route matched with those values; check the profile's url",
        ),
        (Reply(405, "<html/>", media="text/html"), "answers 405, but not in Coupa's words; check the profile's url"),
        (
            Reply(201, "<html>Log in</html>", media="text/html"),
            "answers 201 with a page, and not as Coupa does; check the profile's url",
        ),
        (Reply(200, "<html/>", media="application/xhtml+xml"), "answers 200 with a page, and not as Coupa does"),
    ],
)
def test_where_somebody_else_answers_a_create_is_unclear_and_ends_the_run(
    client: CoupaClient, instance: ScriptedInstance, answer: Reply, reason: str
) -> None:
    instance.then(answer)
    outcome = client.create("purchase_orders", b"", XML)
    assert isinstance(outcome, Unclear)
    assert outcome.is_final
    assert reason in outcome.reason
    assert "pw" not in outcome.reason


def test_a_refusal_in_coupas_words_is_one_whatever_its_status(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say({"errors": {"base": ["cannot be found"]}}, status=404)
    assert client.act("purchase_orders", 7, "issue") == Refused(("cannot be found",), 404)


def test_a_refused_connection_proves_that_nothing_was_made(make_client: Callable[..., CoupaClient]) -> None:
    client = make_client()
    client._exchange._tokens.token()
    transport = client._exchange._transport
    transport._profile, transport._way = make_client(url="http://127.0.0.1:9").profile, None
    reason = "it cannot be reached: the connection was refused or its name is unknown"
    assert client.create("purchase_orders", b"", XML) == NotMade(reason)


def test_a_token_that_ended_is_renewed_once_and_the_create_sent_again(
    client: CoupaClient, instance: ScriptedInstance
) -> None:
    instance.then(Reply(401))
    instance.say(ORDER)
    assert isinstance(client.create("purchase_orders", b"", XML), Created)
    assert [asked.headers["Authorization"] for asked in instance.asked] == ["Bearer token-1", "Bearer token-2"]


def test_a_second_401_proves_that_nothing_was_made(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.then(Reply(401))
    instance.then(Reply(401))
    assert client.create("purchase_orders", b"", XML) == NotMade("the instance turns its own token away (401)")


def test_a_missing_scope_proves_that_nothing_was_made_and_is_final(
    client: CoupaClient, instance: ScriptedInstance
) -> None:
    instance.say({"errors": ["The token lacks core.purchase_order.write"]}, status=403)
    outcome = client.create("purchase_orders", b"", XML)
    assert isinstance(outcome, NotMade)
    assert outcome.is_final
    assert "nothing was done (403: The token lacks core.purchase_order.write); grant the client" in outcome.reason


@pytest.mark.parametrize(
    "answer",
    [
        Reply(403, "<html>Forbidden</html>", media="text/html"),
        Reply(403, '{"message": "Forbidden"}'),
        Reply(403, '{"error": "blocked"}'),
        Reply(403, '{"errors": []}'),
        Reply(403),
    ],
)
def test_a_403_in_other_words_than_coupas_is_a_gateways_and_unclear(
    client: CoupaClient, instance: ScriptedInstance, answer: Reply
) -> None:
    instance.then(answer)
    assert client.create("purchase_orders", b"", XML) == Unclear("the instance answered 403, but not in Coupa's words")


def test_no_token_proves_that_nothing_was_made_and_is_final(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.token_reply = Reply(401, '{"error": "invalid_client"}')
    outcome = client.act("purchase_orders", 7, "issue")
    assert isinstance(outcome, NotMade)
    assert outcome.is_final
    assert "gives no token: it answers 401 (invalid_client); check the profile's client_id" in outcome.reason
    assert instance.asked == []


def test_an_action_is_a_put_below_the_id(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say(ORDER)
    assert client.act("purchase_orders", 7, "cancel") == Created(7, ORDER)
    assert (instance.asked[0].method, instance.asked[0].path) == ("PUT", f"/api/purchase_orders/7/cancel?{SHORT}")


# Reading


def test_find_goes_through_all_pages_by_id(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say([{"id": number} for number in range(1, 51)], [{"id": 99}], [])
    found = list(client.find("purchase_orders", [("updated-at[gt]", "2026-01-01T00:00:00+00:00")], ["id", "po-number"]))
    assert [document["id"] for document in found] == [*range(1, 51), 99]
    first, second, third = (asked.path for asked in instance.asked)
    assert first == (
        "/api/purchase_orders?updated-at%5Bgt%5D=2026-01-01T00%3A00%3A00%2B00%3A00&id%5Bgt%5D=0&order_by=id&dir=asc"
        "&limit=50&fields=%5B%22id%22,%22po_number%22%5D"
    )
    assert ("id[gt]", "50") in query_of(second)
    assert ("id[gt]", "99") in query_of(third)  # a short page is not the last one


def test_a_users_own_lower_bound_is_where_the_pages_begin(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say([])
    assert list(client.find("purchase_orders", [("id[gt]", "120")])) == []
    assert [pair for pair in query_of(instance.asked[0].path) if pair[0] == "id[gt]"] == [("id[gt]", "120")]


def test_fields_name_associations_with_underscores(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say([])
    list(client.find("purchase_orders", [], ["id", {"order-lines": ["line-num", {"account-type": ["name"]}]}]))
    fields = dict(query_of(instance.asked[0].path))["fields"]
    assert json.loads(fields) == ["id", {"order_lines": ["line_num", {"account_type": ["name"]}]}]


def test_xml_says_404_where_nothing_matches(
    make_client: Callable[..., CoupaClient], instance: ScriptedInstance
) -> None:
    client = make_client(format=Format.XML)
    instance.then(Reply(404, "<errors><error>No results match your search criteria.</error></errors>", media=XML))
    assert list(client.find("purchase_orders", [])) == []


def test_a_profiles_format_is_kept_to(make_client: Callable[..., CoupaClient], instance: ScriptedInstance) -> None:
    client = make_client(format=Format.XML)
    body = '<order-headers type="array"><order-header><id type="integer">7</id></order-header></order-headers>'
    instance.then(Reply(200, body, media=XML))
    instance.then(Reply(200, '<order-headers type="array"/>', media=XML))
    assert list(client.find("purchase_orders", [])) == [{"id": 7}]
    assert instance.asked[0].headers["Accept"] == XML


def test_a_page_that_is_not_there_is_an_error_not_an_empty_result(
    client: CoupaClient, instance: ScriptedInstance
) -> None:
    for _ in range(6):
        instance.then(Reply(404, "<html>lost</html>", media="text/html"))
    with pytest.raises(ServiceError, match=r"cannot be read: it answers 404, after 6 tries; try again later$"):
        list(client.find("purchase_orders", []))


@pytest.mark.parametrize(
    "answer",
    [
        Reply(404, '{"message": "no Route matched with those values"}'),
        Reply(404, '{"errors": ["Not Found"]}'),
        Reply(400, "<html>Bad gateway</html>", media="text/html"),
        Reply(200, '[{"errors": {"base": ["timed out"]}}]'),
        Reply(200, '{"errors": ["timed out"]}'),
        Reply(200, '[{"name": "x"}]'),
        Reply(200, "<errors><error>timed out</error></errors>", media=XML),
        Reply(200, "<html>Log in</html>", media="text/html"),
        Reply(200, ""),
        Reply(302, headers={"Location": "/maintenance"}),
        Reply(403, "<html>Forbidden</html>", media="text/html"),
        Reply(408, ""),
    ],
)
def test_only_what_coupa_says_is_empty_counts_as_empty_and_a_passing_trouble_passes(
    client: CoupaClient, instance: ScriptedInstance, answer: Reply
) -> None:
    instance.then(answer)
    instance.say([ORDER], [])
    assert list(client.find("purchase_orders", [], ["id", "po-number"])) == [ORDER]
    for _ in range(6):
        instance.then(answer)
    with pytest.raises(ServiceError):
        list(client.find("purchase_orders", [], ["id", "po-number"]))


def test_a_refused_query_is_asked_once_more_and_gives_the_instances_reason(
    client: CoupaClient, instance: ScriptedInstance
) -> None:
    for _ in range(2):
        instance.say({"errors": ["created-by is not a valid query"]}, status=400)
    with pytest.raises(ServiceError, match=r"purchase_orders \(400\): created-by is not a valid query$"):
        list(client.find("purchase_orders", [("created-by", "x")]))


def test_show_gives_a_document_or_none(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say(ORDER)
    instance.say({"errors": ["not found"]}, status=404)
    assert client.show("purchase_orders", 7) == ORDER
    assert client.show("purchase_orders", 8) is None


@pytest.mark.parametrize("status", [403, 404, 410])
@pytest.mark.parametrize("said", [("", "text/plain"), ("<html>lost</html>", "text/html"), ("{}", "application/json")])
def test_a_file_that_somebody_says_is_not_to_be_had_is_asked_for_once(
    client: CoupaClient, instance: ScriptedInstance, clock: ManualClock, status: int, said: tuple[str, str]
) -> None:
    instance.then(Reply(status, said[0], media=said[1]))
    told = f"answers {status} for the attachment 3 of purchase_orders/7, and not in Coupa's words$"
    with pytest.raises(ServiceError, match=told):
        client.attached_file("purchase_orders", 7, 3)
    assert len([each for each in instance.asked if "attachments" in each.path]) == 1
    assert clock.waits == []


def test_a_file_that_coupa_says_is_not_there_is_none(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say({"errors": ["not found"]}, status=404)
    assert client.attached_file("purchase_orders", 7, 3) is None


def test_reads_are_tried_again_while_the_trouble_may_pass(
    client: CoupaClient, instance: ScriptedInstance, clock: ManualClock
) -> None:
    instance.then(Reply(502))
    instance.then(Reply(fault="reset"))
    instance.then(Reply(fault="half", body="["))
    instance.then(Reply(429))
    instance.say([ORDER], [])
    assert list(client.find("purchase_orders", [])) == [ORDER]
    assert clock.waits[:4] == [Decimal("0.5"), Decimal(1), Decimal(2), Decimal(1)]


def test_reads_are_not_tried_for_ever(client: CoupaClient, instance: ScriptedInstance) -> None:
    for _ in range(6):
        instance.then(Reply(502))
    with pytest.raises(
        ServiceError, match=r"^acme \(http://.*\) cannot be read: it answers 502, after 6 tries; try again later$"
    ):
        list(client.find("purchase_orders", []))


def test_a_redirect_is_never_followed(client: CoupaClient, instance: ScriptedInstance) -> None:
    for _ in range(6):
        instance.then(Reply(302, headers={"Location": "https://evil.example/steal?x=1"}))
    with pytest.raises(
        ServiceError, match=r"sends its callers to https://evil\.example \(302\), which is not followed"
    ):
        client.show("purchase_orders", 7)


def test_an_answer_that_is_neither_json_nor_xml_ends_the_reading(
    client: CoupaClient, instance: ScriptedInstance
) -> None:
    for _ in range(6):
        instance.then(Reply(200, "<html>Log in</html>", media="text/html"))
    with pytest.raises(ServiceError, match="cannot be read: the answer is text/html, neither JSON nor XML, after 6 tr"):
        list(client.find("purchase_orders", []))


# Looking up by key


def test_keys_are_looked_up_as_many_at_a_time_as_an_address_holds_and_those_with_commas_alone(
    make_client: Callable[..., CoupaClient], instance: ScriptedInstance
) -> None:
    client = make_client(workers=1)
    keys = [f"PO-{number:03}" for number in range(240)] + ["A,B", ""]
    instance.say(
        [{"id": 1, "po-number": "PO-007"}, {"id": 2, "po-number": "PO-007"}],
        [],
        [{"id": 5, "po-number": "A,B"}],
        [],
        [{"id": 3, "po-number": "po-235"}],
        [],
    )
    found = client.find_by_keys("purchase_orders", "po-number", keys, ["id", "po-number"])
    assert list(found) == keys
    assert [document["id"] for document in found["PO-007"]] == [1, 2]
    assert [document["id"] for document in found["A,B"]] == [5]
    assert sum(map(len, found.values())) == 3  # po-235 is another key than PO-235
    asked = [query_of(asked.path)[0] for asked in instance.asked]
    assert asked[::2] == asked[1::2]  # nothing follows, which is asked for too
    assert asked[::2] == [
        ("po-number[in]", ",".join(keys[:214])),
        ("po-number", "A,B"),
        ("po-number[in]", ",".join(keys[214:240])),
    ]


def test_ids_are_looked_up_a_page_at_a_time_with_one_request_each(
    make_client: Callable[..., CoupaClient], instance: ScriptedInstance
) -> None:
    client = make_client(workers=1)
    ids = [str(number) for number in range(1, 61)]
    instance.say([{"id": number} for number in range(1, 51)], [{"id": number} for number in range(51, 61)])
    found = client.find_by_keys("purchase_orders", "id", ids, ["id"])
    assert [document["id"] for others in found.values() for document in others] == list(range(1, 61))
    assert [query_of(asked.path)[0] for asked in instance.asked] == [
        ("id[in]", ",".join(ids[:50])),
        ("id[in]", ",".join(ids[50:])),
    ]


def test_ids_that_a_short_page_leaves_out_are_asked_for_again(
    make_client: Callable[..., CoupaClient], instance: ScriptedInstance
) -> None:
    client = make_client(workers=1)
    instance.say([{"id": 1}], [{"id": 2}], [])
    found = client.find_by_keys("purchase_orders", "id", ["1", "2", "3"], ["id"])
    assert found == {"1": [{"id": 1}], "2": [{"id": 2}], "3": []}


# Tokens


def test_one_token_serves_all_threads(make_client: Callable[..., CoupaClient], instance: ScriptedInstance) -> None:
    client = make_client()
    instance.say(*([[]] * 4))
    client.find_by_keys("purchase_orders", "po-number", [f"a,{number}" for number in range(4)])
    assert instance.tokens == 1
    assert client.requests == 5


def test_a_token_is_renewed_before_it_ends(client: CoupaClient, instance: ScriptedInstance, clock: ManualClock) -> None:
    instance.expires_in = 1000
    instance.say(ORDER, ORDER, ORDER)
    client.show("purchase_orders", 7)
    clock.time = 699 * 1_000_000_000
    client.show("purchase_orders", 7)
    assert instance.tokens == 1
    clock.time = 700 * 1_000_000_000
    client.show("purchase_orders", 7)
    assert instance.tokens == 2


def test_a_wait_after_the_token_happens_only_where_asked_for(
    make_client: Callable[..., CoupaClient], instance: ScriptedInstance, clock: ManualClock
) -> None:
    instance.say(ORDER, ORDER)
    make_client().show("purchase_orders", 7)
    assert clock.waits == []
    make_client(token_wait=Decimal(5)).show("purchase_orders", 7)
    assert clock.waits == [Decimal(5)]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            Reply(401, '{"error": "invalid_client"}'),
            r"it answers 401 \(invalid_client\); check the profile's client_id",
        ),
        (Reply(400, '{"error": "invalid_scope"}'), r"400 \(invalid_scope\); grant the client these scopes in Coupa"),
        (Reply(404, "<html/>"), r"it answers 404; check the profile's url: no Coupa instance answers there"),
        (Reply(200, "{}"), r"it answers 200; check the profile's url"),
    ],
)
def test_a_refused_token_says_what_to_check_and_never_the_secret(
    client: CoupaClient, instance: ScriptedInstance, answer: Reply, message: str
) -> None:
    instance.token_reply = answer
    with pytest.raises(ServiceError, match=message) as caught:
        client.show("purchase_orders", 7)
    assert "hush" not in str(caught.value)


def test_an_instance_that_gives_no_token_is_asked_a_few_times(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.token_reply = Reply(503)
    with pytest.raises(ServiceError, match="gives no token: it answers 503; check the address and your network"):
        client.show("purchase_orders", 7)
    assert instance.tokens == 4


def test_a_netrc_entry_never_replaces_the_token(
    client: CoupaClient, instance: ScriptedInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password wrong\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    instance.say(ORDER)
    client.show("purchase_orders", 7)
    assert instance.asked[0].headers["Authorization"] == "Bearer token-1"


def test_ping_says_in_plain_words_that_it_worked(client: CoupaClient, instance: ScriptedInstance) -> None:
    instance.say([])
    assert client.ping() == f"{client.profile} answers and lets purchase orders be read (0 ms, token included)"


def test_a_wrong_secret_is_not_in_the_token_requests_address(
    make_client: Callable[..., CoupaClient], instance: ScriptedInstance
) -> None:
    instance.say(ORDER)
    make_client(client_secret=Secret("a&b=c")).show("purchase_orders", 7)
    assert all("a%26b" not in asked.path for asked in instance.asked)


def test_scopes_that_are_only_wished_for_cost_no_token(
    make_client: Callable[..., CoupaClient], instance: ScriptedInstance
) -> None:
    instance.granted = {"a.read", "c.read"}
    client = make_client(scopes=("a.read",), wishes=("b.read", "c.read"))
    instance.say([], [])
    client.page("purchase_orders", [])
    assert (client.denied, instance.tokens) == (("b.read",), 4), "all, the needed ones, then one by one"
    assert instance.scopes[-1] == "a.read c.read"


def test_what_is_granted_is_asked_for_once(make_client: Callable[..., CoupaClient], instance: ScriptedInstance) -> None:
    client = make_client(scopes=("a.read",), wishes=("b.read",))
    instance.say([])
    client.page("purchase_orders", [])
    assert (client.denied, instance.scopes) == ((), ["a.read b.read"])
