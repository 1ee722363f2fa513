"""Grouping: rows of one key become one order, adjacent or scattered, and memory holds open orders only."""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.mapping.rows.group import Gathered, Grouper, ScatteredRows
from bulkpo.mapping.rows.records import Records


def records(first_row: int, keys: Iterable[str | None]) -> Records:
    """A chunk of rows that have a key and nothing else."""
    listed = list(keys)
    return Records(range(first_row, first_row + len(listed)), listed, (([listed],),))


def chunks(keys: list[str | None], size: int) -> Iterator[Records]:
    for start in range(0, len(keys), size):
        yield records(start + 2, keys[start : start + size])


def grouped(grouper: Grouper, keys: list[str | None], size: int) -> list[Gathered]:
    found = [whole for chunk in chunks(keys, size) for whole in grouper.push(chunk)]
    return [*found, *grouper.finish()]


def test_an_order_is_whole_as_soon_as_the_key_changes_even_across_chunks() -> None:
    grouper = Grouper()
    assert [whole.key for whole in grouper.push(records(2, ["a", "a", "b"]))] == ["a"]
    assert [(whole.key, whole.rows) for whole in grouper.push(records(5, ["b", "c"]))] == [("b", [4, 5])]
    assert [(whole.key, whole.rows) for whole in grouper.finish()] == [("c", [6])]


def test_a_key_that_comes_back_asks_for_counts() -> None:
    grouper = Grouper()
    with pytest.raises(ScatteredRows):
        list(grouper.push(records(2, ["a", "b", "a"])))


def test_scattered_rows_are_whole_with_their_last_row() -> None:
    keys: list[str | None] = ["a", "b", None, "a", "c", "b"]
    grouper = Grouper(Counter(filter(None, keys)))
    assert [(whole.key, whole.rows) for whole in grouped(grouper, keys, 2)] == [
        ("a", [2, 5]),
        ("c", [6]),
        ("b", [3, 7]),
    ]


def test_rows_at_fault_are_known_by_path_and_row() -> None:
    keys = ["a", "a"]
    chunk = Records([2, 3], keys, (([keys],),), frozenset([1]), {1: ("supplier/name",)}, [True, False])
    grouper = Grouper()
    list(grouper.push(chunk))
    (whole,) = grouper.finish()
    assert (whole.has_bad_rows, whole.troubled, whole.first_part) == (True, {("supplier/name", 3)}, {0})


@given(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=30), st.integers(1, 7))
def test_every_row_with_a_key_is_in_the_order_of_its_key(keys: list[str | None], size: int) -> None:
    found = grouped(Grouper(Counter(filter(None, keys))), keys, size)
    assert len({whole.key for whole in found}) == len(found)
    assert {row: whole.key for whole in found for row in whole.rows} == {
        row: key for row, key in enumerate(keys, 2) if key is not None
    }
