"""A guess as the YAML a careful colleague would have written: short, in the file's order, a word where it is open."""

import json
import re
from collections.abc import Iterator, Mapping

from bulkpo.mapping.guessing.cells.days import DateGuess
from bulkpo.mapping.guessing.draft.becomes import marks_data
from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Guess, OneOf, PartGuess, Sure, Use

_PLAIN = re.compile(r"[^\W\d_][\w ./%()+€$&;-]*(?<! )|order-lines\[\d+\][\w/-]*")
_NOT_TEXT = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"])
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WIDTH = 118
_BELOW = ("crosswalks", "rules")
"""What else the mapping says that stands below its columns."""


def draft(guess: Guess, name: str, file: str, schema: str = "") -> str:
    """The mapping as YAML text; `schema` is where its JSON Schema is, for editors."""
    return "\n".join(_lines(guess, name, file, schema)) + "\n"


def _lines(guess: Guess, name: str, file: str, schema: str) -> Iterator[str]:
    if schema:
        yield f"# yaml-language-server: $schema={schema}"
    yield f"# Guessed from {file}: look it over before anything is sent."
    to_decide = count_open(guess)
    if to_decide:
        what = "One thing is" if to_decide == 1 else f"{to_decide} things are"
        yield f'# {what} yet to be decided: write one of what stands in "undecided" in its place.'
    yield "bulkpo: import/1"
    yield f"name: {flow(name)}"
    yield f"resource: {guess.resource}"
    single = guess.parts[0] if len(guess.parts) == 1 else None
    shared = guess.parts[0].source if single or guess.is_typed else {}
    if shared:
        yield f"source: {flow(shared)}"
    yield f"document: {flow(guess.document)}"
    if single:
        yield from _rows(single, "")
    yield from (f"{key}: {flow(value)}" for key, value in guess.extras.items() if key not in _BELOW)
    if guess.marks is not None:
        yield f"numbers: {flow(marks_data(guess.marks))}"
    yield from _dates(guess)
    if guess.blanks:
        yield f"blanks: {flow(list(guess.blanks))}"
    if single:
        yield "columns:"
        yield from _columns(single, "  ")
    else:
        yield from _parts(guess)
    yield from _constants(guess)
    yield from _below(guess)


def _constants(guess: Guess) -> Iterator[str]:
    if guess.constants:
        yield "constants:"
        yield from (f"  {path}: {flow(value)}" for path, value in guess.constants.items())


def _below(guess: Guess) -> Iterator[str]:
    """What stands below the columns and constants."""
    if guess.is_sent:
        yield "silent: required"
    if "crosswalks" in guess.extras:
        yield f"crosswalks: {flow(guess.extras['crosswalks'])}"
    rules = guess.extras.get("rules")
    if isinstance(rules, Mapping):
        yield "rules:"
        yield from (f"  {path}: {flow(rule)}" for path, rule in rules.items())


def _parts(guess: Guess) -> Iterator[str]:
    """The blocks of several tables, or of several types of rows."""
    yield "record_types:" if guess.is_typed else "tables:"
    for part in guess.parts:
        yield f"  {flow(part.name)}:"
        if guess.is_typed and not part.rows:
            yield "    optional: true"
        if not guess.is_typed:
            yield f"    source: {flow(part.source)}"
        if part.joined_by:
            yield f"    joined_by: {flow(part.joined_by)}"
        yield from _rows(part, "    ")
        yield "    columns:"
        yield from _columns(part, "      ")


def count_open(guess: Guess) -> int:
    """How many things are yet to be decided."""
    constants = len({value for value in guess.constants.values() if isinstance(value, OneOf)})
    dates = dates_data(guess.dates, guess.zone) if has_dates(guess) else {}
    return len(guess.undecided) + constants + sum(isinstance(value, OneOf) for value in dates.values())


def _rows(part: PartGuess, indent: str) -> Iterator[str]:
    if part.skip_rows:
        skip = part.skip_rows
        several = {"any": [{column: test} for column, test in skip.items()]}
        yield f"{indent}skip_rows: {flow(skip if len(skip) == 1 else several)}"
    if part.controls:
        yield f"{indent}controls: {flow(list(part.controls))}"


