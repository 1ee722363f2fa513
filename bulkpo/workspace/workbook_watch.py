"""Tells of the import of an edited workbook in the words of the workbook: its name, its sheet and its cells."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulkpo.workspace.results import CheckedFile
from bulkpo.workspace.session import Intent, Silent, Watch, Work

if TYPE_CHECKING:
    from bulkpo.model.profile import Profile
    from bulkpo.runs.editing.places import EditPlaces
    from bulkpo.runs.planning.changes import Changes
    from bulkpo.runs.planning.preflight import Preflight
    from bulkpo.workspace.results import CheckedInput


@dataclass(frozen=True, slots=True)
class WorkbookWatch(Silent):
    """A watch that hands on what it is told to another, with the places of the workbook in place of the table's."""

    watch: Watch
    places: "EditPlaces"

    def counted(self, work: Work, done: int, total: int | None) -> None:
        """As it is."""
        self.watch.counted(work, done, total)

    def begins(self, intent: Intent) -> None:
        """As it is, with the workbook for the file."""
        self.watch.begins(replace(intent, file=self.places.workbook))

    def waits(self, documents: str, seconds: float) -> None:
        """As it is."""
        self.watch.waits(documents, seconds)

    def checked(self, file: CheckedFile) -> None:
        """What was found in cells; where nothing was, they have been told already."""
        if file.checked.findings:
            self.watch.checked(self._placed(file))

    def looked_up(self, file: "CheckedInput", found: "Preflight", profile: "Profile") -> None:
        """What the cells refer to, and what of it is not there."""
        if isinstance(file, CheckedFile):
            of_files = tuple(replace(it, findings=tuple(self.places.placed(it.findings))) for it in found.of_files)
            self.watch.looked_up(self._placed(file), replace(found, of_files=of_files), profile)

    def planned(self, file: CheckedFile, changes: "Changes", profile: "Profile") -> None:
        """What is to change, and what keeps it from that."""
        held = replace(changes.held, findings=tuple(self.places.placed(changes.held.findings)))
        self.watch.planned(self._placed(file), replace(changes, held=held), profile)

    def _placed(self, file: CheckedFile) -> CheckedFile:
        checked = replace(file.checked, findings=self.places.placed(file.checked.findings))
        return replace(file, mapped=replace(file.mapped, source=self.places), checked=checked)
