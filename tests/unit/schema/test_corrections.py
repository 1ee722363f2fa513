"""Where Coupa's own answers, files or other tables say otherwise than an R39 table, the element tables follow them."""

import pytest

from bulkpo.model.path import ElementPath
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
LEVELS = ("not_applicable", "header", "line")


@pytest.mark.parametrize("object_name", ["order-header", "supplier", "requisition-line"])
def test_a_confirmation_level_is_a_word(object_name: str) -> None:
    element = TABLES.element(object_name, ElementPath.parse("order-confirmation-level"))
    assert (element.type, element.values) == ("string", LEVELS)


@pytest.mark.parametrize("object_name", ["order-line", "order-amount-line", "order-quantity-line"])
@pytest.mark.parametrize("name", ["received", "invoiced", "total-invoiced"])
def test_what_was_received_and_invoiced_is_a_number(object_name: str, name: str) -> None:
    assert TABLES.element(object_name, ElementPath.parse(name)).type == "decimal"


def test_in_every_table_moments_are_dates_and_authors_are_coupas_to_write() -> None:
    for table in TABLES.objects():
        for name, element in table.elements.items():
            if name in ("created-at", "updated-at"):
                assert element.type == "datetime", f"{table.name}/{name}"
            if name in ("created-by", "updated-by"):
                assert element.read_only, f"{table.name}/{name}"


def test_no_whole_number_has_words_for_values() -> None:
    for table in TABLES.objects():
        for name, element in table.elements.items():
            assert element.type != "integer" or not element.values, f"{table.name}/{name}"


@pytest.mark.parametrize(
    "name", ["version", "last-exported-at", "internal-revision", "requisition-header", "payment-method"]
)
def test_what_coupa_writes_of_an_order_itself_is_read_only(name: str) -> None:
    assert TABLES.element("order-header", ElementPath.parse(name)).read_only


@pytest.mark.parametrize("name", ["confirm-by-hrs", "order-confirmation-level", "acknowledged-flag"])
def test_what_clients_send_of_an_order_can_be_filled(name: str) -> None:
    assert not TABLES.element("order-header", ElementPath.parse(name)).read_only
