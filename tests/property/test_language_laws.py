"""Laws of the mapping language: what is merged, what is written as YAML, and the names of months in all languages."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.mapping.language.extends import extended
from bulkpo.mapping.values.date_patterns import DatePattern
from bulkpo.mapping.values.dates import DateOptions, DateReader
from bulkpo.mapping.values.month_names import names_in, without_accents
from bulkpo.mapping.values.numbers import NumberMarks, NumberReader
from bulkpo.shipped import schema_text
from bulkpo.yamldoc import dump_yaml, parse_yaml

MONTHS = {name: months for name, months in json.loads(schema_text("cldr/months.json")).items() if name != "source"}
UTC = ZoneInfo("UTC")

WORDS = st.text(alphabet="aeiouTNy0123456789 :#-'\"{}[]~é\u0131.,!&*\n", max_size=12) | st.sampled_from(
    [
        "true",
        "tRue",
        "null",
        "~",
        "",
        "on",
        "012",
        "1.50",
        "1:30",
        "2026-05-13",
        "=",
        "<<",
        "1_000",
        "0x1F",
        ".5",
        "1e3",
    ]
)
PLAIN = WORDS | st.booleans() | st.integers() | st.decimals(-1000, 1000, places=2).filter(lambda n: n or n.is_zero())
DATA = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=12
)
BLOCKS = st.sampled_from(["dates", "numbers", "columns", "constants", "skip_rows", "name", "blanks"])
MAPPINGS = st.dictionaries(BLOCKS, st.dictionaries(st.sampled_from("abcd"), DATA, max_size=3) | PLAIN, max_size=4)


@given(DATA)
def test_what_is_written_as_yaml_is_read_back_as_it_was(data: Any) -> None:  # noqa: ANN401 - data of any shape
    assert parse_yaml(dump_yaml(data), "x").data == data


def merge(*layers: dict[str, Any]) -> dict[str, Any]:
    """The result of a chain of mappings, the base first."""
    texts = {
        f"{number}.yaml": dump_yaml(
            {"bulkpo": "import/1"} | ({"extends": f"{number - 1}.yaml"} if number else {}) | layer
        )
        for number, layer in enumerate(layers)
    }
    last = f"{len(layers) - 1}.yaml"
    found: dict[str, Any] = extended(parse_yaml(texts[last], last), texts.__getitem__).document.data
    return {name: value for name, value in found.items() if name != "bulkpo"}


@given(MAPPINGS)
def test_a_mapping_that_says_nothing_is_its_base(base: dict[str, Any]) -> None:
    assert merge(base, {}) == base


@given(MAPPINGS, MAPPINGS)
def test_what_the_heir_says_stands_and_what_it_does_not_say_is_the_bases(
    base: dict[str, Any], heir: dict[str, Any]
) -> None:
    result = merge(base, heir)
    assert result.keys() == base.keys() | heir.keys()
    for name, value in heir.items():
        if not isinstance(value, dict) or name == "numbers":
            assert result[name] == value
    for name in base.keys() - heir.keys():
        assert result[name] == base[name]


@given(MAPPINGS, MAPPINGS, MAPPINGS)
def test_a_chain_is_merged_from_its_root(first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]) -> None:
    assert merge(first, second, third) == merge(merge(first, second), third)


@given(MAPPINGS, MAPPINGS)
def test_every_part_of_the_result_knows_the_file_it_stands_in(base: dict[str, Any], heir: dict[str, Any]) -> None:
    texts = {"b.yaml": dump_yaml({"bulkpo": "import/1"} | base)}
    text = dump_yaml({"bulkpo": "import/1", "extends": "b.yaml"} | heir)
    document = extended(parse_yaml(text, "h.yaml"), texts.__getitem__).document
    own, bases = parse_yaml(text, "h.yaml"), parse_yaml(texts["b.yaml"], "b.yaml")
    for name, value in document.data.items():
        in_heir = name in heir or name == "bulkpo"
        assert document.key_place([name]) == (own if in_heir else bases).key_place([name])
        for key in value if isinstance(value, dict) and name != "numbers" else ():
            says_it = isinstance(heir.get(name), dict) and key in heir[name]
            assert document.key_place([name, key]).file == (
                "h.yaml" if says_it or not isinstance(base.get(name), dict) else "b.yaml"
            )


@pytest.mark.parametrize("language", sorted(MONTHS))
def test_every_months_every_name_is_read_as_that_month(language: str) -> None:
    names = names_in([language], MONTHS)
    pattern = DatePattern.parse("D MMMM YYYY", names)
    for month, forms in enumerate(MONTHS[language], 1):
        for form in forms:
            for text in (form, f"{form}.", form.upper() if without_accents(form.upper()) == form else form):
                assert str(month) in {parts.month for parts in pattern.readings(f"5 {text} 2026")}, text


LANGUAGES = st.sampled_from(["de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "fi", "ru", "tr", "el", "en"])
DAYS = st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31))


@given(DAYS, LANGUAGES, st.data())
def test_a_date_written_in_a_language_is_read_as_itself(moment: datetime, language: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(MONTHS[language][moment.month - 1]))
    options = DateOptions(zone=UTC, patterns=(DatePattern.parse("D. MMM YYYY", names_in([language], MONTHS)),))
    assert DateReader(options).read(f"{moment.day}. {name}. {moment.year}").date() == moment.date()


@given(st.decimals(0, 10**12, places=2))
def test_a_number_written_in_lakhs_and_crores_is_read_as_itself(number: Decimal) -> None:
    whole, _, cents = str(number).partition(".")
    pairs, last = whole[:-3], whole[-3:]
    grouped = ",".join(
        [*(pairs[max(0, end - 2) : end] for end in range(len(pairs) % 2 or 2, len(pairs) + 1, 2) if pairs), last]
    )
    reader = NumberReader(NumberMarks(".", ",", is_indian=True))
    assert reader.read(f"{grouped}.{cents}") == number