def has_dates(guess: Guess) -> bool:
    """Whether a column may be a date, so that it matters how dates are written."""
    return any(path.endswith("-date") for column in guess.columns for path in column.paths)


def _dates(guess: Guess) -> Iterator[str]:
    if has_dates(guess):
        yield f"dates: {flow(dates_data(guess.dates, guess.zone))}"


def dates_data(dates: DateGuess, zone: str) -> dict[str, object]:
    """How dates are written, as a mapping says it."""
    data: dict[str, object] = {}
    if dates.is_open:
        data["order"] = OneOf(("DMY", "MDY"))
    elif dates.order:
        data["order"] = dates.order
    if dates.patterns:
        data["patterns"] = list(dates.patterns)
    if dates.languages:
        data["languages"] = list(dates.languages)
    if dates.pivot is not None:
        data["pivot"] = dates.pivot
    data["time_zone"] = zone or OneOf(("America/New_York", "Europe/Berlin"))
    return data


def _columns(part: PartGuess, indent: str) -> Iterator[str]:
    for column in part.columns:
        if column.use is Use.UNDECIDED and column.block:
            yield from _open_lines(column, indent)
            continue
        line = f"{indent}{flow(column.title)}: {flow(_entry(column))}"
        remark = "; ".join(each for each in (column.heading, _remark(column), column.remark) if each)
        if remark and len(line) + len(remark) + 4 > _WIDTH:
            yield f"{indent}# {remark}"
            remark = ""
        yield f"{line}  # {remark}" if remark else line


def _open_lines(column: ColumnGuess, indent: str) -> Iterator[str]:
    """An open column of which something holds whatever it is, in lines of their own: only one of them is to change."""
    yield f"{indent}# {'; '.join(each for each in (column.heading, _remark(column)) if each)}"
    yield f"{indent}{flow(column.title)}:"
    yield f"{indent}  undecided: {flow(list(column.paths))}  # write in this line: to: {column.paths[0]}"
    yield from (f"{indent}  {key}: {flow(value)}" for key, value in column.block.items())


def _entry(column: ColumnGuess) -> object:
    if column.use is Use.UNDECIDED:
        return OneOf(column.paths)
    if column.use is Use.IGNORED:
        return column.block
    if "to" in column.block:
        return column.block["to"]
    if column.block:
        to = column.paths[0] if len(column.paths) == 1 else list(column.paths)
        return {"to": to, **column.block}
    return column.paths[0] if len(column.paths) == 1 else list(column.paths)


def _remark(column: ColumnGuess) -> str:
    """What to say beside a column that is open, or less than sure."""
    if column.use is Use.UNDECIDED:
        sample = f"; such as {_on_one_line(column.sample)[:30]}" if column.sample else ""
        return f"{column.reasons[-1] if column.reasons else ''}{sample}"
    if column.use is Use.IGNORED and not column.meaning and column.sample:
        return f"such as {_on_one_line(column.sample)[:40]}"
    return (
        column.reasons[0]
        if column.use is Use.MAPPED and column.sure is Sure.LIKELY and "may be" in column.reasons[0]
        else ""
    )


def _on_one_line(text: str) -> str:
    """A cell as a comment can show it: without line breaks and what cannot be printed."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def flow(value: object) -> str:
    """A value as YAML on one line."""
    match value:
        case OneOf():
            return flow({"undecided": list(value.values)})
        case Mapping():
            return "{" + ", ".join(f"{_in_list(key)}: {_in_list(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_in_list, value)) + "]"
        case bool():
            return "true" if value else "false"
        case str():
            return _scalar(value)
        case _:
            return str(value)


def _in_list(value: object) -> str:
    """A value as YAML inside brackets, where other brackets have to be quoted."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) and "[" in value else flow(value)


def _scalar(text: str) -> str:
    if text == "0.01" or (_PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT):
        return text
    return json.dumps(text, ensure_ascii=False)
