"""Every damaged sample is told of exactly what is wrong with it, at its cell, and nothing of it is lost."""

import os
from pathlib import Path
from typing import Any

import pytest

from bulkpo.errors import BulkpoError
from bulkpo.model.codes import CODES
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text
from bulkpo.yamldoc import parse_yaml

FOLDER = Path(__file__).parents[3] / "samples" / "damaged"
TABLES = ElementTables(schema_text)
EXPECTED: dict[str, dict[str, Any]] = parse_yaml((FOLDER / "expected.yaml").read_text(encoding="utf-8"), "").data[
    "samples"
]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_damaged_sample_has_its_findings_and_no_others(name: str) -> None:
    expected = EXPECTED[name]
    mapping = FOLDER / expected.get("mapping", "orders.yaml")
    if "error" in expected:
        with pytest.raises(BulkpoError) as caught:
            check(open_mapped(mapping, FOLDER / name, TABLES))
        assert str(caught.value).replace(f"{FOLDER}{os.sep}", "") == expected["error"]
        return
    file = open_mapped(mapping, FOLDER / name, TABLES)
    checked = check(file)
    found = [(each.code, file.mapping.where(each.row, each.column) if each.row else None) for each in checked.findings]
    assert found == [(each["code"], each.get("cell")) for each in expected["findings"]]
    assert checked.rows == checked.clean_rows + checked.failed_rows + checked.keyless + checked.skipped_rows
    assert bool(checked.errors) == bool(checked.failed or checked.keyless)


def test_every_damaged_file_is_in_the_table_and_there_are_many() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix != ".yaml"}
    assert files == EXPECTED.keys()
    assert len(files) >= 60


def test_the_samples_show_most_of_what_can_be_wrong_with_cells_and_orders() -> None:
    shown = {each["code"] for expected in EXPECTED.values() for each in expected.get("findings", ())}
    assert shown <= CODES.keys()
    assert len(shown) >= 40
