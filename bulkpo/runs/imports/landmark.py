"""The landmark of a run's look-ups: an order known to be in Coupa, whose number is asked for beside those looked up.

That a number is free is told by an answer that lacks it, and an answer may lack it for other reasons: a gateway answers
an empty list for itself, or a replica that is far behind does. An answer that lacks the landmark as well is not
believed. It is the newest order there was when the run was taken up: lists go by id, so that with it all that is older
has come.
"""

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.queries import Landmark, QueryRefusedError
from bulkpo.journal.run import RunJournal
from bulkpo.runs.planning.newest import can_be_asked, newest_there
from bulkpo.runs.planning.plan import DocumentShape
from bulkpo.states import State


def landmark_of(client: CoupaClient, shape: DocumentShape, journal: RunJournal) -> Landmark | None:
    """The newest order whose number can be asked for together with others; None where there is none.

    That is the newest that Coupa shows, or that an earlier run created, where Coupa has it and its list does not show
    it yet. That there is none at all is asked twice. Raises ServiceError.
    """
    created = _newest_created(client, shape, journal)
    try:
        newest = newest_there(client, shape)
    except QueryRefusedError:
        return None
    if created is not None and created.id > (0 if newest is None else newest.id):
        found = client.show(shape.resource, created.id)
        if found is not None and found.get(shape.key) == created.key:
            return created
    return newest


def _newest_created(client: CoupaClient, shape: DocumentShape, journal: RunJournal) -> Landmark | None:
    """The newest that another run of this journal created there; the sandbox may have been emptied since."""
    if client.profile.is_sandbox:
        return None
    for run in sorted(journal.journal.runs(), key=lambda it: it.id, reverse=True):
        if run.id != journal.id and (run.url, run.resource) == (client.profile.url, shape.resource):
            created = journal.journal.entries(run.id, [State.CREATED])
            known = (Landmark(it.coupa_id, it.key) for it in created if it.coupa_id and can_be_asked(it.key))
            if newest := max(known, default=None):
                return newest
    return None
