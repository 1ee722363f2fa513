"""Connections: however the bytes of requests come, each request is answered, in turn, and none holds up another's."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sandbox_api import Api, an_order


@contextmanager
def connected(api: Api) -> Iterator[socket.socket]:
    host, port = api.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        yield connection


def posted(api: Api, number: str, *headers: str) -> bytes:
    body = json.dumps(an_order(number)).encode()
    lines = [
        "POST /api/purchase_orders HTTP/1.1",
        f"Authorization: Bearer {api.token}",
        "Content-Type: application/json",
        *headers,
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def searched(api: Api, query: str) -> bytes:
    lines = [f"GET /api/purchase_orders?{query} HTTP/1.1", f"Authorization: Bearer {api.token}"]
    return "\r\n".join([*lines, "Accept: application/json", "", ""]).encode()


def answers(connection: socket.socket, count: int) -> list[bytes]:
    """So many answers' bodies, read by the lengths that their heads tell."""
    found: list[bytes] = []
    data = b""
    while len(found) < count:
        head, end, rest = data.partition(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0]) if end else 0
        if end and len(rest) >= length:
            assert head.startswith(b"HTTP/1.1 20"), head
            found.append(rest[:length])
            data = rest[length:]
            continue
        piece = connection.recv(65_536)
        assert piece, "the connection ended too early"
        data += piece
    return found


def numbers(bodies: list[bytes]) -> list[str]:
    return [json.loads(body)["po-number"] for body in bodies]


def test_changes_that_were_sent_together_are_answered_in_turn(api: Api) -> None:
    search = searched(api, "limit=1")
    with connected(api) as connection:
        connection.sendall(posted(api, "PO-1") + posted(api, "PO-2") + search + posted(api, "PO-3"))
        first, second, page, third = answers(connection, 4)
        assert numbers([first, second, third]) == ["PO-1", "PO-2", "PO-3"]
        assert [order["po-number"] for order in json.loads(page)] == ["PO-1"]


@pytest.mark.parametrize("size", [1, 7, 200])
def test_a_change_that_comes_in_pieces_is_answered_when_it_is_whole(api: Api, size: int) -> None:
    with connected(api) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = posted(api, "PO-1") + posted(api, "PO-2")
        for start in range(0, len(request), size):
            connection.sendall(request[start : start + size])
        assert numbers(answers(connection, 2)) == ["PO-1", "PO-2"]


@pytest.mark.parametrize("how", ["Connection: close", "Connection: keep-alive, Close"])
def test_a_change_may_be_a_connections_last_request(api: Api, how: str) -> None:
    with connected(api) as connection:
        connection.sendall(posted(api, "PO-1", how))
        assert numbers(answers(connection, 1)) == ["PO-1"]
        assert connection.recv(1) == b""


def test_of_two_lengths_the_last_counts(api: Api) -> None:
    with connected(api) as connection:
        connection.sendall(posted(api, "PO-1", "Content-Length: 7"))
        assert numbers(answers(connection, 1)) == ["PO-1"]


def test_a_change_whose_lines_end_without_carriage_returns_is_answered(api: Api) -> None:
    head, _, body = posted(api, "PO-1").partition(b"\r\n\r\n")
    with connected(api) as connection:
        connection.sendall(head.replace(b"\r\n", b"\n") + b"\n\n" + body)
        assert numbers(answers(connection, 1)) == ["PO-1"]


def test_a_client_that_stalls_holds_up_nobody(api: Api) -> None:
    with connected(api) as idle, connected(api) as halfway, connected(api) as searching:
        halfway.sendall(posted(api, "PO-1")[:-5])
        searching.sendall(b"GET /api/purcha")
        assert api.create("PO-2")["po-number"] == "PO-2"
        halfway.sendall(posted(api, "PO-1")[-5:])
        assert numbers(answers(halfway, 1)) == ["PO-1"]
        idle.sendall(posted(api, "PO-3"))
        assert numbers(answers(idle, 1)) == ["PO-3"]


def test_a_client_that_reads_late_gets_every_answer_whole_and_holds_up_nobody(api: Api) -> None:
    count = 600
    with connected(api) as connection:
        requests = b"".join(posted(api, f"PO-{number}") for number in range(count))
        sending = threading.Thread(target=connection.sendall, args=(requests,))
        sending.start()
        assert api.create("OTHER")["po-number"] == "OTHER"
        assert numbers(answers(connection, count)) == [f"PO-{number}" for number in range(count)]
        sending.join()


def test_changes_and_searches_may_take_turns_on_one_connection(api: Api) -> None:
    with connected(api) as connection:
        for number in range(20):
            connection.sendall(posted(api, f"PO-{number}"))
            assert numbers(answers(connection, 1)) == [f"PO-{number}"]
            connection.sendall(searched(api, f"po-number=PO-{number}"))
            assert len(json.loads(answers(connection, 1)[0])) == 1


def test_a_connection_that_can_have_no_thread_ends_and_others_are_answered(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(thread: threading.Thread) -> None:  # noqa: ARG001 - as of a thread's start
        raise RuntimeError("can't start new thread")

    told: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda fall: told.append(str(fall.exc_value)))
    with connected(api) as connection, monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", none_left)
        connection.sendall(searched(api, "order-lines[description][contains]=bolt"))
        assert connection.recv(1) == b""
    assert told == ["can't start new thread"]
    with connected(api) as connection:
        connection.sendall(searched(api, "order-lines[description][contains]=bolt"))
        assert answers(connection, 1)
