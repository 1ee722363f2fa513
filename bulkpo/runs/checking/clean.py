"""The documents of a file that was checked, without those that failed."""

from collections.abc import Collection, Iterator

from bulkpo.mapping.rows.group import Gathered
from bulkpo.model.document import Document
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, Pass


def clean_documents(file: MappedFile, checked: Checked) -> Iterator[Document]:
    """The documents without errors, in the file's order: read again, so that memory holds one at a time."""
    return (document for _, document in clean_gathered(Pass(file, checked.counts), checked.unsent_keys))


def clean_gathered(one: Pass, failed: Collection[str]) -> Iterator[tuple[Gathered, Document]]:
    """All documents but those that failed, each with its rows, in the order of a pass over the file."""
    for gathered in one.gathered():
        if gathered.key not in failed:
            yield gathered, one.assembler.assemble(gathered)[0]
