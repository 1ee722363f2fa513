"""What is special about a kind of document stands in one value, and a mapping may ask only what its kind can do."""

import pytest

from bulkpo.errors import MappingError
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

MAPPING = """\
bulkpo: import/1
name: kinds
resource: {resource}
document: {{key: {key}{more}}}
columns:
  Number: {key}
  Name: {name}
  City: {below}
rules: {{enterprise: {{required: false}}, online-store: {{required: false}}}}
{end}
"""
SUPPLIERS = {"resource": "suppliers", "key": "number", "name": "name", "below": "supplier-addresses/city"}


def load(**chosen: str) -> ImportMapping:
    text = MAPPING.format(**{"more": "", "end": "", **SUPPLIERS, **chosen})
    rules = "rules: {payment-method: {required: false}, primary-address: {required: false}"
    text = text.replace("rules: {", f"{rules}, primary-contact: {{required: false}}, ")
    return load_import(text, "k.yaml", ElementTables(schema_text), Beside(schema_text, lambda _: {}, schema_text))


def problems(**chosen: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        load(**chosen)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("resource", "one", "many"),
    [
        ("purchase_orders", "an order", "2 orders"),
        ("suppliers", "a supplier", "2 suppliers"),
        ("invoices", "an invoice", "2 invoices"),
        ("users", "a user", "2 users"),
        ("addresses", "an address", "2 addresses"),
        ("currencies", "a currency", "2 currencies"),
        ("contracts/templates", "a template", "2 templates"),
        ("purchase_order_lines", "a purchase order line", "2 purchase order lines"),
        ("inventory", "an inventory", "2 inventory"),
    ],
)
def test_a_resource_without_a_kind_of_its_own_is_called_by_its_name(resource: str, one: str, many: str) -> None:
    noun = kind_of(resource).noun
    assert (noun.a_one, noun.counted(2)) == (one, many)


def test_members_of_a_collection_are_called_by_the_last_word_of_its_name() -> None:
    assert kind_of("suppliers").member("supplier-addresses").one == "address"
    assert kind_of("invoices").member("invoice-lines").one == "line"
    assert kind_of("purchase_orders").member("account-allocations").one == "allocation"


def test_what_a_kind_cannot_do_is_refused() -> None:
    end = "silent: required\nafter_create: issue"
    assert problems(more=", number_lines: true", end=end) == [
        "k.yaml:4:25: suppliers have no lines that are numbered; remove it",
        "k.yaml:10:1: suppliers are not sent to anybody; remove it",
        "k.yaml:11:1: suppliers are not issued; remove it",
    ]


def test_a_silent_mapping_that_fills_nothing_to_silence_orders_is_refused() -> None:
    text = """\
bulkpo: import/1
name: loud
document: {key: po-number}
columns: {Number: po-number, Description: order-lines/description, Currency: currency/code}
constants: {ship-to-user/login: migration}
silent: required
"""
    with pytest.raises(MappingError) as caught:
        load_import(text, "k.yaml", ElementTables(schema_text), Beside(schema_text, lambda _: {}, schema_text))
    assert list(caught.value.problems) == [
        (
            "k.yaml:6:1: nothing fills transmission-method-override, so orders would be sent; "
            "add constants: {transmission-method-override: do_not_transmit}"
        )
    ]
