"""Every row of a file is in an order, skipped, failed or without an order, whatever the file and the mapping."""

import csv
import tempfile
from collections import Counter
from pathlib import Path

from cleaned import clean_documents
from hypothesis import given, settings
from hypothesis import strategies as st

from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
TITLES = ("PO", "Supplier", "Line", "Price", "Account", "Pct", "State")
KEYS = st.sampled_from(["1", "2", "3", "4", "04", "", "N/A", "x" * 25])
ROW = st.tuples(
    KEYS,
    st.sampled_from(["Acme", "Bolt", ""]),
    st.sampled_from(["1", "2", "3", ""]),
    st.sampled_from(["5", "7.25", "", "free", "1,234", "N/A"]),
    st.sampled_from(["01", "02", ""]),
    st.sampled_from(["100", "50", "", "half"]),
    st.sampled_from(["", "", "Cancelled", "Open"]),
)
FEATURES = {
    "skips": "skip_rows: {State: {in: [Cancelled, Open]}}\n",
    "skips without key": "skip_rows: {PO: {blank: true}, State: Cancelled}\n",
    "blanks": "blanks: [N/A]\n",
    "marks": 'numbers: {decimal: ".", thousands: ","}\n',
    "unique": "rules: {order-lines/line-num: {unique: true}}\n",
}
OF_THE_DOCUMENT = ("fill_down: [PO]", "fill_down: [PO, Supplier]", "number_lines: true", "number_lines: false")
SPLIT = """\
  Account: order-lines/account-allocations/account/code
  Pct: order-lines/account-allocations/pct
"""
PLAIN = "  Account: order-lines/account/code\n  Pct: {ignore: one account a line}\n"


def mapping_text(features: set[str], document: str, *, split: bool) -> str:
    chosen = "".join(text for name, text in FEATURES.items() if name in features and name != "skips without key")
    if "skips" not in features and "skips without key" in features:
        chosen += FEATURES["skips without key"]
    columns = "  PO: po-number\n  Supplier: supplier/name\n  Line: order-lines/line-num\n  Price: order-lines/price\n"
    return (
        f"bulkpo: import/1\nname: random\ndocument: {{key: po-number, {document}}}\n{chosen}columns:\n{columns}"
        f"{SPLIT if split else PLAIN}  State: {{ignore: of the old system}}\n"
        "constants: {ship-to-user/login: m, order-lines/description: d, order-lines/currency/code: USD}\n"
    )


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(ROW, max_size=30),
    features=st.sets(st.sampled_from(sorted(FEATURES))),
    document=st.sampled_from(OF_THE_DOCUMENT),
    split=st.booleans(),
)
def test_no_row_is_lost(rows: list[tuple[str, ...]], features: set[str], document: str, split: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "m.yaml").write_text(mapping_text(features, document, split=split))
        path = Path(folder) / "orders.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([TITLES, *rows])
        file = open_mapped(Path(folder) / "m.yaml", path, TABLES)
        checked = check(file)
        filled = [number for number, row in enumerate(rows, 2) if any(row)]
        assert checked.rows == len(filled)
        assert checked.rows == checked.clean_rows + checked.failed_rows + checked.keyless + checked.skipped_rows

        documents = list(clean_documents(file, checked))
        assert len(documents) == checked.ok
        assert [document.key for document in documents if document.key in checked.failed_keys] == []
        told = list(FilePlan(file, checked).source_rows())
        assert [row for some in told for row in some.rows] == filled
        of_orders = Counter(key for some in told for key in some.keys if key)
        assert sum(of_orders.values()) == checked.clean_rows + checked.failed_rows
        assert of_orders.keys() == {document.key for document in documents} | checked.failed_keys
        assert sum(len(some.left_out) for some in told) == checked.skipped_rows
        silent = [
            row
            for some in told
            for row, key in zip(some.rows, some.keys, strict=True)
            if not key and row not in some.left_out and row not in some.messages
        ]
        assert silent == []


