"""Whether there is what proves blocks of bytes: numpy, and the memory it takes."""

import os
import sys
from importlib.util import find_spec

_LEAST = 256 << 20
_LEAST_PER_CORE = 128 << 20
"""So many bytes a process must be free to take: numpy's OpenBLAS ends one that cannot have 40 MB for each core when it
is imported, and every thread that proves has a stack and a heap of its own. Measured: on two cores 250 MB are enough.
"""


def has_numpy() -> bool:
    """Whether blocks of bytes can be proved."""
    return find_spec("numpy") is not None and not _is_held_below(_LEAST + _LEAST_PER_CORE * (os.cpu_count() or 1))


def _is_held_below(needed: int) -> bool:
    """Whether this process is not let have so many bytes, as by `ulimit -v` or `ulimit -d`."""
    if sys.platform == "win32":
        return False
    import resource

    limits = [resource.getrlimit(each)[0] for each in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
    return any(limit != resource.RLIM_INFINITY and limit < needed for limit in limits)
