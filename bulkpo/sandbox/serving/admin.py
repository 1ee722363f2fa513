"""The sandbox's own paths, `/_sandbox/…`: faults, statistics and a fresh start. They need no token."""

import json
import re
from collections import Counter
from collections.abc import Callable
from threading import Lock

from bulkpo.sandbox.http import Answer, Request
from bulkpo.sandbox.records.orders import Orders
from bulkpo.sandbox.refused import RefusedRequest, bad_request, not_found
from bulkpo.sandbox.serving.faults import Fault, Faults, Plan, read_plan

PREFIX = "/_sandbox/"
_MOST_PATHS = 2_000
_ID = re.compile(r"/[0-9]+(?=/|$)", re.ASCII)


class Statistics:
    """How often what was asked for, and what came of it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: Counter[tuple[str, str, int | None]] = Counter()
        self._faults: Counter[str] = Counter()
        self.refused_by_limit = 0

    def count(self, request: Request, status: int | None, fault: Fault | None) -> None:
        """Note one request: the status the instance gave it (None if it never saw it), and the fault it met."""
        path = _ID.sub("/:id", request.path.rstrip("/"))
        with self._lock:
            key = request.method, path, status
            if len(self._answers) >= _MOST_PATHS and key not in self._answers:
                key = "", "elsewhere", status
            self._answers[key] += 1
            if fault is not None:
                self._faults[fault.value] += 1

    def count_limited(self) -> None:
        """Note a request that came too fast."""
        with self._lock:
            self.refused_by_limit += 1

    def clear(self) -> None:
        """Begin to count anew."""
        with self._lock:
            self._answers.clear()
            self._faults.clear()
            self.refused_by_limit = 0

    def facts(self) -> dict[str, object]:
        """The counts, as they are shown."""
        with self._lock:
            answers = sorted(self._answers.items(), key=lambda one: (one[0][0], one[0][1], one[0][2] or 0))
            return {
                "requests": sum(self._answers.values()),
                "answers": [
                    {"method": method, "path": path, "status": status, "count": count}
                    for (method, path, status), count in answers
                ],
                "faults": dict(sorted(self._faults.items())),
                "refused_by_limit": self.refused_by_limit,
            }


class Admin:
    """Answers the sandbox's own paths."""

    def __init__(self, faults: Faults, statistics: Statistics, orders: Orders, reset: Callable[[], None]) -> None:
        self._faults = faults
        self._statistics = statistics
        self._orders = orders
        self._reset = reset

    def answer(self, request: Request) -> Answer:
        """Do what is asked for."""
        try:
            return _json(200, self._answer(request))
        except RefusedRequest as refused:
            return _json(refused.status, {"errors": list(refused.messages)})

    def _answer(self, request: Request) -> object:
        match request.method, request.path.rstrip("/").removeprefix(PREFIX):
            case "GET", "faults":
                pass
            case "PUT", "faults":
                self._follow(read_plan(_data(request.body)))
            case "DELETE", "faults":
                self._follow(Plan())
            case "GET", "statistics":
                return self._facts()
            case "DELETE", "statistics":
                self._clear()
                return self._facts()
            case "POST", "reset":
                self._follow(Plan())
                self._clear()
                self._reset()
                return {}
            case _, ("faults" | "statistics" | "reset"):
                raise RefusedRequest(405, [f"{request.method} is not allowed for {request.path}"])
            case _:
                raise not_found(f"{request.path}; known are faults, statistics and reset")
        return dict(self._faults.plan.given)

    def _follow(self, plan: Plan) -> None:
        self._faults.set(plan)
        self._orders.checks_duplicates = plan.duplicate_check

    def _clear(self) -> None:
        self._statistics.clear()
        self._orders.duplicates = self._orders.transmissions = 0

    def _facts(self) -> dict[str, object]:
        counts = {"duplicates": self._orders.duplicates, "transmissions": self._orders.transmissions}
        return {**self._statistics.facts(), **counts}


def _data(body: bytes) -> object:
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise bad_request(f"the body is not JSON: {error}") from None


def _json(status: int, data: object) -> Answer:
    return Answer(status, json.dumps(data, indent=2).encode() + b"\n", "application/json; charset=utf-8")
