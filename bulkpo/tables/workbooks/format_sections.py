"""The sections of a number format: `0;-0;"none";@` has one for positive numbers, negative ones, zero, and text.

The language is that of ECMA-376 part 1, 18.8.31.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import eq, ge, gt, le, lt, ne

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|\[\$(?P<currency>[^\]]*)\]|\[(?P<bracket>[^\]]*)\]|_.|\*.'
    r"|(?P<general>general|standard)|(?P<exponent>e[-+])|(?P<code>[0#?.,%@/])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_SEPARATOR = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|(;)', re.DOTALL)
_PLACES = ("0", "#", "?")
_CURRENCIES = frozenset(
    {
        "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD",
        "HUF", "IDR", "ILS", "INR", "JPY", "KRW", "MAD", "MXN", "MYR", "NOK", "NZD", "PEN", "PHP", "PLN", "QAR", "RMB",
        "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR", "KR", "ZŁ", "KČ",
        "FT",
        "FR", "FR.", "LEI", "R", "R$", "S/", "RS", "RS.", "RP", "US$", "A$", "C$", "HK$", "NZ$", "S$", "NT$", "KN",
        "DIN",
        "DIN.", "SFR", "SFR.", "TL", "KČS",
    }
)  # fmt: skip
_SIGNS = "$€£¥₹₩₽₺₴₪฿₫₱₦¢¤"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a section: text that is shown as it stands (`kind` is empty), or a code such as `0`."""

    kind: str
    text: str = ""


@dataclass(frozen=True)
class Section:
    """One section of a format."""

    pieces: tuple[Piece, ...]
    condition: tuple[str, Decimal] | None = None

    @cached_property
    def kinds(self) -> str:
        """The codes of the section, one letter each."""
        return "".join(piece.kind for piece in self.pieces)

    @cached_property
    def literal(self) -> str:
        """The text it shows beside a number, without currency and blanks."""
        return "".join(piece.text for piece in self.pieces if not piece.kind and not is_currency(piece.text)).strip()

    def holds(self, number: Decimal) -> bool:
        """Whether the section's own condition holds; True where it has none."""
        return self.condition is None or bool(_COMPARE[self.condition[0]](number, self.condition[1]))

    def laid(self, digits: str) -> str:
        """Digits laid into the section's places from the right, as Excel does: 42 in `00000` is `00042`."""
        places = sum(piece.kind in _PLACES for piece in self.pieces)
        surplus = max(len(digits) - places, 0)
        rest = iter(digits.rjust(places, "\0")[surplus:])
        shown, first = [], True
        for piece in self.pieces:
            if piece.kind in ("G", "@"):
                shown.append(digits)
            elif piece.kind not in _PLACES:
                shown.append(piece.text)
            else:
                digit = next(rest)
                filler = {"0": "0", "#": "", "?": " "}[piece.kind]
                shown.append((digits[:surplus] if first else "") + (filler if digit == "\0" else digit))
                first = False
        return "".join(shown)


def sections_of(code: str) -> list[Section]:
    """The sections of a format code, in order."""
    return [_section(text) for text in split_sections(code)]


def split_sections(code: str) -> list[str]:
    """The texts of the sections; semicolons that are quoted or escaped part nothing."""
    texts, start = [], 0
    for found in _SEPARATOR.finditer(code):
        if found[1]:
            texts.append(code[start : found.start()])
            start = found.end()
    return [*texts, code[start:]]


def _section(text: str) -> Section:
    condition = None
    pieces: list[Piece] = []
    for found in _TOKEN.finditer(text):
        if found["bracket"] is not None:
            comparison = _CONDITION.fullmatch(found["bracket"])
            condition = (comparison[1], Decimal(comparison[2])) if comparison else condition
            if re.fullmatch("h+|m+|s+", found["bracket"], re.IGNORECASE):
                pieces.append(Piece("T"))
            continue
        pieces += _pieces(found)
    return Section(_joined(pieces), condition)


def _pieces(found: re.Match[str]) -> Iterator[Piece]:
    if found["code"]:
        yield Piece(found["code"])
    elif found["general"]:
        yield Piece("G")
    elif found["exponent"]:
        yield Piece("E")
    elif found["currency"] is not None:
        symbol, dash, language = found["currency"].partition("-")
        if dash and not language and not is_currency(symbol):
            yield Piece("X")  # programs differ in whether they show the dash
        elif symbol and not language:
            yield Piece("", symbol)
    elif found["quoted"] is not None or found["escaped"] is not None or found["plain"] is not None:
        text = found["quoted"] if found["quoted"] is not None else found["escaped"] or found["plain"]
        yield Piece("", text)
    else:
        yield Piece("", " " if found[0][0] == "_" else "")


def is_currency(text: str) -> bool:
    """Whether a text beside a number is blank or names a currency."""
    bare = text.strip()
    return not bare or bare.upper() in _CURRENCIES or (len(bare) == 1 and bare in _SIGNS)


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    r"""The pieces with texts that stand together as one: `\U\S\D` is the text USD."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and not piece.kind and not merged[-1].kind:
            merged[-1] = Piece("", merged[-1].text + piece.text)
        else:
            merged.append(piece)
    return tuple(merged)
