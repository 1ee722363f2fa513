"""A mapping is fitted however its YAML is written: every comment stays, or it is refused with a way to go on."""

import re
from pathlib import Path

import pytest

from bulkpo.cli.main import run

HEAD = """\
bulkpo: import/1
name: own
document: {key: po-number, number_lines: true}
dates: {order: DMY, time_zone: Europe/Berlin}
"""
COLUMNS = """\
columns:
  PO Number: po-number
  Vendor No: supplier/number      # as in SAP
  User: ship-to-user/login
  Currency: [currency/code, order-lines/currency/code]
  Item: order-lines/description   # words
  Quantity: order-lines/quantity
  Unit: order-lines/uom/code
  Unit Price: order-lines/price
  Need By: order-lines/need-by-date
"""
TAIL = """\
constants:
  type: ExternalOrderHeader
  order-lines/type: OrderQuantityLine
  order-lines/account/code: 01-100-8100
  order-lines/account/account-type/name: Corporate
  transmission-method-override: do_not_transmit
"""
NEW = """\
PO Number,Vendor No,User,Currency,Item description,Quantity,UOM,Unit Price,Delivery Date,Terms
1,00042,migration,EUR,Paper,1,ea,2,31.12.2026,Net 30
2,00042,migration,EUR,Pens,3,ea,4,30.12.2026,Net 30
3,00042,migration,EUR,Ink,1,ea,2,29.12.2026,Net 30
"""
PLAIN = HEAD + COLUMNS + TAIL
ITEM = "  Item: order-lines/description   # words\n"
FLOW = (
    "{PO Number: po-number, Vendor No: supplier/number, User: ship-to-user/login, Currency: [currency/code, "
    "order-lines/currency/code], Item: order-lines/description, # words\n  Quantity: order-lines/quantity, Unit: "
    "order-lines/uom/code, Unit Price: order-lines/price, Need By: order-lines/need-by-date"
)
FLOW_BELOW = "{\n    " + FLOW[1:].replace(", # words\n ", ",  # words\n").replace(": order", ":\n      order")


def item(written: str) -> str:
    """The mapping with its column Item written so."""
    return HEAD + COLUMNS.replace(ITEM, written) + TAIL


WRITTEN = {
    "anchor": item("  Item: &what order-lines/description  # words\n"),
    "anchored block": item("  Item: &what   # named\n    # below\n    to: order-lines/description # words\n"),
    "flow, trailing comma": f"{HEAD}columns: {FLOW}, }}  # the end\n{TAIL}",
    "flow, no comma": f"{HEAD}columns: {FLOW}}}  # the end\n{TAIL}",
    "flow over lines": f"{HEAD}columns: {FLOW_BELOW},  # last, of all\n    # the end\n}}\n{TAIL}",
    "flow over lines, no comma": f"{HEAD}columns: {FLOW_BELOW}  # last, of all\n  }}\n{TAIL}",
    "entry with a trailing comma": item("  Item: {to: order-lines/description, also: [Old,], } # words\n"),
    "quoted": item("  'Item': \"order-lines/description\"   # words\n").replace("columns:", '"columns":'),
    "also below each other": item(
        "  Item:\n    to: order-lines/description\n    also:\n    - Old  # once\n    - Older\n"
    ),
    "elements below each other": item(
        "  Item:  # two\n    - order-lines/description  # a\n    # then\n    - source\n"
    ).replace("- source", "- order-lines/source-part-num"),
    "entries below each other": item("  Item:\n    - {to: order-lines/description}  # a\n"),
    "element below": item("  Item:  # see below\n    order-lines/description  # here\n"),
    "explicit": item("  ? Item\n  : order-lines/description  # words\n"),
    "tag": item("  Item: !!str order-lines/description  # words\n"),
    "tabs": item("  Item:\torder-lines/description\t# words\n"),
    "comments between": item(f"  # about it\n\n  # more\n{ITEM}").replace(TAIL, f"# about constants\n\n{TAIL}"),
    "Windows ends": PLAIN.replace("\n", "\r\n"),
    "old Mac ends": PLAIN.replace("\n", "\r"),
    "mixed ends": (HEAD + COLUMNS).replace("\n", "\r\n") + TAIL,
    "mark": f"\ufeff{PLAIN}",
    "mark and Windows ends": "\ufeff" + PLAIN.replace("\n", "\r\n"),
    "document marks": f"%YAML 1.1\n---\n{PLAIN}...\n",
    "no end of the last line": HEAD + TAIL + COLUMNS.rstrip("\n") + "  # the last",
    "columns first": COLUMNS + HEAD + TAIL,
    "deep": PLAIN.replace("\n  ", "\n        "),
    "not ASCII": PLAIN.replace("# words", "# Wörter 😀 more"),
    "a number": item(f"{ITEM}  2024: {{to: order-lines/source-part-num, optional: true}}\n"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("new.csv").write_text(NEW, encoding="utf-8")


def comments(text: str) -> list[str]:
    """The comments of a mapping, each without the blanks around it."""
    return [each.strip() for each in re.findall(r"(?<=\s)#[^\r\n]*", f"\n{text}")]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_mapping_is_fitted_and_says_all_that_it_said(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = WRITTEN[name].encode()
    Path("own.yaml").write_bytes(before)
    assert run(["guess", "--fit", "own.yaml", "new.csv", "--accept"]) == 0
    after = Path("own.yaml").read_bytes()
    assert comments(after.decode()) == comments(before.decode())
    kept = [line for line in re.split(b"\r\n|\r|\n", before) if b"Item" not in line and b"Unit:" not in line]
    constants = before[before.index(b"constants:") : before.index(b"do_not_transmit")]
    assert constants in after
    assert [line for line in kept if line.startswith(b"#") and line not in after] == []
    assert after[:10] == before[:10]
    capsys.readouterr()
    assert run(["guess", "--fit", "own.yaml", "new.csv"]) in (0, 1)
    told = capsys.readouterr().out
    assert "is now" not in told
    assert "is new" not in told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "  Item: >-\n    order-lines/description\n",
            (
                "the element of 'Item' is written as a block of text; "
                "write it by hand as {to: …, also: [Item description]}"
            ),
        ),
        (
            "  Item:\n  - order-lines/description\n  - order-lines/source-part-num\n",
            "the elements of 'Item' are not indented below it; write it by hand as {to: …, also: [Item description]}",
        ),
        (
            (
                "  Spare: &what {to: order-lines/source-part-num, when: {User: nobody}}\n"
                "  Item: {to: order-lines/description, also: &old [Old]}\n"
                "  Third: {to: order-lines/manufacturer-name, also: *old, optional: true}\n"
            ),
            "a list `also` is shared by & and *; write it by hand as {to: …, also: [Item description]}",
        ),
        (
            "  Item: &what {to: order-lines/description, when: {User: migration}}\n  Spare: *what\n",
            (
                "'Item' shares what is written for another column by & and *; write out what it goes to, "
                "and fit the mapping again"
            ),
        ),
    ],
)
def test_what_cannot_be_changed_by_itself_is_refused_with_what_to_write(
    written: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("own.yaml").write_text(item(written), encoding="utf-8")
    code = run(["guess", "--fit", "own.yaml", "new.csv", "--accept", "--set", "Item=Item description"])
    assert (code, capsys.readouterr().err) == (2, f"bulkpo: own.yaml: nothing is changed: {told}\n")
    assert Path("own.yaml").read_text(encoding="utf-8") == item(written)
