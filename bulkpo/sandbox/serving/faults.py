"""Faults on demand: what goes wrong, when, and how it is asked for on `/_sandbox/faults`.

A script says which of the requests that fit it go wrong; rates say how often the others do, by a seed, so that the
same requests in the same order meet the same faults. A fault that comes *after* leaves the work done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from threading import Lock
from typing import Any

from bulkpo.sandbox.http import Request
from bulkpo.sandbox.refused import bad_request


class Fault(Enum):
    """What goes wrong with one request."""

    TOO_MANY = "429"
    ERROR_500 = "500"
    ERROR_502 = "502"
    ERROR_503 = "503"
    ERROR_504 = "504"
    ERROR_500_AFTER = "500_after"
    ERROR_502_AFTER = "502_after"
    ERROR_503_AFTER = "503_after"
    ERROR_504_AFTER = "504_after"
    REFUSE = "refuse"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    HANG_BEFORE = "hang_before"
    HANG_AFTER = "hang_after"
    TRUNCATE = "truncate"
    GARBLE = "garble"
    DRIP = "drip"
    EXPIRE_TOKENS = "expire_tokens"

    @property
    def status(self) -> int | None:
        """The status it answers with, if it answers in the instance's place."""
        number = self.value.partition("_")[0]
        return int(number) if number.isdigit() else None

    @property
    def works(self) -> bool:
        """True if the request's work is done all the same."""
        if self.status is not None:
            return self.value.endswith("_after")
        return self not in (Fault.REFUSE, Fault.RESET_BEFORE, Fault.HANG_BEFORE)


@dataclass(slots=True)
class Cue:
    """A line of the script: of the requests that fit, the one after `skip` others, and `times` in all."""

    fault: Fault
    method: str = ""
    path: str = "/api/"
    skip: int = 0
    times: int = 1
    seen: int = 0

    def fits(self, request: Request) -> bool:
        """True if it speaks of requests such as this."""
        return request.path.startswith(self.path) and self.method in ("", request.method)

    def is_due(self, request: Request) -> bool:
        """Count a request; true if it is one that goes wrong."""
        if not self.fits(request):
            return False
        self.seen += 1
        return self.skip < self.seen <= self.skip + self.times


@dataclass(frozen=True)
class Plan:
    """All that is set on the admin path. Times are in seconds."""

    seed: int = 0
    rates: Mapping[Fault, float] = field(default_factory=dict)
    script: Sequence[Cue] = ()
    only: Cue = field(default_factory=lambda: Cue(Fault.DRIP))
    latency: float = 0.0
    latency_spread: float = 0.0
    retry_after: str = "1"
    hang: float = 600.0
    refuse: float = 1.0
    drip: float = 0.01
    duplicate_check: bool = True
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fate:
    """What befalls one request: a delay, a fault, and a source of chance that belongs to it alone."""

    delay: float
    fault: Fault | None
    chance: Random


class Faults:
    """Decides the fate of each request."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._number = 0
        self.plan = Plan()

    def set(self, plan: Plan) -> None:
        """Follow another plan from the next request on."""
        with self._lock:
            self.plan, self._number = plan, 0

    def fate(self, request: Request) -> Fate | None:
        """What befalls a request; None if nothing does."""
        plan = self.plan
        if not plan.given:
            return None
        with self._lock:
            due = [cue.fault for cue in plan.script if cue.is_due(request)]
            affected = plan.only.fits(request)
            self._number += affected
            chance = Random(f"{plan.seed}:{self._number}")  # noqa: S311 - repeatable on purpose
        if not affected:
            return Fate(0.0, due[0], chance) if due else None
        delay = max(0.0, plan.latency + chance.uniform(-1, 1) * plan.latency_spread)
        fault = due[0] if due else _drawn(plan.rates, chance.random())
        return Fate(delay, fault, chance)


def _drawn(rates: Mapping[Fault, float], draw: float) -> Fault | None:
    for fault, rate in rates.items():
        if draw < rate:
            return fault
        draw -= rate
    return None


def read_plan(data: object) -> Plan:
    """The plan that a client puts on the admin path; raises RefusedRequest saying what may be written."""
    given = _mapping("the body", data, _READERS)
    read = {name: _READERS[name](name, value) for name, value in given.items()}
    if sum(read.get("rates", {}).values()) > 1:
        raise bad_request("rates must not add up to more than 1")
    latency = read.pop("latency", {})
    return Plan(**read, **latency, given=given)


def _mapping(name: str, data: object, known: Mapping[str, object] | Sequence[str]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise bad_request(f"{name} must be a JSON object")
    if unknown := [key for key in data if key not in known]:
        raise bad_request(f"{name} has {unknown[0]!r}; known are {', '.join(known)}")
    return data


def _fault(name: str, value: object) -> Fault:
    try:
        return Fault(str(value))
    except ValueError:
        raise bad_request(f"{name}: {value!r} is no fault; known are {', '.join(one.value for one in Fault)}") from None


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e6:
        raise bad_request(f"{name} must be a number from 0, not {value!r}")
    return float(value)


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise bad_request(f"{name} must be a whole number from 0, not {value!r}")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise bad_request(f"{name} must be text, not {value!r}")
    return value


def _truth(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise bad_request(f"{name} must be true or false, not {value!r}")
    return value


def _rates(name: str, value: object) -> dict[Fault, float]:
    rates = _mapping(name, value, [fault.value for fault in Fault])
    return {_fault(name, key): _number(f"{name}/{key}", rate) for key, rate in rates.items()}


def _latency(name: str, value: object) -> dict[str, float]:
    given = _mapping(name, value, ("seconds", "spread"))
    numbers = {key: _number(f"{name}/{key}", number) for key, number in given.items()}
    return {"latency": numbers.get("seconds", 0.0), "latency_spread": numbers.get("spread", 0.0)}


def _cue(name: str, value: object, *, of_fault: bool = True) -> Cue:
    known = {"fault": _fault, "method": _text, "path": _text, "skip": _whole, "times": _whole}
    given = _mapping(name, value, list(known) if of_fault else ["method", "path"])
    if of_fault and "fault" not in given:
        raise bad_request(f"{name} must name its fault")
    read: dict[str, Any] = {key: known[key](f"{name}/{key}", one) for key, one in given.items()}
    return Cue(**{"fault": Fault.DRIP, **read})


def _script(name: str, value: object) -> list[Cue]:
    if not isinstance(value, list):
        raise bad_request(f"{name} must be a list")
    return [_cue(f"{name}[{number}]", cue) for number, cue in enumerate(value, 1)]


_READERS: Mapping[str, Any] = {
    "seed": _whole,
    "rates": _rates,
    "script": _script,
    "only": lambda name, value: _cue(name, value, of_fault=False),
    "latency": _latency,
    "retry_after": lambda name, value: f"{_number(name, value):g}",
    "hang": _number,
    "refuse": _number,
    "drip": _number,
    "duplicate_check": _truth,
}
