"""The law of names: what a run writes down of its orders without making them is what making them gives."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from judged_by_blocks import check_names
from order_tables import GOOD, PLAINEST, file_of, mappings, orders, texts, with_total

pytest.importorskip("numpy")


def with_odd_rows() -> list[list[str]]:
    """Orders with a row that belongs to none and one that is skipped, each within an order."""
    rows = orders(40)
    rows.insert(31, ["", *GOOD])
    rows.insert(11, [rows[10][0], *GOOD[:-1], "skip"])
    return rows


SKIPPING = f"{PLAINEST}skip_rows: {{Note: skip}}\n"


@settings(max_examples=150, deadline=None)
@given(mapping=mappings(), data=texts(), size=st.sampled_from([200, 500, 1_500, 100_000]), every=st.integers(2, 9))
@example(mapping=PLAINEST, data=file_of(orders(40)), size=500, every=3)
@example(mapping=SKIPPING, data=file_of(with_odd_rows()), size=1_500, every=9)
@example(mapping=SKIPPING, data=file_of([["PO-1", *GOOD[:-1], "skip"], *orders(9)]), size=200, every=9)
@example(mapping=SKIPPING, data=file_of([*orders(9), ["PO-1", *GOOD[:-1], "skip"]]), size=200, every=9)
@example(mapping=PLAINEST, data=file_of([*orders(9), *orders(4)]), size=500, every=4)
@example(mapping=PLAINEST, data=file_of(with_total("Umbrella", "")), size=200, every=9)
@example(mapping=PLAINEST, data=file_of(with_total("Umbrella", "")), size=100_000, every=9)
def test_orders_by_name_are_those_that_are_made(
    mapping: str, data: bytes, size: int, every: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_names(tmp_path_factory.mktemp("law"), mapping, data, size, every)
