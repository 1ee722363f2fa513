"""What a cell of a web page holds: the text that is shown, or the number that LibreOffice writes beside it.

LibreOffice shows 12.405 as 12.41 where the sheet does, and says the number itself in `sdval`, its format in `sdnum`.
"""

import re

from lxml import etree

from bulkpo.model.table import Cell
from bulkpo.tables.workbooks.cell_values import date_of, exact_number
from bulkpo.tables.workbooks.number_formats import Shown, understand
from bulkpo.tables.workbooks.shown_numbers import as_shown

_BLANKS = re.compile(r"[ \t\n\r\f\u00a0]+")
_UNSEEN = ("script", "style", "head", "template", "comment")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def shown_text(element: etree._Element) -> str:
    """The text of an element as it is shown: blanks run together, lines where it breaks them."""
    lines = "".join(_pieces(element)).split("\n")
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in lines).strip()


def page_value(element: etree._Element) -> Cell:
    """What a cell holds."""
    text, number = shown_text(element) or None, element.get("sdval")
    if text is None or number is None:
        return text
    try:
        exact = exact_number(number)
    except ValueError:
        return text
    code = element.get("sdnum", "").split(";", 2)[2:]
    if not code:
        return as_shown(exact, text)
    form = understand(code[0])
    if form.shown is Shown.DATE:
        return date_of(float(exact))
    return text if _is_of_words(code[0]) else form.of(exact)


def _pieces(element: etree._Element) -> list[str]:
    if element.tag in _UNSEEN:
        return []
    pieces = ["\n" if element.tag == "br" else "", _BLANKS.sub(" ", element.text or "")]
    for each in element:
        pieces += [*_pieces(each), _BLANKS.sub(" ", each.tail or "")]
    return pieces


def _is_of_words(form: str) -> bool:
    """Whether a format has letters of its own, as a date's in another language has (`TT.MM.JJJJ`)."""
    letters = {letter for letter in _QUOTED.sub("", form).replace("General", "") if letter.isalpha()}
    return bool(letters - {"E"})
