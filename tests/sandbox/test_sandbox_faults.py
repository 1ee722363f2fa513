"""Faults on demand: each does what its name says, when it was asked to, and only then."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from sandbox_api import JSON, Api, Reply, an_order

from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer

ORDERS = "purchase_orders"
BROKEN = (OSError, http.client.HTTPException)


@pytest.fixture
def flaky() -> Iterator[Api]:
    """A sandbox of its own, for faults that outlive a request."""
    with SandboxServer() as sandbox:
        yield Api(sandbox.url)


def plan(api: Api, **settings: object) -> None:
    reply = api.admin("PUT", "faults", settings)
    assert (reply.status, reply.json) == (200, settings)


def script(api: Api, fault: str, **more: object) -> None:
    settings = {name: more.pop(name) for name in ("hang", "drip", "refuse", "retry_after") if name in more}
    plan(api, script=[{"fault": fault, "method": "POST", "path": "/api/purchase_orders", **more}], **settings)


def made(api: Api) -> list[str]:
    return [order["po-number"] for order in api.get(ORDERS).json]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_failure_is_answered_in_html_and_nothing_is_made(api: Api, status: int) -> None:
    script(api, str(status), retry_after=2.5)
    reply = api.post(ORDERS, an_order("PO-1"))
    assert (reply.status, reply.headers["content-type"]) == (status, "text/html")
    assert reply.body.startswith(b"<html>")
    assert reply.headers.get("retry-after") == ("2.5" if status in (429, 503) else None)
    assert made(api) == []
    assert api.post(ORDERS, an_order("PO-1")).status == 201


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_after_the_work_leaves_the_order_there(api: Api, status: int) -> None:
    script(api, f"{status}_after")
    assert api.post(ORDERS, an_order("PO-1")).status == status
    assert made(api) == ["PO-1"]


@pytest.mark.parametrize(("fault", "expected"), [("reset_before", []), ("reset_after", ["PO-1"])])
def test_a_reset_comes_before_or_after_the_work(api: Api, fault: str, expected: list[str]) -> None:
    script(api, fault)
    with pytest.raises(ConnectionResetError):
        api.post(ORDERS, an_order("PO-1"))
    assert made(api) == expected


@pytest.mark.parametrize(("fault", "expected"), [("hang_before", []), ("hang_after", ["PO-1"])])
def test_an_answer_that_never_comes_ends_with_the_clients_patience(api: Api, fault: str, expected: list[str]) -> None:
    script(api, fault)
    connection = http.client.HTTPConnection(api.url.removeprefix("http://"), timeout=0.3)
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"}
    connection.request("POST", f"/api/{ORDERS}", json.dumps(an_order("PO-1")), headers)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    assert made(api) == expected


def test_a_truncated_answer_ends_before_its_length(api: Api) -> None:
    script(api, "truncate")
    with pytest.raises(http.client.IncompleteRead):
        api.post(ORDERS, an_order("PO-1"))
    assert made(api) == ["PO-1"]


def test_a_garbled_answer_is_whole_and_cannot_be_read(api: Api) -> None:
    script(api, "garble")
    reply = api.post(ORDERS, an_order("PO-1"))
    assert reply.status == 201
    with pytest.raises(ValueError, match=r"."):
        json.loads(reply.body)
    assert made(api) == ["PO-1"]


def test_a_dripping_answer_comes_in_pieces_and_is_sound(api: Api) -> None:
    script(api, "drip", drip=0.01)
    with closing(http.client.HTTPConnection(api.url.removeprefix("http://"), timeout=10)) as connection:
        headers = {"Authorization": f"Bearer {api.token}", "Accept": JSON, "Content-Type": JSON}
        connection.request("POST", f"/api/{ORDERS}", json.dumps(an_order("PO-1")).encode(), headers)
        response = connection.getresponse()
        pieces = list(iter(response.read1, b""))
    assert len(pieces) > 2
    assert json.loads(b"".join(pieces))["po-number"] == "PO-1"


def test_tokens_expire_in_mid_run(api: Api) -> None:
    script(api, "expire_tokens", skip=1)
    assert api.post(ORDERS, an_order("PO-1")).status == 201
    assert api.post(ORDERS, an_order("PO-2")).status == 401
    api.token = api.grant(scope=api.scope).json["access_token"]
    assert api.post(ORDERS, an_order("PO-2")).status == 201
    assert made(api) == ["PO-1", "PO-2"]


def test_a_refused_connection_comes_back_after_its_time(flaky: Api) -> None:
    script(flaky, "refuse", refuse=0.4)
    with pytest.raises(BROKEN):
        flaky.post(ORDERS, an_order("PO-1"))
    time.sleep(0.15)
    with pytest.raises(ConnectionRefusedError):
        flaky.get(ORDERS)
    deadline = time.monotonic() + 5
    found: Reply | None = None
    while found is None and time.monotonic() < deadline:
        with suppress(OSError):
            found = flaky.get(ORDERS)
    assert found is not None
    assert found.json == []


def test_a_storm_of_429_passes(api: Api) -> None:
    script(api, "429", times=3)
    statuses = [api.post(ORDERS, an_order("PO-1")).status for _ in range(5)]
    assert statuses == [429, 429, 429, 201, 400]


def test_a_script_counts_the_requests_that_fit(api: Api) -> None:
    plan(
        api,
        script=[
            {"fault": "503", "method": "GET", "path": "/api/uoms", "skip": 1},
            {"fault": "500", "path": "/api/", "skip": 3, "times": 2},
        ],
    )
    paths = ["uoms", "currencies", "uoms", "uoms", "currencies", "currencies"]
    assert [api.get(path).status for path in paths] == [200, 200, 503, 500, 500, 200]


def test_the_same_seed_brings_the_same_faults(api: Api) -> None:
    def statuses(seed: int) -> list[int]:
        plan(api, seed=seed, rates={"503": 0.3, "429": 0.2})
        return [api.get("uoms").status for _ in range(40)]

    first = statuses(7)
    assert statuses(7) == first
    assert statuses(8) != first
    assert set(first) == {200, 429, 503}


def test_rates_may_be_kept_to_some_requests(api: Api) -> None:
    plan(api, rates={"500": 1.0}, only={"method": "POST"})
    assert api.get("uoms").status == 200
    assert api.post(ORDERS, an_order("PO-1")).status == 500
    assert api.grant(scope="core.common.read").status == 200


def test_latency_delays_with_a_spread(api: Api) -> None:
    plan(api, seed=1, latency={"seconds": 0.05, "spread": 0.05})
    times = []
    for _ in range(8):
        start = time.monotonic()
        assert api.get("uoms", limit="1").status == 200
        times.append(time.monotonic() - start)
    assert max(times) - min(times) > 0.02
    assert sum(times) > 0.2


def test_with_its_duplicate_check_switched_off_a_double_send_shows(api: Api) -> None:
    plan(api, duplicate_check=False)
    assert [api.post(ORDERS, an_order("PO-1")).status for _ in range(3)] == [201, 201, 201]
    assert api.admin("GET", "statistics").json["duplicates"] == 2
    assert api.admin("DELETE", "faults").json == {}
    assert api.post(ORDERS, an_order("PO-1")).status == 400
    assert made(api) == ["PO-1"] * 3


def test_a_fault_asked_for_on_the_token_endpoint_comes_there(api: Api) -> None:
    plan(api, script=[{"fault": "503", "path": "/oauth2/token"}])
    assert api.grant(scope="core.common.read").status == 503
    assert api.grant(scope="core.common.read").status == 200


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ([], "the body must be a JSON object"),
        ({"rate": {}}, "the body has 'rate'; known are seed, rates, script"),
        ({"rates": {"404": 1}}, "rates has '404'; known are 429, 500"),
        ({"rates": {"500": 0.6, "429": 0.6}}, "rates must not add up to more than 1"),
        ({"rates": {"500": "often"}}, "rates/500 must be a number from 0, not 'often'"),
        ({"script": {}}, "script must be a list"),
        ({"script": [{"times": 1}]}, "script[1] must name its fault"),
        ({"script": [{"fault": "flood"}]}, "script[1]/fault: 'flood' is no fault; known are 429, "),
        ({"script": [{"fault": "429", "times": -1}]}, "script[1]/times must be a whole number from 0, not -1"),
        ({"seed": "x"}, "seed must be a whole number from 0, not 'x'"),
        ({"latency": {"mean": 1}}, "latency has 'mean'; known are seconds, spread"),
        ({"duplicate_check": 1}, "duplicate_check must be true or false, not 1"),
        ({"only": {"fault": "429"}}, "only has 'fault'; known are method, path"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_and_the_old_one_stays(api: Api, settings: object, message: str) -> None:
    plan(api, seed=3)
    reply = api.admin("PUT", "faults", settings)
    assert reply.status == 400
    assert reply.json["errors"][0].startswith(message)
    assert api.admin("GET", "faults").json == {"seed": 3}


def test_statistics_tell_what_was_asked_for_and_what_came_of_it(api: Api) -> None:
    script(api, "reset_after")
    with suppress(*BROKEN):
        api.post(ORDERS, an_order("PO-1"))
    order = api.get(ORDERS).json[0]
    api.get(f"{ORDERS}/{order['id']}")
    api.put(f"{ORDERS}/{order['id']}/cancel")
    found = api.admin("GET", "statistics").json
    assert found["requests"] == 4
    assert found["faults"] == {"reset_after": 1}
    assert found["answers"] == [
        {"method": "GET", "path": "/api/purchase_orders", "status": 200, "count": 1},
        {"method": "GET", "path": "/api/purchase_orders/:id", "status": 200, "count": 1},
        {"method": "POST", "path": "/api/purchase_orders", "status": 201, "count": 1},
        {"method": "PUT", "path": "/api/purchase_orders/:id/cancel", "status": 200, "count": 1},
    ]
    assert (found["duplicates"], found["refused_by_limit"]) == (0, 0)
    assert api.admin("DELETE", "statistics").json["requests"] == 0


def test_a_reset_forgets_orders_faults_and_counts_but_keeps_the_starter_set(api: Api) -> None:
    api.create("PO-1")
    plan(api, rates={"500": 1.0})
    assert api.admin("POST", "reset").json == {}
    assert made(api) == []
    assert len(api.get("currencies").json) == 8
    assert api.admin("GET", "faults").json == {}
    assert api.create("PO-1")["id"] > 1000


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "faults", 405), ("GET", "reset", 405), ("GET", "nothing", 404), ("GET", "", 404)],
)
def test_the_sandboxs_own_paths_answer_only_what_they_know(api: Api, method: str, path: str, status: int) -> None:
    assert api.admin(method, path).status == status


# The rate limit


def test_the_limit_lets_a_burst_of_20_through_and_then_25_a_second() -> None:
    with SandboxServer(None, SandboxOptions(rate_limit=True)) as sandbox:
        api = Api(sandbox.url)
        start = time.monotonic()
        replies = [api.get("uoms", limit="1") for _ in range(80)]
        seconds = time.monotonic() - start
        passed = sum(reply.status == 200 for reply in replies)
        assert 20 <= passed <= 21 + seconds * 25
        refused = next(reply for reply in replies if reply.status == 429)
        assert refused.headers["retry-after"] == "1"
        assert api.admin("GET", "statistics").json["refused_by_limit"] == 80 - passed
        assert all(api.grant(scope="core.common.read").status == 200 for _ in range(5))


def test_a_client_that_keeps_to_25_a_second_is_never_refused() -> None:
    with SandboxServer(None, SandboxOptions(rate_limit=True)) as sandbox:
        api = Api(sandbox.url)
        start = time.monotonic()
        for number in range(45):
            time.sleep(max(0.0, start + number / 25 - time.monotonic()))
            assert api.get("uoms", limit="1").status == 200


def test_without_the_limit_nothing_is_refused(api: Api) -> None:
    assert {api.get("uoms", limit="1").status for _ in range(60)} == {200}


# Many at once


def test_one_po_number_sent_by_many_at_once_is_made_once(api: Api) -> None:
    statuses: list[int] = []

    def send() -> None:
        statuses.append(api.post(ORDERS, an_order("PO-1")).status)

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, *[400] * 11]


@pytest.mark.timeout(20)
def test_stopping_waits_for_nobody() -> None:
    sandbox = SandboxServer()
    sandbox.start()
    api = Api(sandbox.url)
    script(api, "hang_after")
    host, port = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))), socket.create_connection((host, int(port))) as hanging:
        body = json.dumps(an_order("PO-1"))
        head = "POST /api/purchase_orders HTTP/1.1\r\nContent-Type: application/json"
        hanging.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        time.sleep(0.1)
        sandbox.stop()
