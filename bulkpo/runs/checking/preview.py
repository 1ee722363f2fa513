"""Orders as they would be sent, set out for people."""

import json
from collections.abc import Iterator
from itertools import islice

from bulkpo.model.document import Document, Layout
from bulkpo.payload.json import tree
from bulkpo.payload.xml import XmlEncoder


def previews(layout: Layout, documents: Iterator[Document], count: int, form: str) -> Iterator[str]:
    """The first of some documents, indented, as `xml` or `json`."""
    encode = XmlEncoder(layout)
    for document in islice(documents, count):
        if form == "json":
            yield json.dumps(tree(layout, document), ensure_ascii=False, indent=2)
        else:
            yield _indented(encode(document))


def _indented(xml: bytes) -> str:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    return etree.tostring(etree.fromstring(xml, parser), pretty_print=True, encoding="unicode").rstrip()
