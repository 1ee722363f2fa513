"""A long column held in little: each different cell once, and for every row the place of its cell among them."""

from array import array
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from operator import eq
from typing import Generic, TypeVar, overload

T = TypeVar("T", bound=Hashable)
S = TypeVar("S", bound=Hashable)


class _Places(dict[T, int]):
    """The place of each value, in the order they come; one that was not there yet is put last."""

    def __missing__(self, value: T) -> int:
        place = self[value] = len(self)
        return place


class Coded(Sequence[T]):
    """The values of all rows, that can be read like a list; `values` are those there are, `codes` their places.

    A row takes four bytes, however long its text is.
    """

    __slots__ = ("codes", "values")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Sequence[T], codes: "array[int]") -> None:
        self.values = values
        self.codes = codes

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, value: object) -> bool:
        return value in self.values

    def __iter__(self) -> Iterator[T]:
        return map(self.values.__getitem__, self.codes)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return list(map(self.values.__getitem__, self.codes[place]))
        return self.values[self.codes[place]]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    def counted(self) -> Counter[T]:
        """How often each value stands there, in the order they come."""
        found: Counter[T] = Counter()
        for code, count in Counter(self.codes).items():
            found[self.values[code]] += count
        return found

    def changed(self, change: Callable[[T], S]) -> "Coded[S]":
        """The same rows with each different value changed."""
        return Coded(list(map(change, self.values)), self.codes)

    def without(self, places: Container[int]) -> "Coded[T]":
        """The values of all other rows."""
        return coded(value for place, value in enumerate(self) if place not in places)


class Coding(Generic[T]):
    """Takes in a column piece by piece."""

    def __init__(self) -> None:
        self._places: _Places[T] = _Places()
        self._codes = array("I")

    def add(self, values: Iterable[T]) -> None:
        """Take in what stands below."""
        self._codes.extend(map(self._places.__getitem__, values))

    def whole(self) -> Coded[T]:
        """The whole column."""
        return Coded(list(self._places), self._codes)


def coded(values: Iterable[T]) -> Coded[T]:
    """Values of all rows, held in little."""
    coding: Coding[T] = Coding()
    coding.add(values)
    return coding.whole()
