"""The newest document there is, as a landmark: an answer to a look-up by numbers that lacks it is not whole."""

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.queries import Landmark, QueryTerm
from bulkpo.runs.planning.plan import DocumentShape

_NEWEST: tuple[QueryTerm, ...] = (("order_by", "id"), ("dir", "desc"), ("limit", "5"))
_LONGEST_KEY = 50


def newest_there(client: CoupaClient, shape: DocumentShape) -> Landmark | None:
    """The newest document that Coupa shows whose number can be asked for together with others; None without one.

    That there is none at all is asked twice. Raises ServiceError, and QueryRefusedError where this cannot be asked.
    """
    fields = ["id", shape.key]
    newest = client.page(shape.resource, _NEWEST, fields) or client.page(shape.resource, _NEWEST, fields)
    known = [Landmark(document["id"], str(document.get(shape.key) or "")) for document in newest]
    return max((it for it in known if can_be_asked(it.key)), default=None)


def can_be_asked(key: str) -> bool:
    """Whether a number can be asked for together with others."""
    return bool(key.strip()) and "," not in key and len(key) <= _LONGEST_KEY
