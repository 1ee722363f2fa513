"""Begin: guess the mapping of a file nobody has mapped yet."""

from typing import TYPE_CHECKING

from bulkpo.errors import OutputError, UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.opening import HERE, Workspace, element_tables
from bulkpo.workspace.requests import GuessRequest

if TYPE_CHECKING:
    from bulkpo.runs.drafting.guess import Drafted


def guess(request: GuessRequest, workspace: Workspace = HERE) -> "Drafted":
    """Guess a mapping, and write it where the request says; raises InputError, UsageError or OutputError."""
    from bulkpo.runs.drafting.guess import guess_files

    if request.output is not None and request.output.exists() and not request.overwrites:
        raise UsageError(f"{request.output}: there is such a file already; choose another name, or add --force")
    zone = request.time_zone or workspace.profile(request.to or SANDBOX).time_zone or ""
    drafted = guess_files(request.files, element_tables(), request.resource, zone)
    if request.output is not None:
        try:
            request.output.write_text(drafted.text, encoding="utf-8")
        except OSError as error:
            raise OutputError(f"{request.output}: cannot be written: {error.strerror}") from None
    return drafted
