"""`bulkpo examples`: the mappings and samples that come with bulkpo."""

from dataclasses import asdict
from pathlib import Path

import click

from bulkpo.cli.common import json_option
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural, table
from bulkpo.workspace.examples import WrittenExamples, list_examples, write_examples

_MOST_FILES = 12


@click.command("examples")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="Where to write; here if left out."
)
@json_option
def examples_command(names: tuple[str, ...], folder: Path | None, *, as_json: bool) -> int:
    """List the examples, or write those of NAME: a mapping, a sample for it, and all it needs.

    With --to FOLDER and without NAME, everything is written. A file that is there is never written over.

    \b
    Examples:
      bulkpo examples
      bulkpo examples legacy-orders
      bulkpo examples --to bulkpo-examples
    """
    console = Console(as_json)
    if names or folder is not None:
        written = write_examples(names, folder or Path())
        _say_written(console, written, are_all=not names)
        console.result(written.as_json())
        return 0
    examples = list_examples()
    if not as_json:
        console.show(table(("Example", "What it shows"), [(it.name, it.about) for it in examples], width=console.width))
        console.say(f"\n{plural(len(examples), 'example')}; `bulkpo examples NAME` writes one of them here")
    console.result({"examples": [asdict(each) for each in examples]})
    return 0


def _say_written(console: Console, written: WrittenExamples, *, are_all: bool) -> None:
    placed = written.placed
    where = "this folder" if placed.folder == Path() else str(placed.folder)
    console.say(f"{plural(len(placed.written), 'file')} written to {where}")
    for path in placed.written[:_MOST_FILES]:
        console.say(f"  {path}")
    if len(placed.written) > _MOST_FILES:
        console.say(f"  and {len(placed.written) - _MOST_FILES} more")
    if placed.same:
        console.say(f"{plural(len(placed.same), 'file')} there already")
    for path in placed.kept:
        console.say(f"{path} is there and is not the example's; it is kept as it is")
    if are_all:
        console.say("`bulkpo examples` says what each is for")
    elif written.commands:
        console.say("\nTry it:" if placed.folder == Path() else f"\nTry it, from {where}:")
        for command in written.commands:
            console.say(f"  {command}")
