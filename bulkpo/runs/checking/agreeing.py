"""What of the file's own figures agrees with what its documents come to: told, so that nobody has to trust silence."""

from collections.abc import Iterator, Mapping

from bulkpo.mapping.language.figures import Control
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.apply import Applier
from bulkpo.mapping.rows.controls import LINE
from bulkpo.mapping.rows.order_columns import COUNT
from bulkpo.model.agreed import Agreed
from bulkpo.model.totals import CurrencyTotal
from bulkpo.runs.checking.checked import TOTALS, Checked
from bulkpo.runs.checking.expected import expected_agreed, grouped_text

_DIFFERS = "control-differs"


def agreeing(
    mapping: ImportMapping, checked: Checked, applier: Applier, totals: Mapping[str, CurrencyTotal]
) -> Iterator[Agreed]:
    """What is as expected, and the columns of figures and totals rows in which nothing differs, once all is found.

    `totals` are those of all documents, clean or not.
    """
    yield from expected_agreed(mapping, (checked.documents, checked.lines), totals)
    if checked.ok <= 0:
        return
    differing = {each.column for each in checked.findings if each.code == _DIFFERS}
    for control, stated in zip(mapping.controls, applier.figures.stated if applier.figures else (), strict=True):
        if (count := stated.count) and applier.numbers.get(control.column, 0) not in differing:
            is_of_all = count == checked.rows - checked.skipped_rows
            figures = tuple(_figures(control, checked)) if is_of_all else (f"{count:,} cells",)
            yield Agreed(control.column, _against(mapping, control, checked), figures)
    if not any(each.code == TOTALS for each in checked.findings):
        for column, count, last in applier.totals_rows.agreed():
            rows = "the totals row" if count == 1 else f"{count:,} totals rows"
            figure = grouped_text(last)
            yield Agreed(f"{column} of {rows}", "the lines above", (figure if count == 1 else f"the last {figure}",))


def _against(mapping: ImportMapping, control: Control, checked: Checked) -> str:
    kind = mapping.kind
    lines = kind.lines(mapping.layout).many
    documents = f"clean {kind.noun.many}" if checked.failed else kind.noun.many
    said = {
        COUNT: f"how many {lines} the {documents} have",
        LINE: f"what the {lines} of the {documents} come to",
    }.get(control.equals, f"what the {documents} come to")
    return f"{said} as ordered" if control.of == "ordered" else said


def _figures(control: Control, checked: Checked) -> Iterator[str]:
    if control.equals == COUNT:
        yield f"{checked.lines:,}"
    elif control.of == "ordered":
        yield from (f"{each.currency} {grouped_text(each.ordered)}".strip() for each in checked.open)
    else:
        yield from (f"{each.currency} {grouped_text(each.amount)}".strip() for each in checked.totals)
