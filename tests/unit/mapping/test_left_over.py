"""What programs leave behind in text, words for nothing and marks of web pages, is never sent in silence."""

import pytest

from bulkpo.mapping.values.left_over import MARKS_OF_PAGES, WORDS_FOR_NOTHING, markup
from bulkpo.model.table import Cell, CellError
from tests.unit.mapping.test_import_values import TEXT, applied

MARKED = (
    "nuts &amp; bolts",
    "5&nbsp;mm",
    "it&#39;s",
    "&#xE9;",
    "red<br>blue",
    "<b>bold</b>",
    "a<BR />",
    "<p class='x'>",
)
PLAIN = (
    "R&D",
    "A&B; C",
    "Smith & Co; Sons",
    "< 5 mm",
    "a <b",
    "&foo;",
    "<XL>",
    "x<y>z",
    "M&S;",
    "NA",
    "Nan Ltd",
    "null-x",
)


@pytest.mark.parametrize(
    "word", ["NULL", "null", "Null", "nan", "NaN", "None", "N/A", "(blank)", "(leer)", "\\N", "<NA>"]
)
def test_a_word_for_nothing_is_sent_and_told_with_the_way_out(word: str) -> None:
    value, (finding,) = applied(TEXT, "", "", f" {word} ")
    assert (value, finding.code, finding.severity.value) == (word, "says-nothing", "notice")
    written = word.replace("\\", "\\\\")
    assert finding.message == (
        f'Cell: {word!r} is what programs write where nothing is; it is sent as it stands; say blanks: ["{written}"] '
        "if nothing is meant"
    )


@pytest.mark.parametrize("word", sorted(WORDS_FOR_NOTHING))
def test_the_way_out_of_every_word_is_taken(word: str) -> None:
    blanks = applied(TEXT, "", "", word)[1][0].message.partition("say ")[2].partition(" if")[0]
    assert applied(TEXT, "", blanks, word) == (None, [])


@pytest.mark.parametrize(
    ("target", "cell", "value"),
    [
        ("prefix: 'P-'", "NULL", "P-NULL"),
        ("split: {by: '|', part: 2}", "A|None", "None"),
        ("case: lower", "NULL", "null"),
        ("join: [Other]", "A", "A NULL"),
        ("template: '{Cell}-{Other}'", "A", "A-NULL"),
    ],
)
def test_a_word_is_told_in_what_is_made_of_it_too(target: str, cell: str, value: str) -> None:
    sent, findings = applied(TEXT, target, "", cell, "NULL")
    (finding,) = (each for each in findings if each.element == TEXT)
    assert (sent, finding.code, finding.severity.value) == (value, "says-nothing", "notice")


@pytest.mark.parametrize(
    ("target", "settings"),
    [("crosswalk: known", "crosswalks: {known: {'NULL': X}}"), ("default: 'NULL'", "blanks: ['NULL']")],
)
def test_a_word_that_the_mapping_names_is_meant(target: str, settings: str) -> None:
    assert applied(TEXT, target, settings, "NULL")[1] == []


def test_a_value_that_the_element_has_is_no_word_for_nothing() -> None:
    assert applied("order-lines/match-type", "", "", "none") == ("none", [])


@pytest.mark.parametrize("text", MARKED)
def test_marks_of_web_pages_are_sent_and_told(text: str) -> None:
    value, (finding,) = applied(TEXT, "", "", text)
    assert (value, finding.code, finding.severity.value) == (text, "markup-text", "notice")


def test_a_mark_is_told_with_what_it_stands_for() -> None:
    _, (finding,) = applied(TEXT, "", "", "nuts &amp; bolts")
    assert finding.message == (
        "Cell: 'nuts &amp; bolts' has '&amp;', which web pages show as '&'; it is sent as it stands"
    )


@pytest.mark.parametrize("text", PLAIN)
def test_text_that_only_looks_so_is_sent_without_a_word(text: str) -> None:
    assert applied(TEXT, "", "", text) == (text, [])


@pytest.mark.parametrize("text", [*MARKED, *PLAIN])
def test_whatever_is_told_of_text_is_found_in_its_bytes(text: str) -> None:
    data = text.encode()
    found = any(begin in data and end in data and marks.search(data) for begin, end, marks in MARKS_OF_PAGES)
    assert found or markup(text) is None


@pytest.mark.parametrize("target", ["join: [Other]", "template: '{Cell}-{Other}'"])
@pytest.mark.parametrize("cell", [CellError("#REF!"), "#REF!", "####"])
def test_an_error_among_parts_is_not_sent(target: str, cell: Cell) -> None:
    value, findings = applied(TEXT, target, "", cell, "x")
    assert (value, {finding.severity.value for finding in findings}) == (None, {"error"})


@pytest.mark.parametrize(("target", "value"), [("join: [Other]", "#N/A x"), ("template: '{Cell}-{Other}'", "#N/A-x")])
def test_an_error_among_parts_that_the_mapping_lets_be_is_sent_and_told(target: str, value: str) -> None:
    sent, (finding,) = applied(TEXT, target, "spoiled_text: as_read", "#N/A", "x")
    assert (sent, finding.code, finding.severity.value) == (value, "spoiled-text", "notice")
    assert finding.message == (
        "Cell: Cell: '#N/A' is the error of a spreadsheet in the place of a value; correct the cell; sent as it reads, "
        "as the mapping says"
    )


def test_text_that_is_cut_is_cut_whatever_else_is_in_it() -> None:
    value, (finding,) = applied(TEXT, "shorten: true", "", "&amp;" + "x" * 300)
    assert (len(value or ""), finding.code) == (255, "shortened")
