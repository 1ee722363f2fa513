"""Make the files guessing was first tried on after it was built: thirty companies' exports, none seen by its builder.

Each has its right mapping beside it in `benchmarks/guess/unseen-NAME.truth.json`. What is written is the same at
every run.

python scripts/make_unseen_guess_files.py
"""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sample_books import saved
from unseen_companies import COMPANIES
from unseen_shapes import Company, Value

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks" / "guess"
CENT = Decimal("0.01")
GOODS = (
    ("60021", "Ball bearing 6204-2RS", "EA", "3.42", "SKF-6204"),
    ("60107", "Cutting fluid, synthetic", "LTR", "8.615", "CF-20"),
    ("61440", "Stretch film 500 mm", "RL", "6.90", "SF500-23"),
    ("62003", "Earplugs, corded", "PR", "0.385", "EP-1100"),
    ("63350", "Laptop 14 in., 16 GB", "EA", "1149.00", "LT14-16"),
    ("64008", "Hex bolt M12x60", "EA", "0.2175", "HB-M1260"),
    ("65111", "Pallet, EUR, used", "EA", "11.80", "PAL-E"), ("66200", "Forklift service", "HR", "96.00", "SRV-FL"),
    ("67077", "Label roll 100x150", "RL", "14.05", "LB-100150"),
    ("68031", "Isopropanol 99.9 %", "LTR", "5.27", "IPA-999"),
)  # fmt: skip
SUPPLIERS = (
    ("104417", "Kestrel Bearings Ltd", "GB"), ("104502", "Maier Antriebstechnik GmbH", "DE"),
    ("105090", "Atlas Packaging Inc", "US"),
    ("105833", "Fournitures Lambert SA", "FR"), ("106214", "Oficinas del Sur SL", "ES"),
    ("107001", "Delta Verpakking BV", "NL"),
)  # fmt: skip
BUYERS = ("ngreen", "tkoch", "ldiaz")


def orders(company: Company) -> Iterator[list[dict[str, Any]]]:
    """The orders of one company: each a list of its lines."""
    chance = random.Random(company.name)  # noqa: S311 - samples, no secrets
    for count in range(company.orders):
        supplier = chance.choice(SUPPLIERS)
        ordered = date(2026, 1, 12) + timedelta(days=chance.randrange(70))
        head = {
            "po": company.po.format(4537 + count), "vendor": supplier[0], "vendor name": supplier[1],
            "country": supplier[2], "currency": chance.choice(company.currencies), "ordered": ordered,
            "buyer": chance.choice(BUYERS), "terms": chance.choice(("N30", "N45", "2/10N30")),
            "requisition": f"{10080000 + chance.randrange(9000)}", "internal": str(880000 + chance.randrange(9000)),
            "contract": f"46{chance.randrange(10**8):08}", "plant": chance.choice(("1000", "1200", "3010")),
        }  # fmt: skip
        chosen = chance.sample(GOODS, chance.randint(2, 4))
        lines = [line(chance, place, goods, ordered) for place, goods in enumerate(chosen, 1)]
        total = sum((each["amount"] for each in lines), Decimal())
        for each in lines:
            each.update(head, total=total, local=(each["amount"] * Decimal("1.0837")).quantize(CENT))
        yield lines


def line(chance: random.Random, place: int, goods: Sequence[str], ordered: date) -> dict[str, Any]:
    """What is known of one line."""
    sku, description, unit, price, part = goods
    quantity = Decimal(chance.choice((1, 2, 4, 5, 10, 12, 24, 60, 150, 400)))
    each = Decimal(price)
    amount = (quantity * each).quantize(CENT, ROUND_HALF_UP)
    received = quantity if chance.random() < 0.3 else (quantity // 2 if chance.random() < 0.4 else Decimal())
    per = Decimal(100 if each < 1 else 1)
    return {
        "line": place, "line10": place * 10, "line1000": Decimal(place), "sku": sku, "text": description,
        "unit": unit, "price": each, "part": part,
        "qty": quantity, "amount": amount, "received": received, "open": quantity - received, "per": per,
        "per price": each * per, "gross": (amount * Decimal("1.2")).quantize(CENT),
        "tax": (amount * Decimal("0.2")).quantize(CENT),
        "invoiced": (received * each).quantize(CENT), "due": ordered + timedelta(days=chance.randint(7, 45)),
        "promised": ordered + timedelta(days=chance.randint(46, 60)),
        "account": f"{chance.choice((6100, 6200))}-{chance.choice((10, 20))}",
        "gl": str(chance.choice((610000, 620000, 730000))), "cc": chance.choice(("CC100", "CC210", "CC330")),
        "blank": "", "rate": Decimal("1.0837"), "status": chance.choice(("Open", "Pending Receipt")),
        "yes": "Y", "factor": Decimal(1),
    }  # fmt: skip


def shown(value: Value, company: Company) -> Value:
    """A value as the company's system writes it: a cell of a workbook, or text."""
    if company.file == "xlsx" and not company.as_text:
        return value if not isinstance(value, Decimal) else float(value)
    if isinstance(value, date):
        return value.strftime(company.date)
    if isinstance(value, Decimal):
        digits = f"{value:,.2f}" if value == value.quantize(CENT) else f"{value:,f}"
        return digits.replace(".", "\0").replace(",", company.thousands).replace("\0", company.decimal)
    return str(value)


def table(company: Company) -> list[list[Value]]:
    """The rows of a company's file."""
    rows: list[list[Value]] = [list(row) for row in company.above]
    rows.append([fact.heading for fact in company.facts])
    rows.extend(list(row) for row in company.below)
    for lines in orders(company):
        rows.extend(company.arrange(lines, company, shown))
    rows.extend(list(row) for row in company.foot)
    return rows


def write(company: Company) -> None:
    """Write the file of a company and what is right of it."""
    rows = company.table(table(company)) if company.table else table(company)
    name = f"unseen-{company.name}"
    path = FOLDER / f"{name}.{company.file}"
    if company.file == "xlsx":
        book = Workbook()
        sheet = book.worksheets[0]
        for row in rows:
            sheet.append([cell if cell != "" else None for cell in row])
        path.write_bytes(saved(book))
    else:
        text = "".join(company.delimiter.join(quoted(cell, company) for cell in row) + "\r\n" for row in rows)
        path.write_bytes(text.encode(company.encoding))
    truth = {
        "file": path.name, "header_row": company.header_row or len(company.above) + 1,
        "header_rows": company.header_rows,
        "columns": company.columns or {fact.title or fact.heading: fact.what for fact in company.facts},
        "columns_open": list(company.open_is_right),
        "decimal": company.decimal if company.file != "xlsx" or company.as_text else "",
        "date_order": company.date_order, "fill_down": company.fill_down,
    }  # fmt: skip
    (FOLDER / f"{name}.truth.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def quoted(cell: Value, company: Company) -> str:
    """A cell of a delimited file, in quotes where it needs them."""
    text = str(cell)
    return f'"{text}"' if company.delimiter in text or '"' in text else text


if __name__ == "__main__":
    for each in COMPANIES:
        write(each)
