import json

import jsonschema
import pytest
import yaml

from bulkpo.mapping.language.levels import find_spot
from bulkpo.model.path import ElementPath
from bulkpo.runs.drafting.guesses.knowledge import shipped_synonyms
from bulkpo.schema.synonyms import Strength, is_role
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

DATA = yaml.safe_load(schema_text("synonyms.yaml"))


def test_the_synonyms_have_the_shape_their_schema_says() -> None:
    jsonschema.validate(DATA, json.loads(schema_text("synonyms.schema.json")))


@pytest.mark.parametrize("path", [path for path in DATA if not is_role(path)])
def test_every_meaning_that_is_a_path_is_an_element_that_can_be_sent(path: str) -> None:
    tables = ElementTables(schema_text)
    find_spot(tables, tables.resource("purchase_orders").object, ElementPath.parse(path))


def test_no_plain_name_means_two_things() -> None:
    synonyms = shipped_synonyms()
    for names in DATA.values():
        for name in names.get("strong", ()):
            strong = [each for each in synonyms.meanings(name) if each.strength is Strength.STRONG]
            assert len(strong) == 1, name


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("Vendor #", "supplier/number"),
        ("EKKO-EBELN", "po-number"),
        ("Bestell-Nr.", "po-number"),
        ("Nº pedido", "po-number"),
        ("Unit Price (EUR)", "order-lines/price"),
        ("Preis/Einheit", "order-lines/price"),
        ("Line Need By", "order-lines/need-by-date"),
        ("Qty Rec'd", "RECEIVED"),
        ("Quantiy", "order-lines/quantity"),
        ("Total Price", "LINE_AMOUNT"),
        ("unitPriceInclTax", "PRICE_WITH_TAX"),
        ("pod_qty_ord", "order-lines/quantity"),
        ("MLatestDueDate", "order-lines/need-by-date"),
        ("C_BPartner_ID[Value]", "supplier/number"),
        ("Outstanding Amount (LCY)", "LOCAL_AMOUNT"),
        ("Qty. Rcd. Not Invoiced", "OPEN_QUANTITY"),
        ("IBPUPR", "order-lines/price"),
        ("Geschätzter Liefertermin", "order-lines/need-by-date"),
        ("Codice prodotto a catalogo", "order-lines/source-part-num"),
        ("LineExtensionAmount", "LINE_AMOUNT"),
    ],
)
def test_a_heading_is_known_however_it_is_written(heading: str, target: str) -> None:
    assert shipped_synonyms().meanings(heading)[0].target == target
