"""Write schemas/coupa/*.yaml from Coupa's published element tables and the reviewed corrections beside this script.

    python scripts/element_tables.py objects-r39.json

The JSON holds, per object, its elements and the collections that serve it. The tables were made once this way; run it
again when a newer release's tables are at hand, and review the difference.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ("many", "required", "read_only")
LIMITS = ("length", "precision", "scale")
TEXTS = ("string", "text")
NOT_THE_OBJECT = {
    "account": "account",
    "account-type": "account-type",
    "approvals": "approval",
    "attachments": "attachment",
    "country": "country",
    "currency": "currency",
    "department": "department",
    "diversity-categories": "diversity-category",
    "hide-price": "boolean",
    "integration": "integration",
    "inventory-balance": "inventory-balance",
    "item": "item",
    "order-header": "order-header",
    "order-line": "order-line",
    "order-pad-line": "order-pad-line",
    "period": "period",
    "reason-insight-events": "reason-insight-event",
    "schedule-lines": "schedule-line",
    "supplier": "supplier",
    "supplier-sites": "supplier-site",
    "taggings": "tagging",
    "tags": "tag",
    "tax-code": "tax-code",
    "tax-rate": "tax-rate",
    "tax-rate-type": "tax-rate-type",
    "tax-registrations": "tax-registration",
    "uom": "uom",
    "warehouse": "warehouse",
    "warehouse-location": "warehouse-location",
}
"""What elements hold for which some R39 tables name the object itself as the type, by what the other tables say."""
AUTHORS = ("created-by", "updated-by")
MOMENTS = ("created-at", "updated-at")


def main(source: str) -> None:
    """Write one file per object and the index of resources."""
    published = json.loads(Path(source).read_text(encoding="utf-8"))
    corrections = yaml.safe_load(Path(__file__).with_name("corrections.yaml").read_text(encoding="utf-8"))
    target = ROOT / "schemas" / "coupa"
    index: dict[str, str] = {}
    besides: dict[str, dict[str, Any]] = {
        name: {"elements": {}} for name, correction in corrections.items() if "besides" in correction
    }
    for name, table in sorted({**published["objects"], **besides}.items()):
        correction = corrections.get(name, {})
        resources = collections_of(table, correction)
        origin = correction.get("besides") or f"Coupa {published['release']}"
        text = render(name, origin, resources, elements_of(name, table, correction))
        (target / f"{name}.yaml").write_text(text, encoding="utf-8")
        index |= dict.fromkeys(resources, name)
    lines = "".join(f"{resource}: {name}\n" for resource, name in sorted(index.items()))
    (target / "index.yaml").write_text(f"# The object each resource holds.\n{lines}", encoding="utf-8")
    print(f"{len(published['objects'])} element tables, {len(index)} resources")


def collections_of(table: dict[str, Any], correction: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources that serve an object, by their name in the URL."""
    found = {path.removeprefix("/"): dict(entry) for path, entry in table.get("collections", {}).items()}
    for resource, change in correction.get("collections", {}).items():
        found[resource] = {**found.get(resource, {}), **change}
    return found


def by_rule(name: str, element: str, entry: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """An element with the slips mended that the tables repeat, and why."""
    words = [value for value in entry.get("values", []) if value and not value[0].isdigit()]
    if element in AUTHORS and not entry.get("read_only"):
        return {**entry, "read_only": True}, "Coupa writes it itself"
    if element in MOMENTS and entry["type"] in TEXTS:
        return {**entry, "type": "datetime"}, "answers show a date; the R39 table of this object calls it text"
    if entry["type"] == name and NOT_THE_OBJECT.get(element, name) != name:
        return {**entry, "type": NOT_THE_OBJECT[element]}, "the R39 table names the object itself as its type"
    if entry["type"] == "integer" and words and not any(value.lower() in ("true", "false") for value in words):
        return {**entry, "type": "string"}, "its values are words; the R39 table gives the type of the database column"
    return dict(entry), ""


def elements_of(name: str, table: dict[str, Any], correction: dict[str, Any]) -> dict[str, tuple[dict[str, Any], str]]:
    """Each element with what is known of it, and the source of any correction."""
    found = {element: by_rule(name, element, entry) for element, entry in table["elements"].items()}
    for element, change in correction.get("elements", {}).items():
        entry, _ = found.get(element, ({}, ""))
        found[element] = ({**entry, **change["set"]}, change["source"])
    return found


def render(
    name: str, origin: str, resources: dict[str, dict[str, Any]], elements: dict[str, tuple[dict[str, Any], str]]
) -> str:
    """One object's file, one element a line, with the source of each correction as a comment."""
    lines = [f"# {origin}: elements of {name}", f"object: {name}"]
    if resources:
        lines.append("resources:")
        for resource, entry in sorted(resources.items()):
            facts = {key: entry[key] for key in ("plural", "methods", "actions") if entry.get(key)}
            lines.append(f"  {resource}: {flow(facts)}")
    lines.append("elements:" if elements else "elements: {}")
    for element, (entry, source) in sorted(elements.items()):
        note = f"  # corrected: {source}" if source else ""
        lines.append(f"  {quoted(element)}: {flow(facts_of(entry))}{note}")
    return "\n".join(lines) + "\n"


def facts_of(entry: dict[str, Any]) -> dict[str, Any]:
    """What a table says of an element, in reading order. Values of non-text elements are defaults, not choices."""
    facts: dict[str, Any] = {"type": entry["type"]}
    facts |= {limit: entry[limit] for limit in LIMITS if entry.get(limit) is not None}
    facts |= {flag: True for flag in FLAGS if entry.get(flag)}
    values = [value for value in entry.get("values", []) if value]
    if values and entry["type"] in TEXTS:
        facts["values"] = values
    return facts


def flow(value: Any) -> str:  # noqa: ANN401 - YAML data of any shape
    """YAML in flow style, on one line."""
    return str(yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10**6)).strip()


def quoted(text: str) -> str:
    """A key as YAML writes it: quoted where its plain form would mean something else."""
    return str(yaml.safe_dump(text, default_flow_style=True, width=10**6)).removesuffix("\n...\n").strip()


if __name__ == "__main__":
    main(*sys.argv[1:])