LINES = st.lists(st.tuples(st.sampled_from(["1", "2", "3", "9", ""]), st.sampled_from(["5", "x"])), max_size=12)
HEADERS = st.lists(
    st.tuples(st.sampled_from(["1", "2", "3", "4", ""]), st.sampled_from(["Acme", "Closed"])), max_size=8
)
JOINED = """\
bulkpo: import/1
name: joined
document: {key: po-number, number_lines: true}
tables:
  headers:
    columns: {PO: po-number, Supplier: supplier/name}
    skip_rows: {Supplier: Closed}
  lines:
    source: {file: lines.csv}
    columns: {PO: po-number, Price: order-lines/price}
constants: {ship-to-user/login: m, order-lines/description: d, order-lines/currency/code: USD}
"""


@settings(max_examples=100, deadline=None)
@given(headers=HEADERS, lines=LINES)
def test_no_row_of_two_joined_files_is_lost(headers: list[tuple[str, str]], lines: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("headers", [("PO", "Supplier"), *headers]), ("lines", [("PO", "Price"), *lines])):
            with (Path(folder) / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
                csv.writer(stream).writerows(rows)
        (Path(folder) / "m.yaml").write_text(JOINED)
        file = open_mapped(Path(folder) / "m.yaml", Path(folder) / "headers.csv", TABLES)
        checked = check(file)
        assert checked.rows == len(headers) + len(lines)
        assert checked.rows == checked.clean_rows + checked.failed_rows + checked.keyless + checked.skipped_rows
        closed = {key for key, supplier in headers if supplier == "Closed"}
        open_orders = {key for key, _ in headers if key} - closed
        clean = {document.key: len(document.members) for document in clean_documents(file, checked)}
        prices = {key: [price for order, price in lines if order == key] for key in open_orders}
        beside = beside_strays([key for key, _ in lines if not key or key not in closed])
        good = {key: len(found) for key, found in prices.items() if found and "x" not in found}
        assert clean == {key: count for key, count in good.items() if key not in beside}


def beside_strays(keys: list[str]) -> set[str]:
    """The orders above and below lines that name none: such a line may be theirs."""
    beside = set()
    for place, key in enumerate(keys):
        if not key:
            above = next((each for each in reversed(keys[:place]) if each), None)
            below = next((each for each in keys[place:] if each), None)
            beside |= {above, below}
    return {key for key in beside if key}


RECORDS = """\
bulkpo: import/1
name: records
document: {key: po-number, number_lines: true}
record_types:
  H:
    columns: {PO: po-number, Supplier: supplier/name}
    skip_rows: {Supplier: Closed}
  L: {columns: {Price: order-lines/price}}
constants: {ship-to-user/login: m, order-lines/description: d, order-lines/currency/code: USD}
"""
RECORD = st.sampled_from([("H", "1", "Acme"), ("H", "2", "Acme"), ("H", "3", "Closed"), ("H", "", "Acme"), ("L", "5"), ("L", "x"), ("Z", "?")])  # fmt: skip # noqa: E501


@settings(max_examples=100, deadline=None)
@given(records=st.lists(RECORD, max_size=20))
def test_no_row_of_record_types_is_lost_or_given_to_another_order(records: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([("H", "PO", "Supplier"), ("L", "Price"), *records])
        (Path(folder) / "m.yaml").write_text(RECORDS)
        file = open_mapped(Path(folder) / "m.yaml", path, TABLES)
        checked = check(file)
        assert checked.rows == len(records)
        assert checked.rows == checked.clean_rows + checked.failed_rows + checked.keyless + checked.skipped_rows
        lines: dict[str, list[str]] = {}
        above = ""
        for record in records:
            above = record[1] if record[0] == "H" else above
            lines.setdefault(above, []).extend([record[1]] if record[0] != "H" else [])
        times = Counter(record[1] for record in records if record[0] == "H")
        good = {key: len(found) for key, found in lines.items() if times[key] == 1 and set(found) == {"5"}}
        good = {key: count for key, count in good.items() if key in ("1", "2")}
        assert {document.key: len(document.members) for document in clean_documents(file, checked)} == good
