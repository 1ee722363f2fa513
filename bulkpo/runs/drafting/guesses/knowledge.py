"""What is known before a file is looked at: the synonyms, the elements' own names, the months' names."""

import json
from collections.abc import Iterator, Mapping

from bulkpo.mapping.guessing.cells.days import DateWitness
from bulkpo.mapping.guessing.judging.engine import Knowledge
from bulkpo.schema.names import plain_name
from bulkpo.schema.synonyms import SUPPLIER_SYNONYMS, SYNONYMS, Synonyms, read_synonyms
from bulkpo.schema.tables import ElementTables, ObjectTable
from bulkpo.shipped import schema_text

_MONTHS = "cldr/months.json"
_KEYS = (
    "name",
    "code",
    "number",
    "login",
    "email",
    "location-code",
    "street1",
    "street2",
    "city",
    "state",
    "postal-code",
)


_WHOSE_WORDS = """
supplier suppliers vendor vendors lieferant lieferanten kreditor kreditoren fournisseur fournisseurs proveedor
proveedores fornitore fornitori fornecedor fornecedores leverancier leveranciers crediteur crediteuren creditor primary
main default business company hoofd
"""
_WHOSE = frozenset(_WHOSE_WORDS.split())
"""Words over columns of suppliers that say that something is the supplier's."""


def shipped_synonyms() -> Synonyms:
    """The synonyms of orders that come with bulkpo."""
    return read_synonyms(schema_text(SYNONYMS))


def supplier_synonyms() -> Synonyms:
    """The synonyms of suppliers that come with bulkpo."""
    return read_synonyms(schema_text(SUPPLIER_SYNONYMS), _WHOSE)


def knowledge(tables: ElementTables, resource: str, mapped: Mapping[str, str]) -> Knowledge:
    """All of it, for one resource; `mapped` are headings that other mappings give to elements."""
    names = ElementNames(tables, tables.resource(resource).object)
    shipped = supplier_synonyms() if resource == "suppliers" else shipped_synonyms()
    synonyms = shipped.with_names(mapped) if mapped else shipped
    return Knowledge(synonyms, names.path, DateWitness(json.loads(schema_text(_MONTHS))))


class ElementNames:
    """The elements of an object by their own names, as exports and flat files write them: `Payment Term Code`."""

    def __init__(self, tables: ElementTables, object_name: str) -> None:
        self._tables = tables
        self._object = object_name
        self._paths: dict[str, str] | None = None

    def path(self, heading: str) -> str | None:
        """The path of the element that is called so, if there is one."""
        if self._paths is None:
            self._paths = {}
            for path in self._all():
                self._paths.setdefault(_squeezed(path), path)
                for name in ("order-lines/", "account-allocations/"):
                    self._paths.setdefault(_squeezed(path.replace(name, "")), path)
        return self._paths.get(_squeezed(heading))

    def _all(self) -> Iterator[str]:
        table = self._tables.object(self._object)
        yield from self._plain(table, "")
        for name, element in table.elements.items():
            if element.many and not element.read_only and name == "order-lines":
                yield from self._plain(self._tables.object(element.type), f"{name}/")

    def _plain(self, table: ObjectTable, above: str) -> Iterator[str]:
        for name, element in table.elements.items():
            if element.read_only or element.many:
                continue
            if element.is_plain:
                yield above + name
                continue
            inside = self._tables.object(element.type).elements
            yield from (f"{above}{name}/{key}" for key in _KEYS if key in inside and inside[key].is_plain)


def _squeezed(name: str) -> str:
    return plain_name(name.replace("/", " ")).replace(" ", "")
