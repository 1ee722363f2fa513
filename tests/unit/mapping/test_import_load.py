from collections.abc import Mapping

import pytest

from bulkpo.errors import InputError, MappingError
from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
GOOD = """\
bulkpo: import/1
name: legacy
document: {key: po-number}
columns:
  Number: po-number
  Line: order-lines/line-num
  Text: order-lines/description
  Currency: [currency/code, order-lines/currency/code]
  Price: order-lines/price
constants:
  ship-to-user/login: migration
"""


def load(text: str) -> ImportMapping:
    def read_crosswalk(name: str) -> Mapping[str, str]:
        raise InputError(f"{name}: there is no such file")

    beside = Beside(schema_text, read_crosswalk, read_instance=schema_text)
    return load_import(text, "m.yaml", TABLES, beside)


def problems_of(text: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        load(text)
    return list(caught.value.problems)


def test_a_mapping_lays_its_fields_out_by_level() -> None:
    mapping = load(GOOD)
    assert [field.full_path for field in mapping.layout.fields] == ["po-number", "currency/code", "ship-to-user/login"]
    assert mapping.layout.below is not None
    assert (mapping.layout.below.collection, mapping.layout.below.object) == ("order-lines", "order-line")
    assert [str(field.path) for field in mapping.layout.below.fields] == [
        "line-num",
        "description",
        "currency/code",
        "price",
    ]


def test_all_errors_of_a_mapping_come_at_once_in_the_order_of_its_lines() -> None:
    text = GOOD.replace("Number: po-number", "Number: po-numbr").replace("Price: order-lines/price", "Price: supplier")
    assert problems_of(text) == [
        "m.yaml:3:17: the key po-number must be filled by a column",
        "m.yaml:5:11: order-header has no element 'po-numbr'; did you mean po-number?",
        (
            "m.yaml:9:10: supplier is an object, not a value; name an element below it, such as supplier/name, "
            "supplier/number"
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("name: legacy", "nmae: legacy", "m.yaml:2:1: 'nmae' is not known here; did you mean name?"),
        ("import/1", "import/2", "m.yaml:1:9: 'import/2' is not allowed here; write import/1"),
        (
            "import/1",
            "export/1",
            "m.yaml:1:9: this is an export mapping, which export takes; name an import mapping here",
        ),
        (
            "Price: order-lines/price",
            "Price: {to: order-lines/price, wehn: {Text: x}}",
            "m.yaml:9:34: 'wehn' is not known here; did you mean when?",
        ),
        (
            "Price: order-lines/price",
            "Price: {to: order-lines/price, crosswalk: uom}",
            "m.yaml:9:45: there is no crosswalk 'uom'; crosswalks has: nothing",
        ),
        (
            "Price: order-lines/price",
            "Price: [order-lines/price, status]",
            "m.yaml:9:30: status is read-only: Coupa sets it itself; remove it",
        ),
        (
            "Price: order-lines/price",
            "Price: order-lines/price\n  Cost: order-lines/price",
            "m.yaml:10:9: order-lines/price is filled by Price and Cost; give each a `when`, or remove one",
        ),
        (
            "constants:",
            "constants:\n  po-number: '1'",
            "m.yaml:11:3: po-number is filled by column Number too; use its `default` instead",
        ),
        (
            "constants:",
            "constants:\n  type: Order",
            "m.yaml:11:3: constant type: 'Order' is not allowed; allowed are: ExternalOrderHeader",
        ),
        (
            "constants:",
            "constants:\n  ship-to-attention: " + "x" * 256,
            f"m.yaml:11:3: constant ship-to-attention: '{'x' * 57}…' has 256 characters, at most 255 fit; shorten it",
        ),
        (
            "Price: order-lines/price",
            "Price: {to: order-lines/price, default: cheap}",
            "m.yaml:9:10: default of Price, to order-lines/price: 'cheap' is not a number written like 1234.50",
        ),
        (
            "  ship-to-user/login: migration",
            "  type: ExternalOrderHeader",
            (
                "m.yaml:4:1: ship-to-user is required by Coupa, but no column or constant fills it; map one, "
                "or say so in rules: {ship-to-user: {required: false}}"
            ),
        ),
        (
            "constants:",
            "crosswalks: {uom: uom.csv}\nconstants:",
            "m.yaml:10:19: the crosswalk uom cannot be read: uom.csv: there is no such file",
        ),
        (
            "constants:",
            "rules: {order-lines/quantity: {min: 0}}\nconstants:",
            "m.yaml:10:9: no column or constant fills order-lines/quantity, so this rule cannot hold",
        ),
        (
            "constants:",
            "rules: {hide-price: {max: 4}}\nconstants:\n  hide-price: 'true'",
            "m.yaml:10:9: hide-price is a boolean; min and max are for numbers",
        ),
        (
            "Price: order-lines/price",
            "Price: order-lines/price\n  Need: order-lines/need-by-date",
            (
                "m.yaml:4:1: order-lines/need-by-date is a moment; declare the zone it is meant in: "
                "dates: {time_zone: America/New_York}"
            ),
        ),
        (
            "constants:",
            "dates: {time_zone: Mars/Olympus}\nconstants:",
            "m.yaml:10:20: 'Mars/Olympus' is not a time zone; write one like America/New_York",
        ),
        (
            "document: {key: po-number}",
            "document: {key: po-number}\nresource: order_headers",
            (
                "m.yaml:4:11: 'order_headers' is not a resource of Coupa; "
                "did you mean order_pads or order_header_confirmations?"
            ),
        ),
        (
            "Price: order-lines/price",
            "Price: {to: order-lines/price, extract: '('}",
            (
                "m.yaml:9:43: '(' is not a pattern: missing ): (; "
                "write the ) that is missing, or \\( for a bracket in the text"
            ),
        ),
    ],
)
def test_a_wrong_mapping_is_told_where_and_what_would_be_right(old: str, new: str, problem: str) -> None:
    assert problem in problems_of(GOOD.replace(old, new))


def test_a_rule_can_lift_what_coupa_requires() -> None:
    text = GOOD.replace("  ship-to-user/login: migration", "  type: ExternalOrderHeader")
    mapping = load(text + "rules: {ship-to-user: {required: false}}\n")
    assert [field.full_path for field in mapping.layout.fields] == ["po-number", "currency/code", "type"]
