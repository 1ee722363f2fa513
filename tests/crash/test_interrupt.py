"""The command itself, interrupted from the keyboard or killed, with a real instance's pace: it goes on later."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from raw_server import Script, framed, raw_server

from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer

ORDERS = 60
MAPPING = """\
bulkpo: import/1
name: interrupted
resource: purchase_orders
document: {key: po-number}
columns:
  Number: po-number
  Price: order-lines/price
constants:
  type: ExternalOrderHeader
  supplier/name: Acme Supplies
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  currency/code: USD
  order-lines/line-num: "1"
  order-lines/description: Bolts
  order-lines/type: OrderQuantityLine
  order-lines/quantity: "1"
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(None, SandboxOptions()) as server:
        yield server


def ask(sandbox: SandboxServer, method: str, what: str, body: object) -> dict[str, Any]:
    connection = HTTPConnection(urlsplit(sandbox.url).netloc, timeout=10)
    connection.request(method, f"/_sandbox/{what}", json.dumps(body))
    data: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return data


def created(sandbox: SandboxServer) -> int:
    answers = ask(sandbox, "GET", "statistics", {})["answers"]
    return sum(it["count"] for it in answers if it["method"] == "POST" and it["status"] == 201)


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "BULKPO_TRIAL_CLIENT_SECRET": "sandbox"}
    command = [sys.executable, "-m", "bulkpo", *words, "--json"]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(autouse=True)
def _heeds_ctrl_c() -> Iterator[None]:
    """Have what is started heed Ctrl-C, even where the tests run in the background and ignore it."""
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, kept)


EVERYTHING = """\
bulkpo: export/1
name: all
resource: purchase_orders
columns: {Number: po-number}
"""


def write(folder: Path, url: str) -> None:
    profile = f"{{url: '{url}', client_id: sandbox, rate: 25, timeout: 60}}"
    (folder / "bulkpo.yaml").write_text(f"bulkpo: profiles/1\nprofiles:\n  trial: {profile}\n", encoding="utf-8")
    (folder / "small.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "all.yaml").write_text(EVERYTHING, encoding="utf-8")
    rows = [f"PO-{number:04},{number}.50" for number in range(ORDERS)]
    (folder / "orders.csv").write_text("\n".join(["Number,Price", *rows]) + "\n", encoding="utf-8")


def prepare(folder: Path, sandbox: SandboxServer) -> None:
    write(folder, sandbox.url)
    ask(sandbox, "PUT", "faults", {"duplicate_check": False, "latency": {"seconds": 0.2}, "only": {"method": "POST"}})


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_import_is_resumed_to_its_end(
    tmp_path: Path, sandbox: SandboxServer, blow: signal.Signals
) -> None:
    prepare(tmp_path, sandbox)
    with start(tmp_path, "import", "small.yaml", "orders.csv", "--to", "trial", "--yes") as process:
        while created(sandbox) < 12:
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(blow)
        output, said = process.communicate()
    if blow is signal.SIGKILL:
        assert process.returncode == -9
    else:
        assert process.returncode == 130, said
        told = json.loads(output)
        assert (told["unknown"], told["created"]) == (0, created(sandbox))
        assert told["planned"] == ORDERS - told["created"]
        assert "bulkpo resume 1" in said
    with start(tmp_path, "resume", "--yes") as process:
        output, said = process.communicate()
    assert process.returncode == 0, said
    assert json.loads(output)["created"] == ORDERS
    assert created(sandbox) == ORDERS
    assert ask(sandbox, "GET", "statistics", {})["duplicates"] == 0


WAIT = framed(b"", b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 40")
NOTHING = framed(b"[]")


def waits_to_send(head: bytes) -> Iterator[bytes]:
    yield WAIT if head.startswith(b"POST") else NOTHING


def waits_to_read(_: bytes) -> Iterator[bytes]:
    yield WAIT


def answers_no_order(head: bytes) -> Iterator[bytes]:
    if head.startswith(b"POST"):
        time.sleep(40)
    yield NOTHING


def answers_no_question(_: bytes) -> Iterator[bytes]:
    time.sleep(40)
    yield NOTHING


IMPORT = ("import", "small.yaml", "orders.csv", "--to", "trial", "--yes")
SENDING = (*IMPORT, "--no-preflight")
EXPORT = ("export", "all.yaml", "--to", "trial")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "script", "blows"),
    [
        (SENDING, waits_to_send, 1),
        (IMPORT, waits_to_read, 1),
        (SENDING, waits_to_read, 1),
        (EXPORT, waits_to_read, 1),
        (SENDING, answers_no_order, 2),
        (IMPORT, answers_no_question, 1),
        (SENDING, answers_no_question, 2),
        (EXPORT, answers_no_question, 1),
    ],
)
def test_ctrl_c_ends_every_wait_and_twice_is_enough_where_an_answer_does_not_come(
    tmp_path: Path, words: tuple[str, ...], script: Script, blows: int
) -> None:
    asked: list[bytes] = []

    def noted(head: bytes) -> Iterator[bytes]:
        if head.startswith(b"POST") or script in (waits_to_read, answers_no_question):
            asked.append(head)
        yield from script(head)

    with raw_server(noted) as url:
        write(tmp_path, url)
        process = start(tmp_path, *words)
        try:
            while not asked:
                assert process.poll() is None, process.communicate()
                time.sleep(0.02)
            time.sleep(0.5)
            for _ in range(blows):
                process.send_signal(signal.SIGINT)
                time.sleep(0.3)
            _, said = process.communicate(timeout=20)  # half of what it would wait for
        finally:
            process.kill()
    assert process.returncode == 130, said
    assert "Traceback" not in said
