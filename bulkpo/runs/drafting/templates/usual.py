"""Mappings for files that are written for them: the usual columns of a resource, and the mapping of a template's."""

from collections.abc import Mapping, Sequence
from typing import Any

from bulkpo.mapping.kinds.known import kind_of
from bulkpo.schema.catalogue import NAMING, ListedPath, fillable_paths
from bulkpo.schema.tables import ElementTables
from bulkpo.yamldoc import dump_yaml

Headings = Sequence[tuple[str, Sequence[str]]]
_ORDERS: Headings = (
    ("PO Number", ("po-number",)),
    ("Supplier Number", ("supplier/number",)),
    ("Ordered For", ("ship-to-user/login",)),
    ("Ship To Code", ("ship-to-address/location-code",)),
    ("Payment Term", ("payment-term/code",)),
    ("Currency", ("currency/code", "order-lines/currency/code")),
    ("Line", ("order-lines/line-num",)),
    ("Description", ("order-lines/description",)),
    ("Supplier Part", ("order-lines/source-part-num",)),
    ("Commodity", ("order-lines/commodity/name",)),
    ("Quantity", ("order-lines/quantity",)),
    ("Unit", ("order-lines/uom/code",)),
    ("Price", ("order-lines/price",)),
    ("Need By", ("order-lines/need-by-date",)),
    ("Account", ("order-lines/account/code",)),
    ("Chart of Accounts", ("order-lines/account/account-type/name",)),
)
_ORDER_CONSTANTS = {"type": "ExternalOrderHeader", "order-lines/type": "OrderQuantityLine"}
_KEYS = ("number", "code", "login", "item-number", "name")


def usual_headings(tables: ElementTables, resource: str) -> Headings:
    """The columns most files of a resource have: what Coupa requires, and by what its records are named."""
    if resource == "purchase_orders":
        return _ORDERS
    listed = list(fillable_paths(tables, tables.resource(resource).object))
    own = [it for it in listed if not it.collections and len(it.trail) == 1 and it.element.is_plain]
    chosen = [it for it in own if it.element.name in NAMING or it.element.required]
    table = tables.object(tables.resource(resource).object)
    for name, element in table.elements.items():
        if element.required and not element.is_plain and not element.many and not element.read_only:
            below = {it.trail[-1][1]: it for it in listed if it.path.startswith(f"{name}/") and len(it.trail) == 2}
            named = [below[key] for key in _KEYS if key in below][:1]
            chosen += named or [it for it in below.values() if it.element.required] or list(below.values())[:1]
    ordered = sorted(chosen, key=lambda it: it.path != usual_key(it.path for it in own))
    return tuple((heading_of(it), (it.path,)) for it in ordered)


def has_usual_headings(tables: ElementTables, resource: str, headings: Headings) -> bool:
    """Whether the usual columns make a whole document: one that has a key, and needs no lines that nobody knows."""
    elements = tables.object(tables.resource(resource).object).elements.values()
    collections = {path.split("/")[0] for _, paths in headings for path in paths if "/" in path}
    lines = {it.name for it in elements if it.many and it.required and not it.read_only}
    return bool(usual_key(path for _, paths in headings for path in paths)) and lines <= collections


def usual_key(paths: Any) -> str:  # noqa: ANN401 - any texts
    """The element that tells documents apart among those of its paths."""
    known = set(paths)
    return "po-number" if "po-number" in known else next((key for key in _KEYS if key in known), "")


def heading_of(listed: ListedPath) -> str:
    """A heading for an element: `Need By Date`."""
    steps = listed.path.split("/")[len(listed.collections) :]
    return " ".join(steps).replace("-", " ").title()


def mapping_text(tables: ElementTables, resource: str, headings: Headings, place: tuple[str, str]) -> str:
    """The mapping of a template that was made without one: by its headings and their element paths alone.

    `place` is the sheet, and the time zone of dates or "".
    """
    kind, (sheet, zone) = kind_of(resource), place
    required = {it.path for it in fillable_paths(tables, tables.resource(resource).object) if it.is_required}
    required |= {usual_key(path for _, each in headings for path in each)}
    needed = {title for title, each in headings if required & set(each)}
    paths = [path for _, each in headings for path in each]
    data: dict[str, Any] = {
        "bulkpo": "import/1",
        "name": f"template of {resource.replace('_', ' ').replace('/', ' ')}",
        "resource": resource,
        "source": {"sheet": sheet},
        "document": {"key": usual_key(paths), **({"number_lines": True} if kind.line_number is not None else {})},
    }
    if zone:
        data["dates"] = {"order": "YMD", "time_zone": zone}
    data["columns"] = {
        title: {"to": each[0] if len(each) == 1 else list(each), **({} if title in needed else {"optional": True})}
        for title, each in headings
    }
    data["ignore_rest"] = "not of the template"
    data |= _constants(resource, kind.silencer, paths)
    return dump_yaml(data)


def _constants(resource: str, silencer: tuple[str, str] | None, paths: Sequence[str]) -> Mapping[str, Any]:
    """What bulkpo says itself of such documents; none of it is ever taken from a workbook."""
    constants = dict(_ORDER_CONSTANTS) if resource == "purchase_orders" else {}
    if silencer is not None:
        constants[silencer[0]] = silencer[1]
    constants = {path: value for path, value in constants.items() if path not in paths}
    more: dict[str, Any] = {"constants": constants} if constants else {}
    return {**more, "silent": "required"} if silencer is not None else more
