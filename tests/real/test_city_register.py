"""A city's contract register, written for people: what is not clear ends in findings, each with its cell."""

from pathlib import Path

import pytest

from bulkpo.model.finding import count_by_code
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

ROOT = Path(__file__).parents[2]
REGISTER = ROOT.parent / "shared" / "data" / "sydney_contracts_2013.csv"

pytestmark = pytest.mark.skipif(not REGISTER.exists(), reason=f"needs {REGISTER.name} in ../shared/data")


def test_a_register_of_prose_ends_in_findings_and_every_row_is_accounted_for() -> None:
    file = open_mapped(ROOT / "mappings/import/city-register.yaml", REGISTER, ElementTables(schema_text))
    checked = check(file)
    assert count_by_code(checked.errors) == {
        "not-a-number": 34,
        "not-a-date": 16,
        "conflicting-values": 15,
        "too-long": 4,
        "required": 3,
        "empty-key": 2,
    }
    assert (checked.rows, checked.documents, checked.ok, checked.failed) == (88, 66, 31, 35)
    assert checked.rows == checked.clean_rows + checked.failed_rows + checked.keyless + checked.skipped_rows
    first = checked.errors[0]
    assert place_of(file.source, first.row, first.column) == "sydney_contracts_2013.csv, line 2, column 10"
    assert first.message == (
        "Estimated Value: 'Stage 2 - $1,438,110.00; Stage 3 -- Schedule of Rates' is not a number written like 1,234.50"
    )
