"""What an update is to change, in words: how many, which elements from what to what, and who is sent it again."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from bulkpo.cli.console import PLAIN_WIDTH
from bulkpo.cli.folding import fold
from bulkpo.cli.render import amount, listed

if TYPE_CHECKING:
    from bulkpo.mapping.kinds.kind import Noun
    from bulkpo.model.totals import CurrencyTotal
    from bulkpo.runs.planning.changes import Changes

_MOST_ORDERS = 20
_MOST_CELLS = 5
_MOST_NAMED = 5


def changes_lines(changes: "Changes", noun: "Noun", width: int | None) -> list[str]:
    """How many documents change, and the first of them element by element."""
    lines = [f"  {noun.counted(changes.changed)} to change, {changes.unchanged:,} as the file says already"]
    if changes.new:
        lines.append(f"  {noun.counted(changes.new)} not there, to be created")
    if changes.held.keys:
        lines.append(f"  {noun.counted(len(changes.held.keys))} held back; the errors say why")
    if clashing := len(changes.planned) - len(changes.to_make):
        lines.append(f"  {noun.counted(clashing)} left: somebody else changed in Coupa what was edited")
    for said in islice(_cells(changes), _MOST_ORDERS):
        lines += fold(said, width or PLAIN_WIDTH, "    ", "      ")
    if changes.changed > _MOST_ORDERS:
        lines.append(f"    and {changes.changed - _MOST_ORDERS:,} {noun.many} more; --dry-run --json has every change")
    before, after = changes.totals()
    for currency in sorted({total.currency for total in (*before, *after)}):
        was, will_be = (_amount_in(currency, totals) for totals in (before, after))
        lines.append(f"  worth {currency or '(no currency)'} {was} before, {will_be} after")
    if changes.resent:
        named = listed(list(changes.resent), _MOST_NAMED, "--dry-run --json counts them")
        lines.append(f"  {noun.counted(len(changes.resent))} WILL BE SENT TO SUPPLIERS AGAIN: {named}")
    elif changes.changed:
        lines.append("  none is sent to a supplier again")
    return lines


def _amount_in(currency: str, totals: "Sequence[CurrencyTotal]") -> str:
    return amount(sum((total.amount for total in totals if total.currency == currency), Decimal(0)))


def _cells(changes: "Changes") -> Iterator[str]:
    for key, planned in changes.to_make.items():
        if planned.change:
            found = [str(cell) for cell in planned.change.cells()]
            more = f" and {len(found) - _MOST_CELLS} more" if found[_MOST_CELLS:] else ""
            yield f"{key}: {'; '.join(found[:_MOST_CELLS])}{more}"
