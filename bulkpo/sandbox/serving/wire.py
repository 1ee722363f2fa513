"""XML and JSON, in and out. Both are read into the same neutral form and written from the same tree."""

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from lxml import etree

from bulkpo.sandbox.catalog import CUSTOM_FIELDS, Kind, singular
from bulkpo.sandbox.queries.views import RecordTree, Tree, WholeTree
from bulkpo.sandbox.refused import RefusedRequest, bad_request
from bulkpo.schema.tables import Element


class Format(Enum):
    """One of the two forms of a body, by its media type."""

    XML = "application/xml"
    JSON = "application/json"


_XML_TYPES = {"integer": "integer", "decimal": "decimal", "float": "float", "boolean": "boolean"}
_XML_TYPES |= {"datetime": "dateTime", "date": "date", "time": "time"}
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SPECIAL = frozenset("&<>\r")
NO_RESULTS = "No results match your search criteria."


# Reading

# Nothing in a body can reach files or addresses; a DOCTYPE is refused outright besides.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def read_body(body: bytes, format_: Format, kind: Kind) -> dict[str, Any]:
    """What a client sent, in the neutral form; raises RefusedRequest. An empty body is an empty object."""
    if not body.strip():
        return {}
    return _read_json(body) if format_ is Format.JSON else _read_xml(body, kind)


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_int=_whole, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"The body is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise bad_request("The body must be one JSON object")
    return data


def _whole(text: str) -> int | str:
    return int(text) if len(text) < 40 else text


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not allowed")


