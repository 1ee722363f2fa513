"""The way to a Coupa instance: client, journal, the question before anything real, and Ctrl-C."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from bulkpo.errors import UsageError

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.journal.store import Journal
    from bulkpo.settings import Profile


@dataclass(frozen=True, slots=True)
class OpenInstance:
    """The instance a run works with, and the way there."""

    profile: "Profile"
    client: "CoupaClient"
    journal: "Journal"


def folder_here() -> Path:
    """Where the journal and the sandbox's data are, from the folder the command runs in."""
    from bulkpo import settings

    return settings.work_folder(Path.cwd())


def find_profile(name: str) -> "Profile":
    """The profile of this name, as seen from the folder the command runs in."""
    from bulkpo.settings import load_profile

    return load_profile(name, Path.cwd(), os.environ)


@contextmanager
def open_client(profile_name: str) -> Iterator[tuple["Profile", "CoupaClient"]]:
    """A profile and a client for it; for the sandbox profile, the embedded sandbox runs as long."""
    from bulkpo.coupa.client import CoupaClient

    with _instance(find_profile(profile_name)) as reachable, CoupaClient(reachable) as client:
        yield reachable, client


@contextmanager
def _instance(profile: "Profile") -> Iterator["Profile"]:
    if not profile.is_sandbox:
        yield profile
        return
    from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer

    folder = folder_here() / "sandbox"
    with SandboxServer(folder, SandboxOptions(references=References.OPEN)) as server:
        yield replace(profile, url=server.url)


@contextmanager
def open_journal() -> "Iterator[Journal]":
    """The journal of this folder's runs."""
    from bulkpo.journal.store import Journal

    journal = Journal(folder_here(), lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def open_target(profile_name: str) -> Iterator[OpenInstance]:
    """A profile, a client for it and the journal."""
    with open_client(profile_name) as (profile, client), open_journal() as journal:
        yield OpenInstance(profile, client, journal)


def confirm(profile: "Profile", what: str, *, is_sure: bool) -> None:
    """Ask before anything real happens; a script must say --yes."""
    if profile.is_sandbox or is_sure:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"this would {what} in {profile}; add --yes if that is meant")
    if not click.confirm(f"{what.capitalize()} in {profile}?", err=True):
        raise UsageError("nothing was done")


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C ends the run in good order: requests under way finish, the rest stays planned. Twice ends it at once."""

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        if stop.is_set():
            signal.default_int_handler(signum, frame)
        click.echo("\nStopping when the requests under way are answered; Ctrl-C again stops at once.", err=True)
        stop.set()

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
