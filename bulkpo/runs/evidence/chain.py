"""Lines that are chained: each holds the SHA-256 of the line before, so that none can be changed, moved or left out.

A line is one JSON object in ASCII, ended by a line feed; its hash is that of its bytes without the line feed, as they
stand in the file, so that nobody needs to know how JSON is written. The first line names what the chain is of, the
last says how many lines there are between: a chain that is cut short has no such line.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from bulkpo.runs.evidence.strict import strict_json

FIRST = "0" * 64
"""What stands for the line before the first."""

SCRIPT = """import hashlib, json
before, last = "0" * 64, {}
for line in open("events.jsonl", "rb"):
    line = line.rstrip(b"\\n")
    last = json.loads(line)
    assert last["before"] == before, ("changed, moved or missing before:", last)
    before = hashlib.sha256(line).hexdigest()
assert last.get("end") and before == json.load(open("run.json"))["events"]["head"], "cut short"
print("events.jsonl is whole:", last["events"], "events, head", before)
"""
"""How to check a chain by hand; it stands in every pack."""


class ChainError(ValueError):
    """A chain that does not hold."""


class Chain:
    """A chain being written; `head` is the hash of its last line."""

    def __init__(self, write: Callable[[bytes], object], what: Mapping[str, Any]) -> None:
        self._write = write
        self.count = 0
        self.head = FIRST
        self._add({"n": 0, "before": FIRST, **what})

    def add(self, facts: Mapping[str, Any]) -> int:
        """Add a line; gives its number from 1."""
        self.count += 1
        self._add({"n": self.count, "before": self.head, **facts})
        return self.count

    def end(self) -> str:
        """Add the last line; gives its hash, which stands for the whole chain."""
        self._add({"n": self.count + 1, "before": self.head, "end": True, "events": self.count})
        return self.head

    def _add(self, facts: Mapping[str, Any]) -> None:
        line = json.dumps(facts).encode("ascii")
        self._write(line + b"\n")
        self.head = hashlib.sha256(line).hexdigest()


class ChainCheck:
    """A chain being held against itself, line by line; `head` is the hash of its last line."""

    def __init__(self) -> None:
        self.head = FIRST
        self._number = 0
        self._is_over = False

    def take(self, line: bytes) -> Mapping[str, Any]:
        """Check the next line, with its line feed; gives what it says. Raises ChainError."""
        number = self._number
        if self._is_over:
            raise ChainError(f"line {number + 1} stands behind the last one; something was added")
        bare = line.removesuffix(b"\n")
        if bare == line:
            raise ChainError(f"line {number + 1} has no end: the file is cut short")
        try:
            facts = strict_json(bare)
        except ValueError:
            raise ChainError(f"line {number + 1} is no JSON that every reader reads alike") from None
        if not isinstance(facts, dict) or facts.get("before") != self.head or facts.get("n") != number:
            raise ChainError(
                f"line {number + 1} does not follow the line before it: one of the two was changed, moved or left out"
            )
        self._is_over = facts.get("end") is True
        if self._is_over and facts.get("events") != number - 1:
            raise ChainError(f"the last line speaks of {facts.get('events')} events, and there are {number - 1}")
        self.head = hashlib.sha256(bare).hexdigest()
        self._number += 1
        return facts

    def end(self) -> int:
        """Say how many events there are; raises ChainError where the chain has no end."""
        if not self._is_over:
            raise ChainError("the chain has no last line: it is cut short")
        return self._number - 2
