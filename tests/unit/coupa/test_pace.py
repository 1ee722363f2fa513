"""The limit of an instance is kept by all processes of a user together, and no process waits for another for ever."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.coupa.limiter import SECOND, RateLimiter, SystemClock, nanoseconds
from bulkpo.coupa.pace import SharedPace, Used, pace_folder, shared_pace
from bulkpo.sandbox.serving.server import CLIENT_SECRET, SandboxServer
from bulkpo.workspace.opening import Workspace

HOLDER = """
import os, sys, time
from pathlib import Path
from bulkpo.coupa.pace import SharedPace, Used
with SharedPace(Path(sys.argv[1])).joined(Used(0, 0)):
    print("held", flush=True)
    time.sleep(600)
"""
SENDER = """
import sys, time
from decimal import Decimal
from pathlib import Path
from bulkpo.coupa.limiter import RateLimiter, SystemClock
from bulkpo.coupa.pace import SharedPace
limiter = RateLimiter(Decimal(100), 5, SystemClock(), SharedPace(Path(sys.argv[1])))
for _ in range(40):
    limiter.acquire()
    print(time.monotonic_ns())
"""


class ManualClock:
    """A clock that moves only when somebody waits, or is told to."""

    def __init__(self) -> None:
        self.time = 0

    def now(self) -> int:
        return self.time

    def wait(self, nanoseconds: int) -> None:
        self.time += nanoseconds


@given(
    rate=st.decimals(min_value=Decimal("0.5"), max_value=1000, places=2),
    burst=st.integers(1, 20),
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["take", "idle", "pause"]), st.integers(0, 3 * SECOND)),
        max_size=60,
    ),
)
def test_processes_that_share_a_pace_pass_together_no_more_than_one_may(
    rate: Decimal, burst: int, steps: list[tuple[int, str, int]]
) -> None:
    clock = ManualClock()
    passed, closed_until = [], 0
    with tempfile.TemporaryDirectory() as folder:
        limiters = [RateLimiter(rate, burst, clock, SharedPace(Path(folder) / "one.pace")) for _ in range(3)]
        for who, action, amount in steps:
            if action == "idle":
                clock.wait(amount)
            elif action == "pause":
                limiters[who].pause(Decimal(amount) / SECOND)
                closed_until = max(closed_until, clock.now() + amount)
            else:
                limiters[who].acquire()
                assert clock.now() >= closed_until
                passed.append(clock.now())
    for first, start in enumerate(passed):
        for last, end in enumerate(passed[first:], first):
            assert last - first + 1 <= burst + rate * (end - start) / SECOND


def test_two_processes_together_send_no_faster_than_the_limit(tmp_path: Path) -> None:
    program = [sys.executable, "-c", SENDER, str(tmp_path / "one.pace")]
    running = [subprocess.Popen(program, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    passed = sorted(int(line) for each in running for line in each.communicate()[0].split())
    assert len(passed) == 80
    assert passed[-1] - passed[0] >= (80 - 5 - 1) * nanoseconds(Decimal("0.01"))


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize("fate", ["stopped", "killed"])
def test_a_process_that_does_not_go_on_or_is_killed_holds_nobody_up(tmp_path: Path, fate: str) -> None:
    path = tmp_path / "one.pace"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.send_signal(signal.SIGSTOP if fate == "stopped" else signal.SIGKILL)
        limiter = RateLimiter(Decimal(1000), 5, SystemClock(), SharedPace(path))
        for _ in range(300):  # which would take half a minute if each waited for the file
            limiter.acquire()
    finally:
        holder.kill()
        holder.communicate()


def test_numbers_that_cannot_be_are_no_reason_to_wait(tmp_path: Path) -> None:
    path, now = tmp_path / "one.pace", time.monotonic_ns()
    started = time.time_ns() - now
    near, far = now + 5 * SECOND, now + 5000 * SECOND
    for numbers, expected in (
        ((started, near, near), near),
        ((started + 30 * SECOND, near, near), near),
        ((started, far, near), 7),
        ((started, near, far), 7),
        ((started - 3600 * SECOND, near, near), 7),
    ):
        path.write_bytes(b"".join(each.to_bytes(8, "little", signed=True) for each in numbers))
        used = Used(7, 7)
        with SharedPace(path).joined(used):
            assert (used.full_at, used.closed_until) == (expected, expected)
    for text in (b"", b"x", b"\xff" * 23):
        path.write_bytes(text)
        with SharedPace(path).joined(used := Used(7, 7)):
            assert used == Used(7, 7)
    assert len(path.read_bytes()) == 24


def test_a_rate_of_one_request_in_centuries_is_kept_alone(tmp_path: Path) -> None:
    limiter = RateLimiter(Decimal("1E-12"), 1, ManualClock(), SharedPace(tmp_path / "one.pace"))
    limiter.acquire()
    assert limiter.room == 0


def test_where_no_file_can_be_a_process_keeps_the_limit_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert shared_pace(tmp_path / "file" / "pace", "https://acme.example", "one") is None
    assert shared_pace(None, "https://acme.example", "one") is None
    with SharedPace(tmp_path / "nowhere" / "one.pace").joined(used := Used(1, 2)):
        assert used == Used(1, 2)


def test_each_instance_and_client_has_a_pace_of_its_own_and_old_ones_are_forgotten(tmp_path: Path) -> None:
    old = tmp_path / "old.pace"
    old.write_bytes(b"")
    os.utime(old, (1, 1))
    asked = [("https://a.example", "one"), ("https://b.example", "one"), ("https://a.example", "two")]
    for url, client in [*asked, asked[0]]:
        pace = shared_pace(tmp_path, url, client)
        assert pace is not None
        with pace.joined(Used(1, 1)):
            pass
    assert len(list(tmp_path.iterdir())) == len(asked)
    assert not old.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows names the folder itself")
@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOME": "/home/j"}, "/home/j/.local/state/bulkpo/pace"),
        ({"HOME": "/home/j", "XDG_STATE_HOME": "/var/j"}, "/var/j/bulkpo/pace"),
        ({"XDG_STATE_HOME": "j"}, None),
        ({}, None),
    ],
)
def test_the_folder_is_the_users_own_for_what_programs_keep(environment: dict[str, str], folder: str | None) -> None:
    assert pace_folder(environment) == (None if folder is None else Path(folder))


PROFILE = "bulkpo: profiles/1\nprofiles: {there: {url: %s, client_id: sandbox, rate: 0.01}}\n"


def test_work_in_two_folders_goes_to_one_instance_at_one_pace(tmp_path: Path) -> None:
    state = dict.fromkeys(("XDG_STATE_HOME", "LOCALAPPDATA"), str(tmp_path / "state"))
    environment = {**state, "BULKPO_THERE_CLIENT_SECRET": CLIENT_SECRET}
    with SandboxServer(None) as server:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "bulkpo.yaml").write_text(PROFILE % server.url, encoding="utf-8")
        here, there = (Workspace(tmp_path / name, environment) for name in ("one", "two"))
        with here.client("there") as mine, there.client("there") as yours:
            assert (mine.room, yours.room) == (10, 10)
            mine.ping()
            assert (mine.room, yours.room) == (9, 9)
