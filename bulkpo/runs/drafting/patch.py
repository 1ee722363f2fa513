"""A mapping's text with a few places changed: all else, comments, order and blanks, stays as it is to the letter."""

import json
import re
from dataclasses import dataclass, field

import yaml

from bulkpo.errors import UsageError

_PLAIN = re.compile(r"[^\W\d_][\w ./()&-]*(?<! )")
_NO_TEXT = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*")
_END = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True)
class MappingPatch:
    """Changes to the text of a mapping of one table; raises UsageError where its `columns` are written unusually.

    The text is that of the file, with its own ends of lines.
    """

    text: str
    _edits: list[tuple[int, int, str]] = field(default_factory=list)

    def also(self, column: str, heading: str) -> None:
        """Let a column be called otherwise too: whatever else names it in the mapping goes on to hold."""
        node = self._entry(column)
        said = flow_text(heading)
        if isinstance(node, yaml.MappingNode):
            self._into_block(node, said)
        else:
            self._wrap(node, column, f"also: [{said}]")

    def add(self, heading: str, value: str) -> None:
        """Add a column behind the others."""
        node = self._columns()
        line = f"{flow_text(heading)}: {value}"
        if node.flow_style:
            self._into_flow(node, line)
            return
        indent = node.value[0][0].start_mark.column
        at = self._end_of(node)
        self._edits.append((at, at, f"{' ' * indent}{line}{self._newline}"))

    def optional(self, column: str) -> None:
        """Let a column be missing."""
        node = self._entry(column)
        if isinstance(node, yaml.MappingNode):
            self._insert(node, "optional: true")
        else:
            self._wrap(node, column, "optional: true")

    def encode(self, name: str) -> None:
        """Say what the file is encoded in."""
        said = f"encoding: {flow_text(name)}"
        entries = {key.value: (key, value) for key, value in self._root()}
        if "source" not in entries:
            at = entries["columns" if "columns" in entries else next(iter(entries))][0].start_mark.index
            if not self._begins_line(at):
                raise UsageError(f"it is written in an unusual way; write by hand `source: {{{said}}}`")
            self._edits.append((at, at, f"source: {{{said}}}{self._newline}"))
            return
        key, node = entries["source"]
        if not isinstance(node, yaml.MappingNode) or node.start_mark.index < key.end_mark.index:
            raise UsageError(f"`source` is written in an unusual way; write by hand `{said}` there")
        before = next((value for key, value in node.value if key.value == "encoding"), None)
        if before is None:
            self._insert(node, said)
        else:
            self._edits.append((before.start_mark.index, before.end_mark.index, flow_text(name)))

    def patched(self) -> str:
        """The text with all changes."""
        text = self.text if self.text.endswith(("\n", "\r")) else f"{self.text}{self._newline}"
        for start, end, said in sorted(self._edits, key=lambda each: each[0], reverse=True):
            text = text[:start] + said + text[end:]
        return text

    @property
    def _newline(self) -> str:
        """How the file's lines end."""
        found = _END.search(self.text)
        return found[0] if found else "\n"

    def _wrap(self, node: yaml.Node, column: str, said: str) -> None:
        """Say more of a column of which only the element stands, or elements in a list."""
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.SequenceNode) and not node.flow_style:
            self._wrap_items(node, column, said)
        elif isinstance(node, yaml.ScalarNode) and node.style in (">", "|"):
            raise UsageError(f"the element of {column!r} is written as a block of text; {_by_hand(said)}")
        else:
            self._edits.append((start, end, f"{{to: {self.text[start:end].strip()}, {said}}}"))

    def _wrap_items(self, node: yaml.SequenceNode, column: str, said: str) -> None:
        """Put `to:` above elements that stand below each other, which stay where they are."""
        indent = node.start_mark.column
        if indent <= self._columns().value[0][0].start_mark.column or not self._begins_line(node.start_mark.index):
            raise UsageError(f"the elements of {column!r} are not indented below it; {_by_hand(said)}")
        at = node.start_mark.index
        gap = self._newline + " " * indent
        self._edits.append((at, at, f"{said}{gap}to:{gap}"))

    def _begins_line(self, index: int) -> bool:
        before = re.split(r"[\r\n]", self.text[:index])[-1]
        return not before.strip(" ")

    def _into_block(self, node: yaml.MappingNode, said: str) -> None:
        for key, value in node.value:
            if key.value == "also" and isinstance(value, yaml.SequenceNode):
                if value.start_mark.index < key.end_mark.index or self._is_named_again(value):
                    raise UsageError(f"a list `also` is shared by & and *; {_by_hand(f'also: [{said}]')}")
                if value.flow_style:
                    self._into_flow(value, said)
                else:
                    at = value.start_mark.index
                    self._edits.append((at, at, f"- {said}{self._newline}{' ' * value.start_mark.column}"))
                return
        self._insert(node, f"also: [{said}]")

    def _insert(self, node: yaml.MappingNode, said: str) -> None:
        if node.flow_style:
            self._into_flow(node, said)
        else:
            first = node.value[0][0].start_mark
            if not self._begins_line(first.index):
                raise UsageError(f"the column is written in an unusual way; {_by_hand(said)}")
            self._edits.append((first.index, first.index, f"{said}{self._newline}{' ' * first.column}"))

    def _into_flow(self, node: yaml.CollectionNode, said: str) -> None:
        """Add to what stands in brackets, behind the last, which may have a comma and a comment behind it."""
        close = node.end_mark.index - 1
        if not node.value:
            self._edits.append((close, close, said))
            return
        last = node.value[-1]
        end = (last[1] if isinstance(last, tuple) else last).end_mark.index
        has_comma = "," in _COMMENT.sub("", self.text[end:close])
        on_line = close == end or _END.search(self.text, end, close) is None
        if has_comma and on_line:
            gap = "" if self.text[close - 1].isspace() else " "
            self._edits.append((close, close, f"{gap}{said}"))
        elif has_comma:
            column, below = node.end_mark.column - 1, (last[0] if isinstance(last, tuple) else last).start_mark.column
            pieces = (" " * max(0, below - column), said, self._newline, " " * column)
            self._edits.append((close, close, "".join(pieces)))
        elif on_line:
            self._edits.append((close, close, f", {said}"))
        else:
            self._edits.append((end, end, f", {said}"))

    def _entry(self, column: str) -> yaml.Node:
        for key, value in self._columns().value:
            if " ".join(key.value.split()) == " ".join(column.split()):
                found: yaml.Node = value
                if found.start_mark.index < key.end_mark.index or self._is_named_again(found):
                    raise UsageError(
                        f"{column!r} shares what is written for another column by & and *; write out what it goes to, "
                        "and fit the mapping again"
                    )
                return found
        raise UsageError(f"the column {column!r} is not in this mapping itself, but in one it extends; fit that one")

    def _is_named_again(self, node: yaml.Node) -> bool:
        """Whether what stands in a block stands elsewhere, too, by `*`: what is said of one would hold for both."""
        if isinstance(node, yaml.ScalarNode):
            return False
        events = list(yaml.parse(self.text, Loader=_LOADER))
        named = {event.anchor for event in events if isinstance(event, yaml.AliasEvent)}
        opened = (event for event in events if isinstance(event, yaml.CollectionStartEvent) and event.anchor in named)
        return node.start_mark.index in {event.start_mark.index for event in opened if event.start_mark is not None}

    def _root(self) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        root = yaml.compose(self.text, Loader=_LOADER)
        return root.value if isinstance(root, yaml.MappingNode) else []

    def _columns(self) -> yaml.MappingNode:
        for key, value in self._root():
            if key.value == "columns" and isinstance(value, yaml.MappingNode):
                return value
        raise UsageError("it has no block of `columns` of its own; fit the mapping it extends")

    def _end_of(self, node: yaml.MappingNode) -> int:
        """Where the line after a block's last entry begins; comments and blanks behind it belong to what follows."""
        lines = self.text[: node.end_mark.index].splitlines(keepends=True)
        while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
            lines.pop()
        at = sum(map(len, lines))
        if lines and not lines[-1].endswith(("\n", "\r")):
            end = _END.search(self.text, at)
            return end.end() if end else len(self.text) + len(self._newline)
        return at


def _by_hand(said: str) -> str:
    return f"write it by hand as {{to: …, {said}}}"


def flow_text(text: str) -> str:
    """A text as YAML takes it anywhere."""
    is_plain = _PLAIN.fullmatch(text) is not None and text.casefold() not in _NO_TEXT
    return text if is_plain else json.dumps(text, ensure_ascii=False)
