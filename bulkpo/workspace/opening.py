"""Opens what calls work with: profiles, instances, the journal, the embedded sandbox."""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo.errors import InputError, UsageError
from bulkpo.model.profile import SANDBOX

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.journal.journal import Journal
    from bulkpo.model.by import By
    from bulkpo.model.profile import Profile
    from bulkpo.sandbox.serving.server import SandboxServer
    from bulkpo.schema.tables import ElementTables
    from bulkpo.workspace.requests import SandboxRequest


@dataclass(frozen=True, slots=True)
class Scopes:
    """What a client is to ask for: the scopes some work needs, and those it can do without."""

    needed: tuple[str, ...]
    wished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where calls work: the folder `bulkpo.yaml` is looked for from, upwards, and the variables that hold secrets.

    The journal and the sandbox's data are in `.bulkpo` beside `bulkpo.yaml`, or in the folder if there is none.
    """

    folder: Path = field(default_factory=Path)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    @property
    def data(self) -> Path:
        """Where the journal and the sandbox's data are."""
        from bulkpo.settings import work_folder

        return work_folder(self._root, self.environment)

    def profile(self, name: str) -> "Profile":
        """The profile of this name; raises MappingError or UsageError."""
        from bulkpo.settings import load_profile

        return load_profile(name, self._root, self.environment)

    @property
    def _root(self) -> Path:
        try:
            return self.folder.resolve(strict=True)
        except OSError:
            raise InputError(f"the folder {self.folder} no longer exists; change to another folder") from None

    @contextmanager
    def client(
        self, name: str, scopes: "Scopes | None" = None, stop: threading.Event | None = None
    ) -> "Iterator[CoupaClient]":
        """A client for the instance of a profile; for the sandbox profile, the embedded sandbox runs as long.

        `scopes` are those that the work needs; without them, those that most orders ask for. Setting `stop` ends its
        waits.
        """
        from bulkpo.coupa.client import CoupaClient
        from bulkpo.coupa.limiter import SystemClock
        from bulkpo.coupa.pace import pace_folder, shared_pace

        profile = self.profile(name)
        if scopes is not None:
            profile = profile.asking(scopes.needed, scopes.wished)
        with self._reachable(profile) as profile:
            is_limited = profile.rate is not None
            folder = pace_folder(self.environment) if is_limited else None
            shared = shared_pace(folder, profile.url, profile.client_id)
            with CoupaClient(profile, SystemClock(stop), shared) as client:
                yield client

    def by(self, command: Sequence[str] = ()) -> "By":
        """Who runs this process; `command` is the command line, empty for a program."""
        from bulkpo.process import who_runs

        return who_runs(self.environment, command, self.secrets())

    def secrets(self) -> tuple[str, ...]:
        """The secrets that this folder's profiles and the environment hold, so that none is written anywhere."""
        from bulkpo.settings import known_secrets

        return known_secrets(self._root, self.environment)

    @contextmanager
    def journal(self, command: Sequence[str] = ()) -> "Iterator[Journal]":
        """The journal of this folder's runs; `command` is the command line that works with it."""
        from bulkpo.journal.journal import journal_in

        by = self.by(command)
        journal = journal_in(self.data, lambda: datetime.now(UTC).isoformat(timespec="milliseconds"), by)
        try:
            yield journal
        finally:
            journal.close()

    def claimed(self, places: Iterable[Path]) -> AbstractContextManager[None]:
        """Hold files that are about to be worked on or written; raises RunError where another process does."""
        from bulkpo.journal.claim import claim_places

        return claim_places(self.data, places)

    @contextmanager
    def _reachable(self, profile: "Profile") -> "Iterator[Profile]":
        if not profile.is_sandbox:
            yield profile
            return
        from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer

        references = References.OPEN if profile.is_open else References.STARTER
        with SandboxServer(self.data / "sandbox", SandboxOptions(references=references)) as server:
            yield replace(profile, url=server.url)


HERE = Workspace()
"""The folder the program runs in."""


def connect(to: str = SANDBOX, workspace: Workspace = HERE) -> "AbstractContextManager[CoupaClient]":
    """A client for the instance of profile `to`, to be closed by `with`; the embedded sandbox runs as long."""
    return workspace.client(to)


@dataclass(frozen=True, slots=True)
class ServedSandbox:
    """A sandbox that listens, where its data are (None: in memory), and the credentials it takes."""

    server: "SandboxServer"
    folder: Path | None
    client_id: str
    client_secret: str


def serve_sandbox(request: "SandboxRequest", workspace: Workspace = HERE) -> ServedSandbox:
    """The sandbox, ready to serve; raises ServiceError where it cannot listen.

    An empty host would be every address of this machine, and is a UsageError.
    """
    from bulkpo.sandbox.serving import server

    if not request.host.strip():
        raise UsageError("the sandbox's host is empty; name 127.0.0.1, or 0.0.0.0 for every address of this machine")

    options = server.SandboxOptions(
        host=request.host,
        port=request.port,
        references=server.References(request.references),
        reference_files=request.files,
        created=server.FirstStatus(request.created),
        granted=frozenset(request.granted) or server.KNOWN,
        required=_elements(request.required),
        rate_limit=request.limit,
    )
    place = None if request.memory else request.folder or workspace.data / "sandbox"
    return ServedSandbox(server.SandboxServer(place, options), place, server.CLIENT_ID, server.CLIENT_SECRET)


def _elements(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of elements as in `order-header/supplier`; raises UsageError for one that is none."""
    from bulkpo.schema.tables import UnknownElement

    tables = element_tables()
    for name in names:
        object_name, _, element = name.partition("/")
        try:
            if element not in tables.object(object_name).elements:
                raise UsageError(f"--require {name!r}: {object_name} has no element {element!r}")
        except UnknownElement as unknown:
            raise UsageError(f"--require {name!r}: {unknown}; write it as in order-header/supplier") from None
    return names


def element_tables() -> "ElementTables":
    """What is known of Coupa's objects and their elements."""
    from bulkpo.schema.tables import ElementTables
    from bulkpo.shipped import schema_text

    return ElementTables(schema_text)


def known_zone_of(name: str | None) -> str | None:
    """The time zone that `--time-zone` names, if it does; raises UsageError for what is none."""
    from bulkpo.model.zones import known_zone

    try:
        return None if name is None else known_zone(name)
    except ValueError as error:
        raise UsageError(f"--time-zone: {error}") from None
