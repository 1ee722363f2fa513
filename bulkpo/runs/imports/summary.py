"""The summary sheet of a result: control totals three ways, what became of the whole file, and what is signed off."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.model.agreed import agreeing_line
from bulkpo.model.signoff import ChangedTotal, SignOff
from bulkpo.model.table import Cell
from bulkpo.model.totals import ControlTotals, CurrencyTotal
from bulkpo.runs.imports.fates import SAID
from bulkpo.runs.imports.reasons import TROUBLED, reasons, reasons_held
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.tables.writing.columns import BookSink, ColumnKind, SinkColumn

_TOTAL_COLUMNS = (
    SinkColumn("Currency"),
    SinkColumn("Figure"),
    SinkColumn("Source", ColumnKind.FIGURE),
    SinkColumn("Sent", ColumnKind.FIGURE),
    SinkColumn("Read back", ColumnKind.FIGURE),
    SinkColumn("Difference", ColumnKind.FIGURE),
    SinkColumn("Says"),
)


def write_outcome_sheet(
    book: BookSink,
    plan: FilePlan,
    journal: RunJournal,
    totals: ControlTotals | None,
) -> None:
    """Write the control totals three ways, how many documents have each status and why, and what is signed off."""
    counts, signed, kind = journal.counts(), journal.run.summary.sign_off, plan.kind
    why = reasons(journal.entries(TROUBLED)) + reasons_held(plan.held.findings)
    with book.sheet("Summary", _TOTAL_COLUMNS) as sheet:
        for source, sent, back in totals.by_currency() if totals else ():
            ways = (source, sent, back)
            sheet.write([_compared(name, get, ways) for name, get in _figures(kind, ways)])
        sheet.write([_row()])
        sheet.write([_row(f"{kind.noun.titles} {word}", counts[it]) for it, word in SAID.items() if counts[it]])
        sheet.write([_row(f"{kind.noun.titles} {it.state}: {it.message}", it.orders + it.others) for it in why])
        if plan.checked.agreeing:
            sheet.write([_row(), _row(agreeing_line(plan.checked.agreeing))])
        if signed is not None:
            sheet.write(list(_signed(kind, signed)))


def _signed(kind: DocumentKind, signed: SignOff) -> Iterator[list[Cell]]:
    """What became of the whole file by currency, and what reading back has shown."""
    noun = kind.noun
    yield _row()
    whole = [("in the file", total) for total in signed.whole]
    for outcome, total in [*signed.outcomes, *whole]:
        for name, get in _figures(kind, [total]):
            yield [total.currency or "(none)", f"{name} {outcome}", get(total), *_BLANK]
    for ways in signed.changes_by_currency():
        for way, total in zip(_WAYS, ways, strict=True):
            for name, get in _figures(kind, ways):
                yield [total.currency or "(none)", f"{name} changed, {way}", get(total), *_BLANK]
    yield _row()
    yield _row(f"{noun.titles} compared with Coupa element by element", signed.compared)
    yield _row(f"{noun.titles} that differ from what was sent", signed.differing)
    if signed.transmissions is not None:
        yield _row(f"{noun.titles} transmitted to suppliers", signed.transmitted)
        for status, count in signed.transmissions.items():
            yield _row(f"{noun.titles} with transmission status {status}", count)
    if signed.resent is not None:
        yield _row(f"{noun.titles} changed", signed.changed)
        yield _row(f"{noun.titles} sent to suppliers again", sum(signed.resent.values()))
        for status, count in signed.resent.items():
            yield _row(f"{noun.titles} sent again, with transmission status {status}", count)


def write_sign_off(book: BookSink, kind: DocumentKind, signed: SignOff | None) -> None:
    """Write the totals by supplier and currency, and the documents that differ from what was sent, if there are any."""
    if signed is not None and signed.partners:
        with book.sheet("Suppliers", _PARTNER_COLUMNS) as sheet:
            sheet.write([_partner_row(it.partner, it.sent, it.read_back) for it in signed.partners])
    if signed is not None and signed.changes:
        with book.sheet("Changes by supplier", _CHANGE_COLUMNS) as sheet:
            sheet.write([_change_row(it) for it in signed.changes])
    if signed is not None and signed.altered:
        columns = [SinkColumn(kind.noun.title), SinkColumn("Coupa id", ColumnKind.INTEGER), SinkColumn("Differs")]
        with book.sheet("Differences", columns) as sheet:
            sheet.write([[it.key, Decimal(it.id), it.said] for it in signed.altered])


_BLANK: Sequence[Cell] = [None] * (len(_TOTAL_COLUMNS) - 3)
_PARTNER_COLUMNS = (
    SinkColumn("Supplier"),
    SinkColumn("Currency"),
    SinkColumn("Orders sent", ColumnKind.INTEGER),
    SinkColumn("Amount sent", ColumnKind.DECIMAL, 2),
    SinkColumn("Orders read back", ColumnKind.INTEGER),
    SinkColumn("Amount read back", ColumnKind.DECIMAL, 2),
    SinkColumn("Says"),
)


_WAYS = ("before", "after", "as read back")
_CHANGE_COLUMNS = (
    SinkColumn("Supplier"),
    SinkColumn("Currency"),
    *(
        column
        for way in _WAYS
        for column in (
            SinkColumn(f"Orders {way}", ColumnKind.INTEGER),
            SinkColumn(f"Amount {way}", ColumnKind.DECIMAL, 2),
        )
    ),
    SinkColumn("Says"),
)


def _change_row(it: ChangedTotal) -> list[Cell]:
    says = "agree" if it.after == it.read_back else "Coupa has something else than was sent"
    figures = [
        figure for total in (it.before, it.after, it.read_back) for figure in (Decimal(total.documents), total.amount)
    ]
    return [it.partner or "(none)", it.before.currency or "(none)", *figures, says]


def _partner_row(partner: str, sent: CurrencyTotal, back: CurrencyTotal) -> list[Cell]:
    says = "agree" if sent == back else "Coupa has something else than was sent"
    figures = [Decimal(sent.documents), sent.amount, Decimal(back.documents), back.amount]
    return [partner or "(none)", sent.currency or "(none)", *figures, says]


def _row(name: str | None = None, count: int | None = None) -> list[Cell]:
    """A row about all documents; a blank one without a name."""
    if name is None:
        return [None] * len(_TOTAL_COLUMNS)
    return ["(all)", name, None if count is None else Decimal(count), *_BLANK]


_Figure = tuple[str, Callable[[CurrencyTotal], Decimal]]


def _figures(kind: DocumentKind, totals: Sequence[CurrencyTotal]) -> Iterator[_Figure]:
    """The figures of control totals that say something of this kind of document."""
    shown = kind.figures(totals)
    yield kind.noun.titles, lambda total: Decimal(total.documents)
    if shown.lines:
        yield kind.lines().titles, lambda total: Decimal(total.lines)
    if shown.amounts:
        yield "Amount", lambda total: total.amount


def _compared(
    name: str, get: Callable[[CurrencyTotal], Decimal], ways: tuple[CurrencyTotal, CurrencyTotal, CurrencyTotal]
) -> list[Cell]:
    source, sent, back = map(get, ways)
    if sent != back:
        says = "Coupa has something else than was sent"
    else:
        says = "agree" if source == sent else "not all was sent"
    return [ways[0].currency or "(none)", name, source, sent, back, back - sent, says]
