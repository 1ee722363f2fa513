"""The ways an instance is reached while processes are killed: straight, through a proxy, through a tunnel with TLS."""

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hostile_proxy import Cut, HostileProxy, Odds, hostile_proxy

from bulkpo.sandbox.serving.server import SandboxServer

WAYS = ("direct", "plain proxy", "tunnel")
RATE = "at the limit of 25 a second"
FAULTS = "with faults"
CLEAN = "clean"
EVERY = tuple(f"{way}, {state}" for way in WAYS for state in (CLEAN, FAULTS))
OF_SANDBOX = {"rates": {"500_after": 0.01, "503": 0.01, "reset_after": 0.01, "429": 0.03}, "seed": 5}
LOSSES = (
    Cut.HANG_UP_BEFORE, Cut.HANG_UP_AFTER, Cut.RESET_AFTER, Cut.HALF_AFTER, Cut.FORBID_AFTER, Cut.NO_ID_AFTER,
    Cut.BAD_GATEWAY_AFTER, Cut.UNAVAILABLE_BEFORE, Cut.LATE,
)  # fmt: skip
PATIENT = {"BULKPO_CRASH_TIMEOUT": "3"}  # a request that is passed on late is still at work until then


@dataclass(frozen=True)
class Way:
    """How an instance is reached: by which address, with which variables, and what goes wrong."""

    url: str
    variables: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, object] = field(default_factory=dict)


@contextmanager
def losing_proxy(sandbox: SandboxServer, folder: Path) -> Iterator[HostileProxy]:
    """A proxy before the sandbox, that passes some requests on late."""
    with hostile_proxy(sandbox.url, folder / "proxy.pem") as proxy:
        proxy.late = 1.0
        yield proxy


def lost(odds: Mapping[str, float]) -> list[Odds]:
    """Answers that are lost in every manner, of the requests with these methods, each so often."""
    return [
        Odds(cut, method, "/api/", often, random.Random(number))  # noqa: S311 - repeatable on purpose
        for method, often in odds.items()
        for number, cut in enumerate(LOSSES)
    ]


def way_of(name: str, sandbox: SandboxServer, proxy: HostileProxy, cues: Iterable[Odds]) -> Way:
    """One of these ways, as `direct, with faults`; `cues` are what the proxy does where there are faults."""
    name, _, state = name.partition(", ")
    if state == FAULTS:
        proxy.cues = list(cues)
    faults = OF_SANDBOX if state == FAULTS else {}
    variables = {"BULKPO_CRASH_RATE": "25"} if state == RATE else PATIENT if state == FAULTS else {}
    match name:
        case "direct":
            return Way(proxy.url if state == FAULTS else sandbox.url, variables, faults)  # a gateway in front of it
        case "plain proxy":
            return Way("http://acme.example", {**variables, "HTTP_PROXY": proxy.url}, faults)
        case _:
            trust = {"HTTPS_PROXY": proxy.url, "REQUESTS_CA_BUNDLE": str(proxy.certificate)}
            return Way("https://localhost", {**variables, **trust}, faults)
