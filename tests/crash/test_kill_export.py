"""Exports killed with SIGKILL behind a proxy that loses answers: every order reaches its reader exactly once.

Whoever reads the file waits until the command has ended normally, takes the file away, and asks for what is new. A
process that is killed when there is nothing left for it to do but to end has ended normally. BULKPO_CRASH_KILLS is the
number of kills of each kind of export behind each proxy.
"""

import csv
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hostile_proxy import Cut, HostileProxy, Odds, hostile_proxy
from situations import OPEN, create
from world import profile_of

from bulkpo.coupa.client import CoupaClient
from bulkpo.sandbox.serving.server import CLIENT_ID, CLIENT_SECRET, SandboxServer

DRIVER = Path(__file__).parent / "export_driver.py"
KILLS = int(os.environ.get("BULKPO_CRASH_KILLS", "6"))
FIRST, MORE = 130, 7  # orders there are before the first export, and that come before each that follows
LOSSES = {
    "GET": (Cut.HANG_UP_BEFORE, Cut.HANG_UP_AFTER, Cut.HALF_AFTER, Cut.UNAVAILABLE_BEFORE, Cut.LOGIN_PAGE_BEFORE),
    "PUT": (Cut.HANG_UP_BEFORE, Cut.HANG_UP_AFTER, Cut.RESET_AFTER, Cut.HALF_AFTER, Cut.BAD_GATEWAY_AFTER),
}
PLAIN = "bulkpo: export/1\nname: orders\ncolumns: [po-number]\n"
KINDS = {
    "plain": PLAIN,
    "since": PLAIN + "since: updated-at\n",
    "mark_exported": PLAIN + "where: {exported: false}\nmark_exported: true\n",
}


@dataclass
class Reader:
    """Somebody who has an export made again and again, each time until it ends; `kills` counts those that did not."""

    folder: Path
    variables: dict[str, str]
    chance: random.Random = field(default_factory=lambda: random.Random(11))  # noqa: S311 - repeatable on purpose
    kills: int = 0

    def read(self, most_steps: int) -> list[str]:
        """The numbers in the file, once the command has ended normally; the file is taken away."""
        file = self.folder / "out.csv"
        code = -9
        while code == -9:
            is_at_step = self.kills < KILLS and self.chance.random() < 0.7
            seconds = None if is_at_step or self.kills >= KILLS else self.chance.uniform(0.4, 1.5)
            code, said, complaint = self._run(self.chance.randrange(1, most_steps) if is_at_step else 0, seconds)
            self.kills += code == -9
            assert code in (-9, 0), complaint
            if said.endswith("ENDED\n"):
                break
        with file.open(encoding="utf-8-sig", newline="") as text:
            numbers = [row["po-number"] for row in csv.DictReader(text)]
        file.unlink()
        return numbers

    def _run(self, step: int, seconds: float | None) -> tuple[int, str, str]:
        command = [sys.executable, str(DRIVER), str(step), "export", "orders.yaml", "-o", "out.csv", "--to", "there"]
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment = {**kept, **self.variables, "BULKPO_THERE_CLIENT_SECRET": CLIENT_SECRET}
        with subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            if process.returncode is None:
                process.kill()
            said = process.communicate()
        return process.returncode, *said


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(None, OPEN) as server:
        yield server


@pytest.fixture
def proxy(sandbox: SandboxServer, tmp_path: Path) -> Iterator[HostileProxy]:
    with hostile_proxy(sandbox.url, tmp_path / "proxy.pem") as proxy:
        proxy.cues = [
            *(
                Odds(cut, method, "/api/", 0.02, random.Random(number))  # noqa: S311 - repeatable on purpose
                for method, cuts in LOSSES.items()
                for number, cut in enumerate(cuts)
            ),
            Odds(Cut.EMPTY_LIST, "GET", "/api/", 0.005),
            Odds(Cut.HANG_UP_ON_TUNNEL, "CONNECT", "", 0.02),
        ]
        yield proxy


@pytest.fixture(params=["plain proxy", "tunnel"])
def reader(request: pytest.FixtureRequest, sandbox: SandboxServer, proxy: HostileProxy, tmp_path: Path) -> Reader:
    is_tunnel = request.param == "tunnel"
    url = "https://localhost" if is_tunnel else sandbox.url
    text = f"bulkpo: profiles/1\nprofiles:\n  there: {{url: '{url}', client_id: {CLIENT_ID}}}\n"
    (tmp_path / "bulkpo.yaml").write_text(text, encoding="utf-8")
    name = "HTTPS_PROXY" if is_tunnel else "HTTP_PROXY"
    return Reader(tmp_path, {name: proxy.url, "REQUESTS_CA_BUNDLE": str(tmp_path / "proxy.pem")})


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_killed_again_and_again_an_export_brings_every_order_once(
    sandbox: SandboxServer, proxy: HostileProxy, reader: Reader, kind: str
) -> None:
    (reader.folder / "orders.yaml").write_text(KINDS[kind], encoding="utf-8")
    made: list[str] = []
    brought = Counter[str]()
    with CoupaClient(profile_of(sandbox.url)) as client:
        while reader.kills < KILLS or len(made) < FIRST + MORE:
            for _ in range(MORE if made else FIRST):
                made.append(f"PO-{len(made):05}")
                create(client, made[-1])
            numbers = reader.read(most_steps=300 if kind == "mark_exported" else 60)
            if kind == "plain":
                assert Counter(numbers) == Counter(made)
            brought.update(numbers)
            if kind != "plain" and not set(made) <= brought.keys():
                brought.update(reader.read(most_steps=60))  # the file stood: what was new was left to the next
        if kind != "plain":
            assert brought == Counter(made)
    print(f"{reader.kills} kills, {proxy.cut} answers cut, {len(made)} orders: 0 lost, 0 twice")  # noqa: T201 - by -s
