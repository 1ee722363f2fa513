"""A mapping's text with a few places changed: all else, comments, order and blanks, stays as it is to the letter."""

import json
import re
from dataclasses import dataclass, field

import yaml

from bulkpo.errors import UsageError

_PLAIN = re.compile(r"[^\W\d_][\w ./()&-]*(?<! )")
_NO_TEXT = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


@dataclass(slots=True)
class MappingPatch:
    """Changes to the text of a mapping of one table; raises UsageError where its `columns` are written unusually."""

    text: str
    _edits: list[tuple[int, int, str]] = field(default_factory=list)

    def also(self, column: str, heading: str) -> None:
        """Let a column be called otherwise too: whatever else names it in the mapping goes on to hold."""
        node = self._entry(column)
        said = flow_text(heading)
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.MappingNode):
            self._into_block(node, said)
        elif isinstance(node, yaml.ScalarNode) or (isinstance(node, yaml.SequenceNode) and node.flow_style):
            self._edits.append((start, end, f"{{to: {self.text[start:end]}, also: [{said}]}}"))
        else:
            raise UsageError(f"the elements of {column!r} are written below each other; write also: [{said}] by hand")

    def add(self, heading: str, value: str) -> None:
        """Add a column behind the others."""
        node = self._columns()
        line = f"{flow_text(heading)}: {value}"
        if node.flow_style:
            at = node.end_mark.index - 1
            self._edits.append((at, at, f", {line}"))
            return
        indent = node.start_mark.column
        at = self._end_of(node)
        self._edits.append((at, at, f"{' ' * indent}{line}\n"))

    def optional(self, column: str) -> None:
        """Let a column be missing."""
        node = self._entry(column)
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.MappingNode):
            self._insert(node, "optional: true")
        else:
            self._edits.append((start, end, f"{{to: {self.text[start:end]}, optional: true}}"))

    def patched(self) -> str:
        """The text with all changes."""
        text = self.text if self.text.endswith("\n") else f"{self.text}\n"
        for start, end, said in sorted(self._edits, key=lambda each: each[0], reverse=True):
            text = text[:start] + said + text[end:]
        return text

    def _into_block(self, node: yaml.MappingNode, said: str) -> None:
        for key, value in node.value:
            if key.value == "also" and isinstance(value, yaml.SequenceNode) and value.flow_style:
                at = value.end_mark.index - 1
                self._edits.append((at, at, f", {said}"))
                return
        self._insert(node, f"also: [{said}]")

    def _insert(self, node: yaml.MappingNode, said: str) -> None:
        if node.flow_style:
            at = node.end_mark.index - 1
            self._edits.append((at, at, f", {said}"))
        else:
            at = node.start_mark.index
            self._edits.append((at, at, f"{said}\n{' ' * node.start_mark.column}"))

    def _entry(self, column: str) -> yaml.Node:
        for key, value in self._columns().value:
            if " ".join(key.value.split()) == " ".join(column.split()):
                found: yaml.Node = value
                return found
        raise UsageError(f"the column {column!r} is not in this mapping itself, but in one it extends; fit that one")

    def _columns(self) -> yaml.MappingNode:
        root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
            if key.value == "columns" and isinstance(value, yaml.MappingNode):
                return value
        raise UsageError("it has no block of `columns` of its own; fit the mapping it extends")

    def _end_of(self, node: yaml.MappingNode) -> int:
        """Where the line after a block's last entry begins; comments and blanks behind it belong to what follows."""
        lines = self.text[: node.end_mark.index].splitlines(keepends=True)
        while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
            lines.pop()
        if lines and not lines[-1].endswith("\n"):
            rest = self.text[sum(map(len, lines)) :]
            return sum(map(len, lines)) + len(rest.partition("\n")[0]) + 1
        return sum(map(len, lines))


def flow_text(text: str) -> str:
    """A text as YAML takes it anywhere."""
    is_plain = _PLAIN.fullmatch(text) is not None and text.casefold() not in _NO_TEXT
    return text if is_plain else json.dumps(text, ensure_ascii=False)