def _read_xml(body: bytes, kind: Kind) -> dict[str, Any]:
    try:
        root = etree.fromstring(body, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise bad_request(f"The body is not XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise bad_request("The body must not have a DOCTYPE")
    if _name(root) != kind.name:
        raise bad_request(f"The body's root is <{_name(root)}>; expected <{kind.name}>")
    return _object(root, kind)


def _object(node: etree._Element, kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {}
    readers = _readers(kind)
    for child in node:
        name = child.tag if child.tag in readers else _name(child)
        if name in found:
            raise bad_request(f"<{name}> stands twice in <{_name(node)}>")
        read: _Read = readers.get(name, _loose)
        found[name] = None if child.get("nil") == "true" else read(child)
    return found


_Read = Callable[[etree._Element], Any]  # noqa: SLF001 - lxml's own name for an element's type


@cache
def _readers(kind: Kind) -> Mapping[str, _Read]:
    """For each element: what its XML says, in the neutral form."""
    return {CUSTOM_FIELDS: _custom_object, **{name: _reader(kind, element) for name, element in kind.elements.items()}}


def _reader(kind: Kind, element: Element) -> _Read:
    if element.is_plain:
        return _texts if element.many else _plain
    inner = kind.links[element.name].kind
    if element.many:
        return lambda node: [_object(member, inner) for member in node]
    return lambda node: _object(node, inner) if len(node) else _text(node).strip() or {}


def _plain(node: etree._Element) -> str | dict[str, Any]:
    return _loose(node) if len(node) else node.text or ""


def _texts(node: etree._Element) -> list[str]:
    return [_text(member) for member in node]


def _loose(node: etree._Element) -> str | dict[str, Any]:
    """An element that no table knows, or that holds others where none should be."""
    return {_name(child): _loose(child) for child in node} if len(node) else _text(node)


def _custom_object(node: etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in node:
        inside = _custom_object(child) if len(child) else _typed(child)
        found[_name(child)] = None if child.get("nil") == "true" else inside
    return found


def _text(node: etree._Element) -> str:
    return node.text or ""


def _typed(node: etree._Element) -> str | int | bool:
    """A custom field's value; its type stands only in the attribute."""
    text = _text(node)
    match node.get("type"), text.strip():
        case "boolean", ("true" | "false") as word:
            return word == "true"
        case "integer", number if number.lstrip("-").isdigit() and len(number) < 19:
            return int(number)
        case _:
            return text


def _name(node: etree._Element) -> str:
    tag = str(node.tag)
    if tag[0] == "{":
        tag = tag.rpartition("}")[2]
    return tag.replace("_", "-") if "_" in tag and tag[0] != "_" else tag


# Writing


def write_document(tree: Tree, format_: Format, kind: Kind) -> bytes:
    """One document as the body of an answer."""
    if format_ is Format.JSON:
        return _json_record(tree, kind).encode()
    return _xml(f"<{kind.name}>{_elements(tree, kind)}</{kind.name}>")


def write_list(trees: Sequence[Tree], format_: Format, kind: Kind, plural: str) -> bytes:
    """A list of documents as the body of an answer; XML has no empty one."""
    if format_ is Format.JSON:
        return f"[{','.join([_json_record(tree, kind) for tree in trees])}]".encode()
    members = "".join(f"<{kind.name}>{_elements(tree, kind)}</{kind.name}>" for tree in trees)
    return _xml(f'<{plural} type="array">{members}</{plural}>')


def write_errors(refused: RefusedRequest, format_: Format) -> bytes:
    """The sentences of a refusal as the body of an answer."""
    if format_ is Format.JSON:
        return _dump({"errors": {refused.name: list(refused.messages)}}).encode()
    errors = "\n".join(f"  <error>{escape(message)}</error>" for message in refused.messages)
    return _xml(f"<errors>\n{errors}\n</errors>")


def escape(text: str) -> str:
    """Text as it stands within an XML element. A carriage return would be lost unless written by number."""
    if _SPECIAL.isdisjoint(text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _json_record(tree: Tree, kind: Kind) -> str:
    """A document; that of a shared record is written once and kept with it."""
    if isinstance(tree, RecordTree):
        if not tree.json:
            tree.json = _dump({**kind.blank, **tree})
        return tree.json
    if isinstance(tree, WholeTree):
        tree = {**kind.blank, **tree}
    plain: Tree = {}
    pieces = []
    for name, value in tree.items():
        link = kind.links.get(name)
        if link is None:
            plain[name] = value
            continue
        if plain:
            pieces.append(_dump(plain)[1:-1])
            plain = {}
        inside = value if link.many else (value,)
        written = ",".join([_json_record(member, link.kind) for member in inside])
        pieces.append(f'"{name}":[{written}]' if link.many else f'"{name}":{written}')
    if plain:
        pieces.append(_dump(plain)[1:-1])
    return f"{{{','.join(pieces)}}}"


_Write = Callable[[Any], str]


def _xml(text: str) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + text + "\n").encode()


def _elements(tree: Tree, kind: Kind) -> str:
    if isinstance(tree, WholeTree):
        return _all_elements(tree, kind)
    nils, writers = _writers(kind)
    return "".join([nils[name] if value is None else writers[name](value) for name, value in tree.items()])


def _all_elements(tree: WholeTree, kind: Kind) -> str:
    """A whole tree: most of its elements are blank, and the words for these stand ready."""
    blank, writers = _blank(kind)
    pieces = blank.copy()
    for name, value in tree.items():
        place, write = writers[name]
        pieces[place] = write(value)
    return "".join(pieces)


@cache
def _blank(kind: Kind) -> tuple[list[str], Mapping[str, tuple[int, _Write]]]:
    """A blank document in pieces, one for each element in the order of the answer; each one's place and writer."""
    nils, writers = _writers(kind)
    plain = [nils[name] if value is None else writers[name](value) for name, value in kind.blank.items()]
    names = [*kind.blank, CUSTOM_FIELDS, *kind.links]
    return plain + [""] * (len(names) - len(plain)), {name: (at, writers[name]) for at, name in enumerate(names)}


@cache
def _writers(kind: Kind) -> tuple[Mapping[str, str], Mapping[str, _Write]]:
    """For each element: how no value is written, and the function that writes one."""
    nils = {name: f'<{name} nil="true"/>' for name in kind.elements}
    writers = {name: _writer(kind, element) for name, element in kind.elements.items()}
    return nils, {**writers, CUSTOM_FIELDS: lambda fields: f"<custom-fields>{_custom(fields)}</custom-fields>"}


def _writer(kind: Kind, element: Element) -> _Write:
    name = element.name
    one = singular(name)
    if element.many and element.is_plain:
        return lambda texts: f"<{name}>{''.join(f'<{one}>{escape(text)}</{one}>' for text in texts)}</{name}>"
    if element.many:
        inner = kind.links[name].kind
        return lambda trees: f"<{name}>{''.join([f'<{one}>{_record(tree, inner)}</{one}>' for tree in trees])}</{name}>"
    if not element.is_plain:
        inner = kind.links[name].kind
        return lambda tree: f"<{name}>{_record(tree, inner)}</{name}>"
    if element.type == "boolean":
        return lambda value: f'<{name} type="boolean">{"true" if value else "false"}</{name}>'
    type_ = _XML_TYPES.get(element.type)
    if type_ is not None:
        return lambda value: f'<{name} type="{type_}">{value}</{name}>'
    return lambda text: f"<{name}>{escape(text)}</{name}>"


def _record(tree: Tree, kind: Kind) -> str:
    """A document within another; that of a shared record is written once and kept with it."""
    if not isinstance(tree, RecordTree):
        return _elements(tree, kind)
    if not tree.xml:
        tree.xml = _elements(tree, kind)
    return tree.xml


def _custom(fields: Mapping[str, Any]) -> str:
    pieces = []
    for name, value in fields.items():
        if value is None:
            pieces.append(f'<{name} nil="true"/>')
        elif isinstance(value, dict):
            pieces.append(f"<{name}>{_custom(value)}</{name}>")
        elif isinstance(value, bool):
            pieces.append(f'<{name} type="boolean">{str(value).lower()}</{name}>')
        elif isinstance(value, int):
            pieces.append(f'<{name} type="integer">{value}</{name}>')
        else:
            pieces.append(f"<{name}>{escape(str(value))}</{name}>")
    return "".join(pieces)
