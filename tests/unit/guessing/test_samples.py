"""The samples, guessed without their mappings: each is read as its mapping reads it, and no money goes astray."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bulkpo.cli.main import cli

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ("legacy-orders-eu.csv", "two-heading-rows.xlsx", "scattered-rows.csv", "sap-list.xls", "first-row-only.xlsx")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_guessed_mapping_loads_and_its_file_has_no_other_errors_than_it_has_itself(name: str, tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    sample = str(ROOT / "samples" / name)
    guessed = CliRunner().invoke(cli, ["guess", sample, "-o", str(mapping), "--time-zone", "Europe/Berlin"])
    assert guessed.exception is None, guessed.output
    checked = CliRunner().invoke(cli, ["check", str(mapping), sample, "--json"])
    assert checked.exception is None, checked.output
    assert '"orders": ' in checked.stdout or '"documents": ' in checked.stdout
