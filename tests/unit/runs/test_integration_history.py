"""A run told in Coupa's own integration history: against the sandbox, with a server in front of it.

The server in front passes everything on; it can lose an answer, or end the process that asks.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from world import World, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.journal.records import RunStatus
from bulkpo.model.profile import Format, Integration
from bulkpo.payload.encode import BodyFormat
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.runs.imports.run import run_import
from bulkpo.states import State

QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)
SCOPES = ("core.integration.read", "core.integration.write")
ALL = Integration("code", "BULKPO", "Technical", refused_orders=True, created_orders=True)
ROWS = [
    "PO-1,Acme Supplies,1,Bolts,1,1.50",
    "PO-2,Nobody,1,Bolts,1,2.50",
    "PO-3,Acme Supplies,1,Bolts,1,3.50",
]
HISTORY = ("integration_runs", "integration_errors", "integration_history_records")


class Front:
    """A server in front of the sandbox.

    `watch` is asked about each request to the history, before and after; lists of it that `hides` names are empty.
    """

    def __init__(self, url: str) -> None:
        self.told: list[str] = []
        self.watch: Callable[[str, bool], bool] = lambda _said, _after: True
        self.hides: Callable[[str], bool] = lambda _said: False
        front, netloc = self, urlsplit(url).netloc

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                said = f"{self.command} {self.path.partition('?')[0]}"
                is_history = "/api/integration_" in said and self.command != "GET"
                if is_history and not front.watch(said, False):
                    self.close_connection = True
                    return
                answer = front.ask(netloc, self.command, self.path, body, dict(self.headers))
                if "GET /api/integration_" in said and front.hides(said):
                    answer = 200, "application/json", b"[]"
                if is_history:
                    front.told.append(said)
                    if not front.watch(said, True):
                        self.close_connection = True
                        return
                self.send_response(answer[0])
                self.send_header("Content-Type", answer[1])
                self.send_header("Content-Length", str(len(answer[2])))
                self.end_headers()
                self.wfile.write(answer[2])

            do_GET = do_POST = do_PUT = pass_on  # noqa: N815 - the base class's names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @staticmethod
    def ask(netloc: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        connection = HTTPConnection(netloc, timeout=10)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        told = answer.status, answer.headers.get("Content-Type", ""), answer.read()
        connection.close()
        return told


@pytest.fixture
def front(world: World) -> Iterator[Front]:
    """The world's sandbox behind a front, with the integration that profiles name."""
    front = Front(world.sandbox.url)
    thread = threading.Thread(target=front.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    connect(world, front, None)
    made = {
        "name": "bulkpo", "code": "BULKPO", "business-object": "PurchaseOrder", "direction": "to_coupa",
        "end-system": "legacy", "end-system-type": "erp",
    }  # fmt: skip
    world.client.create("integrations", json.dumps(made).encode(), "application/json")
    yield front
    front.server.shutdown()
    thread.join()
    front.server.server_close()


def connect(world: World, front: Front, integration: Integration | None, **changes: Any) -> None:  # noqa: ANN401 - what a profile has
    scopes = tuple(dict.fromkeys((*world.client.profile.scopes, *SCOPES)))
    world.client.close()
    profile = replace(world.client.profile, url=front.url, integration=integration, scopes=scopes, **changes)
    world.client = CoupaClient(profile)


def told(world: World, resource: str) -> list[dict[str, Any]]:
    return [there(world.client.show(resource, found["id"])) for found in world.client.find(resource, [], ["id"])]


def test_without_the_block_nothing_is_told(world: World, front: Front) -> None:
    connect(world, front, None)
    assert world.bring(ROWS).notices == ()
    assert front.told == []


def test_a_run_is_told_with_its_counts_and_how_it_ended(world: World, front: Front) -> None:
    connect(world, front, Integration("code", "BULKPO"))
    result = world.bring([ROWS[0], ROWS[2]])
    assert (result.exit_code, result.notices) == (0, ())
    (run,) = told(world, "integration_runs")
    assert (run["integration"]["code"], run["status"]) == ("BULKPO", "successful")
    assert (run["total-records"], run["records-processed"]) == (2, 2)
    assert run["start-time"] == "2026-11-21T02:00:00-08:00"
    assert told(world, "integration_errors") == told(world, "integration_history_records") == []


@pytest.mark.parametrize("form", list(BodyFormat))
def test_refused_and_created_orders_are_told_if_asked_for_each_tied_to_its_run(
    world: World, front: Front, form: BodyFormat
) -> None:
    connect(world, front, ALL, format=Format(form.value))
    result = world.bring(ROWS, replace(QUICK, format=form))
    assert (result.exit_code, result.notices) == (1, ())
    (run,) = told(world, "integration_runs")
    assert (run["status"], run["total-records"], run["records-processed"]) == ("failed", 3, 2)
    (error,) = told(world, "integration_errors")
    assert error["integration-run"]["id"] == run["id"]
    facts = ("contact-alert-type", "document-type", "document-id", "document-status", "external-id")
    assert [error[name] for name in facts] == ["Technical", "ExternalOrderHeader", None, "refused", "PO-2"]
    (response,) = error["responses"]
    assert response["response-code"] == "fail"
    assert "Unable to find valid Supplier record" in response["response-message"]
    assert response["response-message"].endswith("(bulkpo run 1, orders.csv, row 3)")
    records = told(world, "integration_history_records")
    made = {entry.coupa_id: entry.key for entry in world.journal.entries(1, [State.CREATED])}
    assert {record["document-id"]: record["external-id"] for record in records} == made
    assert {record["responses"][0]["response-code"] for record in records} == {"success"}


def test_an_integration_that_is_not_there_is_a_notice_and_changes_nothing_of_the_run(
    world: World, front: Front
) -> None:
    connect(world, front, replace(ALL, value="GONE"))
    result = world.bring([ROWS[0]])
    assert (result.exit_code, result.counts[State.CREATED]) == (0, 1)
    (notice,) = result.notices
    assert notice.startswith(
        "not all is in Coupa's integration history (integration run: 1, integration history record: 1, end of "
        "integration run: 1): Unable to find valid Integration record for integration"
    )
    assert notice.endswith("; `bulkpo resume 1` tries again")
    connect(world, front, ALL)
    assert world.resume().notices == ()
    assert len(told(world, "integration_runs")) == len(told(world, "integration_history_records")) == 1


def test_a_scope_that_is_missing_is_a_notice_and_changes_nothing_of_the_run(world: World, front: Front) -> None:
    connect(world, front, ALL)
    scopes = tuple(it for it in world.client.profile.scopes if it != "core.integration.write")
    world.client.close()
    world.client = CoupaClient(replace(world.client.profile, scopes=scopes))
    result = world.bring([ROWS[0]])
    assert (result.exit_code, world.journal.run(1).status) == (0, RunStatus.DONE)
    assert "does not allow this, and nothing was done (403" in result.notices[0]


@pytest.mark.parametrize("after", [False, True])
def test_an_answer_that_is_lost_is_looked_up_and_nothing_is_told_twice(world: World, front: Front, after: bool) -> None:
    connect(world, front, ALL)
    lost: set[str] = set()

    def lose_each_once(said: str, is_after: bool) -> bool:
        if is_after is not after or said in lost:
            return True
        lost.add(said)
        return False

    front.watch = lose_each_once
    assert world.bring(ROWS).notices == ()
    assert len(lost) == 4
    assert [len(told(world, it)) for it in HISTORY] == [1, 1, 2]


def lose_each_answer_once(front: Front) -> set[str]:
    """Lose the first answer to each kind of change; says which were lost."""
    lost = set[str]()

    def lose(said: str, is_after: bool) -> bool:
        if not is_after or said in lost:
            return True
        lost.add(said)
        return False

    front.watch = lose
    return lost


def test_one_empty_list_that_is_not_coupas_proves_nothing_of_the_history(world: World, front: Front) -> None:
    connect(world, front, ALL)
    lost, hidden = lose_each_answer_once(front), set[str]()

    def hide_once(said: str) -> bool:
        is_first = said not in hidden
        hidden.add(said)
        return bool(lost) and is_first

    front.hides = hide_once
    assert world.bring(ROWS).notices == ()
    assert len(hidden) == 3
    assert [len(told(world, it)) for it in HISTORY] == [1, 1, 2]


def test_a_history_that_lags_behind_is_waited_for_and_whoever_waits_is_told(world: World, front: Front) -> None:
    connect(world, front, ALL, settle_for=Decimal(5))
    lost, hidden = lose_each_answer_once(front), Counter[str]()

    def hide_three_times(said: str) -> bool:
        hidden[said] += bool(lost)
        return bool(lost) and hidden[said] <= 3

    front.hides = hide_three_times
    world.write(ROWS)
    job = world.begin()
    waits: list[str] = []
    job.waits = lambda what, _seconds: waits.append(what)
    assert run_import(job).notices == ()
    assert set(waits) == {"1 record of the integration history"}
    assert [len(told(world, it)) for it in HISTORY] == [1, 1, 2]


def test_a_resume_of_a_run_that_is_told_tells_nothing_more(world: World, front: Front) -> None:
    connect(world, front, ALL)
    world.bring(ROWS)
    before = list(front.told)
    assert world.resume().notices == ()
    assert front.told == before


def test_a_run_that_is_not_done_is_told_once_it_is(world: World, front: Front) -> None:
    connect(world, front, ALL)
    assert world.bring(ROWS, replace(QUICK, limit=1)).notices == (
        "--limit 1 left 2 out; `bulkpo resume 1 --all` sends them",
    )
    assert front.told == []
    world.resume(options=replace(QUICK, send_all=True))
    assert [len(told(world, it)) for it in HISTORY] == [1, 1, 2]


def test_refused_orders_sent_again_are_another_run_to_coupa(world: World, front: Front) -> None:
    connect(world, front, ALL)
    world.bring(ROWS)
    world.resume(options=replace(QUICK, retry_refused=True))
    assert [run["status"] for run in told(world, "integration_runs")] == ["failed", "failed"]
    assert [len(told(world, it)) for it in HISTORY] == [2, 1, 2]


def test_a_retry_that_is_interrupted_goes_on(world: World) -> None:
    world.bring(ROWS)
    job = world.job(replace(QUICK, retry_refused=True), 1)
    job.stop.set()
    assert run_import(job).exit_code == 130
    assert world.states()["PO-2"] is State.PLANNED
    assert world.resume().counts[State.REFUSED] == 1


IMPORT = ("import", "small.yaml", "orders.csv", "--to", "acme", "--yes", "--no-preflight")
BULKPO_YAML = """\
bulkpo: profiles/1
profiles:
  acme:
    url: {url}
    client_id: sandbox
    settle_for: 30
    integration_history:
      integration: {{name: bulkpo}}
      refused_orders: true
      created_orders: true
      contact_alert_type: Both
"""


def test_the_command_says_that_it_tells_the_history_and_what_could_not_be_told(world: World, front: Front) -> None:
    world.write(ROWS)
    text = BULKPO_YAML.format(url=front.url).replace("name: bulkpo", "name: other")
    (world.folder / "bulkpo.yaml").write_text(text)
    process = bulkpo(world.folder, *IMPORT, out=subprocess.PIPE)
    said = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 1
    assert "  and telling it in the integration history there, as the profile asks for\n" in said
    assert "\nNotice: not all is in Coupa's integration history (integration run: 1, " in said


@pytest.mark.slow
def test_a_process_killed_at_any_request_of_the_history_tells_all_of_it_once_when_resumed(
    world: World, front: Front
) -> None:
    world.write(ROWS)
    (world.folder / "bulkpo.yaml").write_text(BULKPO_YAML.format(url=front.url))
    for moment in range(10):
        before = [len(told(world, it)) for it in HISTORY]
        rows = [row.replace("PO-", f"M{moment}-") for row in ROWS]
        world.write(rows)
        assert killed_at(world.folder, front, moment) == -signal.SIGKILL
        front.watch = lambda _said, _after: True
        bulkpo(world.folder, "resume", str(moment + 1), "--yes").wait(120)
        after = [len(told(world, it)) for it in HISTORY]
        assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 2], moment


def killed_at(folder: Path, front: Front, moment: int) -> int:
    """Import, killed at the given one of the history's requests, counted before and after each."""
    seen = 0
    lock = threading.Lock()

    def kill(_said: str, _after: bool) -> bool:
        nonlocal seen
        with lock:
            seen += 1
            if seen == moment + 1:
                process.kill()
                process.wait(10)
        return True

    front.watch = kill
    process = bulkpo(folder, *IMPORT)
    return process.wait(60)


def bulkpo(folder: Path, *arguments: str, out: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"BULKPO_ACME_CLIENT_SECRET": "sandbox"}
    command = [sys.executable, "-m", "bulkpo", *arguments]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=subprocess.DEVNULL)
