"""`mode`, `members` and `remove_line` of an import mapping: how an update finds what it is to change."""

from collections.abc import Mapping, Sequence
from typing import Any

from bulkpo.mapping.language.blocks import ReportProblem
from bulkpo.mapping.language.columns import MappedColumns
from bulkpo.mapping.language.levels import Filling, Spot
from bulkpo.mapping.language.spec import SlotLevel
from bulkpo.model.matching import REMOVAL, MemberMatch, Missing, Mode, New
from bulkpo.model.path import ElementPath, Step
from bulkpo.schema.tables import Element, Resource

_USUAL = ("line-num", "id")
"""What members are told apart by, where the mapping does not say: the first of these that is filled."""


class Matches:
    """How the documents and members of one mapping meet those that are in Coupa."""

    def __init__(self, data: Mapping[str, Any], report: ReportProblem) -> None:
        self.mode = Mode(data.get("mode", Mode.CREATE))
        self._declared: Mapping[str, Mapping[str, str]] = data.get("members", {})
        self._report = report
        self._key = str(data.get("document", {}).get("key", ""))
        if self.mode is Mode.CREATE:
            for name in ("members", "remove_line"):
                if name in data:
                    report([name], "nothing is changed by a create; say mode: update, or remove it", on_key=True)

    @property
    def makes(self) -> bool:
        """Whether documents may be made, so that all a new one needs is asked for."""
        return self.mode is not Mode.UPDATE

    def check(self, resource: Resource) -> None:
        """Report a resource that cannot be created or changed as the mapping wants."""
        if "POST" not in resource.methods and self.makes:
            self._report(["resource"], f"{resource.name} can only be read, not created")
        if not {"PUT", "PATCH"} & set(resource.methods) and self.mode is not Mode.CREATE:
            self._report(["mode"], f"{resource.name} cannot be changed; leave mode out to create")

    def known_by(self) -> frozenset[str]:
        """The elements by which documents and members are known, which may be those that Coupa sets itself."""
        if self.mode is Mode.CREATE:
            return frozenset()
        declared = {f"{name}/{said['match']}" for name, said in self._declared.items() if "match" in said}
        ids = {f"{name}/id" for name in self._declared} | {"order-lines/id", "order-lines/account-allocations/id"}
        return frozenset({self._key, *declared, *ids})

    def removal(self, columns: MappedColumns, placed: Sequence[tuple[Filling, Spot]]) -> tuple[Filling, Spot] | None:
        """The mark that removes a line, as an element of its own; None where the mapping has none."""
        if not columns.removals or self.mode is Mode.CREATE:
            return None
        collection = next((spot.collections[0] for _, spot in placed if spot.collections), None)
        if collection is None:
            self._report(["remove_line"], "the mapping fills no lines, so none can be removed; remove it", on_key=True)
            return None
        rest = ElementPath((Step(REMOVAL),))
        path = ElementPath((Step(collection), Step(REMOVAL)))
        filling = Filling(path, columns.removals[0].place, list(columns.removals))
        return filling, Spot((collection,), (None,), rest, Element(REMOVAL, "boolean"))

    def found(self, levels: Sequence[SlotLevel]) -> dict[str, MemberMatch]:
        """How the members of each collection are told apart, by its full path; what cannot be told is reported."""
        if self.mode is Mode.CREATE:
            return {}
        if self.mode is Mode.UPSERT and self._key == "id":
            self._report(
                ["document", "key"], "Coupa gives ids itself, so nothing can be created by one; name another key"
            )
        matches: dict[str, MemberMatch] = {}
        full = ""
        for each in levels[1:]:
            full = f"{full}/{each.level.collection}" if full else each.level.collection
            said = self._declared.get(full, {})
            filled = [str(field.path) for field in each.level.fields]
            by = said.get("match") or next((name for name in _USUAL if name in filled), None)
            if by is None or by not in filled:
                self._untold(full, by)
                continue
            usual = New.ADD if self.mode is Mode.UPSERT else New.REFUSE
            matches[full] = MemberMatch(by, Missing(said.get("missing", Missing.LEAVE)), New(said.get("new", usual)))
        for name in self._declared:
            if name not in matches and not full.startswith(name):
                self._report(["members", name], f"the mapping fills no {name}; remove it", on_key=True)
        return matches

    def _untold(self, full: str, by: str | None) -> None:
        if by is None:
            message = (
                f"nothing says which of {full} a row means: map a column to {full}/line-num or {full}/id, or name the "
                f"element that tells them apart: members: {{{full}: {{match: ...}}}}"
            )
        else:
            message = f"{full} are to be told apart by {by}, and no column or constant fills {full}/{by}; map one"
        keys = ["members", full] if full in self._declared else ["mode"]
        self._report(keys, message)
