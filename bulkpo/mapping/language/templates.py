"""Texts made of several columns: `template: "{Plant}-{Bin}"`, and keys made of several columns."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bulkpo.mapping.language.blocks import Block, ReportProblem, parse_pattern, yaml_text
from bulkpo.mapping.language.conditions import NeedsColumn
from bulkpo.mapping.language.crosswalks import BETWEEN_KEYS
from bulkpo.mapping.language.spec import Split, Target, Template
from bulkpo.where import Place
from bulkpo.yamldoc import Keys

_PIECES = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+")


class TemplateParser:
    """Parses templates of one mapping, and notes the columns they need."""

    def __init__(
        self, report: ReportProblem, needs: NeedsColumn, place: Callable[[Sequence[str | int]], Place]
    ) -> None:
        self._report = report
        self._needs = needs
        self._place = place

    def of_target(self, data: Mapping[str, Any], column: str, block: Block, keys: Keys) -> Template | None:
        """The template of a column's block, if it has one."""
        own = data.get("parts", {})
        if "template" not in data:
            for name in ("parts", "where_empty"):
                if name in data:
                    self._report((*keys, name), f"{name} is for the headings of a template; add one", on_key=True)
            return None
        literals, names = self._split(data["template"], (*keys, "template"))
        titles = [block.title(name) for name in names]
        if column not in titles:
            self._report((*keys, "template"), f"the template does not name its own column; write {{{column}}} in it")
        if "join" in data:
            self._report((*keys, "join"), "a template says itself what stands beside what; remove join", on_key=True)
        if repeated := {title for title in titles if titles.count(title) > 1}:
            self._report((*keys, "template"), f"{min(repeated)!r} stands twice in the template; write it once")
        for name in own:
            if block.title(name) not in titles:
                self._report((*keys, "parts", name), f"{name!r} is no heading of the template", on_key=True)
        entries = {block.title(name): entry for name, entry in own.items()}
        parts = [self._part(title, entries.get(title, {}), (*keys, "parts", title), block.part) for title in titles]
        return Template(tuple(literals), tuple(parts), data.get("where_empty", "error"))

    def of_lookup(self, by: Sequence[str | Mapping[str, Any]], target: Target, block: Block, keys: Keys) -> Template:
        """The template of what is looked up in a crosswalk by several columns, or texts that stand for one."""
        if target.template is not None or target.join:
            self._report(keys, "by names the columns that are looked up; remove template or join")
        found = self._of_key([each for each in by if isinstance(each, str)], BETWEEN_KEYS, block, keys)
        literals = [""]
        for number, each in enumerate(by):
            literals[-1] += BETWEEN_KEYS if number else ""
            if isinstance(each, str):
                literals.append("")
            else:
                literals[-1] += yaml_text(each["value"])
        if target.column not in [part.column for part in found.parts]:
            self._report(keys, f"by does not name its own column; write {target.column} in it")
        return replace(found, literals=tuple(literals), where_empty="keep")

    def keys(self, own: Mapping[str, Any], blocks: Sequence[Block], *, is_carried: bool) -> Iterator[Target]:
        """The targets of a key made of several columns: one for each table, or the first alone if it `is_carried`."""
        given, separator = own.get("from"), own.get("separator")
        if given is None:
            if separator is not None:
                self._report(
                    ("document", "separator"), "separator is for keys of several columns; add from", on_key=True
                )
            return
        for block in blocks[:1] if is_carried else blocks:
            keys: Keys = ("document", "from")
            entries = given
            if isinstance(given, dict):
                keys = (*keys, block.part)
                entries = given.get(block.part)
            if entries is None:
                self._report(("document", "from"), f"name the columns of {block.part or 'the key'} here, too")
                continue
            template = self._of_key(entries, separator or "", block, keys)
            titles = [part.column for part in template.parts]
            if repeated := {title for title in titles if titles.count(title) > 1}:
                self._report(keys, f"{min(repeated)!r} stands twice; a key has each column once")
            yield Target(titles[0], self._place(keys), part=block.part, template=template)

    def _of_key(self, entries: Sequence[str | Mapping[str, Any]], separator: str, block: Block, keys: Keys) -> Template:
        """The template of a key that is made of several columns."""
        data = [{"column": entry} if isinstance(entry, str) else entry for entry in entries]
        titles = [block.title(entry["column"]) for entry in data]
        parts = [
            self._part(title, entry, (*keys, number), block.part)
            for number, (title, entry) in enumerate(zip(titles, data, strict=True))
        ]
        return Template(("", *[separator for _ in pairwise(titles)], ""), tuple(parts))

    def _part(self, title: str, entry: Mapping[str, Any], keys: Keys, part: str) -> Target:
        self._needs(title, keys)
        split, empty = entry.get("split"), entry.get("empty")
        return Target(
            title,
            self._place(keys),
            part=part,
            default=None if empty is None else yaml_text(empty),
            case=entry.get("case"),
            pad=entry.get("pad", 0),
            extract=parse_pattern(entry.get("extract"), (*keys, "extract"), self._report),
            split=None if split is None else Split(split["by"], split["part"]),
        )

    def _split(self, text: str, keys: Keys) -> tuple[list[str], list[str]]:
        """The texts around the headings, one more than these, and the headings."""
        literals, names = [""], []
        for piece in _PIECES.findall(text):
            if piece in ("{{", "}}"):
                literals[-1] += piece[0]
            elif piece in ("{", "}", "{}"):
                self._report(keys, f"{piece!r} in {text!r} holds no heading; a brace of its own is written twice")
            elif piece[0] == "{":
                names.append(piece[1:-1])
                literals.append("")
            else:
                literals[-1] += piece
        return literals, names
