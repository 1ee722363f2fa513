"""Text that programs leave behind: a word for nothing in the place of a value, and the marks of web pages.

Databases and libraries write `NULL`, `NaN` or `None` where nothing is, pivot tables `(blank)`. Exports of web pages
have `&amp;` for `&`, or `<br>` where a line ends. They may be meant, so that they are told and sent as they stand.
"""

import html
import json
import re

from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.text import quoted

_WORDS = (
    "null", "none", "nan", "nat", "nil", "n/a", "n.a.", "undefined", "<null>", "<na>", "[null]", "(null)", "(none)",
    "(blank)", "(blanks)", "(empty)", "(leer)", "(vide)", "(vac\u00edo)", "(en blanco)", "(vuoto)", "(vazio)",
    "(em branco)", "(leeg)", "(tom)", "\\n",
)  # fmt: skip
WORDS_FOR_NOTHING = frozenset(
    form
    for word in _WORDS
    for form in (word, word.upper(), word.title(), word.capitalize(), f"({word[1:].capitalize()}")
    if form.casefold() == word
) | {"NaN", "NaT", "\\N"}
"""What programs write where nothing is. `NA` is none of them: it is a country, and the end of many codes."""

_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8}[0-9]{0,2});")
_TAGS = "br|p|b|i|u|li|ul|ol|div|span|font|strong|em|td|tr|table|sub|sup"
_TAG = re.compile(rf"</?(?:{_TAGS})(?: [^<>]*)?/?>", re.IGNORECASE)
MARKS_OF_PAGES = (
    (b"&", b";", re.compile(rb"&(?=[#A-Za-z][A-Za-z0-9]{1,9};)")),
    (b"<", b">", re.compile(rb"<(?=/?[A-Za-z])")),
)
"""How one of them begins and ends in a text's bytes, and what may begin one."""


def may_have_markup(texts: str) -> bool:
    """Whether one of some texts, taken together, may have marks of web pages."""
    has_entity = "&" in texts and ";" in texts and _ENTITY.search(texts) is not None
    return has_entity or ("<" in texts and ">" in texts and _TAG.search(texts) is not None)


def word_for_nothing(text: str, *, is_held: bool = False) -> Trouble | None:
    """What is to be told of a text that programs write where nothing is; an error where the text is to be `held`."""
    if text not in WORDS_FOR_NOTHING:
        return None
    found = f"{quoted(text)} is what programs write where nothing is"
    way_out = f"say blanks: [{json.dumps(text, ensure_ascii=False)}] if nothing is meant"
    if is_held:
        return Trouble(0, "says-nothing", f"{found}; correct it, or say keys: exact if it is meant")
    return Trouble(0, "says-nothing", f"{found}; it is sent as it stands; {way_out}", kept=text)


def markup(text: str) -> Trouble | None:
    """What is to be told of a text with marks of web pages in it."""
    if not may_have_markup(text):
        return None
    found = _ENTITY.search(text)
    while found is not None and html.unescape(found[0]) == found[0]:
        found = _ENTITY.search(text, found.end())
    if found is not None:
        meant = f"{quoted(found[0])}, which web pages show as {quoted(html.unescape(found[0]))}"
    elif (tag := _TAG.search(text)) is not None:
        meant = f"{quoted(tag[0])}, a mark of web pages"
    else:
        return None
    return Trouble(0, "markup-text", f"{quoted(text)} has {meant}; it is sent as it stands", kept=text)
