"""Threads that ask an instance at the same time, and that nobody waits for once the work is given up.

An answer may take minutes to come. Whoever stops meanwhile, by Ctrl-C or because of an error, is not held up by it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def crew(size: int) -> Iterator[ThreadPoolExecutor]:
    """So many threads. What is under way when the block ends well is waited for; when it does not, it is left."""
    threads = ThreadPoolExecutor(size)
    try:
        yield threads
    except BaseException:
        threads.shutdown(wait=False, cancel_futures=True)
        raise
    threads.shutdown()
