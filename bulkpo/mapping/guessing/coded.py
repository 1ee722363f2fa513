"""A long column held in little: each different cell once, and for every row the place of its cell among them."""

from array import array
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from operator import eq
from typing import Generic, TypeVar, overload

_V = TypeVar("_V", bound=Hashable)
_W = TypeVar("_W", bound=Hashable)


class _Places(dict[_V, int]):
    """The place of each value, in the order they come; one that was not there yet is put last."""

    def __missing__(self, value: _V) -> int:
        place = self[value] = len(self)
        return place


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

    def counted(self) -> Counter[_V]:
        """How often each value stands there, in the order they come."""
        found: Counter[_V] = Counter()
        for code, count in Counter(self.codes).items():
            found[self.values[code]] += count
        return found

    def changed(self, change: Callable[[_V], _W]) -> "Coded[_W]":
        """The same rows with each different value changed."""
        return Coded(list(map(change, self.values)), self.codes)

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
