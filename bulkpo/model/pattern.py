r"""Patterns that users write: searched in time that grows with the text alone, whatever the pattern.

They are in RE2's syntax (https://github.com/google/re2/wiki/Syntax), which has no look-around and no back-references,
the two things that cannot be searched so. What RE2 would read otherwise than people take it to mean is read as Python
reads it: `\d`, `\w` and `\s` know the digits, letters and blanks of every language, `\Z` is the end of the text, and
`{,3}` is "at most three". `\b` knows ASCII words alone.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import re2

from bulkpo.model.text import quoted

LONGEST_PATTERN = 1_000
"""The longest pattern."""

PATTERN_MEMORY = 8 << 20
"""What one pattern may take while it is searched for, in bytes: some hundred of any letter."""

_LETTERS, _BLANKS = r"\pL\pN_", r"\t\n\v\f\r\x1c-\x1f\x{85}\pZ"
_ESCAPES = {
    "w": f"[{_LETTERS}]",
    "W": f"[^{_LETTERS}]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": f"[{_BLANKS}]",
    "S": f"[^{_BLANKS}]",
    "Z": r"\z",
}
_ESCAPES_IN_BRACKETS = {"w": _LETTERS, "d": r"\p{Nd}", "D": r"\P{Nd}", "s": _BLANKS}

_TOKEN = re.compile(r"\\(?P<escape>.)|(?P<opens>\[\^?\]?)|(?P<at_most>\{,(?=[0-9]*\}))|.", re.DOTALL)
_TOKEN_IN_BRACKETS = re.compile(r"\\(?P<escape>.)|\[:\^?[a-z]+:\]|(?P<closes>\])|.", re.DOTALL)

_AROUND = "it looks at what stands around; match that too, with what is wanted in ()"
_BACK = "it refers back to a group; write out what may stand there"
_HINTS = {
    **dict.fromkeys((f"invalid perl operator: (?{sign}" for sign in "=!<"), _AROUND),
    "invalid perl operator: (?P": _BACK,
    "invalid perl operator: (?>": "nothing forbids to go back here; write (?:…)",
    "invalid perl operator": "this is not read; leave it out",
    "invalid escape sequence: \\u": "write the character itself, or \\x{…}",
    "bad repetition operator": "leave out the second of the signs that repeat",
    "invalid repetition size": "counts in {} go up to 1000, together too; write a smaller",
    "pattern too large": "write it with smaller counts in {}",
    "invalid character class range": "write the smaller character first",
    "missing )": "write the ) that is missing, or \\( for a bracket in the text",
    "unexpected )": "write the ( that is missing, or \\) for a bracket in the text",
    "missing ]": "write the ] that is missing, or \\[ for a bracket in the text",
}
"""What to do about what RE2 says, by how that begins."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern ready to be used; `text` is what its author wrote."""

    text: str
    _compiled: Any = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> "Pattern":
        """A pattern as its author wrote it; raises ValueError that says what is wrong with it, and what to write."""
        if len(text) > LONGEST_PATTERN:
            raise ValueError(f"a pattern has at most {LONGEST_PATTERN:,} characters; this one has {len(text):,}")
        options = re2.Options()
        options.log_errors = False
        options.max_mem = PATTERN_MEMORY
        try:
            return cls(text, re2.compile(_bytes(_as_re2(text)), options))
        except re2.error as error:
            said = error.args[0].decode("utf-8", "replace")
            hint = next((f"; {hint}" for start, hint in _HINTS.items() if said.startswith(start)), "")
            raise ValueError(f"{quoted(text)} is not a pattern: {said}{hint}") from None

    def matches(self, value: str) -> bool:
        """Whether it matches all of a text."""
        return self._compiled.fullmatch(_bytes(value)) is not None

    def first(self, value: str) -> str | None:
        """What its first group matches, or all of it where it has no group; None if it is nowhere in the text."""
        found = self._compiled.search(_bytes(value))
        if found is None:
            return None
        return (found[1 if self._compiled.groups else 0] or b"").decode("utf-8", "surrogatepass")


def _as_re2(text: str) -> str:
    """The pattern with what RE2 reads otherwise than Python does in RE2's own words."""
    parts: list[str] = []
    at, in_brackets = 0, False
    while token := (_TOKEN_IN_BRACKETS if in_brackets else _TOKEN).match(text, at):
        at = token.end()
        if token["escape"] is not None:
            parts.append(_escape(text, token["escape"], in_brackets=in_brackets))
        elif in_brackets:
            in_brackets = token["closes"] is None
            parts.append(token[0])
        else:
            in_brackets = token["opens"] is not None
            parts.append(token[0] if token["at_most"] is None else "{0,")
    return "".join(parts)


def _escape(text: str, name: str, *, in_brackets: bool) -> str:
    if name in "123456789":
        raise ValueError(f"{quoted(text)} is not a pattern: \\{name}; {_BACK}")
    if name in "CQE":
        raise ValueError(f"{quoted(text)} is not a pattern: \\{name} is not read; write the characters themselves")
    if in_brackets and name in "WS":
        raise ValueError(f"{quoted(text)} is not a pattern: \\{name} is not read in []; list what may stand there")
    return (_ESCAPES_IN_BRACKETS if in_brackets else _ESCAPES).get(name, f"\\{name}")


def _bytes(text: str) -> bytes:
    """Text as RE2 reads it; half a character, as damaged files hold, is a character like any other."""
    return text.encode("utf-8", "surrogatepass")
