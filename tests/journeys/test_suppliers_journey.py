"""What is imported is called by its name: nobody who loads suppliers is told about orders."""

import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

MAPPING = """\
bulkpo: import/1
name: suppliers
resource: suppliers
document: {key: number}
columns: {Number: number, Name: name, Mark: po-email}
rules:
  enterprise: {required: false}
  online-store: {required: false}
  payment-method: {required: false}
  primary-address: {required: false}
  primary-contact: {required: false}
"""
ROWS = "Number,Name,Mark\nS-1,Acme Tools,a@example.com\nS-2,,b@example.com\nS-3,Best Bolts,c@example.com\n"
ORDER = re.compile(r"\borders?\b", re.IGNORECASE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "suppliers.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "suppliers.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def bulkpo(folder: Path, *arguments: str) -> str:
    """All a command says."""
    asked = [sys.executable, "-m", "bulkpo", *arguments]
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ})
    assert done.returncode in (0, 1, 2), done.stderr
    return done.stdout + done.stderr


def texts_of(workbook: Path) -> list[str]:
    book = openpyxl.load_workbook(workbook)
    return [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]


def test_suppliers_are_imported_and_spoken_of_as_suppliers(folder: Path) -> None:
    files = ("suppliers.yaml", "suppliers.csv")
    checked = bulkpo(folder, "check", *files, "--report", "report.xlsx")
    assert "3 suppliers: 2 clean, 1 with errors" in checked
    assert "name is required, and no row of supplier S-2 has it" in checked
    said = [checked, bulkpo(folder, "check", *files, "--report", "report.html", "--failed", "again.csv")]
    said += [bulkpo(folder, "import", *files, "--dry-run"), bulkpo(folder, "import", *files, "--strict")]
    imported = bulkpo(folder, "import", *files)
    assert "Importing 2 suppliers into the sandbox" in imported
    assert "2 created" in imported
    said += [imported, bulkpo(folder, "import", *files, "--on-existing", "fail"), bulkpo(folder, "show")]
    said += [bulkpo(folder, "show", "1", "--order", "S-1"), bulkpo(folder, "undo", "1", "--yes")]
    assert said[-1] == "bulkpo: run 1 created suppliers, which Coupa cannot cancel; nothing was done\n"
    said += [(folder / "report.html").read_text(encoding="utf-8")]
    said += [*texts_of(folder / "report.xlsx"), *texts_of(folder / "suppliers.result.xlsx")]
    assert [text for text in said if ORDER.search(re.sub(r"border[-\w]*", "", text))] == []


def test_a_file_of_one_supplier_twice_says_what_differs(folder: Path) -> None:
    (folder / "suppliers.csv").write_text("Number,Name,Mark\nS-1,Acme,\nS-1,Bcme,\n,Cogs,\n", encoding="utf-8")
    said = bulkpo(folder, "check", "suppliers.yaml", "suppliers.csv")
    assert "a supplier has one, make" in said
    assert "so the row belongs to no supplier" in said
    assert not ORDER.search(said)


LISTED = """\
LIFNR;NAME1;STRAS;ORT01;PSTLZ;LAND1;STCD1;ZTERM;SMTP_ADDR;TELF1;LOEVM
0000100234;Stahlhandel GmbH;Hafenstr. 12;Hamburg;20457;DE;22/815/08154;N30;info@stahl.example;+49 40 1;
0000100235;Dresdner Glas AG;Elbweg 3;Dresden;01067;DE;201/123/12340;N30;post@glas.example;+49 351 2;
0000100236;Alt & Weg KG;Am Ring 9;Bremen;28195;DE;60/120/12345;N30;;;X
"""


def test_a_list_of_suppliers_nobody_has_mapped_is_guessed_checked_and_imported(folder: Path) -> None:
    (folder / "lfa1.csv").write_text(LISTED, encoding="utf-8")
    guessed = bulkpo(folder, "guess", "--resource", "suppliers", "lfa1.csv", "-o", "lfa1.yaml")
    assert "lfa1.yaml is written; next: bulkpo check lfa1.yaml lfa1.csv" in guessed
    assert "1 row is left out: 'LOEVM' says X" in guessed
    assert "2 suppliers: 2 clean" in bulkpo(folder, "check", "lfa1.yaml", "lfa1.csv")
    assert "2 created" in bulkpo(folder, "import", "lfa1.yaml", "lfa1.csv")
    shown = bulkpo(folder, "show", "1", "--order", "0000100235")
    assert "0000100235" in shown


def test_orders_are_still_asked_of_orders_and_other_resources_are_refused(folder: Path) -> None:
    said = bulkpo(folder, "guess", "--resource", "invoices", "suppliers.csv")
    assert said == (
        "bulkpo: --resource invoices: what columns mean is known of purchase orders and suppliers alone; begin "
        "with the elements: bulkpo elements --resource invoices\n"
    )
