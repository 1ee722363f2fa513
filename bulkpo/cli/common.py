"""What commands share: options, and the session in which they speak with whoever sits at the terminal."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import click

from bulkpo.cli.console import Console, folded, seen, width, write
from bulkpo.cli.speaker import Speaker
from bulkpo.errors import UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.inputs import keep_input
from bulkpo.workspace.session import Intent, Session
from bulkpo.workspace.templates import mapping_for

F = TypeVar("F", bound=Callable[..., Any])

existing_file = click.Path(path_type=Path, dir_okay=True)


_MAPPING_ENDINGS = (".yaml", ".yml")


def mapping_and_files(command: F) -> F:
    """MAPPING and FILE…: the mapping stands first, and what follows may be files, folders and patterns."""
    command = click.argument("files", type=existing_file, nargs=-1, metavar="FILE...")(command)
    command = click.option(
        "--table", "tables", multiple=True, metavar="NAME=FILE", help="The file of one of the mapping's tables."
    )(command)
    return click.argument("mapping", type=existing_file)(command)


def given_files(mapping: Path, files: Sequence[Path]) -> tuple[Path, tuple[Path, ...]]:
    """The mapping and the files that are named, with what standard input gives kept in one.

    Without a mapping, the files are templates that know theirs. Raises UsageError where no mapping or no file is meant.
    """
    if mapping.suffix.lower() not in _MAPPING_ENDINGS:
        meant = next((file for file in files if file.suffix.lower() in _MAPPING_ENDINGS), None)
        if meant is not None:
            raise UsageError(
                f"{mapping}: the mapping, a .yaml or .yml file, comes first; write {meant} {mapping} after the command"
            )
        return mapping_for((mapping, *files)), (mapping, *files)
    if not files:
        raise UsageError(f"{mapping}: name what is to be read after the mapping: files, folders or patterns, or -")
    return mapping, tuple(_kept() if str(file) == "-" else file for file in files)


def _kept() -> Path:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("- reads standard input; pipe a file into the command")
    return keep_input(sys.stdin.buffer)


def given_tables(tables: Sequence[str]) -> dict[str, Path]:
    """The files of `--table NAME=FILE`; raises UsageError."""
    found = {}
    for each in tables:
        name, mark, file = each.partition("=")
        if not (name and mark and file):
            raise UsageError(f"--table {each!r}: write it as in lines=order-lines.xlsx")
        found[name] = Path(file)
    return found


class Whole(click.IntRange):
    """A whole number; one beyond all counting is the largest there is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 - click's
        """The number, or click's own complaint."""
        return min(int(super().convert(value, param, ctx)), sys.maxsize)


run_number = Whole(min=1)


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


def expect_option(command: F) -> F:
    """`--expect`: what the file must come to."""
    return click.option(
        "--expect",
        multiple=True,
        metavar="FIGURE",
        callback=_figures,
        help="What FILE must come to: orders=579, lines=2724 or amount.USD=1250.50; give it again for more.",
    )(command)


def _figures(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    for each in given:
        if "=" not in each:
            raise click.BadParameter(f"{each!r} is not NAME=FIGURE, such as orders=579", context, option)
    return {name.strip(): figure.strip() for name, _, figure in (each.partition("=") for each in given)}


@contextmanager
def at_terminal(console: Console, *, is_sure: bool = False) -> Iterator[Session]:
    """A session with whoever sits at the terminal; `is_sure` says yes beforehand, as a script must.

    Once something is being done in an instance, Ctrl-C ends it in good order: requests under way finish, the rest stays
    planned. Twice ends it at once.
    """
    stop = threading.Event()
    before = {}

    def confirm(intent: Intent) -> bool:
        if not (intent.profile.is_sandbox or is_sure or _says_yes(intent)):
            return False
        before.update({number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)})
        return True

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        if stop.is_set():
            signal.default_int_handler(signum, frame)
        write("\nStopping when the requests under way are answered; Ctrl-C again stops at once.", err=True)
        stop.set()

    try:
        yield Session(Speaker(console), confirm, stop, command_line())
    finally:
        console.counter.clear()
        for number, handler in before.items():
            signal.signal(number, handler)


def command_line() -> tuple[str, ...]:
    """The command line that runs, without the name of the program."""
    context = click.get_current_context(silent=True)
    return tuple(context.find_root().obj or ()) if context is not None else ()


def _says_yes(intent: Intent) -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(f"this would {intent.what} in {intent.profile}; add --yes if that is meant")
    question = f"{intent.what[0].upper()}{intent.what[1:]} in {intent.profile}?"
    return click.confirm(folded(seen(question), width(err=True)), err=True)
