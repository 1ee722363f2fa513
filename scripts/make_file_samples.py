"""Write small files as programs hand them out: a folder of months, what is called Excel, columns at fixed places.

python scripts/make_file_samples.py
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from html import escape

from make_layout_samples import HEADER_TITLES, LINE_TITLES, SAMPLES, joined

Row = Sequence[object]
TITLES = HEADER_TITLES + LINE_TITLES[1:]
MONTHLY = ("Order", "Supplier", "Buyer", "Currency", "Line", "Text", "Quantity", "Unit", "Price", "Due", "Account")
MONATLICH = (
    "Bestellung", "Kreditor", "Anforderer", "Währung", "Pos.", "Text", "Menge", "ME", "Preis", "Termin", "Konto",
)  # fmt: skip
LISTED = ("EBELN", "LIFNR", "WAERS", "ZTERM", "ERNAM", "EBELP", "TXZ01", "MENGE", "MEINS", "NETPR", "EINDT", "SAKTO")
WIDTHS = (10, 12, 9, 8, 8, -5, 28, -9, 5, -11, 9, 12)
"""How wide the columns of the list are; those of negative width are set to the right."""


def monthly() -> None:
    """A folder of twelve months; the last three came after the plant changed to another program, in German."""
    folder = SAMPLES / "monthly"
    folder.mkdir(exist_ok=True)
    for month in range(1, 13):
        rows = [list(_month_line(month, line)) for line in (1, 2)]
        is_english = month < 10
        name = f"orders-2026-{month:02}.csv" if is_english else f"bestellungen-2026-{month}.csv"
        if not is_english:
            rows = [[_german(value) for value in row] for row in rows]
        with (folder / name).open("w", newline="", encoding="utf-8" if is_english else "cp1252") as stream:
            writer = csv.writer(stream, delimiter="," if is_english else ";")
            writer.writerows([MONTHLY if is_english else MONATLICH, *rows])


def _month_line(month: int, line: int) -> Iterable[object]:
    price = Decimal(f"{month}.{line}5")
    due = date(2026, month, 10 + line)
    buyer, text = ("jdoe", "Copy paper A4") if line == 1 else ("jdoe", "Toner cartridge")
    return (f"00049{month:02}", "V0100", buyer, "EUR", line, text, 10 * line, "EA", price, due, "01-100-8000")


def _german(value: object) -> object:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value).replace(".", ",") if isinstance(value, Decimal) else value


def sap_list() -> None:
    """A list that SAP saved as a spreadsheet, which is a web page named `.xls`."""
    heads = "".join(f"<th>{title}</th>" for title in LISTED)
    rows = "".join(
        "<tr>" + "".join(f"<td nowrap>{escape(_listed(value))}&nbsp;</td>" for value in row) + "</tr>\r\n"
        for row in joined(repeated=True)
    )
    page = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>\r\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">\r\n'
        '<style>td {mso-number-format:"\\@"}</style></head><body>\r\n'
        "<table><tr><td>Open purchase orders</td></tr></table>\r\n"
        f"<table border=1><tr>{heads}</tr>\r\n{rows}</table></body></html>\r\n"
    )
    (SAMPLES / "sap-list.xls").write_bytes(page.encode("cp1252"))


def _listed(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return f"{value:.3f}".replace(".", ",")
    return str(value)


def excel_2003() -> None:
    """A workbook in the XML of Excel 2003, named `.xls`."""
    rows = "".join(f"   <Row>{''.join(map(_xml_cell, row))}</Row>\n" for row in [TITLES, *joined(repeated=True)])
    book = (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n'
        ' <Styles><Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style></Styles>\n'
        f' <Worksheet ss:Name="Orders">\n  <Table>\n{rows}  </Table>\n </Worksheet>\n</Workbook>\n'
    )
    (SAMPLES / "excel-2003.xls").write_text(book, encoding="utf-8", newline="\n")


def _xml_cell(value: object) -> str:
    if isinstance(value, date):
        return f'<Cell ss:StyleID="day"><Data ss:Type="DateTime">{value}T00:00:00.000</Data></Cell>'
    kind = "Number" if isinstance(value, int | Decimal) else "String"
    return f'<Cell><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'


def fixed_width() -> None:
    """A list of columns at fixed places, as a mainframe prints it."""
    lines = [_line(TITLES), *(_line([_printed(value) for value in row]) for row in joined(repeated=True))]
    (SAMPLES / "fixed-width.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _printed(value: object) -> str:
    return f"{value:%Y%m%d}" if isinstance(value, date) else str(value)


def _line(texts: Iterable[str]) -> str:
    cells = [
        text.rjust(-width - 1) + " " if width < 0 else text.ljust(width)
        for text, width in zip(texts, WIDTHS, strict=True)
    ]
    return "".join(cells).rstrip()


if __name__ == "__main__":
    for write in (monthly, sap_list, excel_2003, fixed_width):
        write()
        print(write.__doc__)
