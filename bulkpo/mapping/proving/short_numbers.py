"""Plain numbers of up to eight bytes, each read as one word: `12`, `0.50`, `99999.99`.

A word is a number's bytes, the last one on top and zeros below; what is done to it is done to all eight at once.
"""

import numpy as np

from bulkpo.mapping.proving.cells import Cells, Words
from bulkpo.mapping.proving.number_form import Integers, NumberCells, NumberForm

_WORD = 8
_EACH = np.uint64(0x0101010101010101)
_TOP, _ALL_BUT_TOP = _EACH * np.uint64(0x80), _EACH * np.uint64(0x7F)
_ZEROS, _DIGIT = _EACH * np.uint64(ord("0")), _EACH * np.uint64(0x0F)
_ABOVE_NINE = _EACH * np.uint64(0x7F - 9)
_PLACES = np.uint64(0x0706050403020100)
"""Moved up by so many bytes that the seventh, sixth and so on comes out on top, that byte is 7, 6 and so on."""
_PAIRS = ((8, 10, 0xFFFFFFFFFFFFFFFF), (16, 100, 0x00FF00FF00FF00FF), (32, 10_000, 0x0000FFFF0000FFFF))
_ONE, _BYTE, _ALL = np.uint64(1), np.uint64(8), np.uint64(0xFFFFFFFFFFFFFFFF)


def read_short_numbers(cells: Cells, form: NumberForm) -> NumberCells:
    """What the cells are. Those with a sign, marks of thousands or more bytes are not proved here."""
    lengths = cells.lengths
    is_short = lengths <= _WORD
    unused = (_WORD - np.minimum(lengths, _WORD)).astype(np.uint64) * _BYTE
    word = cells.words[0] << unused
    marks = _equal(word, form.decimal) if form.decimal else np.zeros_like(word)
    decimals = (((marks >> np.uint64(7)) * _PLACES) >> np.uint64(56)).astype(np.int64)
    has_mark = marks != 0
    whole = lengths - decimals - has_mark
    proved = (
        is_short
        & (_are_no_digits(word) & (_ALL << unused) == marks)
        & (marks & (marks - _ONE) == 0)
        & (has_mark == (decimals > 0))
        & (whole > 0)
        & ((cells.first != ord("0")) | (whole == 1))
        & (whole <= form.digits)
        & (decimals <= form.scale)
    )
    if not form.is_declared:
        proved &= decimals != 3
    is_empty = lengths == 0 if cells.too_long is None else (lengths == 0) & ~cells.too_long
    return NumberCells(_values(_without_mark(word, decimals)), decimals, proved | is_empty)


def _equal(words: Words, byte: int) -> Words:
    """The topmost bit of each byte that is this one."""
    rest = words ^ (_EACH * np.uint64(byte))
    return ~(((rest & _ALL_BUT_TOP) + _ALL_BUT_TOP) | rest) & _TOP


def _are_no_digits(words: Words) -> Words:
    """The topmost bit of each byte that is no digit."""
    rest = words ^ _ZEROS
    return (((rest & _ALL_BUT_TOP) + _ABOVE_NINE) | rest) & _TOP


def _without_mark(words: Words, decimals: Integers) -> Words:
    """The words with what is before the mark moved up over it."""
    behind = _ALL << ((_WORD - decimals).astype(np.uint64) * _BYTE)
    return np.where(decimals > 0, (words & behind) | ((words << _BYTE) & ~behind), words)


def _values(words: Words) -> Integers:
    """The digits as one number: pairs of digits, then of pairs, then of these."""
    values = words & _DIGIT
    for bits, scale, mask in _PAIRS:
        values &= np.uint64(mask)
        values = values * np.uint64(scale) + (values >> np.uint64(bits))
    return (values & np.uint64(0xFFFFFFFF)).astype(np.int64)
