"""What commands share: options, the console, progress, and the way to a Coupa instance."""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bulkpo.model.profile import SANDBOX

if TYPE_CHECKING:
    from bulkpo.schema.tables import ElementTables

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
        "--to", "profile_name", default=SANDBOX, show_default=True, metavar="NAME", help="The profile to work with."
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
