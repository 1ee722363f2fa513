"""`bulkpo journal`: whether the journal is sound, and what to do if it is not."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import json_option
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural
from bulkpo.errors import UsageError
from bulkpo.workspace.journals import check_journal, export_journal, repair_journal

if TYPE_CHECKING:
    from bulkpo.journal.damage import JournalHealth


@click.command("journal")
@click.argument("what", type=click.Choice(["check", "repair", "export"]))
@click.argument("file", type=click.Path(path_type=Path), required=False)
@json_option
def journal_command(what: str, file: Path | None, *, as_json: bool) -> int:
    """Look after the journal itself: check it, repair it, or export all that can be read of it to FILE.

    Repairing keeps the runs that can be read whole and forgets the others; the damaged file stays beside the new one.
    The file of a run that is lost is to be imported anew: orders that are in Coupa are found there by their numbers.
    A journal that is sound is left as it is.

    \b
    Examples:
      bulkpo journal check
      bulkpo journal repair
      bulkpo journal export journal.jsonl
    """
    console = Console(as_json)
    if (what == "export") != (file is not None):
        raise UsageError("FILE goes with export: bulkpo journal export journal.jsonl")
    if file is not None:
        lines = export_journal(file)
        console.say(f"{plural(lines, 'line')} in {file}")
        console.result({"lines": lines, "file": str(file)})
        return 0
    if what == "check":
        health = check_journal()
        _say(console, health)
        console.result(_as_json(health))
        return 0 if health.is_sound else 3
    health, kept = repair_journal()
    _say(console, health)
    if health.is_sound:
        console.say("There is nothing to repair")
    else:
        beside = f"; the damaged file is {kept}" if kept else ""
        console.say(f"Repaired: {plural(len(health.whole), 'run')} kept{beside}")
    console.result({**_as_json(health), "kept": str(kept) if kept else None})
    return 0


def _say(console: Console, health: "JournalHealth") -> None:
    whole = f"{plural(len(health.whole), 'run')} with {plural(health.orders, 'document')}"
    console.say(f"{health.file}: {'sound' if health.is_sound else 'DAMAGED'}, {whole} whole")
    for problem in health.problems:
        console.say(f"  {problem}")
    if health.lost:
        console.say(f"  lost: run {', '.join(map(str, health.lost))}; import the files anew with --on-existing compare")
    for run, count in health.untraced.items():
        console.say(
            f"  run {run}: what was sent of {plural(count, 'document')} is not here any more: evidence of it and a way "
            "back from its updates are incomplete; what is in Coupa can still be looked up"
        )


def _as_json(health: "JournalHealth") -> dict[str, object]:
    return {
        "file": str(health.file),
        "sound": health.is_sound,
        "problems": list(health.problems),
        "whole": list(health.whole),
        "lost": list(health.lost),
        "orders": health.orders,
        "untraced": {str(run): count for run, count in health.untraced.items()},
    }
