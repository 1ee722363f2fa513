"""What the file says its orders come to, held against what they do, once all rows of each are together."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from bulkpo.mapping.language.figures import Control
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.controls import order_controls
from bulkpo.mapping.rows.order_columns import COUNT
from bulkpo.mapping.rows.order_figures import OrderFigures, StatedFigure
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.values.arithmetic import exactly
from bulkpo.mapping.values.cells import number_text
from bulkpo.model.finding import Finding, Severity


class OrderControls:
    """Adds up the figures of orders. `broken` has, by key, the findings about those that differ."""

    def __init__(self, mapping: ImportMapping, *, is_scattered: bool) -> None:
        self.broken: dict[str, list[Finding]] = {}
        self._mapping = mapping
        self._controls = order_controls(mapping)
        self._is_scattered = is_scattered
        self._open: dict[str, OrderFigures] = {}

    def look(self, records: Records, columns: Mapping[str, int]) -> None:
        """Take in what the rows of a chunk come to, and what totals rows say; `columns` has their numbers by title."""
        for disputed in records.disputed:
            self.broken.setdefault(disputed.key, []).append(disputed)
        if records.orders is None:
            return
        with exactly():
            for each in records.orders.all() if self._is_scattered else records.orders.in_question():
                known = self._open.get(each.key)
                if known is None and not self._is_scattered:
                    self._finish(columns)
                self._open[each.key] = each if known is None else known.plus(each)

    def finish(self, columns: Mapping[str, int]) -> None:
        """Judge the orders whose rows are all there."""
        with exactly():
            self._finish(columns)

    def _finish(self, columns: Mapping[str, int]) -> None:
        whole, self._open = self._open, {}
        for key, figures in whole.items():
            found = [] if figures.is_bad else list(self._judged(figures, columns))
            if found:
                self.broken.setdefault(key, []).extend(found)

    def _judged(self, figures: OrderFigures, columns: Mapping[str, int]) -> Iterator[Finding]:
        for control, stated in zip(self._controls, figures.stated, strict=True):
            if stated is None or (self._mapping.balances and not figures.lines[control.of]):
                continue
            message = self._differs(control, figures, stated)
            if message:
                severity = Severity.NOTICE if control.is_told_only else Severity.ERROR
                column = columns.get(control.column, 0)
                shown = number_text(stated.number)
                message = f"{control.column}: {message}"
                yield Finding("control-differs", message, stated.row, column, "", shown, figures.key, severity)

    def _differs(self, control: Control, figures: OrderFigures, stated: StatedFigure) -> str:
        """What is said of a figure that is another; empty where it is the same."""
        is_count = control.equals == COUNT
        mine = Decimal(figures.lines[control.of]) if is_count else figures.amounts[control.of]
        if not stated.otherwise and abs(stated.number - mine) <= control.within:
            return ""
        remedy = "correct one of the two, or say within: how far they may differ"
        if control.is_told_only:
            remedy = "told only, as the mapping says"
        shown = number_text(stated.number)
        if stated.otherwise:
            return f"the cell says {shown}, but {self._mapping.where(stated.otherwise)} says otherwise; {remedy}"
        kind = self._mapping.kind
        if is_count:
            has = f"{kind.noun.one} {figures.key} has {kind.lines(self._mapping.layout).counted(int(mine))}"
            return f"{has}, but the cell says {shown}; {remedy}"
        return f"{kind.noun.one} {figures.key} comes to {number_text(mine)}, but the cell says {shown}; {remedy}"
