"""The documents of a file that was checked, without those that failed."""

from collections.abc import Iterator

from bulkpo.model.document import Document
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.clean import clean_gathered
from bulkpo.runs.checking.mapped import MappedFile, Pass


def clean_documents(file: MappedFile, checked: Checked) -> Iterator[Document]:
    """The documents without errors, in the file's order: read again, so that memory holds one at a time."""
    return (document for _, document in clean_gathered(Pass(file, checked.counts), checked.unsent_keys))
