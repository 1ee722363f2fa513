import threading
import time
from collections.abc import Iterator

import pytest

from bulkpo.runs.import_workers import Workers


def test_every_item_is_done_once_and_counted() -> None:
    done: list[int] = []
    assert Workers(done.append, 4, threading.Event()).run(range(1000)) == 1000
    assert sorted(done) == list(range(1000))


def test_an_error_ends_the_work_and_is_raised_where_it_was_asked_for() -> None:
    done: list[int] = []

    def work(item: int) -> None:
        if item == 5:
            raise ValueError("five")
        time.sleep(0.001)
        done.append(item)

    with pytest.raises(ValueError, match="five"):
        Workers(work, 2, threading.Event()).run(range(1000))
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

    Workers(work, 3, stop).run(range(1000))
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
        Workers(done.append, 3, stop).run(items())
    assert stop.is_set()
