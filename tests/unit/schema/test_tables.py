import re

import pytest

from bulkpo.model.path import ElementPath
from bulkpo.schema.tables import PLAIN_TYPES, ElementTables, UnknownElement
from bulkpo.shipped import schema_folder, schema_text

ORDER_HEADER = [
    "acknowledged-at",
    "acknowledged-flag",
    "attachments",
    "created-at",
    "created-by",
    "current-integration-history-records",
    "exported",
    "first-order-line-requisition-header",
    "id",
    "internal-revision",
    "last-exported-at",
    "order-lines",
    "payment-method",
    "payment-term",
    "pcard",
    "po-number",
    "price-hidden",
    "requester",
    "ship-to-address",
    "ship-to-user",
    "shipping-term",
    "status",
    "supplier",
    "transmission-status",
    "updated-at",
    "updated-by",
    "version",
]


@pytest.fixture(scope="module")
def tables() -> ElementTables:
    return ElementTables(schema_text)


def test_there_are_coupas_308_tables_and_one_of_revisions_and_every_type_is_plain_or_a_table(
    tables: ElementTables,
) -> None:
    names = [
        entry.name.removesuffix(".yaml")
        for entry in (schema_folder() / "coupa").iterdir()
        if entry.name.endswith(".yaml") and entry.name != "index.yaml"
    ]
    assert len(names) == 308 + 1
    for name in names:
        for element in tables.object(name).elements.values():
            assert element.type in PLAIN_TYPES or element.type in names, f"{name}/{element.name}: {element.type}"


def test_every_resource_leads_to_an_object_that_knows_it(tables: ElementTables) -> None:
    assert len(tables.resource_names()) == 86 + 1
    for name in tables.resource_names():
        resource = tables.resource(name)
        assert tables.object(resource.object).resources[name] == resource
        assert resource.methods, name


@pytest.mark.parametrize("name", ORDER_HEADER)
def test_order_header_has_every_element_of_the_older_documentation(tables: ElementTables, name: str) -> None:
    assert tables.element("order-header", ElementPath.parse(name)).name == name


def test_the_required_elements_are_those_both_documentations_agree_on(tables: ElementTables) -> None:
    required = [element.name for element in tables.object("order-header").elements.values() if element.required]
    assert required == ["order-lines", "po-number", "ship-to-user"]
    assert tables.element("order-header", ElementPath.parse("po-number")).length == 20


def test_every_correction_states_its_source() -> None:
    text = schema_text("coupa/order-header.yaml")
    corrected = [line for line in text.splitlines() if "# corrected" in line]
    assert corrected
    assert all(re.search(r"# corrected: \S.{10,}", line) for line in corrected)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("po-numbr", "order-header has no element 'po-numbr'; did you mean po-number?"),
        ("order-lines/acount/code", "order-line has no element 'acount'; did you mean account or account-type?"),
        ("po-number/x", "'po-number' of order-header is string: nothing lies below it"),
        ("supplier[2]/name", "'supplier' of order-header is one element, not several; remove [2]"),
    ],
)
def test_a_path_that_leads_nowhere_is_named_with_the_nearest(tables: ElementTables, path: str, message: str) -> None:
    with pytest.raises(UnknownElement) as caught:
        tables.element("order-header", ElementPath.parse(path))
    assert str(caught.value) == message


def test_resources_are_found_with_dashes_underscores_and_slashes(tables: ElementTables) -> None:
    assert tables.resource("/purchase-orders/").object == "order-header"
    with pytest.raises(UnknownElement, match="did you mean suppliers"):
        tables.resource("supplier")


def test_custom_fields_of_any_name_are_text(tables: ElementTables) -> None:
    assert tables.element("order-header", ElementPath.parse("order-lines/custom-fields/cost-center")).type == "string"
