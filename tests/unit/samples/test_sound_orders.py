"""What is sent of each sample is made in fewer steps than what was checked, and is the same."""

from pathlib import Path

import pytest

from bulkpo.runs.checking.mapped import Pass, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

ROOT = Path(__file__).resolve().parents[3]
TABLES = ElementTables(schema_text)
FILES = [path for path in sorted((ROOT / "samples").iterdir()) if path.suffix in (".csv", ".txt", ".xls", ".xlsx")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_order_that_is_sound_is_the_one_that_was_judged(file: Path) -> None:
    mapped = open_mapped(ROOT / f"mappings/import/{file.stem}.yaml", file, TABLES, time_zone="America/New_York")
    one = Pass(mapped)
    judged = [(one.assembler.assemble(gathered)[0], one.assembler.sound(gathered)) for gathered in one.gathered()]
    assert judged
    assert [sound for _, sound in judged] == [document for document, _ in judged]
