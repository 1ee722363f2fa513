"""Make the files that guessing is measured by: the same kind of orders in the dress of many systems and languages.

Each file has its right mapping beside it, as far as the columns, the headings' place, the layout, the marks and the
dates go: `benchmarks/guess/NAME.truth.json`. What is written is the same at every run.

python scripts/make_guess_samples.py
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import yaml
from openpyxl import Workbook
from sample_books import saved

DRESSES = Path(__file__).with_name("guess_dresses.yaml")
FOLDER = Path(__file__).resolve().parent.parent / "benchmarks" / "guess"

P, L = "po-number", "order-lines/line-num"
SN, SM = "supplier/number", "supplier/name"
C, Q, PR = "currency/code", "order-lines/quantity", "order-lines/price"
U, D, N = "order-lines/uom/code", "order-lines/description", "order-lines/need-by-date"
A, B, T = "order-lines/account/code", "ship-to-user/login", "payment-term/code"
ITEM, S = "order-lines/item/item-number", "order-lines/source-part-num"

ITEMS = (
    ("Copy paper A4 80 g", "BX", "38.90", "100210"), ("Toner cartridge 106R01", "EA", "119.00", "100333"),
    ("Safety gloves nitrile L", "PR", "4.25", "200417"), ("Pallet rack upright", "EA", "184.50", "310022"),
    ("Hydraulic oil HLP 46", "LTR", "3.405", "400871"), ("Network cable Cat6a 10 m", "EA", "12.40", "500120"),
    ("Steel sheet 2 mm", "KG", "1.85", "600900"), ("Window cleaning", "HR", "42.00", "700001"),
    ("Office chair, black", "EA", "249.99", "800555"), ("Cleaning concentrate", "GAL", "22.10", "200990"),
)  # fmt: skip
SUPPLIERS = (
    ("V10021", "Acme Industrial Supply"), ("V10044", "Northside Facility Services"), ("V10102", "Bergmann und Partner"),
    ("V10177", "Data Center Partners Ltd"), ("V10230", "Lager Technik AG"),
)  # fmt: skip
CENT = Decimal("0.01")


@dataclass
class Line:
    """One line of an order, with what all of its kind have."""

    po: int
    number: int
    supplier: tuple[str, str]
    currency: str
    item: tuple[str, str, str, str]
    quantity: Decimal
    price: Decimal
    ordered: date
    needed: date
    account: str
    buyer: str
    terms: str
    total: Decimal = Decimal(0)
    count: int = 0

    @property
    def amount(self) -> Decimal:
        """What the line comes to."""
        return (self.quantity * self.price).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Dress:
    """How a file looks: headings with what stands below them, and all around."""

    name: str
    columns: Sequence[tuple[str, Callable[[Line], object], str]]
    form: str = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    thousands: str = ""
    day: str = "%Y-%m-%d"
    currencies: Sequence[str] = ("USD", "EUR")
    above: Sequence[Sequence[object]] = ()
    top: Sequence[object] = ()
    below_heading: Sequence[object] = ()
    first_only: Sequence[str] = ()
    totals: str = ""
    truth: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[int, int] = (1, 4)
    orders: int = 14
    start: int = 4500012300


def lines_of(dress: Dress) -> list[Line]:
    """The lines of a file; another file has others."""
    chance = random.Random(dress.name)  # noqa: S311 - samples, no secrets
    found = []
    for number in range(dress.orders):
        ordered = date(2026, 1, 5) + timedelta(days=chance.randrange(80))
        supplier, currency = chance.choice(SUPPLIERS), chance.choice(dress.currencies)
        buyer, terms = chance.choice(("jdoe", "asmith", "mlee")), chance.choice(("N30", "N45", "N60"))
        count = chance.randint(*dress.lines)
        mine = [
            Line(
                dress.start + number, place, supplier, currency, item, Decimal(chance.choice((2, 5, 12, 40, 100, 250))),
                Decimal(item[2]) * chance.choice((1, 1, Decimal("1.1"))), ordered,
                ordered + timedelta(days=chance.randrange(7, 90)), chance.choice(("01-100-8000", "02-300-7250")), buyer,
                terms,
            )
            for place, item in enumerate(chance.sample(ITEMS, count), 1)
        ]  # fmt: skip
        for line in mine:
            line.total, line.count = sum((each.amount for each in mine), Decimal(0)), count
        found += mine
    return found


def shown(value: object, dress: Dress) -> object:
    """A value as the file writes it."""
    if dress.form == "xlsx":
        return float(value) if isinstance(value, Decimal) else value
    if isinstance(value, Decimal):
        text = f"{value:,f}" if dress.thousands else f"{value:f}"
        return text.replace(",", "\0").replace(".", dress.decimal).replace("\0", dress.thousands)
    return value.strftime(dress.day) if isinstance(value, date) else "" if value is None else str(value)


def rows_of(dress: Dress) -> Iterator[list[object]]:
    """All rows of a file."""
    yield from map(list, dress.above)
    if dress.top:
        yield list(dress.top)
    yield [heading for heading, _, _ in dress.columns]
    if dress.below_heading:
        yield list(dress.below_heading)
    lines = lines_of(dress)
    for line in lines:
        hidden = dress.first_only if line.number > 1 else ()
        yield [None if heading in hidden else shown(make(line), dress) for heading, make, _ in dress.columns]
    if dress.totals:
        total = sum((line.amount for line in lines), Decimal(0))
        place = next(number for number, (_, _, truth) in enumerate(dress.columns) if truth == "AMOUNT")
        row: list[object] = [None] * len(dress.columns)
        row[place - 1], row[place] = dress.totals, shown(total, dress)
        yield row


def write(dress: Dress) -> None:
    """Write a file and what is right about it."""
    path = FOLDER / f"{dress.name}.{dress.form if dress.form == 'xlsx' else 'csv'}"
    rows = list(rows_of(dress))
    if dress.form == "xlsx":
        book = Workbook()
        sheet = book.active
        assert sheet is not None  # noqa: S101 - a new workbook has one
        for row in rows:
            sheet.append(row)
        path.write_bytes(saved(book))
    else:
        path.write_bytes("".join(line_of(row, dress.delimiter) for row in rows).encode(dress.encoding))
    heading = len(dress.above) + 1
    columns = titles(dress)
    truth = {
        "file": path.name,
        "header_row": heading,
        "header_rows": 2 if dress.top or dress.below_heading else 1,
        "columns": {title: what for title, (_, _, what) in zip(columns, dress.columns, strict=True)},
        **dress.truth,
    }
    text = json.dumps(truth, indent=1, ensure_ascii=False)
    (FOLDER / f"{dress.name}.truth.json").write_text(text + "\n", encoding="utf-8")


def titles(dress: Dress) -> list[str]:
    """The columns' titles as a mapping names them."""
    own = [heading for heading, _, _ in dress.columns]
    around = [dress.top, own, dress.below_heading]
    joined = [
        " ".join(str(row[place]) for row in around if row and row[place] not in (None, "")) for place in range(len(own))
    ]
    return [title if joined.index(title) == place else f"{title}#2" for place, title in enumerate(joined)]


