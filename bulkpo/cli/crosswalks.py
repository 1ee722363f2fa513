"""`bulkpo guess --crosswalk`: a crosswalk drafted, to confirm in a spreadsheet program."""

from collections.abc import Sequence
from pathlib import Path

from bulkpo.cli.common import given_files
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.crosswalks import CrosswalkRequest, draft_crosswalk


def tell_crosswalk(console: Console, name: str, named: Sequence[Path], places: tuple[Path | None, str | None]) -> int:
    """Draft a crosswalk of the mapping that is named first; exit code 1 where something is to be confirmed."""
    output, to = places
    mapping, files = given_files(named[0], named[1:])
    file = output or Path(f"{name.replace('/', '-')}.xlsx")
    drafted = draft_crosswalk(CrosswalkRequest(name, mapping, files, file, to or SANDBOX))
    left = drafted.values - drafted.known
    console.say(f"{drafted.file}: {plural(drafted.values, 'value')}, {drafted.known:,} of them known")
    console.say(f"{left:,} to confirm in its second column, with a proposal for {drafted.proposed:,}")
    console.say("\nThe mapping reads it, from the same folder, by:")
    for line in drafted.lines:
        console.say(f"  {line}")
    console.say("A value that is not confirmed stays an error.")
    facts = {"values": drafted.values, "known": drafted.known, "proposed": drafted.proposed}
    console.result({"file": str(drafted.file), **facts, "mapping": list(drafted.lines)})
    return 1 if left else 0
