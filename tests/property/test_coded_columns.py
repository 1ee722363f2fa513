"""A column held in little says all that a list of its cells says."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bulkpo.mapping.guessing.cells.coded import Coding, coded
from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.model.table import Cell, Column

_CELLS = st.lists(st.one_of(st.none(), st.sampled_from(["", " ", "00042", "42", "EA", "n/a"]), st.text(max_size=3)))


@given(_CELLS, st.integers(1, 4))
def test_a_coded_column_reads_like_the_list_it_is_of(cells: list[Cell], step: int) -> None:
    found = coded(cells)

    assert list(found) == cells
    assert found == cells
    assert len(found) == len(cells)
    assert found[::step] == cells[::step]
    assert [found[place] for place in range(len(cells))] == cells
    assert list(found.counted().items()) == list(Counter(cells).items())


@given(_CELLS, _CELLS)
def test_a_column_is_the_same_in_whatever_pieces_it_comes(above: list[Cell], below: list[Cell]) -> None:
    coding: Coding[Cell] = Coding()
    coding.add(above)
    coding.add(below)

    assert coding.whole() == [*above, *below]
    assert (coding.whole() == coded(above)) == (not below)


@given(_CELLS, st.sets(st.integers(0, 10)))
def test_rows_left_out_leave_nothing_behind(cells: list[Cell], places: set[int]) -> None:
    kept = [cell for place, cell in enumerate(cells) if place not in places]

    found = coded(cells).without(places)

    assert found == kept
    assert set(found.values) == set(kept)


@given(_CELLS)
def test_cells_compared_as_texts_are_those_of_their_rows(cells: list[Cell]) -> None:
    column = ColumnCells(Column(1, "A"), cells)

    assert column.keys == [str(cell).strip() if cell in set(column.counts) else "" for cell in cells]
    assert column.counts.total() + sum(column.blanks.values()) == len(cells)


@given(_CELLS, _CELLS)
def test_rows_share_the_number_of_a_pair_when_they_say_the_same_in_both_columns(
    one: list[Cell], other: list[Cell]
) -> None:
    rows = list(zip(one, other, strict=False))
    first, second = coded([cell for cell, _ in rows]), coded([cell for _, cell in rows])

    numbers = list(first.pairs(second))

    assert len(set(zip(numbers, rows, strict=True))) == len(set(numbers)) == len(set(rows))


@given(_CELLS)
def test_texts_made_the_same_are_one_value(cells: list[Cell]) -> None:
    found = coded(cells).changed(lambda cell: str(cell).strip())

    assert found == [str(cell).strip() for cell in cells]
    assert len(found.values) == len(set(found))
