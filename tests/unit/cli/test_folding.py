"""Folding: no line is wider than the terminal shows, whatever letters it holds, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.cli.folding import fold, span
from bulkpo.cli.render import table


@pytest.mark.parametrize(
    ("text", "most"),
    [("abc", 3), ("株式会社", 8), ("ﾊﾝｶｸ", 4), ("\uff26\uff55", 4), ("e\u0301t\u0301", 2), ("F1\u200b", 2)],
)
def test_places_are_those_a_terminal_gives(text: str, most: int) -> None:
    assert span(text) == most


def test_letters_two_places_wide_are_folded_between_each_other() -> None:
    assert fold("supplier 株式会社日本電気通信 is not active", 20, "  ", "    ") == [
        "  supplier 株式会社",
        "    日本電気通信 is",
        "    not active",
    ]


def test_a_path_stays_whole_and_is_taken_apart_only_in_a_table() -> None:
    assert fold("see order-lines/account-allocations now", 10) == ["see", "order-lines/account-allocations", "now"]
    assert fold("wvu-2017.xlsx", 5, cut=True) == ["wvu-2", "017.x", "lsx"]


def test_a_blank_text_has_no_line() -> None:
    assert fold("  \n ", 10) == []


@given(st.text(st.sampled_from("ab-/ 株式会社é\u0301ｱ")), st.integers(4, 30))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, most: int) -> None:
    lines = fold(text, most, "  ", "  ", cut=True)
    assert all(span(line) <= most for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_columns_stand_under_each_other_beside_wide_letters() -> None:
    assert table(("Supplier", "Orders"), [("株式会社", "1"), ("Acme", "12")], right=(1,)) == [
        "  Supplier   Orders",
        "  株式会社        1",
        "  Acme           12",
    ]
