"""`bulkpo evidence`: what a run did, as a pack that an auditor can keep and check."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import at_terminal, existing_file, json_option, run_number
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural
from bulkpo.errors import UsageError
from bulkpo.workspace.evidence import pack_evidence, verify_evidence

if TYPE_CHECKING:
    from bulkpo.runs.evidence.make import Pack
    from bulkpo.runs.evidence.verify import Verified

_MOST_TOLD = 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


@click.command("evidence")
@click.argument("run", type=run_number, required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The pack, a .zip file.")
@click.option("--verify", "pack", type=existing_file, metavar="PACK", help="Check a pack, with nothing but itself.")
@click.option("--sha256", metavar="DIGEST", help="What was kept of PACK when it was made.")
@json_option
def evidence_command(
    run: int | None, *, output: Path | None, pack: Path | None, sha256: str | None, as_json: bool
) -> int:
    """Write all that proves what RUN did, or the last run, as one ZIP file for an auditor; or check such a file.

    A pack holds the files of the run, as far as they are still what they were, what was sent and what came of it, row
    and order by order, who ran what when and as whom, and what was not checked. It has a workbook to read first, and a
    README that says how to check it without bulkpo. There are no secrets in it.

    \b
    Examples:
      bulkpo evidence 12 -o run-12.zip
      bulkpo evidence --verify run-12.zip
      bulkpo evidence --verify run-12.zip --sha256 7d0f…

    Exit code 0 if a pack holds, 1 if any part of it does not.
    """
    console = Console(as_json)
    if pack is not None:
        if run is not None or output is not None:
            raise UsageError("--verify checks a pack: leave RUN and --output out")
        verified = verify_evidence(pack, _digest(sha256))
        _say_verified(console, verified)
        console.result(verified.as_json())
        return verified.exit_code
    if sha256 is not None:
        raise UsageError("--sha256 goes with --verify PACK")
    with at_terminal(console) as session:
        made = pack_evidence(run, output, session)
    _say_made(console, made)
    console.result(made.as_json())
    return 0


def _digest(said: str | None) -> str:
    """The digest in what was kept: bare, behind `sha256:`, or a line of sha256sum; raises UsageError."""
    if said is None:
        return ""
    words = said.strip().lower().removeprefix("\\").removeprefix("sha256:").split()
    if not words or not _SHA256.fullmatch(words[0]):
        raise UsageError(f"--sha256: {said!r} is no SHA-256, which has 64 digits and letters from a to f")
    return words[0]


def _say_made(console: Console, made: "Pack") -> None:
    console.say(
        f"Evidence of run {made.run} in {made.path}: {plural(made.orders, 'order')}, {plural(made.events, 'event')}, "
        f"{made.size:,} bytes"
    )
    console.say(f"The sums {'close' if made.sums.closes else 'DO NOT CLOSE: see accounting in run.json'}")
    if made.gaps:
        console.say(f"Not checked, or missing ({len(made.gaps):,}):")
    for gap in made.gaps[:_MOST_TOLD]:
        console.say(f"  {gap.what}: {gap.said}")
    if made.gaps[_MOST_TOLD:]:
        console.say(f"  and {len(made.gaps) - _MOST_TOLD:,} more, in the pack's sheet Not checked")
    console.say(f"SHA-256 of the pack, to be kept elsewhere: {made.sha256}")


def _say_verified(console: Console, verified: "Verified") -> None:
    if verified.holds:
        run = verified.run
        what = f"run {run.get('id')}, begun {run.get('started')} in {run.get('profile')} ({run.get('url')})"
        held = f"{plural(verified.members, 'file')} and a chain of {plural(verified.events, 'event')}"
        console.say(f"{verified.path}: holds: {held}, of {what}")
    else:
        console.say(f"{verified.path}: DOES NOT HOLD")
    for trouble in verified.troubles[:_MOST_TOLD]:
        console.say(f"  {trouble.part}: {trouble.said}")
    if verified.troubles[_MOST_TOLD:]:
        console.say(f"  and {len(verified.troubles) - _MOST_TOLD:,} more; --json has all")
    if verified.expected:
        console.say(f"SHA-256 of the pack: {verified.sha256}")
        return
    console.say(f"SHA-256 of the pack: {verified.sha256}")
    console.say("  To be held against what was kept when it was made (--sha256): whoever changes everything in a pack")
    console.say("  makes one that agrees with itself")
