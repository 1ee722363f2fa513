"""Which element of an object a path from it belongs to, and whether it can name the record that element refers to."""

from collections.abc import Sequence

from bulkpo.model.document import Field
from bulkpo.model.path import CUSTOM_FIELDS, ElementPath


def owned_name(path: ElementPath) -> str:
    """The name of the object's own element: `account` of `account/code`, and `custom-fields/dock` as it stands."""
    names = path.names
    return "/".join(names[:2]) if names[0] == CUSTOM_FIELDS else names[0]


def names_record(path: ElementPath) -> bool:
    """Whether it can name what its element refers to, as an account's code does, and its chart of accounts not."""
    return len(path.names) <= len(owned_name(path).split("/")) + 1


def naming(fields: Sequence[Field], name: str) -> tuple[int, ...]:
    """Where the fields of an object stand that can name the record one of its elements refers to."""
    return tuple(
        place for place, each in enumerate(fields) if owned_name(each.path) == name and names_record(each.path)
    )
