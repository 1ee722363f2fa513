"""`bulkpo guess --fit`: a mapping fitted to a file whose headings have changed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulkpo.cli.console import Console, write
from bulkpo.errors import UsageError
from bulkpo.workspace.fitting import FitRequest, Fitted, fit_mapping
from bulkpo.workspace.requests import GuessRequest

if TYPE_CHECKING:
    from bulkpo.runs.drafting.drift import Renamed


def tell_fit(console: Console, mapping: Path, request: GuessRequest, *, is_accepted: bool) -> int:
    """Show what a mapping would be, and write it where that is accepted; exit code 1 where something is open."""
    if len(request.files) != 1:
        raise UsageError("--fit MAPPING takes one file")
    is_asked = not console.as_json and sys.stdin is not None and sys.stdin.isatty()
    fitted = fit_mapping(
        FitRequest(mapping, request.files[0], request.decisions, request.encoding), _agree if is_asked else None
    )
    _say(console, fitted)
    if not fitted.diff:
        console.result(fitted.as_json())
        return 1 if fitted.open else 0
    if not is_accepted and is_asked:
        is_accepted = click.confirm(f"Change {mapping} so?", err=True)
    if is_accepted:
        fitted.accept()
        console.say(f"{mapping} is changed")
    else:
        console.say(f"{mapping} is not changed; --accept changes it")
    console.result({**fitted.as_json(), "accepted": is_accepted})
    return 0 if is_accepted and not fitted.open else 1


def _say(console: Console, fitted: Fitted) -> None:
    drift = fitted.drift
    if drift.is_none:
        console.say("The file has the columns of the mapping, and no others")
    for each in drift.renamed:
        console.say(f"{each.column!r} is now {each.heading!r}: {'; '.join(each.reasons)}")
    for new in drift.new:
        console.say(f"{new.heading!r} is new: {' or '.join(new.paths) or 'no element that is known'}")
    for column, reason in drift.gone:
        console.say(f"{column!r} is missing: {reason}")
    for column in fitted.open:
        heading = next((each.heading for each in drift.renamed if each.column == column), "HEADING")
        console.say(f'Yours to say: --set "{column}={heading}", or --set "{column}=gone"')
    if fitted.diff:
        console.say(f"\n{fitted.diff}")


def _agree(renamed: "Renamed") -> bool:
    """Ask about a column that moves money."""
    write(f"\n{renamed.column!r} moves money, or tells orders apart. {'; '.join(renamed.reasons)}.", err=True)
    return click.confirm(f"Is it called {renamed.heading!r} now?", err=True)
