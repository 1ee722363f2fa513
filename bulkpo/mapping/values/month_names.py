"""Month names in the languages of the Unicode CLDR, compared as people write them.

Case, accents and dots at the end do not count: `März`, `Marz` and `MRZ`, `sept.` and `Sept`, and Turkish names in
letters with their dots or without. Names are known in all their forms: short and long, and as they stand beside a day
(`de març`).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from bulkpo.schema.tables import nearest

_LETTERS = str.maketrans({"\u0131": "i", "ł": "l", "đ": "d", "ø": "o", "\u2019": "'", "\u02bc": "'"})
"""Letters that are not made of another and a mark, the i without a dot first, and the forms of the apostrophe."""
_ABOVE_OR_BELOW = range(200, 241)
"""The classes of marks above and below letters, as Unicode has them: accents, and no letters of other scripts."""

MonthNames = Mapping[str, frozenset[int]]
"""Folded names, and the months each stands for: more than one only where languages differ, as of `listopad`."""


def without_accents(text: str) -> str:
    """A text without case, accents and the blanks that no keyboard has."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in parts if unicodedata.combining(letter) not in _ABOVE_OR_BELOW)
    return unicodedata.normalize("NFC", bare.translate(_LETTERS))


def names_in(languages: Sequence[str], known: Mapping[str, Sequence[Sequence[str]]]) -> MonthNames:
    """The names of some languages, such as `de` or `pt-BR`; raises ValueError naming one that is not known.

    `known` has the names of the twelve months by language.
    """
    found: dict[str, frozenset[int]] = {}
    for language in languages:
        own = language.replace("_", "-").partition("-")[0].lower()
        if own not in known or own == "source":
            hint = nearest(own, tuple(known)) or "; write two or three letters, such as de, fr or pt-BR"
            raise ValueError(f"{language!r} is no language whose months are known{hint}")
        for number, names in enumerate(known[own], 1):
            for name in names:
                found[name] = found.get(name, frozenset()) | {number}
    return found


def pattern_of(names: Iterable[str]) -> str:
    """A pattern for without_accents text that any of these names matches, with a dot at its end or without."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return (
        "(?:"
        + "|".join(re.escape(name).replace(r"\ ", r"\s+").replace(r"\.", r"\.?") for name in longest_first)
        + r")\.?"
    )
