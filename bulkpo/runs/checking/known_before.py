"""What an earlier pass over a file has found, for the next one to tell of orders above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bulkpo.model.finding import Finding


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """What an earlier pass has found.

    `unsound` are the rows the file itself has an error in, 0 standing for all, and the rows beside one that belongs to
    no order; `twins` the keys that look like another, each with that other and its row; `broken` what is found about
    orders that do not come to what the file says of them.
    """

    unsound: frozenset[int] = frozenset()
    twins: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    broken: Mapping[str, Sequence[Finding]] = field(default_factory=dict)


NOTHING_KNOWN = KnownBefore()
