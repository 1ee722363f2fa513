"""A column held in little says all that a list of its cells says."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bulkpo.mapping.guessing.cells import ColumnCells
from bulkpo.mapping.guessing.coded import Coding, coded
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

    assert column.keys == [str(cell).strip() if cell in column.counts else "" for cell in cells]
    assert sum(column.counts.values()) + sum(column.blanks.values()) == len(cells)
