"""The `rules:` of an import mapping: what it asks of elements beside what Coupa does."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bulkpo.mapping.language.columns import Report, parse_pattern, plain_text
from bulkpo.mapping.language.spec import Rule, SlotLevel
from bulkpo.model.path import ElementPath


def parse_rules(data: Mapping[str, Any], report: Report) -> dict[str, Rule]:
    """The rules by element path, with problems reported on the way."""
    found = {}
    for path, rule in data.get("rules", {}).items():
        keys = ["rules", path]
        try:
            name = str(ElementPath.parse(path))
        except ValueError as error:
            report(keys, str(error), on_key=True)
            continue
        found[name] = Rule(
            required=rule.get("required"),
            minimum=_decimal(rule.get("min")),
            maximum=_decimal(rule.get("max")),
            length=rule.get("length"),
            pattern=parse_pattern(rule.get("pattern"), [*keys, "pattern"], report),
            allowed=frozenset(map(plain_text, rule["allowed"])) if "allowed" in rule else None,
            unique=rule.get("unique", False),
            exactly_one_of=tuple(rule.get("exactly_one_of", ())),
        )
    return found


def check_rules(rules: Mapping[str, Rule], levels: Sequence[SlotLevel], report: Report) -> None:
    """Report rules that can never hold, because nothing fills their elements."""
    known = {field.full_path for level in levels for field in level.level.fields}
    for path, rule in rules.items():
        if rule.exactly_one_of:
            for number, name in enumerate(rule.exactly_one_of):
                if not _is_filled(f"{path}/{name}", known):
                    message = f"no column or constant fills {path}/{name}; map one, or leave it out here"
                    report(["rules", path, "exactly_one_of", number], message)
        elif rule.required is not False and not _is_filled(path, known):
            report(["rules", path], f"no column or constant fills {path}, so this rule cannot hold", on_key=True)


def _is_filled(path: str, known: set[str]) -> bool:
    return path in known or any(name.startswith(f"{path}/") for name in known)


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)
