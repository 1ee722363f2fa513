"""`bulkpo guess`: from a spreadsheet to a mapping."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import existing_file, json_option
from bulkpo.cli.console import Console, folded, width, write
from bulkpo.cli.crosswalks import tell_crosswalk
from bulkpo.cli.fitting import tell_fit
from bulkpo.cli.render import table
from bulkpo.errors import UsageError
from bulkpo.model.text import shell_word
from bulkpo.workspace.drafting import guess
from bulkpo.workspace.requests import GuessRequest

if TYPE_CHECKING:
    from bulkpo.mapping.guessing.draft.decisions import Question
    from bulkpo.mapping.guessing.draft.guess import ColumnGuess
    from bulkpo.runs.drafting.guesses.guess import Drafted
    from bulkpo.workspace.drafting import Decide

_ORDERS = "purchase_orders"


def _settings(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    for each in given:
        if "=" not in each:
            raise click.BadParameter(
                f'{each!r} is not WHAT=ELEMENT, such as "Vendor #=supplier/number"', context, option
            )
    return {name.strip(): choice.strip() for name, _, choice in (each.rpartition("=") for each in given)}


@click.command("guess")
@click.argument("files", type=existing_file, nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="MAPPING", help="Write the mapping to a file.")
@click.option("--force", is_flag=True, help="Write over a mapping that is there.")
@click.option("--to", "profile_name", metavar="NAME", help="Hold it against what this profile's Coupa has.")
@click.option("--time-zone", metavar="ZONE", help="The time zone dates are meant in, such as Europe/Berlin.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="WHAT=ELEMENT",
    callback=_settings,
    help="Say what a column is, or what an element is for all orders; again for more.",
)
@click.option(
    "--encoding", metavar="NAME", help="What a text or a page is encoded in, such as cp850; found out if left out."
)
@click.option("--resource", default=_ORDERS, show_default=True, help="What it has; suppliers are known too.")
@click.option(
    "--fit", "fitted", type=existing_file, metavar="MAPPING", help="Fit this mapping to a FILE with other headings."
)
@click.option("--accept", is_flag=True, help="Change the mapping of --fit as it is shown.")
@click.option("--crosswalk", metavar="NAME", help="Draft this crosswalk of the mapping that stands first, to confirm.")
@json_option
def guess_command(  # noqa: PLR0913 - a command's options
    *,
    files: tuple[Path, ...],
    output: Path | None,
    force: bool,
    profile_name: str | None,
    time_zone: str | None,
    settings: dict[str, str],
    encoding: str | None,
    resource: str,
    fitted: Path | None,
    accept: bool,
    crosswalk: str | None,
    as_json: bool,
) -> int:
    """Guess a mapping for FILE, with the reasons of each choice, and write it.

    \b
    Examples:
      bulkpo guess orders.xlsx -o orders.yaml --to production
      bulkpo guess headers.csv lines.csv -o orders.yaml --time-zone Europe/Berlin
      bulkpo guess orders.xlsx -o orders.yaml --set "Vendor #=supplier/number" --set Notes=ignore --set order=DMY
      bulkpo guess --fit orders.yaml orders-2027.xlsx
      bulkpo guess --crosswalk uom orders.yaml orders.xlsx -o uom.xlsx --to production

    What is unsure is left open, and nothing is sent until it is decided: by --set, by the questions at a terminal where
    -o is given, or in the mapping. What is money, the order's number, the currency and the order of dates are decided
    on two independent pieces of evidence only. --to asks Coupa for its suppliers and the like; what it lacks is told.

    --fit shows how a mapping is to be changed for a FILE with other headings; what moves money only if --set
    "COLUMN=HEADING" says so. --crosswalk writes a workbook of the values FILE has, to confirm what each is in Coupa.

    Exit code 0 if everything is decided, 1 if something is not.
    """
    console = Console(as_json)
    request = GuessRequest(files, output, profile_name, resource, time_zone, force, settings, encoding)
    _refuse_beside_fit(fitted, output, is_accepted=accept)
    if crosswalk is not None:
        return _draft_crosswalk(console, crosswalk, request)
    return _guess(console, request) if fitted is None else tell_fit(console, fitted, request, is_accepted=accept)


def _draft_crosswalk(console: Console, name: str, request: GuessRequest) -> int:
    if request.encoding is not None:
        raise UsageError("--encoding does not go with --crosswalk, whose mapping says it: source: {encoding: …}")
    return tell_crosswalk(console, name, request.files, (request.output, request.to))


def _refuse_beside_fit(fitted: Path | None, output: Path | None, *, is_accepted: bool) -> None:
    """Raise UsageError where options do not go with --fit, or not without it."""
    if is_accepted and fitted is None:
        raise UsageError("--accept goes with --fit MAPPING, which it changes")
    if fitted is not None and output is not None:
        raise UsageError("-o does not go with --fit, which changes its mapping in place: --accept does that")


def _guess(console: Console, request: GuessRequest) -> int:
    is_asked = request.output is not None and not console.as_json and sys.stdin is not None and sys.stdin.isatty()

    def decider(drafted: "Drafted") -> "Decide":
        _show(console, drafted)
        return _ask

    drafted = guess(request, decider=decider if is_asked else None)
    if request.output is None and not console.as_json:
        write(drafted.text, end="")
        for reason in drafted.guess.reasons:
            write(folded(_sentence(reason), width(err=True)), err=True)
    elif not is_asked:
        _show(console, drafted)
    _tell(console, drafted, request)
    return 1 if drafted.open else 0


def _ask(question: "Question") -> str | None:
    """Ask whoever sits at the terminal."""
    what = "Column " if question.is_column else ""
    write(folded(f"\n{what}{question.name}{_such(question)}: {question.reason}", width(err=True)), err=True)
    choices = [*question.choices, *(["ignore"] if question.is_column else [])]
    for number, choice in enumerate(choices, 1):
        write(f"  {number}  {choice}", err=True)
    other = "element" if question.is_column else "value"
    asked = f"A number, or another {other} (Enter leaves it open)"
    answer = str(click.prompt(asked, default="", show_default=False, err=True))
    if answer.isdecimal() and 0 < int(answer) <= len(choices):
        return choices[int(answer) - 1]
    return answer.strip() or None


def _such(question: "Question") -> str:
    """A cell of the column that is asked about, on one line."""
    return f", such as {' '.join(question.sample.split())[:40]}" if question.sample else ""


def _tell(console: Console, drafted: "Drafted", request: GuessRequest) -> None:
    """What is yet to be decided, and what comes next; commands are not folded, so that they can be copied."""
    if request.output is not None or console.as_json:
        for question in drafted.questions:
            console.say(
                f"To decide: {question.name}: {' or '.join(question.choices)}? ({question.reason}{_such(question)})"
            )
    if request.output is not None:
        check = f"bulkpo check {shell_word(str(request.output))} {shell_word(str(drafted.files[0]))}"
        if drafted.open:
            console.say(
                f"\n{request.output} is written. Next, decide what is open: in it, or by this again with --set:"
            )
            console.show([f"  {_again(request, request.output, drafted)}", f"Then: {check}"])
        else:
            console.show(["", f"{request.output} is written; next: {check}"])
    console.result(drafted.as_json())


def _again(request: GuessRequest, output: Path, drafted: "Drafted") -> str:
    """The same command with all that was said and answered, and the first of what is open."""
    resource = request.resource if request.resource != _ORDERS else None
    options = {
        "--resource": resource,
        "--to": request.to,
        "--time-zone": request.time_zone,
        "--encoding": request.encoding,
    }
    more = " --set …" if len(drafted.questions) > 1 else ""
    return " ".join(
        [
            "bulkpo guess",
            *(shell_word(str(path)) for path in request.files),
            f"-o {shell_word(str(output))} --force",
            *(f"{option} {shell_word(value)}" for option, value in options.items() if value is not None),
            *(f"--set {shell_word(f'{name}={said}')}" for name, said in drafted.decisions.items()),
            f"--set {shell_word(f'{drafted.questions[0].name}=…')}{more}",
        ]
    )


def _show(console: Console, drafted: "Drafted") -> None:
    """What was guessed of each column, and why."""
    named = [(f"{name} ({it.heading})" if it.heading else name, it) for name, it in drafted.guess.named]
    rows = [(name, _becomes(each), each.why) for name, each in named]
    console.show(table(("Column", "Becomes", "Because"), rows, width=console.width))
    console.say()
    for reason in drafted.guess.reasons:
        console.say(_sentence(reason))


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}"


def _becomes(column: "ColumnGuess") -> str:
    if column.paths:
        return " or ".join(column.paths) + "?" if column.use == "undecided" else ", ".join(column.paths)
    if "require" in column.block:
        wanted = column.block["require"]
        return f"must say {' or '.join(wanted['in']) if isinstance(wanted, dict) else wanted}"
    return f"ignored: {column.block.get('ignore', '')}"
