"""Names of totals rows that say each time what all lines above come to: known by their words or their figures."""

import re
from collections.abc import Iterator

from bulkpo.mapping.rows.totals_told import StatedTotal
from bulkpo.model.finding import Finding

_RUNNING = re.compile(r"\b(?:running|cumul|kumul|laufend|acumul|progressiv|lopend)")


class RunningNames:
    """Which names run on, by column.

    A single row that says what all lines come to may as well be wrong, so it waits for the next of its name.
    """

    def __init__(self) -> None:
        self._anew: set[tuple[str, str]] = set()
        self._running: set[tuple[str, str]] = set()
        self._waiting: dict[tuple[str, str], Finding] = {}

    def settle(self, figure: StatedTotal, name: str, *, starts_anew: bool) -> Iterator[Finding]:
        """Take note of a row that starts anew behind the last of its name; then the one that waits is wrong."""
        at = figure.column, name
        if starts_anew:
            self._anew.add(at)
            if at in self._waiting:
                yield self._waiting.pop(at)

    def runs_on(self, column: str, name: str, otherwise: Finding) -> bool:
        """Whether a row that says what all lines above come to is right or waits; `otherwise` is told if it is not."""
        at = column, name
        if at in self._anew:
            return False
        if at in self._running or _RUNNING.search(name):
            return True
        if at in self._waiting:
            del self._waiting[at]
            self._running.add(at)
        else:
            self._waiting[at] = otherwise
        return True

    def left(self) -> list[Finding]:
        """What is told of rows that were the last of their name, of the whole file since all is read."""
        return [each._replace(key="") for each in self._waiting.values()]
