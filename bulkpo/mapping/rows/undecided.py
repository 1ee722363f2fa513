"""What a mapping leaves undecided, as findings: errors of the whole file, so that nothing of it is sent."""

from collections.abc import Iterator, Mapping

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.finding import Finding
from bulkpo.model.table import PART_MARK, TABLE_STRIDE


def undecided_findings(mapping: ImportMapping, numbers: Mapping[str, int]) -> Iterator[Finding]:
    """An error for each column, constant and setting that is yet to be decided; `numbers` are those of the columns."""
    tables = tuple(mapping.tables)
    for title, paths in mapping.undecided.columns.items():
        part = title.partition(PART_MARK)[0]
        row = tables.index(part) * TABLE_STRIDE if part in tables else 0
        message = (
            f"column {title!r} is undecided: it may be {' or '.join(paths)}; write one of them in its place in the "
            "mapping, or {ignore: reason}"
        )
        yield Finding("left-undecided", message, row, numbers.get(title, 0), value=title)
    for name, values in {**mapping.undecided.constants, **mapping.undecided.settings}.items():
        message = f"{name} is undecided: it may be {' or '.join(values)}; write what it is in its place in the mapping"
        yield Finding("left-undecided", message, element=name if name in mapping.undecided.constants else "")
