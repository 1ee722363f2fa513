"""A law of keys made of several columns: two orders never become one, whatever their columns say."""

from pathlib import Path

from cleaned import clean_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: law
document: {{key: po-number, from: [A, B], separator: "{separator}"}}
keys: exact
columns: {{Text: order-lines/description, Price: order-lines/price}}
constants: {{ship-to-user/login: m, currency/code: EUR, order-lines/currency/code: EUR}}
"""
PARTS = st.text(alphabet="12-", min_size=1, max_size=3)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PARTS, PARTS), min_size=1, max_size=12), st.sampled_from(["-", "", "--", "/"]))
def test_orders_of_different_columns_are_never_sent_as_one(
    tmp_path: Path, pairs: list[tuple[str, str]], separator: str
) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING.format(separator=separator))
    rows = [f"{a},{b},t{number},1\n" for number, (a, b) in enumerate(pairs)]
    (tmp_path / "o.csv").write_text("A,B,Text,Price\n" + "".join(rows))
    file = open_mapped(tmp_path / "m.yaml", tmp_path / "o.csv", TABLES)
    found = check(file)
    made: dict[str, set[tuple[str, str]]] = {}
    for pair in pairs:
        made.setdefault(separator.join(pair), set()).add(pair)
    clean = {document.key: len(document.members) for document in clean_documents(file, found)}
    wanted = {key: sum(pair in mine for pair in pairs) for key, mine in made.items() if len(mine) == 1}
    assert clean == wanted
    assert found.failed == len(made) - len(wanted)
