import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.errors import MappingError
from bulkpo.where import Place
from bulkpo.yamldoc import MOST_CHARACTERS, MOST_NODES, parse_yaml


def test_what_yaml_1_1_would_change_silently_stays_what_is_written() -> None:
    data = parse_yaml(
        "a: 012\nb: on\nc: 1:30\nd: 1e3\ne: 2026-01-31\nf: 1.50\ng: yes\nh: 12\ni: True\nj: ~", "m.yaml"
    ).data
    assert data == {
        "a": "012", "b": "on", "c": "1:30", "d": "1e3", "e": "2026-01-31", "f": Decimal("1.50"), "g": "yes",
        "h": 12, "i": True, "j": None,
    }  # fmt: skip


def test_keys_are_always_text() -> None:
    assert parse_yaml("1: a\ntrue: b\n007: c", "m.yaml").data == {"1": "a", "true": "b", "007": "c"}


def test_every_key_and_value_knows_its_place() -> None:
    document = parse_yaml("a:\n  b: [x, y]\n", "m.yaml")
    assert document.place(("a", "b", 1)) == Place("m.yaml", 2, 10)
    assert document.key_place(("a", "b")) == Place("m.yaml", 2, 3)
    assert document.place(("a", "b", 7)) == Place("m.yaml", 2, 6)


def problem_of(text: str) -> str:
    with pytest.raises(MappingError) as caught:
        parse_yaml(text, "m.yaml")
    return str(caught.value)


def test_a_key_given_twice_is_an_error_with_both_lines() -> None:
    assert problem_of("a: 1\nb: 2\na: 3") == "m.yaml:3:1: 'a' stands twice, first in line 1; remove one"


def test_broken_yaml_names_line_and_column() -> None:
    assert problem_of("a: [1, 2\nb: 3").startswith("m.yaml:2:")


def test_tags_are_refused() -> None:
    assert problem_of("a: !x y") == "m.yaml:1:4: the tag !x is not allowed; remove it"
    assert "python/object/apply:os.system is not allowed" in problem_of("a: !!python/object/apply:os.system [ls]")


def test_aliases_that_multiply_are_stopped() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert "its aliases multiply" in problem_of("\n".join(lines))


def test_an_alias_inside_its_own_anchor_is_an_error() -> None:
    assert "an alias stands inside its own anchor" in problem_of("a: &a [*a]")


@given(st.text(alphabet=string.printable, max_size=200) | st.text(alphabet="{}[]:,&*!|>'\"%@`-?# \n\tab1", max_size=60))
def test_no_text_gives_a_traceback(text: str) -> None:
    problems: tuple[str, ...] = ()
    try:
        parse_yaml(text, "m.yaml")
    except MappingError as error:
        problems = error.problems
    assert all(problem.startswith("m.yaml:") for problem in problems)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("columns:\n  PO: a\n  Vendor #: b\n  Line: c\n", "in line 3 ' #' begins a comment: write \"Vendor #\""),
        ("columns: {PO: a, Vendor #: b}\n", "in line 1 ' #' begins a comment: write \"Vendor #\""),
        ("columns:\n  Vendor # old:\n    to: b\n", "in line 2 ' #' begins a comment: write \"Vendor # old\""),
    ],
)
def test_a_heading_cut_by_a_comment_is_shown_in_quotation_marks(text: str, told: str) -> None:
    with pytest.raises(MappingError) as caught:
        parse_yaml(text, "m.yaml")
    assert caught.value.problems[0].endswith(f"{told} with its quotation marks")


def test_a_comment_behind_a_value_is_no_heading_cut_short() -> None:
    with pytest.raises(MappingError) as caught:
        parse_yaml("columns:\n  PO: a # note: b\n  Line\n  x: y\n", "m.yaml")
    assert "comment" not in caught.value.problems[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a" * (MOST_CHARACTERS + 1), "m.yaml: the file has 8,388,609 characters, at most 8,388,608 are read"),
        ("\n".join(f"k{n}: {n}" for n in range(MOST_NODES)), "m.yaml:200000:10: the file has more than 200,000 values"),
        ("[" * 900 + "]" * 900, "m.yaml:1:61: blocks stand within blocks more than 60 deep"),
        ("- " * 900, "m.yaml:1:121: blocks stand within blocks more than 60 deep"),
        (f"a: {'x' * 100_001}", "m.yaml:1:4: a text has 100,001 characters, at most 100,000 are read"),
        ("a: \0", "m.yaml:1:1: this is not YAML: it holds a control character"),
        ("a: *b", "m.yaml:1:4: this is not YAML: found undefined alias 'b'"),
        ("a: 1\n---\nb: 2", "m.yaml:3:1: a second document begins here"),
    ],
)
def test_what_no_such_file_needs_is_told_before_it_takes_memory_or_time(text: str, told: str) -> None:
    assert problem_of(text).startswith(told)


def test_of_very_many_problems_the_first_hundred_are_told() -> None:
    with pytest.raises(MappingError) as caught:
        parse_yaml("a: 1\n" * 1000, "m.yaml")
    assert len(caught.value.problems) == 101
    assert caught.value.problems[-1] == "m.yaml:101:1: more is wrong; correct these first"
