"""Answers into one tree shape whatever their format: dashed names, text, whole numbers, booleans, None, lists, trees.

Decimals stay text, so that no digit is lost. In XML an empty element says nothing and becomes None, as JSON has it.
"""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from bulkpo.model.tree import Tree

JSON = "application/json"
XML = "application/xml"
_MOST_SHOWN = 300


class UnreadableAnswer(ValueError):  # noqa: N818 - a fact about an answer
    """The answer's body is not the JSON or XML it should be."""


def read_documents(body: bytes, content_type: str) -> list[Tree]:
    """The documents of a list, or the one document of a single answer; raises UnreadableAnswer."""
    tree = _tree(body, content_type)
    documents = tree if isinstance(tree, list) else [tree]
    if not all(isinstance(document, dict) for document in documents):
        raise UnreadableAnswer("the answer holds no documents")
    return documents


def read_document(body: bytes, content_type: str) -> Tree:
    """The one document of an answer; raises UnreadableAnswer."""
    documents = read_documents(body, content_type)
    if len(documents) != 1:
        raise UnreadableAnswer("the answer does not hold one document")
    return documents[0]


def messages(body: bytes, content_type: str) -> tuple[str, ...]:
    """The reasons an instance gives for a refusal, in its own words; empty if it gives none that can be read."""
    try:
        tree = _tree(body, content_type)
    except UnreadableAnswer:
        return ()
    if not isinstance(tree, dict):
        return tuple(dict.fromkeys(_texts(tree, "")))
    said = next((tree[key] for key in ("errors", "error", "error-description", "message") if tree.get(key)), None)
    return tuple(dict.fromkeys(_texts(said, "")))


def names_errors(body: bytes, content_type: str) -> bool:
    """True for a body that lists errors the way Coupa does: `{"errors": …}` or `<errors>`, and not just any words."""
    try:
        tree = _tree(body, content_type)
    except UnreadableAnswer:
        return False
    return isinstance(tree, dict) and any(True for _ in _texts(tree.get("errors"), ""))


def says_nothing_matches(body: bytes, content_type: str) -> bool:
    """True for Coupa's words for an empty list: `No results match your search criteria`."""
    return names_errors(body, content_type) and "no results match" in " ".join(messages(body, content_type)).lower()


def is_data(content_type: str) -> bool:
    """True for JSON and XML, false for the pages people read."""
    return _kind(content_type).endswith(("json", "xml")) and not _kind(content_type).endswith("xhtml+xml")


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _texts(node: object, field: str) -> Iterator[str]:
    if isinstance(node, dict):
        for name, below in node.items():
            yield from _texts(below, "" if name in ("error", "errors", "base") else name)
    elif isinstance(node, list):
        for below in node:
            yield from _texts(below, field)
    elif node is not None:
        text = " ".join(str(node).split())[:_MOST_SHOWN]
        yield f"{field}: {text}" if field else text


def _tree(body: bytes, content_type: str) -> Any:  # noqa: ANN401 - JSON of any shape
    kind = _kind(content_type)
    if kind.endswith("json"):
        return _json(body)
    if kind.endswith("xml"):
        return _xml(body)
    raise UnreadableAnswer(f"the answer is {kind or 'of no known kind'}, neither JSON nor XML")


def _json(body: bytes) -> Any:  # noqa: ANN401 - JSON of any shape
    try:
        return json.loads(body, parse_float=str, object_pairs_hook=_dashed)
    except (ValueError, RecursionError):
        raise UnreadableAnswer("the answer is not the JSON it says it is") from None


def _dashed(pairs: list[tuple[str, Any]]) -> Tree:
    return {name.replace("_", "-") if "_" in name else name: value for name, value in pairs}


def _xml(body: bytes) -> Any:  # noqa: ANN401 - XML of any shape
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableAnswer("the answer is not the XML it says it is") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableAnswer("the answer's XML declares a document type, which Coupa never does")
    if root.tag == "errors":
        return {"errors": [element.text for element in root.iter("error")]}
    return _node(root)


def _node(element: "etree._Element") -> Any:  # noqa: ANN401 - XML of any shape
    kind = element.get("type")
    if element.get("nil") == "true":
        return None
    if kind == "array" or _is_collection(element):
        return [_node(child) for child in element]
    if len(element):
        return {str(child.tag).replace("_", "-"): _node(child) for child in element}
    return _plain(element.text or "", kind)


def _plain(text: str, kind: str | None) -> str | int | bool | None:
    if not text or (kind and not text.strip()):
        return None
    if kind == "integer":
        try:
            return int(text)
        except ValueError:
            return text
    if kind == "boolean":
        return text.strip() == "true"
    return text


def _is_collection(element: "etree._Element") -> bool:
    """True for `<order-lines><order-line>` without a type attribute: members are named by the singular."""
    if not len(element):
        return False
    names = {str(child.tag) for child in element}
    if len(names) > 1:
        return False
    plural, singular = str(element.tag), names.pop()
    return plural in (f"{singular}s", f"{singular}es", f"{singular[:-1]}ies")
