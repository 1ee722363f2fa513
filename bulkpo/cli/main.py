"""The group of all commands. A command's module is imported when the command is asked for."""

import errno
import io
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from bulkpo import __version__
from bulkpo.cli.console import Console, be_lenient, folded, let_go, seen, width, write
from bulkpo.errors import BulkpoError, MappingError, OutputError

COMMANDS = {
    "guess": "guessing",
    "check": "checking",
    "preview": "checking",
    "mapping": "checking",
    "import": "importing",
    "resume": "importing",
    "settle": "settling",
    "undo": "undoing",
    "do": "doing",
    "runs": "history",
    "show": "history",
    "evidence": "evidence",
    "journal": "journal",
    "export": "export",
    "update": "updating",
    "apply": "applying",
    "elements": "elements",
    "examples": "examples",
    "schema": "schema",
    "template": "template",
    "sandbox": "sandbox",
    "ping": "ping",
    "completion": "completion",
}
INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, if there is one."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"bulkpo.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, f"{cmd_name}_command")
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker: each module defines its own
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bulkpo")
def cli() -> None:
    """Load purchase orders from spreadsheets into Coupa, and Coupa data into Excel.

    A mapping file in YAML says which column goes to which element. Nothing reaches a real instance unless --to names
    it; without it, commands work with the embedded sandbox.

    \b
    Start here:
      bulkpo examples legacy-orders open-orders
      bulkpo check  mappings/import/legacy-orders.yaml samples/legacy-orders.xlsx
      bulkpo import mappings/import/legacy-orders.yaml samples/legacy-orders.xlsx
      bulkpo export mappings/export/open-orders.yaml -o open-orders.xlsx
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line; messages go to standard error, and the exit code comes back."""
    be_lenient()
    console = Console("--json" in arguments)
    try:
        result = cli.main(args=list(arguments), prog_name="bulkpo", standalone_mode=False, obj=tuple(arguments))
    except BulkpoError as error:
        return _fail(console, error)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        write(folded(seen(said.getvalue()), width(err=True)), err=True, end="")
        console.result({"error": error.format_message(), "exit_code": error.exit_code})
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        write("Interrupted.", err=True)
        console.result({"error": "interrupted", "exit_code": INTERRUPTED})
        return INTERRUPTED
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return _fail(console, OutputError(f"{error.filename}: the name is too long for this disk; choose another"))
        if error.errno not in (errno.EPIPE, errno.ENOSPC):
            raise
        return _unread(error)
    return result if isinstance(result, int) else 0


def _unread(error: OSError) -> int:
    """Click's own words, --help and --version, could not be written."""
    let_go(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return 0
    write(f"bulkpo: standard output cannot be written: {error}", err=True)
    return OutputError.exit_code


def _fail(console: Console, error: BulkpoError) -> int:
    problems = str(error).splitlines()
    if isinstance(error, MappingError) and len(error.problems) > 1:
        problems = [f"{len(error.problems)} problems", *(f"  {problem}" for problem in error.problems)]
    console.complain("\n".join(problems))
    console.result({"error": str(error), "exit_code": error.exit_code})
    return error.exit_code
