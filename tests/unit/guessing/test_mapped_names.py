"""What mappings in a folder call elements; those that are not finished keep nobody from a guess."""

from pathlib import Path

import pytest

from bulkpo.runs.drafting.guesses.mapped_names import mapped_names

HEAD = "bulkpo: import/1\nname: other\n"


def named(folder: Path, text: str) -> dict[str, str]:
    (folder / "other.yaml").write_text(text, encoding="utf-8")
    return mapped_names(folder, folder / "new.yaml")


def test_the_headings_of_other_mappings_are_known_but_those_that_mean_two_things(tmp_path: Path) -> None:
    (tmp_path / "first.yaml").write_text(f"{HEAD}columns: {{Bestellung: po-number, Wert: order-lines/price}}\n")
    second = "tables: {lines: {columns: {Menge: order-lines/quantity, Wert: [order-lines/quantity]}}}\n"
    assert named(tmp_path, HEAD + second) == {"Bestellung": "po-number", "Menge": "order-lines/quantity"}


@pytest.mark.parametrize(
    "text",
    ["tables:", "tables: [a]", "tables: {a: }", "tables: {a: {columns: 3}}", "columns:", "columns: [a, b]", "- a"],
)
def test_a_mapping_that_is_not_finished_names_nothing(tmp_path: Path, text: str) -> None:
    assert named(tmp_path, f"{HEAD if ':' in text else ''}{text}\n") == {}
