"""Who works, with what, on which machine, and as whom: what a result and an auditor are told of that."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bulkpo.model.profile import Profile


@dataclass(frozen=True, slots=True)
class By:
    """Who runs bulkpo: the machine's user, how that is known, the machine, its system, bulkpo's version, the command.

    `since` is when it began, as ISO text in UTC. `profile`, `instance` and `client` (the OAuth client's id) say where
    and as whom, once that is known. There is never a secret in it.
    """

    operator: str = ""
    known_by: str = ""
    machine: str = ""
    system: str = ""
    version: str = ""
    command: str = ""
    profile: str = ""
    instance: str = ""
    client: str = ""
    since: str = ""

    def at(self, profile: Profile) -> "By":
        """The same at work in an instance, with the client it is reached as."""
        return replace(self, profile=profile.name, instance=profile.url, client=profile.client_id)

    def told(self) -> Iterator[tuple[str, str]]:
        """What is known, each with its name."""
        known = (
            ("Operator", self.operator),
            ("Operator known by", self.known_by),
            ("Machine", self.machine),
            ("System", self.system),
            ("bulkpo", self.version),
            ("Command", self.command),
            ("Profile", self.profile),
            ("OAuth client id", self.client),
        )
        return ((name, text) for name, text in known if text)

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "By":
        """What `as_json` gave; what is missing is not known."""
        return cls(**{name: str(data.get(name, "")) for name in cls.__slots__})


NOBODY = By()
"""Where nobody says who works."""
