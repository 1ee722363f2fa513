"""A mapping fitted to a file whose headings have changed: a proposal, and what is accepted of it written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulkpo.errors import MappingError, UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.opening import HERE, Workspace, element_tables

if TYPE_CHECKING:
    from bulkpo.mapping.language.spec import ImportMapping
    from bulkpo.runs.drafting.drift import Drift, NewColumn, Renamed
    from bulkpo.runs.drafting.patch import MappingPatch

GONE = "gone"
Agree = Callable[["Renamed"], bool]
"""Whether a column that moves money is called so now."""


@dataclass(frozen=True, slots=True)
class FitRequest:
    """Fit `mapping` to `file`. `decisions` say what columns are called in the file now, or that they are `gone`.

    `encoding` is what the file is encoded in, where the mapping does not say so yet.
    """

    mapping: Path
    file: Path
    decisions: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """What differs, the mapping's text as it would be, its difference to what it is, and what is still to be said.

    `open` are columns that move money and are not agreed to, and those that are missing.
    """

    drift: "Drift"
    mapping: Path
    text: str
    diff: str
    open: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        renamed = [
            {"column": it.column, "heading": it.heading, "reasons": list(it.reasons), "money": it.is_money}
            for it in self.drift.renamed
        ]
        new = [{"heading": it.heading, "elements": list(it.paths)} for it in self.drift.new]
        gone = [{"column": column, "reason": reason} for column, reason in self.drift.gone]
        return {"renamed": renamed, "new": new, "gone": gone, "diff": self.diff, "open": list(self.open)}

    def accept(self) -> None:
        """Write the mapping; raises OutputError."""
        from bulkpo.runs.drafting.drafts import write_exactly

        write_exactly(self.mapping, self.text)


def fit_mapping(request: FitRequest, agree: Agree | None = None, workspace: Workspace = HERE) -> Fitted:
    """Propose how a mapping is to be changed for a file; nothing is written. Raises MappingError and others.

    `agree` is asked for each column that moves money; without it they are left, unless `decisions` name them.
    """
    from bulkpo.runs.checking.mapped import Input, open_input, read_mapping
    from bulkpo.runs.drafting.drift import drift_of
    from bulkpo.runs.drafting.looking.said_encoding import said_encoding
    from bulkpo.runs.drafting.patch import MappingPatch

    mapping = read_mapping(request.mapping, element_tables(), workspace.profile(SANDBOX).time_zone)
    _refuse(mapping)
    encoding = said_encoding((request.file,), request.encoding) or mapping.source.encoding
    is_encoded_otherwise = encoding != mapping.source.encoding
    mapping = replace(mapping, source=replace(mapping.source, encoding=encoding))
    source = open_input(mapping, request.mapping, Input(request.file)).source
    drift = drift_of(mapping, source, element_tables())
    _refuse_other(request, mapping, drift)
    text = request.mapping.read_bytes().decode("utf-8-sig")
    decided = _decided(request.decisions, mapping, {column.title for column in source.columns})
    agreed = [
        each for each in drift.renamed if each.column not in decided and (not each.is_money or (agree and agree(each)))
    ]
    still_open = [each.column for each in drift.renamed if each.column not in decided and each not in agreed]
    still_open += [column for column, _ in drift.gone if column not in decided and column not in mapping.optional]
    patch = MappingPatch(text)
    try:
        if encoding is not None and is_encoded_otherwise:
            patch.encode(encoding)
        _change(patch, agreed, decided, drift.new)
    except UsageError as error:
        raise UsageError(f"{request.mapping}: nothing is changed: {error}") from None
    return _checked(request, Fitted(drift, request.mapping, patch.patched(), "", tuple(still_open)), text)


def _checked(request: FitRequest, fitted: Fitted, before: str) -> Fitted:
    """With the difference; raises UsageError where the text would be no mapping any more."""
    from bulkpo.runs.drafting.drafts import still_a_mapping

    name = request.mapping.name
    lines = (_lines(before), _lines(fitted.text))
    fitted = replace(fitted, diff="".join(unified_diff(*lines, name, f"{name}, fitted to {request.file.name}")))
    try:
        still_a_mapping(fitted.text, request.mapping)
    except MappingError:
        raise UsageError(
            f"{request.mapping}: it is written in a way that cannot be changed by itself; nothing is changed. Write by "
            f"hand what is meant:\n{fitted.diff}"
        ) from None
    return fitted


def _lines(text: str) -> list[str]:
    """A text's lines, however they end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)


def _refuse(mapping: "ImportMapping") -> None:
    if mapping.parts:
        raise UsageError(f"{mapping.file}: it reads several tables or types of rows, which are fitted by hand")
    if mapping.source.header_row is None or mapping.source.widths:
        raise UsageError(f"{mapping.file}: it reads columns by their places, so no heading can change")


def _refuse_other(request: FitRequest, mapping: "ImportMapping", drift: "Drift") -> None:
    """Raise UsageError for a file that has less than half of the columns: it is another, or its headings moved."""
    known = len(mapping.columns) - len(drift.gone)
    if 2 * known < len(mapping.columns):
        raise UsageError(
            f"{request.file}: has {known} of the {len(mapping.columns)} columns of {mapping.file}; it is a file of "
            "another kind, or its headings stand in another row: `bulkpo check` says where"
        )


def _decided(decisions: Mapping[str, str], mapping: "ImportMapping", known: set[str]) -> dict[str, str]:
    for column, heading in decisions.items():
        if column not in mapping.columns:
            raise UsageError(f"--set {column}={heading}: the mapping has no column {column!r}")
        if heading not in known and heading != GONE:
            raise UsageError(f"--set {column}={heading}: the file has no column {heading!r}; it may be {GONE}")
        if heading == GONE and (reader := _reckoned_with(column, mapping)):
            raise UsageError(
                f"--set {column}={heading}: {reader!r} is reckoned with it (divide_by and the like), and would say "
                f"other amounts without it; say which column of the file {column!r} is, or write by hand what holds "
                "without it"
            )
    return dict(decisions)


def _reckoned_with(column: str, mapping: "ImportMapping") -> str:
    """The column whose numbers are reckoned with those of another; empty where none is."""
    targets = (
        target for level in mapping.levels for variant in level.variants for slot in variant for target in slot.targets
    )
    return next((target.column for target in targets if column in target.operands), "")


def _change(
    patch: "MappingPatch", agreed: Sequence["Renamed"], decided: Mapping[str, str], new: Sequence["NewColumn"]
) -> None:
    for each in agreed:
        patch.also(each.column, each.heading)
    for column, heading in decided.items():
        _decide(patch, column, heading)
    for added in new:
        if added.heading not in decided.values():
            patch.add(added.heading, _new(added.paths))


def _decide(patch: "MappingPatch", column: str, heading: str) -> None:
    if heading == GONE:
        patch.optional(column)
    else:
        patch.also(column, heading)


def _new(paths: tuple[str, ...]) -> str:
    return f"{{undecided: [{', '.join(paths)}]}}" if paths else "{ignore: new in the file}"
