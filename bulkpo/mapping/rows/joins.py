"""Rows of tables that are joined by another column than the order's number: which order each belongs to.

The first table stands first, so all of its orders are known once rows of another come. A row that no order answers to
is kept together with its likes under what it says of itself, `DocEntry 77`, which is never sent. One that says what
looks like what an order says, as 011 does like 11, is that order's and holds it: without it the order lacks a line.
"""

from collections.abc import Iterator, Sequence

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.language.table_join import TableJoin
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.values.cells import text_of
from bulkpo.mapping.values.unreadable import Trouble, Unreadable
from bulkpo.model.document import Value
from bulkpo.model.table import PART, PART_MARK, Cell
from bulkpo.model.text import alike, shown

_BETWEEN = " / "
_Titles = tuple[Sequence[str], Sequence[int]]
"""Columns, with how far each is filled with zeros in front."""


class _Book:
    """What the first table says of some columns: the order of each text, and the text of each order, with their rows.

    `left` are the texts of rows that the mapping leaves out, `shared` those that several orders have; `near` has what
    rows of other tables say instead of one of these.
    """

    def __init__(self) -> None:
        self.orders: dict[str, tuple[str, int]] = {}
        self.texts: dict[str, tuple[str, int]] = {}
        self.left: set[str] = set()
        self.shared: set[str] = set()
        self.near: dict[str, str] = {}
        self._loose: dict[str, str] | None = None

    def meet(self, text: str, key: str, row: int) -> None:
        """Take in a row of the first table."""
        if self.orders.setdefault(text, (key, row))[0] != key:
            self.shared.add(text)
        self.texts.setdefault(key, (text, row))

    def meets_near(self, text: str) -> bool:
        """Whether an order's text looks like one that none has, once all of them are known."""
        if self._loose is None:
            self._loose = {alike(each): each for each in reversed(self.orders)}
        found = self._loose.get(alike(text))
        if found is not None:
            self.near[text] = found
        return found is not None


