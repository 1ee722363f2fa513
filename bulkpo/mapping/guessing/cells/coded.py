"""A long column held in little: each different cell once, and for every row the place of its cell among them."""

from array import array
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from itertools import compress
from operator import eq
from typing import Generic, TypeVar, overload

_V = TypeVar("_V", bound=Hashable)
_W = TypeVar("_W", bound=Hashable)
_PIECE = 1 << 16


class _Places(dict[_V, int]):
    """The place of each value, in the order they come; one that was not there yet is put last."""

    def __missing__(self, value: _V) -> int:
        place = self[value] = len(self)
        return place


class Counts(Generic[_V]):
    """The different values of a column, in the order they come, and how often each stands there."""

    __slots__ = ("_numbers", "_values")

    def __init__(self, values: Sequence[_V], numbers: "array[int]") -> None:
        self._values = values
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[_V]:
        return iter(self._values)

    def items(self) -> Iterator[tuple[_V, int]]:
        """Each value, and how often it stands there."""
        return zip(self._values, self._numbers, strict=True)

    def total(self) -> int:
        """How many cells these are."""
        return sum(self._numbers)

    def only(self, is_wanted: Callable[[_V], bool]) -> "Counts[_V]":
        """Those of some values."""
        wanted = list(map(is_wanted, self._values))
        if all(wanted):
            return self
        return Counts(list(compress(self._values, wanted)), array("I", compress(self._numbers, wanted)))


class Coded(Sequence[_V]):
    """The values of all rows, that can be read like a list; `values` are those there are, `codes` their places.

    A row takes four bytes, however long its text is.
    """

    __slots__ = ("codes", "values")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Sequence[_V], codes: "array[int]") -> None:
        self.values = values
        self.codes = codes

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, value: object) -> bool:
        return value in self.values

    def __iter__(self) -> Iterator[_V]:
        return map(self.values.__getitem__, self.codes)

    @overload
    def __getitem__(self, place: int) -> _V: ...
    @overload
    def __getitem__(self, place: slice) -> list[_V]: ...
    def __getitem__(self, place: int | slice) -> _V | list[_V]:
        if isinstance(place, slice):
            return list(map(self.values.__getitem__, self.codes[place]))
        return self.values[self.codes[place]]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    def counted(self) -> "Counts[_V]":
        """How often each value stands there, in the order they come."""
        numbers = array("I", bytes(array("I").itemsize * len(self.values)))
        for start in range(0, len(self.codes), _PIECE):
            for code, count in Counter(self.codes[start : start + _PIECE]).items():
                numbers[code] += count
        return Counts(self.values, numbers)

    def changed(self, change: Callable[[_V], _W]) -> "Coded[_W]":
        """The same rows with each different value changed."""
        places: _Places[_W] = _Places()
        new = array("I", map(places.__getitem__, map(change, self.values)))
        if len(places) == len(self.values):
            return Coded(list(places), self.codes)
        return Coded(list(places), array("I", map(new.__getitem__, self.codes)))

    def pairs(self, other: "Coded[_W]") -> Iterator[int]:
        """A number for each row, which two rows share that say the same here and in another column."""
        size = len(other.values)
        return (mine * size + theirs for mine, theirs in zip(self.codes, other.codes, strict=True))

    def without(self, places: Container[int]) -> "Coded[_V]":
        """The values of all other rows."""
        return coded(value for place, value in enumerate(self) if place not in places)


class Coding(Generic[_V]):
    """Takes in a column piece by piece."""

    def __init__(self) -> None:
        self._places: _Places[_V] = _Places()
        self._codes = array("I")

    def add(self, values: Iterable[_V]) -> None:
        """Take in what stands below."""
        self._codes.extend(map(self._places.__getitem__, values))

    def whole(self) -> Coded[_V]:
        """The whole column."""
        return Coded(list(self._places), self._codes)


def coded(values: Iterable[_V]) -> Coded[_V]:
    """Values of all rows, held in little."""
    coding: Coding[_V] = Coding()
    coding.add(values)
    return coding.whole()
