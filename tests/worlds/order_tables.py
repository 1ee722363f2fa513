"""Tables of order lines as files, nearly all in order, and mappings that read them, drawn for laws."""

import csv
import io

from hypothesis import strategies as st

TITLES = ("PO", "Supplier", "Currency", "Line", "Text", "Type", "Quantity", "UOM", "Price", "Need by", "Note")
MAPPING = """\
bulkpo: import/1
name: law
resource: purchase_orders
document: {{key: po-number}}
numbers: {numbers}
dates: {{order: YMD, time_zone: UTC}}
blanks: [n/a, "0"]
crosswalks: {{uom: {{EA: each, CS: case}}}}
columns:
  PO: po-number
  Supplier: supplier/name
  Currency: {currency}
  Line: {line}
  Text: {text}
  Type: {kind}
  Quantity: order-lines/quantity
  UOM: {uom}
  Price: order-lines/price
  Need by: order-lines/need-by-date
  Note: {{ignore: not for Coupa}}
constants: {{ship-to-user/login: migration, order-lines/account/code: A}}
rules:
  order-lines/price: {price}
  supplier/name: {{required: true}}
  order-lines/currency: {{required: false}}
{more}
"""
CHOICES = {
    "numbers": ('{decimal: ".", thousands: ","}', '{decimal: "."}', '{decimal: ",", thousands: "."}'),
    "currency": ("currency/code", "[currency/code, order-lines/currency/code]", "order-lines/currency/code"),
    "line": ("order-lines/line-num", "{ignore: x}"),
    "text": ("order-lines/description", "{to: order-lines/description, case: upper}"),
    "kind": ("order-lines/type", "{ignore: x}"),
    "price": ("{min: 0, max: 99999.5}", "{max: 99999.5}"),
    "uom": ("order-lines/uom/code", "{to: order-lines/uom/code, crosswalk: uom, default: each}"),
    "more": ("", "silent: required", "keys: exact", "totals_rows: keep", "skip_rows: {Note: skip}"),
}
GOOD = ["Acme Ltd", "USD", "1", "a bolt, red", "OrderQuantityLine", "5", "EA", "1.50", "2026-03-04", ""]
ODD = (
    ("", "Umbrella", "Acme  Ltd", " Acme Ltd", "Müller", "Total: 9.00", "x" * 300, "1E5", "n/a", "A\u200bB", "NULL"),
    ("EUR", "", "usd", "n/a", "JPY"),
    ("", "2", "1", "02", "x", "1.0", "0", "20000000000000000000"),
    ("", 'he said "no"', "line\nbreak", "10 mm", "1E5", "-3e4", "é", "\u00a0x", "'=1", "x" * 256, "2,5", "\x01",
     "NaN", "(vac\u00edo)", "a &amp; b", "a & b;", "red<br>blue"),
    ("OrderAmountLine", "", "other"),
    ("", "0", "0.0", "-2", "7", "-1", "1,234", "1.234",
     "1.5", "1,5", "12,34", "+3", "05", "1e3", "7.1234567", "9" * 25, "-0", ".5"),
    ("", "CS", "BX", "ea", "n/a"),
    ("", "cheap", "-1", "100000", "99999.5", "99999.51", "12345.678901",
     "3.00", "-3.00", "1.505", "1,234.50", "1.234,5", "1,23", "0.0"),
    ("", "04.03.2026", "2026-13-01", "2026-02-30", "0001-01-01", "2026-03-04 10:00", "soon"),
    ("skip", "Total", "x"),
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Orders of some lines each, nearly all in order, with some odd cells, keys and rows out of place."""
    keys = draw(st.lists(st.integers(1, 60), min_size=4, max_size=25, unique=True))
    rows = [
        [f"PO-{key:05d}", *GOOD[:2], str(line), *GOOD[3:]]
        for key in keys
        for line in range(1, draw(st.integers(1, 3)) + 1)
    ]
    many = st.integers(0, len(rows) - 1)
    for place, column in draw(st.lists(st.tuples(many, st.integers(1, 10)), max_size=4)):
        rows[place][column] = draw(st.sampled_from(ODD[column - 1]))
    for place in draw(st.lists(many, max_size=1)):
        odd = (
            "",
            " ",
            "PO 1",
            "po-00001",
            "PO-1",
            "0PO-00002",
            "1E5",
            "Total",
            "n/a",
            "PO-é",
            "x" * 21,
            "PO-00001\u200b",
        )
        rows[place][0] = draw(st.sampled_from(odd))
    if draw(st.integers(0, 5)) == 5:
        rows.append(rows.pop(draw(st.integers(0, len(rows) - 1))))
    if draw(st.integers(0, 4)) == 4:
        rows.sort(key=lambda row: row[3])
    if draw(st.integers(0, 9)) == 9:
        rows.insert(draw(many), [""] * len(TITLES))
    return rows


@st.composite
def mappings(draw: st.DrawFn) -> str:
    """A mapping that differs from the plainest in two things at most."""
    chosen = {name: of[0] for name, of in CHOICES.items()}
    for name in draw(st.lists(st.sampled_from([*CHOICES]), max_size=2)):
        chosen[name] = draw(st.sampled_from(CHOICES[name]))
    return MAPPING.format(**chosen)


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """A table as a file: of one line end or another, with its marks where they are needed or everywhere."""
    stream = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n"]))
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    if draw(st.booleans()):
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    else:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    writer.writerow(TITLES)
    writer.writerows(draw(tables()))
    text = stream.getvalue()
    if draw(st.integers(0, 9)) == 9:
        text = text.rstrip("\r\n")
    if draw(st.integers(0, 9)) == 9:
        place = draw(st.integers(len(text) // 3, len(text)))
        text = text[:place] + draw(st.sampled_from(['"', ",", "\n", "\r", " ", "x"])) + text[place:]
    start = draw(st.sampled_from(["", "", "\ufeff", f"sep={delimiter}\n"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "cp1252"]))
    return (start + text).encode(encoding, errors="replace")


PLAINEST = MAPPING.format(**{name: of[0] for name, of in CHOICES.items()})


def file_of(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([TITLES, *rows])
    return stream.getvalue().encode()


def orders(count: int) -> list[list[str]]:
    return [[f"PO-{key:05d}", *GOOD[:2], str(line), *GOOD[3:]] for key in range(1, count) for line in (1, 2)]


def with_total(above: str, number: str) -> list[list[str]]:
    """Orders, and a row that adds up the one above it: what it says is told by that one's number."""
    rows = orders(9)
    for row in rows[4:6]:
        row[0] = above
    total = [f"{above} Total", *GOOD[:2], number, *GOOD[3:]]
    return [*rows[:6], total, *rows[6:]]
