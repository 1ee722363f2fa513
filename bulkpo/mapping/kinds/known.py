"""Which kind of document a resource holds: one with words and rules of its own, or one known by its name alone."""

from functools import cache

from bulkpo.mapping.kinds.amounts import Amounts
from bulkpo.mapping.kinds.choices import Choices
from bulkpo.mapping.kinds.kind import DocumentKind, noun_of
from bulkpo.mapping.kinds.purchase_order import PURCHASE_ORDER

_OF_THEIR_OWN = {"purchase_orders": PURCHASE_ORDER}


@cache
def kind_of(resource: str) -> DocumentKind:
    """The kind of a resource's documents; `suppliers` are suppliers, `purchase_order_lines` purchase order lines."""
    known = _OF_THEIR_OWN.get(resource)
    if known is not None:
        return known
    words = resource.rsplit("/", 1)[-1].replace("_", " ")
    noun = noun_of(words)
    of_history = "".join(word.capitalize() for word in noun.one.split())
    return DocumentKind(noun=noun, members={}, key_word="key", rules=Choices, worth=Amounts, history_type=of_history)