class TableJoins:
    """The joins of one pass, in the order of its rows."""

    def __init__(self, mapping: ImportMapping) -> None:
        self._mapping = mapping
        self._first = mapping.parts[0] if mapping.parts else ""
        self._joins = mapping.joins
        self._books = {(join.to, join.pads): _Book() for join in self._joins.values()}
        self._strangers: set[str] = set()
        others = mapping.parts[1:]
        self._of_all = len(self._books) == 1 and all(part in self._joins for part in others)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._joins)

    def keys(
        self, columns: ColumnsByTitle, rows: Sequence[int], skips: Sequence[bool], keys: list[Value]
    ) -> list[Value]:
        """The keys of some rows, `skips` telling those that the mapping leaves out; `keys` are what they say of it."""
        found = list(keys)
        for part in dict.fromkeys(columns[PART]):
            if part == self._first:
                self._meet(columns, rows, skips, found)
            elif (join := self._joins.get(str(part))) is not None:
                book = self._books[join.to, join.pads]
                for place, text in self._texts(columns, (join.columns, join.pads), str(part)):
                    if text is not None:
                        found[place] = self._key(book, join, text)
        return found

    def _meet(self, columns: ColumnsByTitle, rows: Sequence[int], skips: Sequence[bool], found: list[Value]) -> None:
        for (to, pads), book in self._books.items():
            for place, text in self._texts(columns, (to, pads), self._first):
                key = found[place]
                if text is None:
                    continue
                if skips[place]:
                    book.left.add(text)
                    found[place] = _name(to, text) if self._of_all else key
                elif key is not None:
                    book.meet(text, key, rows[place])

    def _key(self, book: _Book, join: TableJoin, text: str) -> str:
        if text in book.orders:
            return book.orders[text][0]
        if text not in book.left and not self._mapping.keys_are_exact and book.meets_near(text):
            return book.orders[book.near[text]][0]
        name = _name(join.to, text)
        if join.skips and text not in book.left:
            self._strangers.add(name)
        return name

    def left_out(self, keys: Sequence[Value]) -> list[tuple[str, list[bool]]]:
        """The reason for which rows without an order are skipped, where that is said, with the rows it holds for."""
        if self._strangers.isdisjoint(filter(None, keys)):
            return []
        return [(f"unmatched: no row of {self._first} has them", [key in self._strangers for key in keys])]

    def troubles(self, columns: ColumnsByTitle, keys: Sequence[Value]) -> Iterator[tuple[str, Trouble]]:
        """What is wrong with the joins of some rows, each with the title of the column that shows it."""
        for (to, pads), book in self._books.items():
            for place, text in self._texts(columns, (to, pads), self._first):
                key = keys[place]
                if text is not None and key is not None:
                    yield from self._of_order(book, to, (place, text, key))
        for part, join in self._joins.items():
            book = self._books[join.to, join.pads]
            yield from self._unread(columns, join.columns, part)
            is_asked = book.shared or book.near
            for place, text in self._texts(columns, (join.columns, join.pads), part) if is_asked else ():
                if text in book.shared:
                    key, row = book.orders[text]
                    message = f"{shown(text)} is that of {shown(key)} ({self._mapping.where(row)}) and of another order"
                    yield join.columns[0], Trouble(place, "join-shared", f"{message}; correct it there")
                elif text in book.near:
                    yield join.columns[0], Trouble(place, "join-alike", self._said_of_near(book, text))

    def _said_of_near(self, book: _Book, text: str) -> str:
        near = book.near[text]
        key, row = book.orders[near]
        of = f"{shown(near)} of {shown(key)} ({self._mapping.where(row)})"
        remedy = "make them equal, say pad where zeros in front were lost, or keys: exact if they differ"
        return f"{shown(text)} looks like {of}, and no order has it; {remedy}"

    def _of_order(self, book: _Book, to: Sequence[str], at: tuple[int, str, str]) -> Iterator[tuple[str, Trouble]]:
        place, text, key = at
        other, row = book.orders.get(text, (key, 0))
        if other != key:
            message = f"{shown(text)} is that of {shown(other)} too ({self._mapping.where(row)}), and lines name it"
            yield to[0], Trouble(place, "join-shared", f"{message}; correct one of them, or skip it by skip_rows")
        own, row = book.texts.get(key, (text, 0))
        if own != text:
            message = f"{shown(text)} has the number {shown(key)}, as {shown(own)} has ({self._mapping.where(row)})"
            remedy = "two orders would become one; correct one of the numbers, or skip a row by skip_rows"
            yield to[0], Trouble(place, "join-shared", f"{message}; {remedy}")

    def _unread(self, columns: ColumnsByTitle, titles: Sequence[str], part: str) -> Iterator[tuple[str, Trouble]]:
        """The cells of a part's rows that cannot be read."""
        for title in titles:
            for place, cell in enumerate(columns[title]):
                if columns[PART][place] == part:
                    try:
                        text_of(cell)
                    except Unreadable as error:
                        yield title, Trouble(place, error.code, error.message)

    def _texts(self, columns: ColumnsByTitle, of: _Titles, part: str) -> Iterator[tuple[int, str | None]]:
        """What a part's rows say in some columns, by their places; None where one is empty or cannot be read."""
        parts, (titles, pads) = columns[PART], of
        for place, cells in enumerate(zip(*(columns[title] for title in titles), strict=True)):
            if parts[place] == part:
                texts = [self._text(title, cell) for title, cell in zip(titles, cells, strict=True)]
                padded = map(str.zfill, texts, pads)
                yield place, _BETWEEN.join(padded) if all(texts) else None

    def _text(self, title: str, cell: Cell) -> str:
        try:
            text = text_of(cell).strip()
        except Unreadable:
            return ""
        return "" if text in self._mapping.marks_of(title).blanks else text


def _name(to: Sequence[str], text: str) -> str:
    """What rows are called that no order answers to: `DocEntry 77`."""
    return f"{_BETWEEN.join(title.partition(PART_MARK)[2] for title in to)} {text}"
