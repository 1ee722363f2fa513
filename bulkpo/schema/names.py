"""Headings made comparable: `Vendor #`, `VENDOR_NUMBER` and `vendorNumber` are one name, however they are written."""

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_BESIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NO_WORD = re.compile(r"[\W_]+")
_COPY = re.compile(r"#\d+$")
"""What is added to a heading that stands a second time: `Currency#2`."""
_COMPOUND = re.compile(r"(\w{3,})(?:nummer|nr|numero)")
_MADE_OF = re.compile(r"(netto|brutto|einzel|gesamt)(preis|betrag|wert|summe|prijs|bedrag)")
_SIGN_PER = re.compile(r"(?:[$€£]|\b(?:eur|usd|gbp|chf))\s*/\s*(?=\w)", re.IGNORECASE)
"""A price by the currency's sign: `$/unit`."""
_PER = re.compile(r"\b(price|preis|prijs|prix|cost|precio|prezzo|preço)\s*/\s*", re.IGNORECASE)
"""Prices per something: `Price/Unit`."""
_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}")
"""Letters with dots behind each: `T.V.A.`, `P.U.`."""
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "°": "o", "º": "o", "№": " number ", "#": " number "})
_WORDS = {
    "no": "number", "nr": "number", "num": "number", "nbr": "number", "numero": "number", "nummer": "number",
    "n": "number", "numer": "number", "qty": "quantity", "qnty": "quantity", "quant": "quantity", "amt": "amount",
    "descr": "description", "desc": "description", "dsc": "description", "acct": "account", "curr": "currency",
    "uom": "unit of measure", "cd": "code", "dt": "date", "supp": "supplier", "ord": "ordered", "dept": "department",
    "orig": "original", "tot": "total", "recd": "received", "rcvd": "received", "rec": "received", "inv": "invoiced",
    "addr": "address", "loc": "location", "mfg": "manufacturer", "mfr": "manufacturer", "excl": "excluding",
    "incl": "including", "req": "required", "deliv": "delivery", "dlvry": "delivery", "ln": "line",
    "itm": "item", "ven": "vendor", "vend": "vendor", "vndr": "vendor", "purch": "purchase", "ext": "extended",
    "ccy": "currency", "pos": "position",
}  # fmt: skip
"""Short forms that mean one thing in every heading; `n`, of `N.` and `n°`, too."""


@lru_cache(maxsize=8192)
def plain_name(heading: str) -> str:
    """A heading in small plain words, short ones written out: `PO No.` is `po number`."""
    heading = heading.strip().replace("UoM", "UOM")
    if "." in heading:
        heading = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", heading)
    if "/" in heading:
        heading = _PER.sub(r"\1 per ", _SIGN_PER.sub("price per ", heading))
    if "#" in heading:
        heading = _COPY.sub("", heading)
    text = heading.translate(_LETTERS)
    if not text.islower():
        text = _CAMEL.sub(" ", text)
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    words = [word for word in _NO_WORD.split(text.lower()) if word]
    return " ".join(_WORDS.get(word) or _parted(word) for word in words)


def without_brackets(heading: str) -> str:
    """A heading without what stands in brackets, if anything is left: `Unit Price (EUR)` is `Unit Price`."""
    bare = _BESIDE.sub(" ", heading).strip()
    return bare or heading


def words_of(name: str) -> frozenset[str]:
    """The words of a plain name."""
    return frozenset(name.split())


@lru_cache(maxsize=8192)
def _parted(word: str) -> str:
    compound = _COMPOUND.fullmatch(word) or _MADE_OF.fullmatch(word)
    if compound is None:
        return word
    return f"{compound[1]} number" if compound.re is _COMPOUND else f"{compound[1]} {compound[2]}"


_LEAST_SLIPPED = 6


def is_slip(word: str, other: str) -> bool:
    """Whether a long word is another with one letter more, less or other, or two of them in each other's place."""
    if min(len(word), len(other)) < _LEAST_SLIPPED or abs(len(word) - len(other)) > 1:
        return False
    same = next((place for place, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]), None)
    if same is None:
        return len(word) != len(other)
    rest, more = word[same:], other[same:]
    return rest[1:] in (more, more[1:]) or rest == more[1:] or (rest[1::-1] == more[:2] and rest[2:] == more[2:])
