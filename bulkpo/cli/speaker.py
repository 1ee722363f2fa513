"""Says how a call goes: what a check found, what was looked up, what is about to be done."""

from collections import Counter
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from bulkpo.cli.changes import changes_lines
from bulkpo.cli.console import Console
from bulkpo.cli.render import amount, findings_lines, listed, open_table, plural, table, totals_table
from bulkpo.model.agreed import agreeing_line
from bulkpo.model.matching import Mode
from bulkpo.workspace.session import Act, Intent, Work

if TYPE_CHECKING:
    from bulkpo.mapping.language.export import ExportMapping
    from bulkpo.model.profile import Profile
    from bulkpo.runs.checking.checked import Checked
    from bulkpo.runs.doing.listing import ListedOrder, OrderList
    from bulkpo.runs.editing.changes import EditStanding
    from bulkpo.runs.editing.edited import Edited
    from bulkpo.runs.planning.changes import Changes
    from bulkpo.runs.planning.preflight import Preflight
    from bulkpo.workspace.results import CheckedBatch, CheckedFile, CheckedInput

_MOST_NAMED = 5
_MOST_ORDERS = 25
_MOST_CELLS = 100
_MOST_TOLD = 20


class Speaker:
    """The watch of a command line."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def counted(self, work: Work, done: int, total: int | None) -> None:
        """Count on the terminal's last line."""
        self._console.counter.count(work, done, total)

    def checked(self, file: "CheckedFile") -> None:
        """What a check found."""
        console, checked, source = self._console, file.checked, file.mapped.source
        kind = file.kind
        sheet = f", sheet {source.sheet}" if source.sheet else ""
        if file.is_one_of_several and not checked.findings:
            counted = kind.counted(file.layout, checked.documents, checked.lines)
            console.say(f"{source.file}{sheet}: {counted}, all clean")
            return
        console.say(f"{source.file}{sheet}, read by {file.mapped.mapping.file}")
        below = "" if checked.rows else "; there is nothing to load: no row below the headings is filled in"
        console.say(f"  {plural(checked.rows, 'row')} read{below}")
        for reason, rows in checked.skipped.items():
            console.say(f"  {plural(len(rows), 'row')} skipped: {reason}")
        console.say(
            f"  {kind.counted(file.mapped.mapping.layout, checked.documents, checked.lines)}: "
            f"{checked.ok:,} clean, {checked.failed:,} with errors"
        )
        is_partial = file.mapped.mapping.mode is Mode.UPDATE
        if checked.totals and not is_partial and kind.figures(checked.totals).amounts:
            console.say(f"\nTotals of the clean {kind.noun.many}")
            console.show(totals_table(checked.totals, kind, file.mapped.mapping.layout))
        if checked.open:
            console.say(f"\nWhat is open of all {kind.lines(file.mapped.mapping.layout).many}")
            console.show(open_table(checked.open, kind, file.mapped.mapping.layout))
        self._agreeing(checked)
        if checked.findings:
            console.say()
            console.show(findings_lines(checked.findings, source, console.width))

    def checked_together(self, batch: "CheckedBatch") -> None:
        """What several files come to, added up."""
        console, checked, kind = self._console, batch.checked, batch.kind
        failed = sum(each.checked.has_errors for each in batch.plan.batch)
        several = plural(len(batch.plan.batch), "file or sheet", "files and sheets")
        if not any(each.given.sheet for each in batch.plan.batch):
            several = plural(len(batch.plan.batch), "file")
        counted = kind.counted(batch.layout, checked.documents, checked.lines)
        where = f", in {failed:,} of them" if failed and len(batch.plan.batch) > 1 else ""
        console.say(f"\n{several}: {counted}: {checked.ok:,} clean, {checked.failed:,} with errors{where}")
        if checked.totals and kind.figures(checked.totals).amounts:
            console.say(f"\nTotals of the clean {kind.noun.many}")
            console.show(totals_table(checked.totals, kind, batch.layout))
        self._agreeing(checked)

        for finding in batch.plan.unexpected:
            console.say(f"  {finding.message}")

    def _agreeing(self, checked: "Checked") -> None:
        """Which of the file's own figures agree, in a line."""
        if checked.agreeing:
            self._console.say(f"\n{agreeing_line(checked.agreeing)}")

    def left_out(self, files: "Sequence[tuple[Path, str]]") -> None:
        """The files that were found and are not read, by the reason."""
        by_reason: dict[str, list[str]] = {}
        for path, reason in files:
            by_reason.setdefault(reason, []).append(path.name)
        for reason, names in by_reason.items():
            self._console.say(f"Not read, {reason}: {listed(names, _MOST_NAMED, '')}".removesuffix("; "))

    def looked_up(self, file: "CheckedInput", found: "Preflight", profile: "Profile") -> None:
        """What is there of all that the documents refer to."""
        console, kind = self._console, file.kind
        console.say(f"\nLooked up in {profile}")
        if found.existing and file.mode is Mode.CREATE:
            named = listed(found.existing, _MOST_NAMED, f"bulkpo check --to {profile.name} --json names all")
            existing = kind.noun.counted(len(found.existing))
            console.say(f"  {existing} with a {kind.key_word} that is there already: {named}")
        for resource, reason in found.unchecked.items():
            console.say(f"  {resource} could not be looked up: {reason}")
        for source, held in zip(file.sources(), found.of_files, strict=True):
            console.show(findings_lines(held.findings, source, console.width))
        if found.held.keys:
            left = f"; totals of the {kind.noun.counted(file.checked.ok)} left" if file.checked.totals else ""
            console.say(f"\n{kind.noun.counted(len(found.held.keys))} held back for that{left}")
            console.show(totals_table(file.checked.totals, kind, file.layout))
        elif not found.findings:
            rest = "everything else" if found.unchecked else "everything"
            said = f"{rest} the {kind.noun.many} refer to is there"
            if profile.is_sandbox and profile.is_open:
                said = f"the sandbox takes any name: nothing says that what the {kind.noun.many} refer to is in Coupa"
            console.say(f"  {said}")

    def planned(self, file: "CheckedFile", changes: "Changes", profile: "Profile") -> None:
        """What is to change, and how many suppliers would see it."""
        console, noun = self._console, file.kind.noun
        console.say(f"\nHeld against {profile}")
        console.show(changes_lines(changes, noun, console.width))
        console.show(findings_lines(changes.held.findings, file.mapped.source, console.width))

    def reading(self, mapping: "ExportMapping", profile: "Profile") -> None:
        """What an export asks for."""
        self._console.say(f"Reading {mapping.resource.name} of {profile}")
        for clause in mapping.conditions:
            self._console.say(f"  where {clause}")

    def begins(self, intent: Intent) -> None:
        """What is about to be done, where, and how long it takes at best."""
        console, profile = self._console, intent.profile
        console.say(f"\n{_said(intent)}" + ("; nothing real happens there" if profile.is_sandbox else ""))
        if intent.remark and (intent.act is Act.RESTORE or not profile.is_sandbox):
            console.say(f"  {intent.remark}")
        if intent.act in (Act.CREATE, Act.CHANGE) and profile.rate:
            seconds = float(intent.documents / profile.rate)
            console.say(f"  at {profile.rate} requests a second this takes {seconds:,.0f} s or more")
        if intent.act is Act.CREATE and profile.integration is not None:
            console.say("  and telling it in the integration history there, as the profile asks for")

    def listed(self, listing: "OrderList", profile: "Profile") -> None:
        """The orders something is to be done with, those that do not allow it, and what both are worth."""
        console, counts = self._console, Counter(order.verdict.name for order in listing.orders)
        console.say(f"Looked up in {profile}")
        for notice in listing.notices:
            console.say(f"  note: {notice}")
        for name, what in (
            ("TO_DO", f"to {listing.task.name}"),
            ("DONE", "as asked for already"),
            ("HELD", "held back"),
        ):
            orders = [order for order in listing.orders if order.verdict.name == name]
            if not orders:
                continue
            totals = listing.totals(orders[0].verdict)
            worth = ", ".join(f"{total.currency or '(no currency)'} {amount(total.amount)}" for total in totals)
            console.say(f"\n{plural(counts[name], 'order')} {what}{worth and ': ' + worth}")
            rows = [_listed_row(order) for order in orders[:_MOST_ORDERS]]
            headings = ("Order", "Status", "Supplier", "Currency", "Amount", "")
            console.show(table(headings, rows, right=(4,), width=console.width))
            if (left := len(orders) - _MOST_ORDERS) > 0:
                console.say(f"  and {left:,} more; --dry-run --json has them all")

    def edited(self, edited: "Edited", standing: "EditStanding", profile: "Profile") -> None:
        """What would change, cell by cell, and what cannot be taken."""
        console, layout = self._console, edited.layout
        for notice in edited.notices:
            console.say(f"  note: {notice}")
        console.say(f"\n{plural(len(standing.to_make), 'cell')} to change in {profile}")
        rows = [
            (
                it.cell,
                standing.names.get(it.key[0], ""),
                layout.columns[it.place].title,
                it.old or "(empty)",
                it.new or "(empty)",
            )
            for it in standing.to_make[:_MOST_CELLS]
        ]
        if rows:
            console.show(table(("Cell", "Order", "Column", "Old", "New"), rows, width=console.width))
        if (left := len(standing.to_make) - _MOST_CELLS) > 0:
            console.say(f"  and {left:,} more")
        for row in standing.to_add:
            what = f"new order {row.key}, line" if row.id is None else f"order {row.key}, new line"
            console.say(f"  row {row.row}: {what} {row.line}".removesuffix(", line "))
        if standing.already:
            console.say(f"  {plural(len(standing.already), 'cell')} in Coupa already as edited")
        if standing.newer:
            named = listed([standing.names[id_] for id_ in standing.newer], _MOST_NAMED, "--json names them")
            one = "has" if len(standing.newer) == 1 else "have"
            console.say(
                f"  note: {plural(len(standing.newer), 'order')} to change {one} a newer version in Coupa than was "
                f"exported, and no edited cell was changed there: {named}"
            )
        names = standing.names
        self._each("conflict", [f"{names.get(it.change.key[0], '')} {it.said(layout)}" for it in standing.clashes])
        self._each("not taken", [fault.said for fault in edited.faults])

    def _each(self, what: str, told: "Sequence[str]") -> None:
        """The first of many, and how many more there are."""
        for said in told[:_MOST_TOLD]:
            self._console.say(f"  {what}: {said}")
        if (left := len(told) - _MOST_TOLD) > 0:
            self._console.say(f"  {what}: {left:,} more; --json has them all")

    def waits(self, documents: str, seconds: float) -> None:
        """Why nothing seems to happen, for how long, and what can be done about it."""
        console = self._console
        console.counter.clear()
        console.say(f"\nOf {documents} it is not known whether Coupa did what it was asked to: no answer came.")
        console.say(
            f"  Waiting for it to show, {_duration(seconds)} at most (`settle_for` in the profile), before it is"
        )
        console.say("  sent again. Ctrl-C ends the waiting; `bulkpo resume` looks again later.")


def _listed_row(order: "ListedOrder") -> tuple[str, ...]:
    total = order.total
    worth = ("", "") if total is None else (total.currency, amount(total.amount))
    return (order.key, order.status, order.supplier, *worth, order.reason)


def _duration(seconds: float) -> str:
    """A time to wait, as people say it."""
    whole = ceil(seconds)
    return plural(whole, "second") if whole < 120 else plural(ceil(whole / 60), "minute")


def _said(intent: Intent) -> str:
    documents = intent.noun.counted(intent.documents)
    match intent.act:
        case Act.CREATE:
            return f"Importing {documents} into {intent.profile}"
        case Act.RESUME:
            return f"Going on with run {intent.run}: {intent.file.name} into {intent.profile}"
        case Act.CHANGE:
            return f"Changing {documents} in {intent.profile}"
        case Act.RESTORE:
            return f"Putting back what run {intent.run} changed in {intent.profile}: {documents}"
        case Act.CANCEL:
            return f"Cancelling what run {intent.run} created in {intent.profile}: {documents}"
        case Act.DO:
            return f"About to {intent.task} {documents} in {intent.profile}"
        case _:
            assert_never(intent.act)
