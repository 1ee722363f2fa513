"""Joined tables that have nothing in common: the wrong files, told once instead of at each of their rows."""

from collections.abc import Sequence

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.group import Gathered
from bulkpo.model.document import Document
from bulkpo.model.finding import Finding

_APART = ("header-without-lines", "line-without-header")


class Orphans:
    """Counts the orders that have lines and no header, and looks for one that has both."""

    def __init__(self, mapping: ImportMapping) -> None:
        self._mapping = mapping
        self._are_joined = bool(mapping.tables)
        self._count = 0

    def look(self, gathered: Gathered, document: Document) -> None:
        """Take in an order."""
        self._count += not gathered.first_part
        self._are_joined = self._are_joined and not (gathered.first_part and document.members)

    def found(self) -> None:
        """Some order is whole."""
        self._are_joined = False

    def told(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings, with one in the place of all those about orders that are apart, where none is together."""
        if not self._are_joined or self._count < 2:
            return list(findings)
        headers, lines = self._mapping.parts[:2]
        message = (
            f"none of {self._count:,} line keys is among the headers ({headers} and {lines}): are these the right "
            "files? Give those that belong together, or correct the columns of the key in the mapping; lines that name "
            "their order by another number, such as an id, are joined by it: `joined_by`"
        )
        once = Finding("line-without-header", message, element=str(self._mapping.key))
        return [once, *(finding for finding in findings if finding.code not in _APART)]
