"""What a file showed about the crosswalks it was read by: entries never used, and values that became one."""

from collections.abc import Iterable, Mapping

from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.model.finding import Finding, Severity

_MOST_NAMED = 20


def crosswalk_findings(
    crosswalks: Mapping[str, Mapping[str, str]], converters: Iterable[TargetConverter]
) -> list[Finding]:
    """Notices about the crosswalks in use, once the whole file has been read."""
    used: dict[str, set[str]] = {}
    for converter in converters:
        if converter.target.crosswalk is not None:
            used.setdefault(converter.target.crosswalk, set()).update(converter.used_entries)
    findings = []
    for name, met in used.items():
        entries = crosswalks[name]
        unused = [legacy for legacy in entries if legacy not in met]
        if unused:
            many = f"{len(unused)} {'entry of it is' if len(unused) == 1 else 'entries of it are'} never used"
            message = f"crosswalk {name}: {many} by this file: {_named(unused)}"
            findings.append(Finding("crosswalk-unused", message, severity=Severity.NOTICE))
        legacy_by_value: dict[str, list[str]] = {}
        for legacy in sorted(met):
            legacy_by_value.setdefault(entries[legacy], []).append(legacy)
        merged = [f"{' and '.join(legacy)} → {value}" for value, legacy in legacy_by_value.items() if len(legacy) > 1]
        if merged:
            message = f"crosswalk {name}: several legacy values become one: {_named(merged)}; see that it is meant so"
            findings.append(Finding("crosswalk-merges", message, severity=Severity.NOTICE))
    return findings


def _named(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
