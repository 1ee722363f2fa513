"""Work out what an import is to change, and refuse what would be sent to suppliers where nothing is to be."""

from typing import TYPE_CHECKING

from bulkpo.model.matching import Mode
from bulkpo.workspace.results import CheckedFile
from bulkpo.workspace.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulkpo.coupa.client import CoupaClient
    from bulkpo.runs.planning.batch import Plan
    from bulkpo.runs.planning.changes import Changes


def hold_against(
    whole: "Plan", client: "CoupaClient", session: Session, base: "Callable[[Changes], None] | None" = None
) -> "Changes | None":
    """What is to change, held against what is there; None for a mapping that only creates.

    `base` says what changes are based on, where that is not what is there now.
    What cannot be changed is held back. Raises UsageError where suppliers would be sent orders again and nothing is to
    be sent to any.
    """
    from bulkpo.runs.planning import changes as planning
    from bulkpo.runs.planning.batch import of_one_file

    if whole.mode is Mode.CREATE:
        return None
    plan = of_one_file(whole)
    changes = planning.plan_changes(plan, client)
    plan.hold_more(changes.held)
    if base is not None:
        base(changes)
    session.watch.planned(CheckedFile(plan.mapped, plan.checked), changes, client.profile)
    by_mapping = plan.mapped.mapping.silent
    planning.refuse_resending(plan.kind, changes.resent, client.profile, by_mapping=by_mapping)
    return changes
