"""Make the files that guessing is measured by: the same kind of orders in the dress of many systems and languages.

Each file has its right mapping beside it, as far as the columns, the headings' place, the layout, the marks and the
dates go: `benchmarks/guess/NAME.truth.json`. What is written is the same at every run.

python scripts/make_guess_samples.py
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from openpyxl import Workbook
from sample_books import saved

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks" / "guess"

P, L = "po-number", "order-lines/line-num"
SN, SM = "supplier/number", "supplier/name"
C, Q, PR = "currency/code", "order-lines/quantity", "order-lines/price"
U, D, N = "order-lines/uom/code", "order-lines/description", "order-lines/need-by-date"
A, B, T = "order-lines/account/code", "ship-to-user/login", "payment-term/code"
I, S = "order-lines/item/item-number", "order-lines/source-part-num"

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
    truth: dict[str, object] = field(default_factory=dict)
    lines: tuple[int, int] = (1, 4)
    orders: int = 14
    start: int = 4500012300


def lines_of(dress: Dress) -> list[Line]:
    """The lines of a file; another file has others."""
    chance = random.Random(dress.name)
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


def columns(**named: str) -> list[tuple[str, Callable[[Line], object], str]]:
    """Columns by what they hold, in the order they are named."""
    return [(heading, MAKES[what][0], MAKES[what][1]) for what, heading in named.items()]


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
    "item": (lambda line: line.item[3], I),
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
DMY, MDY = {"date_order": "DMY"}, {"date_order": "MDY"}
COMMA = {"decimal": ","}

DRESSES = (
    Dress("sap-me2n-en", columns(po="Purchasing Document", line10="Item", sno="Vendor", item="Material", desc="Short Text", qty="Order Quantity", uom="Order Unit", price1000="Net Price", per="Price Unit", cur="Currency", amount="Net Order Value", ordered="Document Date", need="Delivery Date", plant="Plant", deleted="Deletion Indicator"), form="xlsx", truth={"skip": "Deletion Indicator"}),
    Dress("sap-me2n-de", columns(po="Bestellung", line10="Position", sno="Lieferant", sname="Name Lieferant", item="Material", desc="Kurztext", qty="Bestellmenge", uom="Bestellmengeneinheit", price1000="Nettopreis", per="Preiseinheit", cur="Währung", amount="Nettobestellwert", need="Lieferdatum", plant="Werk"), delimiter=";", encoding="cp1252", decimal=",", thousands=".", day="%d.%m.%Y", truth={**DMY, **COMMA}),
    Dress("sap-ekpo", columns(po="EBELN", line10="EBELP", deleted="LOEKZ", sno="LIFNR", item="MATNR", desc="TXZ01", qty="MENGE", uom="MEINS", price1000="NETPR", per="PEINH", amount="NETWR", cur="WAERS", need="EINDT", company="BUKRS", plant="WERKS"), delimiter="\t", day="%Y%m%d", truth={"skip": "LOEKZ"}),
    Dress("sap-technical-and-text", columns(po="Purchasing document", line10="Item number", sno="Account number of vendor", desc="Short text", qty="Purchase order quantity", uom="Order unit", price="Net price", cur="Currency key", need="Item delivery date"), above=(("EBELN", "EBELP", "LIFNR", "TXZ01", "MENGE", "MEINS", "NETPR", "WAERS", "EINDT"),), form="xlsx"),
    Dress("oracle-ebs-sql", columns(internal="PO_HEADER_ID", po="PO_NUMBER", line="LINE_NUM", vinternal="VENDOR_ID", sno="VENDOR_NUM", sname="VENDOR_NAME", desc="ITEM_DESCRIPTION", uom="UNIT_MEAS_LOOKUP_CODE", qty="QUANTITY_ORDERED", price="UNIT_PRICE", cur="CURRENCY_CODE", need="NEED_BY_DATE", promised="PROMISED_DATE", received="QUANTITY_RECEIVED", invoiced="QUANTITY_BILLED", account="CHARGE_ACCOUNT"), day="%d-%b-%y"),
    Dress("oracle-fusion", columns(po="Order", line="Line", sname="Supplier", desc="Item Description", qty="Quantity", uom="UOM", price="Price", amount="Ordered Amount", cur="Currency", need="Requested Delivery Date", promised="Promised Delivery Date", account="Charge Account", status="Status"), form="xlsx"),
    Dress("netsuite-search", columns(internal="Internal ID", po="Document Number", ordered="Date", sname="Name", cur="Currency", item="Item", desc="Memo", qty="Quantity", uom="Units", price="Item Rate", amount="Amount (Foreign Currency)", received="Quantity Fulfilled/Received", invoiced="Quantity Billed", need="Expected Receipt Date", status="Status"), day="%m/%d/%Y", truth=MDY),
    Dress("dynamics-nav", columns(po="Document No.", line="Line No.", sno="Buy-from Vendor No.", item="No.", desc="Description", uom="Unit of Measure Code", qty="Quantity", open="Outstanding Quantity", price="Direct Unit Cost", amount="Line Amount", cur="Currency Code", need="Expected Receipt Date"), form="xlsx"),
    Dress("dynamics-365", columns(po="PurchaseOrderNumber", line="LineNumber", sno="OrderVendorAccountNumber", item="ItemNumber", desc="LineDescription", qty="OrderedPurchaseQuantity", uom="PurchaseUnitSymbol", price="PurchasePrice", amount="LineAmount", cur="CurrencyCode", need="RequestedDeliveryDate", company="dataAreaId"), day="%m/%d/%Y", truth=MDY),
    Dress("jde-f4311", columns(po="PDDOCO", company="PDDCTO", line="PDLNID", sno="PDAN8", item="PDLITM", desc="PDDSC1", uom="PDUOM", qty="PDUORG", open="PDUOPN", price="PDPRRC", amount="PDAEXP", cur="PDCRCD", need="PDDRQJ"), delimiter="|"),
    Dress("sage-200", columns(po="PO No", sno="Supplier A/C", sname="Supplier Name", item="Stock Code", desc="Description", qty="Order Qty", received="Qty Received", price="Unit Price", disc="Discount %", amount="Net Amount", tax="VAT Amount", gross="Gross Amount", need="Due Date", ordered="Order Date"), day="%d/%m/%Y", currencies=("GBP",), truth={**DMY, "missing": [C]}),
    Dress("quickbooks", columns(ordered="Date", po="Num", sname="Vendor", item="Product/Service", desc="Memo/Description", qty="Qty", received="Received Qty", price="Rate", amount="Amount", open="Open Balance", account="Account"), day="%m/%d/%Y", truth={**MDY, "missing": [C]}, lines=(1, 3)),
    Dress("coupa-export", columns(po="PO Number", status="Status", sname="Supplier", sno="Supplier Number", line="Line Number", desc="Item", qty="Qty", uom="UOM", price="Unit Price", amount="Total", cur="Currency", need="Need By", account="Account", part="Supplier Part Num", commodity="Commodity", terms="Payment Term", buyer="Requester"), form="xlsx"),
    Dress("excel-hand-en", columns(po="PO #", sno="Vendor #", sname="Vendor", desc="Item", qty="Qty", uom="UoM", price="$/unit", amount="Ext.", need="Need by", cc="CC", note="Notes"), form="xlsx", above=(("Open purchase orders as of March",), ("Prepared by purchasing",), ()), totals="Total", currencies=("USD",), truth={"missing": [C], "totals": True}),
    Dress("excel-hand-first-only", columns(po="PO Number", sno="Supplier No", cur="Currency", line="Line", desc="Description", qty="Quantity", uom="Unit", price="Unit Price", amount="Line Total", need="Delivery Date", account="GL Account"), form="xlsx", first_only=("PO Number", "Supplier No", "Currency"), truth={"fill_down": True}),
    Dress("german-hand", columns(po="Bestell-Nr.", ordered="Bestelldatum", sno="Lief.-Nr.", sname="Lieferant", line="Pos.", item="Artikel-Nr.", desc="Bezeichnung", qty="Menge", uom="ME", price="Einzelpreis", amount="Gesamtpreis", cur="Whrg", need="Liefertermin", cc="Kostenstelle", account="Sachkonto"), delimiter=";", encoding="cp1252", decimal=",", thousands=".", day="%d.%m.%y", truth={**DMY, **COMMA}),
    Dress("german-tax", columns(po="Bestellnummer", line="Position", sno="Kreditor", desc="Artikelbezeichnung", qty="Anzahl", uom="Einheit", price="Preis netto", grossprice="Preis brutto", amount="Betrag netto", tax="MwSt", gross="Betrag brutto", cur="Währung", need="Wunschtermin"), delimiter=";", decimal=",", day="%d.%m.%Y", truth={**DMY, **COMMA}),
    Dress("french-erp", columns(po="N° commande", ordered="Date de commande", sno="Code fournisseur", sname="Nom fournisseur", line="N° ligne", item="Référence article", desc="Désignation", qty="Qté commandée", received="Qté reçue", uom="Unité", price="Prix unitaire HT", amount="Montant HT", gross="Montant TTC", cur="Devise", need="Date de livraison", account="Compte"), delimiter=";", encoding="cp1252", decimal=",", thousands=" ", day="%d/%m/%Y", truth={**DMY, **COMMA}),
    Dress("spanish-erp", columns(po="Nº pedido", ordered="Fecha pedido", sno="Cód. proveedor", sname="Proveedor", line="Línea", item="Código artículo", desc="Descripción", qty="Cantidad", uom="Unidad", price="Precio unitario", amount="Importe", cur="Moneda", need="Fecha de entrega", terms="Condiciones de pago"), delimiter=";", decimal=",", thousands=".", day="%d/%m/%Y", truth={**DMY, **COMMA}),
    Dress("italian-erp", columns(po="Numero ordine", ordered="Data ordine", sno="Codice fornitore", sname="Ragione sociale", line="Riga", item="Codice articolo", desc="Descrizione", qty="Quantità", uom="U.M.", price="Prezzo unitario", amount="Importo", cur="Valuta", need="Data consegna"), delimiter=";", encoding="cp1252", decimal=",", day="%d/%m/%Y", truth={**DMY, **COMMA}),
    Dress("portuguese-erp", columns(po="Pedido de compra", sno="Código do fornecedor", sname="Nome do fornecedor", line="Item do pedido", desc="Descrição", qty="Quantidade", uom="Unidade", price="Preço unitário", amount="Valor total", cur="Moeda", need="Data de entrega"), delimiter=";", decimal=",", thousands=".", day="%d/%m/%Y", truth={**DMY, **COMMA}),
    Dress("dutch-erp", columns(po="Inkoopordernummer", sno="Leveranciersnummer", sname="Naam leverancier", line="Regel", item="Artikelnummer", desc="Omschrijving", qty="Aantal", uom="Eenheid", price="Prijs per eenheid", amount="Regelbedrag", cur="Valuta", need="Leverdatum"), form="xlsx"),
    Dress("two-row-groups", columns(po="Number", ordered="Date", sno="Number", sname="Name", line="Line", desc="Text", qty="Ordered", received="Received", uom="Unit", price="Unit", amount="Line", need="Need by", cur="Currency"), form="xlsx", above=(("Purchase order list",), ()), top=("Order", "Order", "Supplier", "Supplier", "Item", "Item", "Quantity", "Quantity", "Quantity", "Price", "Total", "Delivery", "Order")),
    Dress("units-row", columns(po="PO", line="Line", sno="Supplier", desc="Description", qty="Quantity", uom="UOM", price="Unit price", cur="Currency", need="Need-by date"), below_heading=("text", "number", "code", "text", "number", "code", "decimal", "ISO code", "YYYY-MM-DD"), form="xlsx"),
    Dress("local-currency", columns(po="PO No.", line="Line No.", sno="Vendor No.", desc="Description", qty="Quantity", uom="UOM", cur="Document Currency", price="Unit Price", amount="Amount", localcur="Local Currency", local="Amount in Local Currency", fx="Exchange Rate", need="Required Date"), form="xlsx"),
    Dress("many-numbers", columns(req="Requisition No.", contract="Contract No.", po="PO No.", invoice="Invoice No.", line="Line", sno="Supplier ID", sname="Supplier Name", desc="Description", qty="Qty Ordered", received="Qty Received", invoiced="Qty Invoiced", open="Qty Open", uom="UOM", list="List Price", price="Unit Price", amount="Line Amount", total="PO Total", cur="Currency", ordered="Order Date", need="Need By Date", receipt="Receipt Date"), form="xlsx"),
    Dress("header-total-only", columns(po="PO Number", line="Line", sno="Vendor Number", desc="Description", qty="Qty", uom="UOM", total="Price", cur="Currency"), truth={"columns_open": ["Price"]}, lines=(2, 4)),
    Dress("amount-called-price", columns(po="PO Number", line="Line", sno="Vendor Number", desc="Description", qty="Qty", uom="UOM", amount="Price", cur="Currency"), truth={"columns_open": ["Price"]}, lines=(2, 4), orders=25),
    Dress("gross-only", columns(po="PO Number", line="Line", sno="Vendor Number", desc="Description", qty="Qty", uom="UOM", grossprice="Unit Price", gross="Total incl. VAT", cur="Currency"), truth={"columns_open": ["Unit Price"]}),
    Dress("two-prices", columns(po="PO Number", line="Line", sno="Vendor Number", desc="Description", qty="Qty", uom="UOM", price="Unit Price", list="Unit Price 2", cur="Currency"), truth={"columns_open": ["Unit Price", "Unit Price 2"]}),
    Dress("ambiguous-days", columns(po="PO Number", line="Line", sno="Vendor Number", desc="Description", qty="Qty", uom="UOM", price="Unit Price", amount="Line Total", cur="Currency", need="Need By"), day="%d/%m/%Y", truth={**DMY, "date_open_is_right": True}),
    Dress("us-thousands", columns(po="P.O. Number", line="Line #", sno="Vendor ID", sname="Vendor Name", desc="Item Description", qty="Quantity Ordered", uom="U/M", price="Unit Cost", amount="Extended Cost", cur="Curr", need="Required By", shipto="Ship To", terms="Terms"), thousands=",", day="%m/%d/%Y", truth=MDY),
    Dress("swiss-marks", columns(po="Bestellnummer", line="Pos", sno="Lieferantennummer", desc="Bezeichnung", qty="Menge", uom="Einheit", price="Preis", amount="Betrag", cur="Währung", need="Termin"), delimiter=";", thousands="'", day="%d.%m.%Y", currencies=("CHF", "EUR"), truth=DMY),
    Dress("month-names", columns(po="Order No", line="Order Line", sno="Supplier Code", desc="Product Description", qty="Ordered Qty", uom="Unit of Measure", price="Net Unit Price", amount="Net Value", cur="Currency Code", need="Date Required", email="Requester Email"), day="%d %B %Y"),
    Dress("procurement-open-data", columns(po="Purchase Order Number", sname="Supplier Name", desc="Description of Goods", amount="PO Amount", ordered="Order Date", cc="Department Code"), day="%d/%m/%Y", lines=(1, 1), orders=40, truth={**DMY, "columns_open": ["PO Amount"], "missing": [C]}),
    Dress("no-line-numbers", columns(sname="Supplier name", po="Order number", ordered="Ordered on", desc="Article", qty="Pieces", uom="Unit", price="Price each", amount="Total price", cur="Ccy", need="Deliver by", note="Remarks"), form="xlsx", above=(("Einkauf / Purchasing",),)),
    Dress("wide-report", [*columns(company="Company", plant="Plant", req="Req #", po="PO Nbr", line="PO Line Nbr", status="PO Status", sno="Supp No", sname="Supp Name", item="Item No", desc="Item Desc", part="Vendor Part #", commodity="Category", qty="Ord Qty", received="Rec Qty", invoiced="Inv Qty", uom="Ord UOM", price="Unit Price", disc="Disc %", amount="Ext Price", cur="Cur", ordered="PO Date", need="Req Date", promised="Prom Date", incoterm="Incoterm", terms="Pay Terms", account="GL Acct", buyer="Buyer", note="Comments")], form="xlsx", above=(("Report POR110",), ("Run 2026-04-01",), (), ())),
    Dress("prefixed-names", columns(po="poHeader.poNumber", line="poLine.lineNumber", sno="supplier.supplierNumber", sname="supplier.name", desc="poLine.description", qty="poLine.quantity", uom="poLine.uom", price="poLine.unitPrice", cur="poHeader.currencyCode", need="poLine.needByDate")),
)  # fmt: skip


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in DRESSES:
        write(each)
    print(f"{len(DRESSES)} files in {FOLDER}")
