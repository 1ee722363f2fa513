"""What commands share: options, the console, progress, and the way to a Coupa instance."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.journal.store import Journal
    from bulkpo.schema.tables import ElementTables
    from bulkpo.settings import Profile

F = TypeVar("F", bound=Callable[..., Any])

_PROGRESS_SECONDS = 0.1

existing_file = click.Path(path_type=Path, dir_okay=True)


def json_option(command: F) -> F:
    """`--json`: one JSON object on standard output, everything else on standard error."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object; all else goes to stderr.")(
        command
    )


def to_option(command: F) -> F:
    """`--to`: the profile to work with."""
    return click.option(
        "--to", "profile_name", default="sandbox", show_default=True, metavar="NAME", help="The profile to work with."
    )(command)


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command writes: words for people, or one JSON object for programs."""

    as_json: bool

    def say(self, text: str = "") -> None:
        """A line for people."""
        click.echo(text, err=self.as_json)

    def result(self, data: Mapping[str, Any]) -> None:
        """The JSON object, if it was asked for."""
        if self.as_json:
            click.echo(json.dumps(data, ensure_ascii=False))


class Counter:
    """Counts long work on a terminal's last line: `12,288 rows checked`. Silent where standard error is a file."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = 0.0
        self._is_terminal = sys.stderr.isatty()
        self._started = time.monotonic()

    def __call__(self, count: int, total: int | None = None) -> None:
        """Show how far the work is, at most ten times a second."""
        now = time.monotonic()
        if not self._is_terminal or now - self._shown < _PROGRESS_SECONDS:
            return
        self._shown = now
        of_all = f" of {total:,}" if total is not None else ""
        rate = count / max(now - self._started, _PROGRESS_SECONDS)
        left = f", {(total - count) / rate:,.0f} s left" if total is not None and rate else ""
        click.echo(f"\r\x1b[K{count:,}{of_all} {self._what} ({rate:,.0f}/s{left})", nl=False, err=True)

    def done(self) -> None:
        """Clear the line."""
        if self._is_terminal and self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def element_tables() -> "ElementTables":
    """The element tables bulkpo comes with."""
    from bulkpo.schema.tables import ElementTables
    from bulkpo.shipped import schema_text

    return ElementTables(schema_text)


def work_folder() -> Path:
    """Where the journal and the sandbox's data are, from the folder the command runs in."""
    from bulkpo import settings

    return settings.work_folder(Path.cwd())


@contextmanager
def open_client(profile_name: str) -> Iterator[tuple["Profile", "CoupaClient"]]:
    """A profile and a client for it; for the sandbox profile, the embedded sandbox runs as long."""
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.settings import load_profile

    profile = load_profile(profile_name, Path.cwd(), os.environ)
    with _instance(profile) as reachable, CoupaClient(reachable) as client:
        yield reachable, client


@contextmanager
def _instance(profile: "Profile") -> Iterator["Profile"]:
    if not profile.is_sandbox:
        yield profile
        return
    from bulkpo.sandbox.server import References, SandboxOptions, SandboxServer

    folder = work_folder() / "sandbox"
    with SandboxServer(folder, SandboxOptions(references=References.OPEN)) as server:
        yield replace(profile, url=server.url)


@contextmanager
def open_journal() -> "Iterator[Journal]":
    """The journal of this folder's runs."""
    from bulkpo.journal.store import Journal

    journal = Journal(work_folder(), lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    try:
        yield journal
    finally:
        journal.close()