def line_of(row: Sequence[object], delimiter: str) -> str:
    """A row of a text file."""
    texts = ["" if cell is None else str(cell) for cell in row]
    marked = [f'"{text}"' if delimiter in text or '"' in text else text for text in texts]
    return delimiter.join(marked) + "\r\n"


MAKES: dict[str, tuple[Callable[[Line], object], str]] = {
    "po": (lambda line: str(line.po), P),
    "line": (lambda line: line.number, L),
    "line10": (lambda line: f"{line.number * 10:05d}", L),
    "sno": (lambda line: line.supplier[0], SN),
    "sname": (lambda line: line.supplier[1], SM),
    "cur": (lambda line: line.currency, C),
    "desc": (lambda line: line.item[0], D),
    "uom": (lambda line: line.item[1], U),
    "qty": (lambda line: line.quantity, Q),
    "price": (lambda line: line.price, PR),
    "price1000": (lambda line: line.price * 1000, PR),
    "per": (lambda _: 1000, "PER"),
    "amount": (lambda line: line.amount, "AMOUNT"),
    "gross": (lambda line: (line.amount * Decimal("1.19")).quantize(CENT), "IGNORE"),
    "grossprice": (lambda line: (line.price * Decimal("1.19")).quantize(Decimal("0.0001")), "IGNORE"),
    "local": (lambda line: (line.amount * Decimal("0.92")).quantize(CENT), "IGNORE"),
    "localcur": (lambda _: "EUR", "IGNORE"),
    "list": (lambda line: line.price + 3, "IGNORE"),
    "total": (lambda line: line.total, "IGNORE"),
    "tax": (lambda line: (line.amount * Decimal("0.19")).quantize(CENT), "IGNORE"),
    "received": (lambda line: line.quantity // 2, "IGNORE"),
    "open": (lambda line: line.quantity - line.quantity // 2, "IGNORE"),
    "invoiced": (lambda line: line.quantity // 4, "IGNORE"),
    "ordered": (lambda line: line.ordered, "IGNORE"),
    "need": (lambda line: line.needed, N),
    "promised": (lambda line: line.needed + timedelta(days=2), "IGNORE"),
    "receipt": (lambda line: line.needed + timedelta(days=5), "IGNORE"),
    "account": (lambda line: line.account, A),
    "buyer": (lambda line: line.buyer, B),
    "terms": (lambda line: line.terms, T),
    "item": (lambda line: line.item[3], ITEM),
    "part": (lambda line: f"SP-{line.item[3]}", S),
    "req": (lambda line: f"10{line.po % 100000}", "IGNORE"),
    "invoice": (lambda line: f"INV-{line.po % 1000}-{line.number}", "IGNORE"),
    "contract": (lambda line: f"46000{line.po % 7:05d}", "order-lines/contract/number"),
    "internal": (lambda line: 700000 + line.po % 1000 * 10 + line.number, "IGNORE"),
    "vinternal": (lambda line: 9000 + int(line.supplier[0][1:]) % 100, "IGNORE"),
    "status": (lambda _: "Approved", "IGNORE"),
    "deleted": (lambda line: "L" if (line.po + line.number) % 9 == 0 else None, "IGNORE"),
    "plant": (lambda line: ("1000", "2000")[line.po % 2], "IGNORE"),
    "company": (lambda _: "DE01", "IGNORE"),
    "cc": (lambda line: ("4711", "4712", "4713")[line.po % 3], "IGNORE"),
    "note": (lambda line: "urgent" if line.po % 5 == 0 else None, "IGNORE"),
    "fx": (lambda _: Decimal("1.0845"), "IGNORE"),
    "disc": (lambda _: Decimal("0.00"), "IGNORE"),
    "commodity": (lambda line: ("OFFICE", "MRO")[line.number % 2], "order-lines/commodity/name"),
    "incoterm": (lambda line: ("DAP", "EXW")[line.po % 2], "shipping-term/code"),
    "shipto": (lambda line: ("BER01", "NYC02")[line.po % 2], "ship-to-address/location-code"),
    "email": (lambda line: f"{line.buyer}@example.com", "ship-to-user/email"),
    "count": (lambda line: line.count, "IGNORE"),
}


def dresses() -> Iterator[Dress]:
    """The dresses of all files, from guess_dresses.yaml."""
    with DRESSES.open(encoding="utf-8") as stream:
        known = yaml.safe_load(stream)
    for name, told in known.items():
        headings = [(heading, *MAKES[what]) for what, heading in told["columns"].items()]
        yield Dress(**{**told, "name": name, "columns": headings})


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in dresses():
        write(each)
    print(FOLDER)
