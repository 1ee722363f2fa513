"""Open orders that are too many to be held: what is gathered of them waits on disk until their last rows."""

from array import array
from collections.abc import Iterator

from bulkpo.errors import InputError
from bulkpo.mapping.rows.group import Gathered
from bulkpo.runs.checking.rows_of_keys import RowsOfKeys
from bulkpo.tables.spool import PlacedSpool

_NOWHERE = -1


class OrdersAside:
    """Keeps pieces of orders: of each order of the file, the place of its last piece, and how many rows wait."""

    def __init__(self, counts: RowsOfKeys) -> None:
        self._counts = counts
        self._spool = PlacedSpool()
        self._places = array("q")
        self._rows = array("Q")

    def put(self, piece: Gathered) -> None:
        """Set a piece of an order aside; raises OutputError where the disk is full."""
        number = self._counts.number_of(piece.key)
        if number is None:
            raise InputError(f"{piece.key} was not there when the file was read before; it has changed, so begin again")
        if not self._places:
            self._places = array("q", [_NOWHERE]) * len(self._counts)
            self._rows = array("Q", [0]) * len(self._counts)
        self._places[number] = self._spool.add((self._places[number], piece))
        self._rows[number] += len(piece.rows)

    def rows_of(self, key: str) -> int:
        """How many rows of an order wait."""
        number = self._counts.number_of(key) if self._places else None
        return 0 if number is None else self._rows[number]

    def take(self, key: str) -> list[Gathered]:
        """The pieces of an order, in the file's order."""
        number = self._counts.number_of(key) if self._places else None
        return [] if number is None else self._taken(number)

    def rest(self) -> Iterator[list[Gathered]]:
        """The pieces of every order that still waits."""
        for number, place in enumerate(self._places):
            if place != _NOWHERE:
                yield self._taken(number)

    def _taken(self, number: int) -> list[Gathered]:
        pieces: list[Gathered] = []
        place = self._places[number]
        self._places[number], self._rows[number] = _NOWHERE, 0
        while place != _NOWHERE:
            place, piece = self._spool.at(place)
            pieces.append(piece)
        return pieces[::-1]
