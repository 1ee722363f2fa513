"""Numbers as Coupa compares them: in other letters, small or capital, with accents or without, it is the same one."""

from collections.abc import Mapping, Sequence
from unicodedata import combining, normalize

Found = Mapping[str, object]
"""A document as Coupa has it."""


def by_number(
    keys: Sequence[str], documents: Sequence[Found], element: str
) -> tuple[dict[str, list[Found]], list[str]]:
    """The documents under the keys they have, and the numbers of those that have none of them."""
    found: dict[str, list[Found]] = {key: [] for key in keys}
    alike: dict[str, list[str]] = {}
    for key in keys:
        alike.setdefault(_compared(key), []).append(key)
    strays = []
    for document in documents:
        has = str(document.get(element))
        same = [has] if has in found else alike.get(_compared(has), [])
        strays += [] if same else [has]
        for key in same:
            found[key].append(document)
    return found, strays


def is_same_number(one: object, other: object) -> bool:
    """Whether two numbers are the same to Coupa."""
    return _compared(str(one)) == _compared(str(other))


def _compared(number: str) -> str:
    """A number as Coupa compares it: without case, accents, and blanks around it."""
    return "".join(it for it in normalize("NFKD", number.strip().casefold()) if not combining(it))
