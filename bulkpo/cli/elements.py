"""`bulkpo elements`: what Coupa's objects are made of."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bulkpo.cli.common import json_option
from bulkpo.cli.console import Console
from bulkpo.cli.render import plural, table
from bulkpo.errors import UsageError
from bulkpo.workspace.drafting import meant_elements
from bulkpo.workspace.opening import element_tables

if TYPE_CHECKING:
    from bulkpo.schema.tables import Element, ElementTables

HEADINGS = ("Element", "Type", "Length", "Required", "In", "Out", "Allowed values")


@click.command("elements")
@click.argument("path", required=False)
@click.option("--resource", default="purchase_orders", show_default=True, help="The resource to look at.")
@click.option("--search", metavar="TEXT", help="Find elements named TEXT or meant by it, such as vendor or qty.")
@click.option("--resources", is_flag=True, help="List the resources.")
@json_option
def elements_command(path: str | None, resource: str, search: str | None, *, resources: bool, as_json: bool) -> None:
    """Show the elements of an object: type, length, what is required, what can be sent.

    PATH leads to an element or an object below the resource's own.

    \b
    Examples:
      bulkpo elements
      bulkpo elements po-number
      bulkpo elements order-lines/account
      bulkpo elements --resource suppliers
      bulkpo elements --search currency

    In: can be sent. Out: comes back in answers.
    """
    console = Console(as_json)
    tables = element_tables()
    if resources:
        _show_resources(console, tables)
    elif search:
        _show_found(console, tables, search)
    else:
        _show_path(console, tables, resource, path)


def _show_resources(console: Console, tables: "ElementTables") -> None:
    known = [tables.resource(name) for name in tables.resource_names()]
    if not console.as_json:
        rows = [(each.name, each.object, " ".join(each.methods), " ".join(each.actions)) for each in known]
        console.show(table(("Resource", "Object", "Methods", "Actions"), rows, width=console.width))
    console.result({"resources": [asdict(each) for each in known]})


def _show_found(console: Console, tables: "ElementTables", search: str) -> None:
    wanted = "-".join(search.lower().replace("_", " ").split())
    found = [
        (each.name, element)
        for each in tables.objects()
        for element in each.elements.values()
        if wanted in element.name
    ]
    meant = meant_elements(search)
    if not console.as_json:
        if meant:
            console.say(f"In a purchase order, {search!r} means: {', '.join(meant)}\n")
        rows = [(name, *_row(element)) for name, element in found]
        if rows:
            console.show(table(("Object", *HEADINGS), rows, width=console.width))
            console.say()
        console.say(f"{plural(len(found), 'element')} with {search!r} in the name")
    console.result({"meant": list(meant), "elements": [{"object": name, **asdict(element)} for name, element in found]})


def _show_path(console: Console, tables: "ElementTables", resource: str, path: str | None) -> None:
    from bulkpo.model.path import ElementPath
    from bulkpo.schema.tables import UnknownElement

    try:
        name = tables.resource(resource).object
        shown: Iterable[Element]
        if path:
            element = tables.element(name, ElementPath.parse(path))
            title = f"{path}: {element.type}"
            shown = [element] if element.is_plain else tables.object(element.type).elements.values()
        else:
            title = f"{resource}: {name}"
            shown = tables.object(name).elements.values()
    except (UnknownElement, ValueError) as error:
        raise UsageError(f"{error}") from None
    shown = list(shown)
    if not console.as_json:
        console.say(title)
        console.show(table(HEADINGS, map(_row, shown), width=console.width))
    console.result({"object": name, "path": path or "", "elements": [asdict(element) for element in shown]})


def _row(element: "Element") -> tuple[str, ...]:
    size = str(element.length or "")
    if element.precision is not None:
        size = f"{element.precision},{element.scale or 0}"
    return (
        element.name,
        element.type + ("[]" if element.many else ""),
        size,
        "required" if element.required else "",
        "" if element.read_only else "in",
        "out",
        ", ".join(element.values),
    )
