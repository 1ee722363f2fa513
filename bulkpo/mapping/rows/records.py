"""Records: the values a chunk of rows gives."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import compress

from bulkpo.mapping.rows.order_columns import OrderColumns
from bulkpo.mapping.rows.row_findings import RowFindings
from bulkpo.model.document import Columns, Value
from bulkpo.model.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Records:
    """The values of some rows. Positions count the rows that were not skipped.

    `levels` has, per level from the header down and per variant of it, a column of values for each field. `bad` are
    the positions of rows with an error; `troubled` has the paths of their fields at fault. `first_part` tells which
    rows are of the first of several parts; it is empty where rows are all alike. `orders` is what
    orders come to and are said to, where the mapping has controls of them; `disputed` is what is wrong with orders by
    their totals rows. `amounts` has what each row's lines come to; it is empty where that is not known.
    """

    rows: Sequence[int]
    keys: Sequence[Value]
    levels: tuple[tuple[Columns, ...], ...]
    bad: frozenset[int] = frozenset()
    troubled: Mapping[int, Sequence[str]] = field(default_factory=dict)
    first_part: Sequence[bool] = ()
    skipped: dict[str, list[int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    orders: OrderColumns | None = None
    disputed: Sequence[Finding] = ()
    amounts: Sequence[Decimal] = ()

    def with_totals(self, found: Sequence[Finding]) -> "Records":
        """The records with what was found of their totals rows: of one order, or of the file."""
        if not found:
            return self
        of_file = [each for each in found if not each.key or each.severity is not Severity.ERROR]
        disputed = [each for each in found if each.key and each.severity is Severity.ERROR]
        return replace(self, findings=[*self.findings, *of_file], disputed=disputed)

    def with_found(self, found: RowFindings) -> "Records":
        """The records with what was found of their rows besides; their positions must be those of the findings."""
        if not found.findings:
            return self
        troubled = {place: (*self.troubled.get(place, ()), *paths) for place, paths in found.troubled.items()}
        return replace(
            self,
            bad=self.bad | found.bad,
            troubled={**self.troubled, **troubled},
            findings=[*self.findings, *found.findings],
        )

    def without(self, rows: Container[int], reason: str) -> "Records":
        """The records without some rows, which are listed among those skipped for this reason."""
        keep = [row not in rows for row in self.rows]
        places = {old: new for new, old in enumerate(compress(range(len(keep)), keep))}
        return replace(
            self,
            rows=list(compress(self.rows, keep)),
            keys=list(compress(self.keys, keep)),
            levels=tuple(
                tuple([list(compress(column, keep)) for column in variant] for variant in level)
                for level in self.levels
            ),
            bad=frozenset(places[place] for place in self.bad if place in places),
            troubled={places[place]: paths for place, paths in self.troubled.items() if place in places},
            first_part=list(compress(self.first_part, keep)),
            skipped={**self.skipped, reason: [row for row in self.rows if row in rows]},
            findings=[finding for finding in self.findings if finding.row not in rows],
        )
