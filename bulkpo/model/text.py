"""Characters nobody sees: which they are, text without them, and text that shows them.

They come along when text is copied from web pages, mails and PDF files: zero-width spaces and joints, marks of writing
direction, soft hyphens. The joiners of emoji and of scripts that need them are not among those taken out.
"""

import re
import shlex
import unicodedata
from collections.abc import Iterable, Sequence

_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
UNSEEN = re.compile(f"[{_UNSEEN}]+")
"""What reading takes out of values."""

_INKLESS = f"{_UNSEEN}\u115f\u1160\u17b4\u17b5\u200c\u200d\u3164\ufe00-\ufe0f\uffa0"
INKLESS = re.compile(f"[{_INKLESS}]")
"""What leaves no mark of its own, with the joiners that some values need and no number of an order does."""

_ODD = re.compile(f"[{_INKLESS}]|[^\\S\\t\\n\\r\\f\\v ]")
_BLANK_WITHIN = re.compile(r"[ \t\r\f\v\x1c-\x1f]")
_LONGEST_QUOTED = 2_000
_SAME = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
    | {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code != 0xFF0D}
    | dict(zip("\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425", "ABEKMHOPCTYX", strict=True))
    | dict(zip("\u0430\u0435\u043e\u0440\u0441\u0443\u0445", "aeopcyx", strict=True))
    | dict(
        zip(
            "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
            "ABEZHIKMNOPTYX",
            strict=True,
        )
    )
)
"""Dashes, wide letters, and the Cyrillic and Greek letters that are drawn like Latin ones."""


def visible(text: str) -> str:
    """A text without the characters that nobody sees, nor blanks around it."""
    return text.strip() if text.isascii() else UNSEEN.sub("", text).strip()


def shown(text: str) -> str:
    """A text with its unseen characters named, `F1<U+200B>`, as are marks that stand apart from their letters."""
    if text.isascii():
        return text
    named = _ODD.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)
    if unicodedata.is_normalized("NFC", named):
        return named
    return "".join(f"<U+{ord(each):04X}>" if unicodedata.combining(each) else each for each in named)


def quoted(text: str) -> str:
    """A text in quotation marks, for messages."""
    return repr(shown(text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"))


def alike(text: str) -> str:
    """What texts have in common that look alike: case, zeros in front, and whatever cannot be seen are gone."""
    if text.isascii():
        return " ".join(text.lower().split()).lstrip("0")
    plain = _ODD.sub(lambda found: " " if found[0].isspace() else "", text).translate(_SAME)
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", plain).casefold())
    return " ".join(folded.split()).lstrip("0")


def all_alike(texts: Sequence[str]) -> list[str]:
    """The same of many texts; of plain ones at once."""
    joined = "\n".join(texts)
    if not joined.isascii() or _BLANK_WITHIN.search(joined) or joined.count("\n") != len(texts) - 1:
        return list(map(alike, texts))
    return [text.lstrip("0") for text in joined.lower().split("\n")]


def masked(text: str, secrets: Iterable[str]) -> str:
    """A text with every secret in it put out of sight."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def shell_word(text: str, *, always: bool = False) -> str:
    """A word of a command as it is typed: in double quotes, as all shells have them, but where these would not do."""
    if re.search(r'["$`!]', text):
        return shlex.quote(text)
    return f'"{text}"' if always or re.search(r"[^\w./:=@%+,\\-]", text) else text
