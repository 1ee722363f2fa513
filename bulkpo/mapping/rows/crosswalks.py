"""What a file made of a mapping's crosswalks: entries never used, values that became one, values no entry knows."""

from collections.abc import Iterable, Mapping, Sequence

from bulkpo.mapping.language.crosswalks import BETWEEN_KEYS, NO_RESULT, Entries
from bulkpo.mapping.rows.calculate import Calculator
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.text import shown

_MOST_NAMED = 20
_MOST_ALIKE = 3


def crosswalk_findings(
    crosswalks: Mapping[str, Entries], converters: Iterable[TargetConverter | Calculator]
) -> list[Finding]:
    """Notices about the crosswalks in use, once the whole file has been read."""
    using = [converter for converter in converters if converter.target.crosswalk is not None]
    used: dict[str, set[str]] = {}
    for converter in using:
        used.setdefault(converter.target.crosswalk or "", set()).update(converter.preparer.used_entries)
    findings = [*_default_only(using), *_unknown(using)]
    merged: dict[str, list[str]] = {}
    for name, met in used.items():
        entries = crosswalks[name]
        unused = [legacy for legacy, value in entries.items() if legacy not in met and value != NO_RESULT]
        if unused:
            many = f"{len(unused)} {'entry of it is' if len(unused) == 1 else 'entries of it are'} never used"
            message = f"crosswalk {name}: {many} by this file: {_named(unused)}"
            findings.append(Finding("crosswalk-unused", message, severity=Severity.NOTICE))
        legacy_by_value: dict[str | None, list[str]] = {}
        for legacy in sorted(met):
            legacy_by_value.setdefault(entries[legacy], []).append(legacy)
        for value, alike in legacy_by_value.items():
            if value and len(alike) > 1:
                merged.setdefault(name, []).append(f"{_alike(alike)} → {value}")
    return findings + _merges(merged)


def _merges(merged: Mapping[str, Sequence[str]]) -> list[Finding]:
    """One notice of all values that several legacy values become, by crosswalk."""
    if not merged:
        return []
    names, each = list(merged), [one for ones in merged.values() for one in ones]
    many = f"{len(each):,} times several legacy values become one, such as" if len(each) > 1 else ""
    said = f"{many or 'several legacy values become one:'} {shown(each[0].replace(BETWEEN_KEYS, ' + '))}"
    which = f"crosswalk{'s' if len(names) > 1 else ''} {', '.join(names)}"
    return [Finding("crosswalk-merges", f"{which}: {said}; see that it is meant so", severity=Severity.NOTICE)]


def _alike(legacy: Sequence[str]) -> str:
    more = len(legacy) - _MOST_ALIKE
    return " and ".join(
        [*(each or "(empty)" for each in legacy[:_MOST_ALIKE]), *([f"{more:,} more"] if more > 0 else [])]
    )


def _default_only(converters: Sequence[TargetConverter | Calculator]) -> list[Finding]:
    """Targets whose default once stood for unknown values too, and no longer does."""
    told = dict.fromkeys(
        f"{target.column}: default: {target.default} is sent where the cell is empty; a value that the crosswalk "
        f"{target.crosswalk} does not have is an error; say unknown: {target.default} to send that for it, too"
        for target in (converter.target for converter in converters)
        if target.default is not None and target.unknown is None
    )
    return [Finding("crosswalk-default", message, severity=Severity.NOTICE) for message in told]


def _unknown(converters: Sequence[TargetConverter | Calculator]) -> list[Finding]:
    """What was sent for values that no entry knows."""
    met: dict[tuple[str, str], set[str]] = {}
    for converter in converters:
        if converter.preparer.unknown:
            way = (converter.target.crosswalk or "", converter.target.unknown or "")
            met.setdefault(way, set()).update(converter.preparer.unknown)
    return [
        Finding(
            "crosswalk-unknown",
            f"crosswalk {name}: {len(texts):,} {'value' if len(texts) == 1 else 'values'} it does not have "
            f"{'is' if len(texts) == 1 else 'are'} sent as {value}, as the mapping says: {_named(sorted(texts))}",
            severity=Severity.NOTICE,
        )
        for (name, value), texts in met.items()
    ]


def _named(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    listed = ", ".join(name or "(empty)" for name in names[:_MOST_NAMED])
    return shown(listed.replace(BETWEEN_KEYS, " + ")) + (f" and {more:,} more" if more > 0 else "")
