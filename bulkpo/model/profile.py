"""Profiles: one Coupa instance each, and how to reach it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

SANDBOX = "sandbox"
SCOPES_OF_HISTORY = ("core.integration.read", "core.integration.write")
"""What telling of imports in an instance's integration history needs."""


class Format(StrEnum):
    """The form of bodies: `auto` reads JSON and creates in XML, each the faster and surer way."""

    AUTO = "auto"
    XML = "xml"
    JSON = "json"


class Secret:
    """A password that never prints: only `reveal` gives it, and only the request that needs it asks."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The password itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True)
class Integration:
    """What is told of imports in an instance's own integration history, under an integration that is there.

    `element` names the integration (`id`, `code` or `name`), `value` is which. `contact_alert_type` is whom Coupa's
    records of single orders are for; without it, none of `refused_orders` and `created_orders` is told.
    """

    element: str
    value: str
    contact_alert_type: str | None = None
    refused_orders: bool = False
    created_orders: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """One Coupa instance. The embedded sandbox's `url` is empty until a command has started it.

    A token is asked for with `scopes`, and with as many of the `wishes` as are granted; `has_own_scopes` is said of
    scopes that the profile lists itself, which are taken as they are.
    `rate` is in requests a second, None for no limit; `timeout` and `token_wait` (between getting a token and its
    first use, which some instances need) are in seconds, and so is `settle_for`: after that long an order whose answer
    was lost, and which no look-up finds, counts as not made; `time_zone` is that of the dates people see, None if
    none is declared; `integration` says what is told of imports in the instance itself, None for nothing. `is_open`
    where orders may refer to anything, as in the embedded sandbox unless its profile says otherwise; `is_silent` where
        nothing may be sent to suppliers.
    """

    name: str
    url: str
    client_id: str
    client_secret: Secret
    scopes: tuple[str, ...]
    wishes: tuple[str, ...] = ()
    has_own_scopes: bool = False
    format: Format = Format.AUTO
    rate: Decimal | None = Decimal(25)
    burst: int = 20
    workers: int = 16
    timeout: Decimal = Decimal(60)
    time_zone: str | None = None
    token_wait: Decimal = Decimal(0)
    settle_for: Decimal = Decimal(600)
    integration: Integration | None = None
    is_open: bool = False
    is_silent: bool = False

    def asking(self, needed: Iterable[str], wished: Iterable[str] = ()) -> "Profile":
        """The profile with the scopes that some work needs; one that lists its own scopes keeps them."""
        if self.has_own_scopes:
            return self
        scopes = tuple(dict.fromkeys((*needed, *(SCOPES_OF_HISTORY if self.integration else ()))))
        wishes = tuple(scope for scope in dict.fromkeys(wished) if scope not in scopes)
        return replace(self, scopes=scopes, wishes=wishes)

    @property
    def is_sandbox(self) -> bool:
        """True for the embedded stand-in, where nothing real can happen."""
        return self.name == SANDBOX

    def __str__(self) -> str:
        """How commands name the instance: `sandbox` or `production (https://acme.coupahost.com)`."""
        return f"the {SANDBOX}" if self.is_sandbox else f"{self.name} ({self.url})"
