"""Guesses held against what is right, over files in the dress of many systems and languages."""

import pytest

from benchmarks.guess_score import DRESSED, Truth, dressed, samples, score
from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
ALL = list(dressed())
UNSEEN = [truth for truth in ALL if truth.name.startswith(("unseen-", "u4-", "u5-", "u6-", "u7-", "u8-", "u9-"))]
DRESSES = [truth for truth in ALL if truth not in UNSEEN]
MOST_OPEN = 0.1


@pytest.mark.parametrize("truth", DRESSES, ids=lambda truth: truth.name)
def test_no_column_of_a_file_in_another_dress_is_guessed_wrong(truth: Truth) -> None:
    found = score(truth, TABLES)
    assert not [said for said in found.said if said.startswith("WRONG")]
    assert found.money_wrong == 0
    assert all(found.facts.values()), found.said


@pytest.mark.parametrize("truth", UNSEEN, ids=lambda truth: truth.name)
def test_no_money_of_a_file_guessing_was_not_built_on_goes_astray(truth: Truth) -> None:
    assert score(truth, TABLES).money_wrong == 0


@pytest.mark.parametrize("truth", ALL, ids=lambda truth: truth.name)
def test_every_guess_is_a_mapping_that_loads(truth: Truth) -> None:
    text = guess_files(truth.files, TABLES, "purchase_orders", "Europe/Berlin").text
    load_import(text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))


def test_nearly_all_columns_that_can_be_mapped_are() -> None:
    assert len(DRESSES) >= 30, DRESSED
    found = [score(truth, TABLES) for truth in DRESSES]
    assert sum(each.open for each in found) <= MOST_OPEN * sum(each.mappable for each in found)


@pytest.mark.slow
@pytest.mark.parametrize("truth", list(samples()), ids=lambda truth: truth.name)
def test_no_money_of_a_sample_or_a_real_file_goes_astray(truth: Truth) -> None:
    assert score(truth, TABLES).money_wrong == 0
