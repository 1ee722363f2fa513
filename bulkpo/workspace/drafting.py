"""Begin: guess the mapping of a file nobody has mapped yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bulkpo.errors import ServiceError, UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.opening import HERE, Scopes, Workspace, element_tables, known_zone_of
from bulkpo.workspace.requests import GuessRequest

if TYPE_CHECKING:
    from bulkpo.mapping.guessing.cells.column import ColumnCells
    from bulkpo.mapping.guessing.columns.references import InstanceRecords
    from bulkpo.mapping.guessing.draft.decisions import Question
    from bulkpo.runs.drafting.guesses.guess import AskInstance, Drafted
    from bulkpo.schema.synonyms import Synonyms


def meant_elements(text: str) -> tuple[str, ...]:
    """The elements of a purchase order that people may mean who write so over a column."""
    from bulkpo.runs.drafting.guesses.knowledge import shipped_synonyms

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
    from bulkpo.runs.drafting.guesses.guess import Witnesses, guess_files
    from bulkpo.runs.drafting.guesses.guess_suppliers import SUPPLIERS, guess_suppliers
    from bulkpo.runs.drafting.guesses.mapped_names import mapped_names
    from bulkpo.runs.drafting.looking.said_encoding import said_encoding

    resource = _resource(request)
    if request.output is not None and request.output.exists() and not request.overwrites:
        raise UsageError(f"{request.output}: there is such a file already; choose another name, or add --force")
    zone = _zone(request, workspace)
    schema = _schema_beside(request, workspace) if request.output is not None else ""
    mapped = {} if request.output is None else mapped_names(request.output.absolute().parent, request.output, resource)
    beside = Witnesses(mapped, encoding=said_encoding(request.files, request.encoding))
    if request.to is not None:
        beside = replace(beside, ask=_asking(request.to, resource, workspace))
    if resource == SUPPLIERS:
        drafted = guess_suppliers(request.files, element_tables(), beside)
    else:
        drafted = guess_files(request.files, element_tables(), request.resource, zone, beside)
    drafted = drafted.decided(request.decisions, schema)
    if decider is not None:
        ask = decider(drafted)
        for question in drafted.questions:
            drafted = _answered(drafted, question, ask, schema)
    if request.output is not None:
        write_text(request.output, drafted.text)
    return drafted


def _resource(request: GuessRequest) -> str:
    """What the files have, as Coupa names it; raises UsageError for what nothing is known of."""
    from bulkpo.runs.drafting.guesses.guess_suppliers import SUPPLIERS
    from bulkpo.schema.tables import nearest

    resource = request.resource.replace("-", "_").strip("/")
    if resource not in ("purchase_orders", SUPPLIERS):
        begin = f"; begin with the elements: bulkpo elements --resource {request.resource}"
        raise UsageError(
            f"--resource {request.resource}: what columns mean is known of purchase orders and suppliers alone"
            f"{nearest(resource, ('purchase_orders', SUPPLIERS)) or begin}"
        )
    return resource


def _zone(request: GuessRequest, workspace: Workspace) -> str:
    """The zone that dates are meant in, as the request or its profile says; raises UsageError for one that is none."""
    return known_zone_of(request.time_zone) or workspace.profile(request.to or SANDBOX).time_zone or ""


def _answered(drafted: "Drafted", question: "Question", ask: Decide, schema: str) -> "Drafted":
    """The guess with an answer taken in; what is no answer is said, and asked for again unless it is insisted on."""
    refused = None
    while (answer := ask(question)) is not None:
        try:
            return drafted.decided({question.name: answer}, schema)
        except UsageError as error:
            if answer == refused:
                raise
            refused = answer
            question = replace(question, reason=str(error).removeprefix("--set: "))
    return drafted


def _asking(to: str, resource: str, workspace: Workspace) -> "AskInstance":
    """Asks the instance of a profile for what its records are called; where it cannot be asked, says so and goes on."""
    from bulkpo.mapping.guessing.columns.references import InstanceRecords
    from bulkpo.runs.drafting.guesses.instance_records import instance_records, named_paths

    def ask(synonyms: "Synonyms", columns: "Mapping[str, Sequence[ColumnCells]]") -> "InstanceRecords":
        tables = element_tables()
        named = named_paths(tables, resource, synonyms)
        try:
            with workspace.client(to, Scopes((), named.scopes)) as client:
                return instance_records(client, tables, named, columns)
        except (ServiceError, UsageError) as error:
            return InstanceRecords(to, {}, {}, {}, (f"{to} was not asked for what it has: {error}",))

    return ask


def _schema_beside(request: GuessRequest, workspace: Workspace) -> str:
    """The schema that editors check the mapping by, which is written beside it unless it is there; its file's name."""
    from bulkpo.workspace.editors import SchemaRequest, write_schema

    assert request.output is not None  # noqa: S101 - asked for only where a mapping is written
    file = request.output.with_name(f"{request.resource.replace('/', '-')}.import.schema.json")
    if not file.exists():
        write_schema(SchemaRequest(file, request.resource), workspace)
    return file.name
