"""Begin: guess the mapping of a file nobody has mapped yet."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bulkpo.errors import UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.opening import HERE, Workspace, element_tables
from bulkpo.workspace.requests import GuessRequest

if TYPE_CHECKING:
    from bulkpo.mapping.guessing.decisions import Question
    from bulkpo.runs.drafting.guess import Drafted


def meant_elements(text: str) -> tuple[str, ...]:
    """The elements of a purchase order that people may mean who write so over a column."""
    from bulkpo.runs.drafting.knowledge import shipped_synonyms

    return shipped_synonyms().search(text)


Decide = Callable[["Question"], str | None]
"""What something is that is asked for; None where it is left open."""
Decider = Callable[["Drafted"], Decide]
"""Whoever decides: is shown the guess, and then asked."""


def guess(request: GuessRequest, workspace: Workspace = HERE, decider: Decider | None = None) -> "Drafted":
    """Guess a mapping, and write it where the request says; raises InputError, UsageError or OutputError.

    The decider is shown the guess and asked for everything that is left open, if there is anybody to ask.
    """
    from bulkpo.runs.drafting.drafts import write_text
    from bulkpo.runs.drafting.guess import guess_files
    from bulkpo.runs.drafting.mapped_names import mapped_names

    if request.resource.replace("-", "_").strip("/") != "purchase_orders":
        raise UsageError(
            f"--resource {request.resource}: what columns mean is known of purchase orders alone; begin with the "
            f"elements: bulkpo elements --resource {request.resource}"
        )
    if request.output is not None and request.output.exists() and not request.overwrites:
        raise UsageError(f"{request.output}: there is such a file already; choose another name, or add --force")
    zone = request.time_zone or workspace.profile(request.to or SANDBOX).time_zone or ""
    schema = _schema_beside(request, workspace) if request.output is not None else ""
    mapped = mapped_names(request.output.absolute().parent, request.output) if request.output is not None else {}
    drafted = guess_files(request.files, element_tables(), request.resource, zone, mapped)
    drafted = drafted.decided(request.decisions, schema)
    if decider is not None:
        ask = decider(drafted)
        for question in drafted.questions:
            answer = ask(question)
            drafted = drafted.decided({question.name: answer}, schema) if answer else drafted
    if request.output is not None:
        write_text(request.output, drafted.text)
    return drafted


def _schema_beside(request: GuessRequest, workspace: Workspace) -> str:
    """The schema that editors check the mapping by, which is written beside it unless it is there; its file's name."""
    from bulkpo.workspace.editors import SchemaRequest, write_schema

    assert request.output is not None  # noqa: S101 - asked for only where a mapping is written
    file = request.output.with_name(f"{request.resource.replace('/', '-')}.import.schema.json")
    if not file.exists():
        write_schema(SchemaRequest(file, request.resource), workspace)
    return file.name
