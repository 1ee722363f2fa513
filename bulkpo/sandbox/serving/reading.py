"""Bodies in: XML and JSON, read into one neutral form of dicts, lists, text, numbers and None."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from lxml import etree

from bulkpo.sandbox.catalog import CUSTOM_FIELDS, Kind
from bulkpo.sandbox.refused import bad_request
from bulkpo.schema.tables import Element


class Format(Enum):
    """One of the two forms of a body, by its media type."""

    XML = "application/xml"
    JSON = "application/json"


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
        read: _Read = readers.get(name, _custom_value)
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


def _custom_value(node: etree._Element) -> str | int | bool | dict[str, Any]:
    """An element that no table knows: a custom field beside the standard elements, if it is one."""
    return _custom_object(node) if len(node) else _typed(node)


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
