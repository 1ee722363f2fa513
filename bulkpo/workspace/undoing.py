"""Take back what a run created or changed."""

from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo.errors import UsageError
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.workspace.importing import scopes_of
from bulkpo.workspace.opening import HERE, Workspace
from bulkpo.workspace.requests import UndoRequest
from bulkpo.workspace.session import Act, Intent, Session

if TYPE_CHECKING:
    from bulkpo.runs.imports.undo import UndoResult


def undo(request: UndoRequest, session: Session | None = None, workspace: Workspace = HERE) -> "UndoResult":
    """Cancel what a run created and put back what it changed, but nothing that anybody has changed since.

    If it is interrupted, ask again.
    """
    from bulkpo.journal.run import RunJournal
    from bulkpo.runs.imports.restore import resending
    from bulkpo.runs.imports.undo import UndoOptions
    from bulkpo.runs.imports.undo import undo as undo_run
    from bulkpo.runs.imports.undo_file import undone_place
    from bulkpo.runs.own_files import OwnFiles
    from bulkpo.runs.planning.changes import refuse_resending
    from bulkpo.states import State

    session = session or Session()
    with workspace.journal() as journal:
        known = journal.run(request.run)
        counts = journal.counts(known.id)
    kind, created, changed = kind_of(known.resource), counts[State.CREATED], counts[State.CHANGED]
    if known.options.task:
        raise UsageError(
            f"run {known.id} did something with {kind.noun.many} that were there ({known.options.task}), which undo "
            f"does not take back; `bulkpo do reopen --run {known.id}` reopens what is soft-closed"
        )
    if created and "cancel" not in kind.actions:
        raise UsageError(f"run {known.id} created {kind.noun.many}, which Coupa cannot cancel; nothing was done")
    with (
        workspace.claimed([undone_place(known)]),
        workspace.client(known.profile, scopes_of(known), session.stop) as client,
        workspace.journal(session.command) as journal,
    ):
        act = Act.CANCEL if created or not changed else Act.RESTORE
        again = resending(RunJournal(journal, known.id)) if changed else []
        refuse_resending(kind, again, client.profile, by_mapping=False)
        remark = f"{kind.noun.counted(len(again))} WILL BE SENT TO SUPPLIERS AGAIN" if again else ""
        many, file = created + changed, Path(known.input_file)
        if many:
            session.ask(Intent(act, client.profile, many, kind.noun, file, known.id, remark=remark))
        options = UndoOptions(own=OwnFiles(workspace.data))
        return undo_run(client, RunJournal(journal, known.id), session.stop, options)
