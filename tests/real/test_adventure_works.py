"""AdventureWorks: orders in two tab-delimited files without headings, joined by the order's number."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from cleaned import clean_documents

from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
HEADERS = DATA / "aw_PurchaseOrderHeader.csv"
LINES = DATA / "aw_PurchaseOrderDetail.csv"

pytestmark = pytest.mark.skipif(not HEADERS.exists(), reason=f"needs {HEADERS.name} in ../shared/data")


def test_two_files_become_4012_orders_with_8845_lines_all_clean() -> None:
    file = open_mapped(ROOT / "mappings/import/adventure-works.yaml", HEADERS, ElementTables(schema_text))
    checked = check(file)
    assert [each.code for each in checked.findings] == ["finer-than-currency"]  # prices such as 45.5805 dollars
    assert (checked.documents, checked.lines, checked.ok) == (4012, 8845, 4012)
    assert (checked.rows, checked.clean_rows) == (4012 + 8845, 4012 + 8845)
    with LINES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter="\t"))
    amount = sum((Decimal(row[3]) * Decimal(row[5]) for row in rows), Decimal(0))
    assert [(total.currency, total.amount) for total in checked.totals] == [("USD", amount)]
    lines_of = Counter(row[0] for row in rows)
    documents = list(clean_documents(file, checked))
    assert {document.key: len(document.members) for document in documents} == lines_of
    assert [document.key for document in documents] == list(dict.fromkeys(row[0] for row in rows))
