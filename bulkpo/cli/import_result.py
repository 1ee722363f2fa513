"""What an import came to, in words: told by every command that sends documents."""

from typing import TYPE_CHECKING

from bulkpo.attachment_states import AttachmentState
from bulkpo.cli.console import Console
from bulkpo.cli.render import amount, listed, plural, reasons_lines, sign_off_lines, status_lines, ways_table
from bulkpo.workspace.results import ImportOutcome

if TYPE_CHECKING:
    from bulkpo.mapping.kinds.kind import DocumentKind
    from bulkpo.model.held import Held
    from bulkpo.model.totals import ControlTotals
    from bulkpo.runs.imports.run import ImportResult

_MOST_FILES = 12
_STATES = ("created", "changed", "unchanged", "conflict", "existing", "refused", "differs", "unknown", "planned")


def tell(console: Console, outcome: ImportOutcome) -> int:
    """Say what an import came to; gives its exit code."""
    say_result(console, outcome)
    console.result(outcome.as_json())
    return outcome.exit_code


def say_result(console: Console, outcome: ImportOutcome) -> None:
    """Say what an import came to."""
    result, kind = outcome.result, outcome.file.kind
    counts = {state: count for state, count in result.as_json().items() if state in _STATES}
    listed = ", ".join(f"{count:,} {state}" for state, count in counts.items() if count) or f"no {kind.noun.many}"
    console.say(f"\nRun {result.run}: {listed} ({plural(result.requests, 'request')}, {result.seconds:.1f} s)")
    if counts["existing"]:
        console.say(
            f"  {kind.noun.counted(counts['existing'])} not sent: in Coupa already by {kind.key_word}; "
            "`--dry-run --on-existing compare` says whether they are the same"
        )
    _say_attachments(console, result)
    say_held(console, outcome.held, outcome.file.kind)
    console.show(reasons_lines(outcome.reasons, console.width, "the result file has them all"))
    if result.totals is not None:
        _say_totals(console, result.totals, kind)
    if result.sign_off is not None:
        console.show(sign_off_lines(result.sign_off, kind))
    _say_files(console, result, kind)
    for notice in result.notices:
        console.say(f"Notice: {notice}")
    if result.stopped_because:
        console.say(f"Stopped: {result.stopped_because}")
    if result.trouble is not None:
        console.complain(result.trouble)
    if not result.is_over:
        console.say(f"To go on: bulkpo resume {result.run}{' --all' if result.is_limited else ''}")


def _say_attachments(console: Console, result: "ImportResult") -> None:
    """How many attachments came to what, where there are any."""
    counted = [f"{count:,} {state}" for state, count in result.attachments.items() if count]
    if counted:
        console.say(f"  Attachments: {', '.join(counted)}")
    if result.attachments.get(AttachmentState.LEFT):
        console.say(
            "  The sheet Attachments of the result says why some were left; once that is mended, "
            f"`bulkpo resume {result.run} --retry-refused` sends them"
        )


def _say_files(console: Console, result: "ImportResult", kind: "DocumentKind") -> None:
    """Where the results are: of each file, or where they are many, in which folders."""
    results = [each.result for each in result.files if each.result is not None]
    failed = [each.failed for each in result.files if each.failed is not None]
    if len(results) > 1:
        console.say(f"Results, one of each file: {listed(list(map(str, results)), _MOST_FILES, 'beside their files')}")
    elif results:
        console.say(f"Result: {results[0]}")
    if failed:
        named = listed(list(map(str, failed)), _MOST_FILES, "beside their files")
        console.say(f"Failed {kind.noun.many}, to correct and import again: {named}")


def _say_totals(console: Console, totals: "ControlTotals", kind: "DocumentKind") -> None:
    """Source, sent and read back side by side, and whether they agree."""
    console.show(ways_table(totals.by_currency(), kind))
    if not totals.agree:
        console.say("  SENT AND READ BACK DIFFER: see the result file.")
    elif totals.sent:
        console.say("  Sent and read back agree.")
    for line in status_lines(totals.statuses):
        console.say(line)


def say_held(console: Console, held: "Held", kind: "DocumentKind") -> None:
    """How many documents were held back, and what they are worth, where that is known."""
    if held.keys and not any(total.amount for total in held.worth):
        console.say(f"  {kind.noun.counted(len(held.keys))} held back; the findings say why")
    elif held.keys:
        worth = ", ".join(f"{total.currency or '(no currency)'} {amount(total.amount)}" for total in held.worth)
        why = "" if held.in_coupa else " for what they refer to"
        console.say(f"  {kind.noun.counted(len(held.keys))} held back{why}, worth {worth}")
