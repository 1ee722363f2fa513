"""Text that a program has left in the place of a value or of its letters is never sent unless the mapping says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.mapping.values.spoiled import spoiled
from tests.unit.mapping.test_import_values import TEXT, applied

WORDS = (
    "Größe",
    "naïve",
    "año",
    "CAFÉ",
    "garçon",
    "łódź",
    "Žluťoučký",
    "Ångström",
    "Бумага",
    "χαρτί",
    "複印紙",
    "Œuvre",
)
WHOLE = (
    "100 % Größe \u201cM\u201d \u2013 5 €…", "MAÇÃ \u2018IRMÃ\u2019", "TÄMÄ”", "PÄÄ…", "CAFÉ®", "MENÜ»", "TÜV™",
    "yöäänestys", "A#1!", "#1042", "PO #7", "#A-12!", "12 Ä", "##", "No. #", "ERR:5", "N/A", "50°C ±2", "«été»", "Â",
    "âme", "pâté", "日本語", "Бумага", "Ελλάδα",
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#NV", "#WERT!", "#BEZUG!", "#¡VALOR!", "#¿NOMBRE?", "#NÉV?", "Err:502"],
)
def test_the_error_of_a_spreadsheet_saved_as_text_is_not_sent(text: str) -> None:
    value, (finding,) = applied(TEXT, "", "", text)
    assert (value, finding.code) == (None, "spoiled-text")
    assert finding.message == (
        f"Cell: {text!r} is the error of a spreadsheet in the place of a value; correct the cell, or say spoiled_text: "
        "as_read"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "########",
            "'########' is what spreadsheets show where a column is too narrow for its value; write the file anew",
        ),
        (
            "Gr\ufffd\ufffde",
            (
                "'Gr\ufffd\ufffde' has lost the letter at place 3, which a program could not read or write; correct "
                "the cell, or write the file anew"
            ),
        ),
        (
            "GrÃ¶ÃŸe M",
            (
                "'GrÃ¶ÃŸe M' was once read in a wrong encoding: 'Ã¶ÃŸ' in it was probably 'öß'; correct the cell, or "
                "write the file anew"
            ),
        ),
    ],
)
def test_lost_and_misread_letters_are_told_with_what_was_probably_meant(text: str, message: str) -> None:
    value, (finding,) = applied(TEXT, "", "", text)
    assert (value, finding.message) == (None, f"Cell: {message}, or say spoiled_text: as_read")


@pytest.mark.parametrize("settings", ["spoiled_text: as_read", ""])
def test_spoiled_text_is_sent_and_told_where_the_mapping_says_so(settings: str) -> None:
    target = "" if settings else "spoiled_text: as_read"
    value, (finding,) = applied(TEXT, target, settings, "#N/A")
    assert (value, finding.code, finding.severity.value) == ("#N/A", "spoiled-text", "notice")


def test_a_blank_or_a_crosswalk_says_what_an_error_stands_for() -> None:
    assert applied(TEXT, "", 'blanks: ["#N/A"]', "#N/A") == (None, [])
    assert applied(TEXT, "crosswalk: errors", 'crosswalks: {errors: {"#N/A": none}}', "#N/A") == ("none", [])


def test_an_error_is_found_where_a_text_is_made_of_several_columns() -> None:
    value, findings = applied(TEXT, 'template: "{Other}/{Cell}"', "", "7", "#REF!")
    assert (value, {finding.code for finding in findings}) == (None, {"spoiled-text"})
    assert "Cell: Other: '#REF!' is the error of a spreadsheet" in " ".join(finding.message for finding in findings)


@pytest.mark.parametrize("text", WHOLE)
def test_what_people_write_is_sent(text: str) -> None:
    assert spoiled(text) is None
    assert applied(TEXT, "", "", text)[0] == text


@given(st.sampled_from(WORDS), st.sampled_from(("latin-1", "cp1252")), st.sampled_from(("", "M ", "No. 5 ")))
def test_every_word_that_was_misread_is_found(word: str, encoding: str, before: str) -> None:
    misread = word.encode().decode(encoding, "replace")
    assert spoiled(before + misread) is not None
    assert spoiled(before + word) is None
