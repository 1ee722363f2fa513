"""Patterns mean what people take them to mean, and none of them searches for ever."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.model.pattern import LONGEST_PATTERN, Pattern


@pytest.mark.parametrize(
    ("text", "value", "first"),
    [
        (r"PO-(\d+)", "our PO-004711 of today", "004711"),
        (r"\d+", "our PO-004711", "004711"),
        (r"(\w+)", "Müller & Co", "Müller"),
        (r"(\S+)", "12\u00a0kg", "12"),
        (r"(a)|b", "b", ""),
        (r"x{,2}(y)\Z", "xxy", "y"),
        (r"[\w\s]+", "Größe 12/b", "Größe 12"),
        (r"[]x]+", "a]x", "]x"),
        (r"[[:alpha:]\d]+", "-a1-", "a1"),
        (r"(z)", "PO", None),
    ],
)
def test_the_first_group_is_what_a_pattern_gives(text: str, value: str, first: str | None) -> None:
    assert Pattern.parse(text).first(value) == first


_AROUND = "it looks at what stands around; match that too, with what is wanted in ()"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("(?=a)b", f"invalid perl operator: (?=; {_AROUND}"),
        ("(?<!a)b", f"invalid perl operator: (?<!; {_AROUND}"),
        (r"(a)\1", r"\1; it refers back to a group; write out what may stand there"),
        ("(?P<x>a)(?P=x)", "invalid perl operator: (?P; it refers back to a group; write out what may stand there"),
        ("(?>a)", "invalid perl operator: (?>; nothing forbids to go back here; write (?:…)"),
        ("a*+", "bad repetition operator: *+; leave out the second of the signs that repeat"),
        ("(?x) a", "invalid perl operator: (?x; this is not read; leave it out"),
        ("a{1001}", "invalid repetition size: {1001}; counts in {} go up to 1000, together too; write a smaller"),
        (r"\w{1,999}", "pattern too large - compile failed; write it with smaller counts in {}"),
        ("PO-(", "missing ): PO-(; write the ) that is missing, or \\( for a bracket in the text"),
        (r"\Ca", r"\C is not read; write the characters themselves"),
        (r"[\W]", r"\W is not read in []; list what may stand there"),
        ("\\", "trailing \\"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_told_with_what_to_write(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match="is not a pattern") as caught:
        Pattern.parse(text)
    assert str(caught.value) == f"{text!r} is not a pattern: {problem}"


def test_a_pattern_has_a_longest_length() -> None:
    Pattern.parse("a" * LONGEST_PATTERN)
    with pytest.raises(ValueError, match="a pattern has at most 1,000 characters; this one has 1,001"):
        Pattern.parse("a" * 1001)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text", [r"(a+)+", r"(\w+\s?)*", "(.*)*x" * 30, r"\w{0,90}" * 3 + "x", "(?:.?){500}x.{400}y", "[ab]*a[ab]{900}x"]
)
def test_patterns_that_would_go_back_for_ever_answer_at_once(text: str) -> None:
    pattern = Pattern.parse(text)
    assert not pattern.matches("a" * 1_000_000 + "!")
    assert not pattern.matches("ab" * 16_000 + "!")


def test_half_a_character_of_a_damaged_file_stays_what_it_is() -> None:
    assert Pattern.parse(".+").first("a\ud800b") == "a\ud800b"
    assert Pattern.parse("a+").first("\ud800aa\ud800") == "aa"


_TEXTS = st.text(st.sampled_from(string.ascii_letters[:6] + "0123 \t\u00a0_-/äÉßЖ中٣\u2003.,"), max_size=12)
_ATOMS = st.sampled_from(
    [r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", ".", "a", "b", "[a-c]", "[^a]", r"[\w.]", r"[^\d\s]", r"[\D]", r"\."]
)
_REPEATS = st.sampled_from(["", "", "?", "*", "+", "{2}", "{,2}", "{1,3}", "*?", "+?"])
_PATTERNS = st.lists(st.tuples(_ATOMS, _REPEATS, st.booleans()), min_size=1, max_size=5).map(
    lambda parts: "".join(f"({atom}{times})" if grouped else atom + times for atom, times, grouped in parts)
)


@given(_PATTERNS, _TEXTS)
def test_patterns_mean_what_they_mean_in_python(text: str, value: str) -> None:
    pattern, other = Pattern.parse(text), re.compile(text)
    found = other.search(value)
    assert pattern.matches(value) == (other.fullmatch(value) is not None)
    assert pattern.first(value) == (found[1 if other.groups else 0] if found else None)
