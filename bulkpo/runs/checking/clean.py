"""The documents of a file that was checked, without those that failed."""

from collections.abc import Collection, Iterator

from bulkpo.mapping.rows.group import Gathered
from bulkpo.model.document import Document
from bulkpo.runs.checking.mapped import Pass


def clean_gathered(one: Pass, failed: Collection[str]) -> Iterator[tuple[Gathered, Document]]:
    """All documents but those that failed, each with its rows, in the order of a pass over the file."""
    for gathered in one.gathered():
        if gathered.key not in failed:
            yield gathered, one.assembler.sound(gathered)
