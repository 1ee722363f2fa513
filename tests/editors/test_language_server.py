"""What a writer of mappings sees in an editor, asked of the language server that most editors use for YAML."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from language_server import Editor, language_server

from bulkpo.cli.main import run

VERSION = "1.25.0"
MAPPING = """\
bulkpo: import/1
name: orders
document: {key: po-number}
columns:
  PO: po-number
  Vendor: supplier/nubmer
  Price: order-lines/price
  Second: order-lines[2]/price
  Mail: supplier/primary-contact/email
  Old: order_lines/quantity
  Unit: {to: order-lines/uom/cod}
  Cur: [currency/code, order-lines/currency/code]
  Next:
constants:
  type: ExternalOrderHeader
  order-lines/typ: OrderQuantityLine
  order-lines/custom-fields/cost-center/name: CC-1
"""
UNKNOWN = "This is no element path of purchase_orders: complete it, or look at `bulkpo elements`."
ACME = "custom_fields:\n  order-line:\n    cost-center: {type: lookup, required: true}\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that runs the server, which npm installs; skipped with words where it cannot."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed, so no editor's language server can be asked")
    folder = tmp_path_factory.mktemp("npm")
    install = [npm, "install", "--no-audit", "--no-fund", f"yaml-language-server@{VERSION}"]
    try:
        done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    except subprocess.TimeoutExpired:
        pytest.skip("npm could not install yaml-language-server in two minutes")
    if done.returncode:
        pytest.skip(f"npm cannot install yaml-language-server: {done.stderr.strip().splitlines()[-1]}")
    return [node, str(folder / "node_modules/yaml-language-server/bin/yaml-language-server"), "--stdio"]


@pytest.fixture(scope="module")
def editor(server: list[str]) -> Iterator[Editor]:
    with language_server(server) as editor:
        yield editor


@pytest.fixture
def mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A mapping far from any checkout, whose first line is the one `bulkpo schema` gives."""
    monkeypatch.chdir(tmp_path)
    Path("acme.yaml").write_text(f"bulkpo: instance/1\nname: acme\n{ACME}", encoding="utf-8")
    assert run(["schema", "--from", "acme.yaml", "--to", "sandbox", "-o", "acme.schema.json"]) == 0
    (line,) = re.findall(r"^ +(# yaml-language-server: .*)$", capsys.readouterr().out, re.MULTILINE)
    path = tmp_path / "orders.yaml"
    path.write_text(f"{line}\n{MAPPING}", encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_slip_in_a_path_is_marked_where_it_stands_and_nothing_that_bulkpo_takes_is(
    editor: Editor, mapping: Path
) -> None:
    text = mapping.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = editor.open(mapping, text)
    marked = {lines[it["range"]["start"]["line"]].split(":")[0].strip(): it["message"] for it in found}
    assert marked == {"Vendor": UNKNOWN, "Unit": UNKNOWN, "order-lines/typ": UNKNOWN}


@pytest.mark.slow
def test_a_column_is_completed_by_the_paths_with_what_they_mean(editor: Editor, mapping: Path) -> None:
    text = mapping.read_text(encoding="utf-8").replace("  Next:", "  Next: ")
    editor.open(mapping, text)
    at = text.splitlines().index("  Next: ")
    offered = editor.completions(at, len("  Next: "))
    assert offered["order-lines/need-by-date"] == "The day the goods are needed. A date. Example: 2026-12-31"
    assert offered["supplier/number"].startswith("Whom the order is placed with. The supplier's number, as your vendor")
    assert offered["order-lines/custom-fields/cost-center/name"] == "Text, required."
    assert "order-lines/received" not in offered


@pytest.mark.slow
def test_hovering_tells_what_a_path_means_and_holds(editor: Editor, mapping: Path) -> None:
    text = mapping.read_text(encoding="utf-8")
    editor.open(mapping, text)
    at = text.splitlines().index("  PO: po-number")
    told = editor.hover(at, 8)
    assert told.startswith("The number of the order; it tells which rows are one order. Text of at most 20 characters")
    assert "supplier/number" not in told


@pytest.mark.slow
def test_a_constant_is_completed_by_what_the_instance_has(editor: Editor, mapping: Path) -> None:
    text = mapping.read_text(encoding="utf-8") + "  order-lines/uom/code: \n"
    editor.open(mapping, text)
    offered = editor.completions(len(text.splitlines()) - 1, len("  order-lines/uom/code: "))
    assert {"BX", "EA"} <= set(offered)
