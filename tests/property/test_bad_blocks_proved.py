"""Blocks of which much is bad: they are judged as ever, and blocks that follow are proved again once they are good."""

import csv
import io
from pathlib import Path

import pytest
from judged_by_blocks import by_blocks, judged, lines_proved

pytest.importorskip("numpy")

MAPPING = """\
bulkpo: import/1
name: bad
resource: purchase_orders
document: {key: po-number}
numbers: {decimal: "."}
columns:
  PO: po-number
  Supplier: supplier/name
  Currency: [currency/code, order-lines/currency/code]
  Line: order-lines/line-num
  Text: order-lines/description
  Price: order-lines/price
constants: {ship-to-user/login: migration, order-lines/account/code: A, order-lines/quantity: 1}
"""


def file_of(orders: int, bad: set[int]) -> bytes:
    """Orders of two lines; those whose number is among the bad have a price that is none in their second."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["PO", "Supplier", "Currency", "Line", "Text", "Price"])
    for order in range(orders):
        head = f"PO-{order:05d}", f"Müller {order % 7}", "EUR"
        writer.writerow([*head, "1", "a bolt, red", "1.50"])
        writer.writerow([*head, "2", "a nut", "cheap" if order in bad else "2.25"])
    return stream.getvalue().encode()


@pytest.mark.parametrize("sound_one_in", [1, 2, 3, 5, 1_000])
@pytest.mark.parametrize("size", [8_000, 40_000, 1_000_000])
def test_blocks_are_judged_alike_however_much_of_them_is_bad(tmp_path: Path, sound_one_in: int, size: int) -> None:
    data = file_of(1_500, {order for order in range(1_500) if order % sound_one_in or sound_one_in == 1_000})
    plain = judged(tmp_path, MAPPING, data)
    assert isinstance(plain, dict)
    with by_blocks(size):
        assert judged(tmp_path, MAPPING, data) == plain


def test_a_large_block_of_which_most_is_bad_is_read_as_ever(tmp_path: Path) -> None:
    data = file_of(1_000, {order for order in range(1_000) if order % 4})
    assert lines_proved(tmp_path, MAPPING, data, 1_000_000) == 0


def test_of_a_large_block_of_which_half_is_bad_the_other_half_is_proved(tmp_path: Path) -> None:
    data = file_of(1_000, {order for order in range(1_000) if order % 2})
    assert lines_proved(tmp_path, MAPPING, data, 1_000_000) > 900


def test_blocks_are_proved_again_where_a_file_gets_better(tmp_path: Path) -> None:
    data = file_of(3_000, set(range(1_000)))
    assert lines_proved(tmp_path, MAPPING, data, 8_000) > 3_000


def test_nothing_more_is_proved_for_a_while_where_nothing_could_be(tmp_path: Path) -> None:
    data = file_of(3_000, set(range(100, 3_000)))
    assert lines_proved(tmp_path, MAPPING, data, 8_000) < 250
