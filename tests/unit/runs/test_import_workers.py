import threading
import time
from collections.abc import Iterator

import pytest

from bulkpo.runs.delivery.workers import Workers


def test_every_item_is_done_once_and_counted() -> None:
    done: list[int] = []
    assert Workers(done.append, lambda: 4, threading.Event()).run(range(1000)) == 1000
    assert sorted(done) == list(range(1000))


def test_an_error_ends_the_work_and_is_raised_where_it_was_asked_for() -> None:
    done: list[int] = []

    def work(item: int) -> None:
        if item == 5:
            raise ValueError("five")
        time.sleep(0.001)
        done.append(item)

    with pytest.raises(ValueError, match="five"):
        Workers(work, lambda: 2, threading.Event()).run(range(1000))
    assert len(done) < 20


def test_what_is_begun_when_asked_to_stop_is_finished_and_the_rest_is_left() -> None:
    stop = threading.Event()
    begun, done = [], []

    def work(item: int) -> None:
        begun.append(item)
        if item == 10:
            stop.set()
        time.sleep(0.005)
        done.append(item)

    Workers(work, lambda: 3, stop).run(range(1000))
    assert sorted(begun) == sorted(done)
    assert 10 in done
    assert len(done) < 20


def test_an_error_in_what_gives_the_items_ends_the_work() -> None:
    done: list[int] = []

    def items() -> Iterator[int]:
        yield 1
        raise OSError("the file is gone")

    stop = threading.Event()
    with pytest.raises(OSError, match="the file is gone"):
        Workers(done.append, lambda: 3, stop).run(items())
    assert stop.is_set()


def test_no_more_are_under_way_than_allowed_whether_that_grows_or_shrinks() -> None:
    done: list[int] = []
    under_way: set[int] = set()
    most: list[int] = []
    lock = threading.Lock()

    def allowed() -> int:
        return 3 if len(done) < 30 or len(done) > 60 else 1

    def work(item: int) -> None:
        with lock:
            under_way.add(item)
            most.append(len(under_way))
        time.sleep(0.005)
        with lock:
            under_way.remove(item)
            done.append(item)

    assert Workers(work, allowed, threading.Event()).run(range(90)) == 90
    assert sorted(done) == list(range(90))
    assert (max(most), set(most[34:60]), max(most[-10:])) == (3, {1}, 3)
