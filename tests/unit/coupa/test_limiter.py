import threading
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bulkpo.coupa.limiter import SECOND, RateLimiter, SystemClock, nanoseconds


class ManualClock:
    """A clock that moves only when somebody waits, or is told to."""

    def __init__(self) -> None:
        self.time = 0

    def now(self) -> int:
        return self.time

    def wait(self, nanoseconds: int) -> None:
        self.time += nanoseconds


RATES = st.decimals(min_value=Decimal("0.5"), max_value=1000, places=2)
STEPS = st.lists(st.tuples(st.sampled_from(["take", "idle", "pause"]), st.integers(0, 3 * SECOND)), max_size=120)


@given(rate=RATES, burst=st.integers(1, 40), steps=STEPS)
def test_no_stretch_of_time_sees_more_than_burst_and_rate_allow(
    rate: Decimal, burst: int, steps: list[tuple[str, int]]
) -> None:
    clock = ManualClock()
    limiter = RateLimiter(rate, burst, clock)
    passed = []
    for action, amount in steps:
        if action == "idle":
            clock.wait(amount)
        elif action == "pause":
            limiter.pause(Decimal(amount) / SECOND)
        else:
            limiter.acquire()
            passed.append(clock.now())
    for first, start in enumerate(passed):
        for last, end in enumerate(passed[first:], first):
            assert last - first + 1 <= burst + rate * (end - start) / SECOND


@given(rate=RATES, burst=st.integers(1, 40), count=st.integers(1, 200))
def test_the_limit_is_reached_and_not_only_kept(rate: Decimal, burst: int, count: int) -> None:
    clock = ManualClock()
    limiter = RateLimiter(rate, burst, clock)
    for _ in range(count):
        limiter.acquire()
    assert clock.now() == max(0, count - burst) * nanoseconds(1 / rate)


@given(rate=RATES, burst=st.integers(1, 40), steps=STEPS)
def test_as_many_as_there_is_room_for_pass_at_once(rate: Decimal, burst: int, steps: list[tuple[str, int]]) -> None:
    clock = ManualClock()
    limiter = RateLimiter(rate, burst, clock)
    for action, amount in steps:
        if action == "idle":
            clock.wait(amount)
        elif action == "pause":
            limiter.pause(Decimal(amount) / SECOND)
        else:
            before, room = clock.now(), limiter.room
            for _ in range(room or 0):
                limiter.acquire()
            assert clock.now() == before
            limiter.acquire()
            assert clock.now() > before


def test_without_a_limit_there_is_always_room() -> None:
    assert RateLimiter(None, 20, ManualClock()).room is None


@given(seconds=st.decimals(min_value=0, max_value=60, places=3))
def test_nobody_passes_during_a_pause_and_no_burst_follows_it(seconds: Decimal) -> None:
    clock = ManualClock()
    limiter = RateLimiter(Decimal(25), 20, clock)
    limiter.acquire()
    limiter.pause(seconds)
    limiter.acquire()
    assert clock.now() >= seconds * SECOND
    resumed = clock.now()
    limiter.acquire()
    assert clock.now() - resumed == nanoseconds(Decimal("0.04"))


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    clock = ManualClock()
    limiter = RateLimiter(Decimal(25), 20, clock)
    limiter.pause(Decimal(10))
    limiter.pause(Decimal(1))
    limiter.acquire()
    assert clock.now() == 10 * SECOND


def test_without_a_rate_only_pauses_hold_anybody_up() -> None:
    clock = ManualClock()
    limiter = RateLimiter(None, 20, clock)
    for _ in range(1000):
        limiter.acquire()
    assert clock.now() == 0
    limiter.pause(Decimal("1.5"))
    limiter.acquire()
    assert clock.now() == 1_500_000_000


def test_threads_share_one_limit() -> None:
    clock = SystemClock()
    limiter = RateLimiter(Decimal(200), 5, clock)
    passed: list[int] = []

    def work() -> None:
        for _ in range(10):
            limiter.acquire()
            passed.append(clock.now())

    started = clock.now()
    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 50
    assert max(passed) - started >= 45 * SECOND // 200
