"""Reasons of refusals: each said once, whatever lines and values it names."""

from bulkpo.model.finding import Finding
from bulkpo.runs.imports.reasons import reasons_held


def said(*messages: str) -> list[str]:
    found = [Finding("refused", message, key=f"PO-{number}") for number, message in enumerate(messages)]
    return [str(reason) for reason in reasons_held(found)]


def test_orders_with_one_fault_in_few_or_many_lines_have_one_reason() -> None:
    blank = [f"Order lines[{number}] account can't be blank" for number in range(1, 9)]
    assert said(blank[0], blank[0], *("; ".join(blank[:count]) for count in range(2, 9))) == [
        "2 × Order lines[1] account can't be blank (and 7 more with other values)"
    ]


def test_the_apostrophe_of_a_word_quotes_nothing() -> None:
    assert said("it can't be A and B isn't so", "it can't be C and D isn't so") == [
        "1 × it can't be A and B isn't so",
        "1 × it can't be C and D isn't so",
    ]
