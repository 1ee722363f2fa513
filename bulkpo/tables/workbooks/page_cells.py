"""What a cell of a web page holds: the text that is shown, or the number that its program writes beside it.

LibreOffice shows 12.405 as 12.41 where the sheet does, and says the number itself in `sdval`, its format in `sdnum`.
Excel and programs that write pages for it say it in `x:num`, and nothing of its format: a date is known by its text.
"""

import re
from decimal import Decimal, InvalidOperation

from lxml import etree

from bulkpo.model.table import Cell, Formatted
from bulkpo.tables.workbooks.cell_values import date_of, exact_number
from bulkpo.tables.workbooks.number_formats import Shown, understand
from bulkpo.tables.workbooks.shown_numbers import as_shown

_BLANKS = re.compile(r"[ \t\n\r\f\u00a0]+")
_UNSEEN = ("script", "style", "head", "template", "comment")
_NARROW = re.compile("#{3,}")
_ENDS_IN_DECIMALS = re.compile(r"[.,]([0-9]+)[^0-9]*$")
_SCALES = (0, 3, 6)
"""Excel shows amounts in thousands and in millions, too, as in `#,##0.0,`."""
_NO_DIGIT = re.compile(r"\D", re.ASCII)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def shown_text(element: etree._Element) -> str:
    """The text of an element as it is shown: blanks run together, lines where it breaks them."""
    lines = "".join(_pieces(element)).split("\n")
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in lines).strip()


def page_value(element: etree._Element) -> Cell:
    """What a cell holds."""
    text, number = shown_text(element) or None, element.get("sdval")
    if text is None:
        return None
    if number is None:
        return _of_excel(text, element.get("x:num", ""))
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


def _of_excel(text: str, number: str) -> Cell:
    """The number that Excel writes beside a text that shows it, rounded or not at all; else the text."""
    try:
        exact = exact_number(number)
    except ValueError:
        return text
    if _NARROW.fullmatch(text):
        return Formatted(exact, None, "")
    shown = exact * 100 if "%" in text else exact
    return as_shown(exact, text) if any(_shows(text, shown.scaleb(-scale)) for scale in _SCALES) else text


def _shows(text: str, number: Decimal) -> bool:
    """Whether the digits of a text are those of a number, rounded to as many decimals as the text has."""
    found = _ENDS_IN_DECIMALS.search(text)
    places = {0, len(found[1])} if found else {0}
    digits = _NO_DIGIT.sub("", text)
    try:
        rounded = [abs(number).quantize(Decimal(1).scaleb(-place), "ROUND_HALF_UP") for place in places]
    except InvalidOperation:  # more digits than anything shows
        return False
    return bool(digits) and any(
        digits.lstrip("0") == _NO_DIGIT.sub("", format(each, "f")).lstrip("0") for each in rounded
    )


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
