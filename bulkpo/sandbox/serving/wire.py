"""Answers out: XML and JSON, written from the same tree."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from bulkpo.sandbox.catalog import CUSTOM_FIELDS, GLOBAL_FIELDS, Kind, singular
from bulkpo.sandbox.queries.views import RecordTree, Tree, WholeTree
from bulkpo.sandbox.refused import RefusedRequest
from bulkpo.sandbox.serving.reading import Format
from bulkpo.schema.tables import Element

_XML_TYPES = {"integer": "integer", "decimal": "decimal", "float": "float", "boolean": "boolean"}
_XML_TYPES |= {"datetime": "dateTime", "date": "date", "time": "time"}
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SPECIAL = frozenset("&<>\r")
NO_RESULTS = "No results match your search criteria."


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
    if refused.status == 400:
        said = [f"\n    <![CDATA[{_in_cdata(message)}]]>\n  " for message in refused.messages]
    else:
        said = list(map(escape, refused.messages))
    errors = "\n".join(f"  <error>{text}</error>" for text in said)
    return _xml(f"<errors>\n{errors}\n</errors>")


def _in_cdata(text: str) -> str:
    """Text as it stands within CDATA, whose end it must not hold."""
    return text.replace("]]>", "]]]]><![CDATA[>")


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
            plain |= value if name == GLOBAL_FIELDS else {name: value}
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
    names = [*kind.blank, CUSTOM_FIELDS, GLOBAL_FIELDS, *kind.links]
    return plain + [""] * (len(names) - len(plain)), {name: (at, writers[name]) for at, name in enumerate(names)}


@cache
def _writers(kind: Kind) -> tuple[Mapping[str, str], Mapping[str, _Write]]:
    """For each element: how no value is written, and the function that writes one."""
    nils = {name: f'<{name} nil="true"/>' for name in kind.elements}
    writers = {name: _writer(kind, element) for name, element in kind.elements.items()}
    custom: dict[str, _Write] = {
        CUSTOM_FIELDS: lambda fields: f"<custom-fields>{_custom(fields)}</custom-fields>",
        GLOBAL_FIELDS: _custom,
    }
    return nils, {**writers, **custom}


def _writer(kind: Kind, element: Element) -> _Write:
    name = element.name
    one = singular(name)
    if element.many and element.is_plain:
        return lambda texts: (
            f'<{name} type="array">{"".join(f"<{one}>{escape(text)}</{one}>" for text in texts)}</{name}>'
        )
    if element.many:
        inner = kind.links[name].kind
        return lambda trees: (
            f'<{name} type="array">{"".join([f"<{one}>{_record(tree, inner)}</{one}>" for tree in trees])}</{name}>'
        )
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
