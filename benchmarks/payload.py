"""How long the XML of many orders takes: by templates, and by lxml one element at a time.

python benchmarks/payload.py [ORDERS]
"""

import sys
import time
from collections.abc import Callable

from lxml import etree

from bulkpo.model.document import Document, Field, Level, Member
from bulkpo.model.path import ElementPath
from bulkpo.payload.json import JsonEncoder, tree
from bulkpo.payload.xml import XmlEncoder

LINES = 5
HEADER = ("po-number", "type", "supplier/name", "currency/code", "ship-to-user/login", "payment-term/code")
LINE = (
    "line-num", "type", "description", "quantity", "price", "uom/code", "currency/code", "account/code", "need-by-date",
)  # fmt: skip


def fields(paths: tuple[str, ...]) -> tuple[Field, ...]:
    """Text fields of these paths."""
    return tuple(Field(ElementPath.parse(path), "string", path) for path in paths)


LAYOUT = Level("", "order-header", fields(HEADER), Level("order-lines", "order-line", fields(LINE)))


def order(number: int) -> Document:
    """An order of five lines."""
    values = (f"PO-{number:07}", "ExternalOrderHeader", "Müller & Söhne", "USD", "migration", "NET30")
    lines = [
        Member(row, (str(row), "OrderQuantityLine", f"Bolt M{row} <zinc>", "12", "3.50", "EA", "USD", "01-100", None))
        for row in range(1, LINES + 1)
    ]
    return Document(values[0], 1, values, tuple(lines))


def by_lxml(document: Document) -> bytes:
    """The same order, an element at a time."""

    def build(name: str, nested: dict[str, object]) -> "etree._Element":
        element = etree.Element(name)
        for child, value in nested.items():
            if isinstance(value, list):
                etree.SubElement(element, child).extend([build(child.removesuffix("s"), it) for it in value])
            elif isinstance(value, dict):
                element.append(build(child, value))
            else:
                etree.SubElement(element, child).text = str(value)
        return element

    return etree.tostring(build("order-header", dict(tree(LAYOUT, document))), encoding="UTF-8", xml_declaration=True)


def measure(name: str, encode: Callable[[Document], bytes], documents: list[Document]) -> None:
    """Print how long all documents take."""
    started = time.perf_counter()
    size = sum(len(encode(document)) for document in documents)
    seconds = time.perf_counter() - started
    print(f"{name:12} {seconds:6.2f} s  {len(documents) / seconds:9,.0f} orders/s  {size / 1e6:6.1f} MB")


def main() -> None:
    """Measure each way."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    documents = [order(number) for number in range(count)]
    print(f"{count:,} orders of {LINES} lines")
    measure("templates", XmlEncoder(LAYOUT), documents)
    measure("json", JsonEncoder(LAYOUT), documents)
    measure("lxml", by_lxml, documents)


if __name__ == "__main__":
    main()
