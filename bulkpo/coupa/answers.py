"""Answers into one tree shape whatever their format: dashed names, text, whole numbers, booleans, None, lists, trees.

Decimals stay text, so that no digit is lost. In XML an empty element says nothing and becomes None, as JSON has it.

An answer is foreign: it is bounded here in all that the rest counts on. Its text can be written in any encoding, it is
nested no deeper than Coupa's objects ever are, and the id of a document is a number that Coupa can have given.
"""

import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from lxml import etree

from bulkpo.model.tree import Tree

JSON = "application/json"
XML = "application/xml"
_MOST_SHOWN = 300
_MOST_MESSAGES = 20
_MOST_READ = 10_000
_MOST_DEPTH = 100
_MOST_KIND = 80
_MARKS = (b",", b"[", b"{", b"<", b"=")
"""What each element of an answer has at least one of; an element takes much more memory than its text."""
_MOST_MARKS = 2_000_000
_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape of half a character of UTF-16; without its other half it is one that nothing can write."""


class UnreadableAnswer(ValueError):  # noqa: N818 - a fact about an answer
    """The answer's body is not the JSON or XML it should be."""


def read_documents(body: bytes, content_type: str) -> list[Tree]:
    """The documents of a list, or the one document of a single answer; raises UnreadableAnswer."""
    tree = _tree(body, content_type)
    documents = tree if isinstance(tree, list) else [tree]
    if not all(isinstance(document, dict) for document in documents):
        raise UnreadableAnswer("the answer holds no documents")
    for document in documents:
        if document.get("id") is not None:
            document["id"] = _id(document["id"])
    return documents


def _id(value: object) -> int:
    if isinstance(value, bool) or not _ID.fullmatch(str(value)):
        raise UnreadableAnswer("the answer has a document whose id is none")
    return int(str(value))


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
    said = tree
    if isinstance(tree, dict):
        said = next((tree[key] for key in ("errors", "error", "error-description", "message") if tree.get(key)), None)
    found = list(islice(dict.fromkeys(islice(_texts(said, ""), _MOST_READ)), _MOST_MESSAGES + 1))
    return tuple(found[:_MOST_MESSAGES]) + (("and more",) if len(found) > _MOST_MESSAGES else ())


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
            yield from _texts(below, "" if name in ("error", "errors", "base") else _shown(name))
    elif isinstance(node, list):
        for below in node:
            yield from _texts(below, field)
    elif node is not None:
        text = _shown(str(node))
        yield f"{field}: {text}" if field else text


def _shown(text: str) -> str:
    return " ".join(text[: 4 * _MOST_SHOWN].split())[:_MOST_SHOWN]


def _tree(body: bytes, content_type: str) -> Any:  # noqa: ANN401 - JSON of any shape
    kind = _kind(content_type)
    if sum(map(body.count, _MARKS)) > _MOST_MARKS:
        raise UnreadableAnswer(f"the answer holds more than {_MOST_MARKS:,} elements")
    if kind.endswith("json"):
        return _json(body)
    if kind.endswith("xml"):
        return _xml(body)
    raise UnreadableAnswer(f"the answer is {kind[:_MOST_KIND] or 'of no known kind'}, neither JSON nor XML")


def _json(body: bytes) -> Any:  # noqa: ANN401 - JSON of any shape
    try:
        text = body.decode(json.detect_encoding(body))
        tree = json.loads(text, parse_float=str, parse_constant=_no_number, object_pairs_hook=_dashed)
        has_halves = bool(_HALF.search(text))
        del text  # a large answer is not held thrice
        if has_halves:
            tree = json.loads(json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise UnreadableAnswer("the answer is not the JSON it says it is") from None
    _refuse_depth(tree)
    return tree


def _no_number(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _refuse_depth(tree: object) -> None:
    level = [tree]
    for _ in range(_MOST_DEPTH):
        lists = [node.values() if isinstance(node, dict) else node for node in level if isinstance(node, dict | list)]
        if not lists:
            return
        level = list(chain.from_iterable(lists))
    raise UnreadableAnswer(f"the answer is nested more than {_MOST_DEPTH} deep")


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
