"""How long the XML of many orders takes: by templates, and by lxml one element at a time.

    python -m benchmarks.payload [--orders 20000] [--times 3] [--quick]

Both write the same XML, which is looked at once, in canonical form. Times are those of the processor, each way in turn.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from lxml import etree

from benchmarks.claims import at_least, tell
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


def measure(encode: Callable[[Document], bytes], documents: Sequence[Document]) -> float:
    """How long all documents take, in seconds of the processor."""
    started = time.process_time()
    for document in documents:
        encode(document)
    return time.process_time() - started


def main() -> None:
    """Measure each way in turn, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=3, help="how often each way is measured")
    parser.add_argument("--quick", action="store_true", help="fewer orders")
    asked = parser.parse_args()
    if asked.quick:
        asked.orders = min(asked.orders, 5000)
    documents = [order(number) for number in range(asked.orders)]
    ways: dict[str, Callable[[Document], bytes]] = {
        "templates": XmlEncoder(LAYOUT),
        "json": JsonEncoder(LAYOUT),
        "lxml": by_lxml,
    }
    ours, theirs = (
        etree.tostring(etree.fromstring(ways[it](documents[0])), method="c14n2") for it in ("templates", "lxml")
    )
    assert ours == theirs
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(asked.times):
        for name, encode in ways.items():
            taken[name].append(measure(encode, documents))
    print(f"Payloads of {asked.orders:,} orders of {LINES} lines")
    for name, runs in taken.items():
        seconds = statistics.median(runs)
        print(f"  {name:12} {seconds:6.2f} s  {asked.orders / seconds:9,.0f} orders/s")
    times = [theirs / ours for ours, theirs in zip(taken["templates"], taken["lxml"], strict=True)]
    tell("XML of orders of 5 lines", "lxml, an element at a time", at_least(6, "times as fast"), times)


if __name__ == "__main__":
    main()
