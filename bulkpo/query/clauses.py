"""Where-clauses, checked against the element table before anything is sent.

Two ways to write one: in YAML, `supplier/name: {contains: Acme}`, and Coupa's own, which can be pasted from an
address: `supplier[name][contains]=Acme`. Every clause must hold.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from bulkpo.model.path import CUSTOM_FIELDS, ElementPath
from bulkpo.query.operators import Operator
from bulkpo.query.values import blank_at_edge, refuse_slip, unlisted, wire_text
from bulkpo.schema.tables import Element, ElementTables, UnknownElement, nearest
from bulkpo.yamldoc import Keys

_PARAMETER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_-]*)\}")
_NEXT_PAIR = re.compile(r"&(?=[\w%/-]+(?:(?:\[|%5B)[\w%-]*(?:\]|%5D))*=)", re.IGNORECASE)
_OPERATORS = tuple(map(str, Operator))
_PAGING = frozenset({"limit", "offset", "order-by", "dir", "fields", "return-object"})
_PASSED_ON = {"filter": "filter", "show-deleted-lines": "show_deleted_lines"}
"""What is no condition and changes what is answered all the same: it is sent as it is."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition: the element, how it is compared, and with what, as the text that is sent."""

    path: ElementPath
    operator: Operator
    values: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    """Why some of the values may find nothing."""

    @property
    def name(self) -> str:
        """The parameter's name in a query, as in `supplier[name][contains]`."""
        first, *rest = self.path.names
        suffix = [] if self.operator is Operator.EQ else [str(self.operator)]
        return first + "".join(f"[{part}]" for part in (*rest, *suffix))

    def __str__(self) -> str:
        return f"{self.name}={','.join(self.values)}"


@dataclass(frozen=True, slots=True)
class RawClause:
    """A clause as it was written: values are not yet typed, and `keys` say where in the file it stands."""

    path: str
    operator: str
    values: tuple[object, ...]
    keys: Keys = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a clause, and where in the file."""

    keys: Keys
    message: str


@dataclass(frozen=True, slots=True)
class QueryContext:
    """What clauses are read against: the object's tables, the parameters given, the time and its zone."""

    tables: ElementTables
    object: str
    parameters: Mapping[str, str]
    now: datetime
    any_value: bool = False
    """True if values that look like slips are meant as they are written."""


def yaml_clauses(where: object, keys: Keys) -> Iterator[RawClause]:
    """The clauses of a `where:` block: a mapping by element path, or a list of clauses in Coupa's own form."""
    if isinstance(where, list):
        for number, text in enumerate(where):
            for clause in bracket_clauses(str(text)):
                yield RawClause(clause.path, clause.operator, clause.values, (*keys, number))
    elif isinstance(where, dict):
        for path, asked in where.items():
            if isinstance(asked, dict):
                for operator, value in asked.items():
                    values = tuple(value) if isinstance(value, list) else (value,)
                    yield RawClause(path, operator, values, (*keys, path, operator))
            elif isinstance(asked, list):
                yield RawClause(path, Operator.IN, tuple(asked), (*keys, path))
            else:
                yield RawClause(path, Operator.EQ, (asked,), (*keys, path))


def bracket_clauses(text: str) -> Iterator[RawClause]:
    """The clauses of `status[in]=issued,closed`, or of a whole address with several. A plus sign stays a plus sign.

    A value is what stands there, with the blanks at its ends: `[contains]=, ` asks for less than a comma alone.
    """
    for pair in _NEXT_PAIR.split(_query_of(text.lstrip().rstrip("\r\n"))):
        name, _, value = pair.partition("=")
        parts = [part.replace("_", "-") for part in re.split(r"[\[\]/]+", unquote(name.strip()).strip("]"))]
        operator: str = Operator.EQ
        if len(parts) > 1 and parts[-1].replace("-", "_") in _OPERATORS:
            operator = parts.pop().replace("-", "_")
        decoded = unquote(value)
        listed = operator in (Operator.IN, Operator.NOT_IN)
        yield RawClause("/".join(parts), operator, tuple(decoded.split(",")) if listed else (decoded,))


def _query_of(text: str) -> str:
    """The query of an address, of a part of one, or a query alone; a page of Coupa's prints some without `?`."""
    address, mark, query = text.partition("?")
    if mark and "=" not in address:
        return query
    return text.partition("/api/")[2] if re.match(r"https?://", text) else text


def passed_on(raw: RawClause, parameters: Mapping[str, str]) -> tuple[str, str] | None:
    """What is to be sent as it is, with its value, if that is what was written; raises ValueError for a wrong value."""
    name = _PASSED_ON.get(raw.path.replace("_", "-"))
    if name is None or raw.operator != Operator.EQ or len(raw.values) != 1:
        return None
    value = _filled(raw.values[0], parameters)
    text = str(value).lower() if isinstance(value, bool) else str(value or "").strip()
    if not text or (name == "show_deleted_lines" and text.lower() not in ("true", "false")):
        raise ValueError(f"{name}: {text!r} is no value for it; write {'true' if name[0] == 's' else 'its name'}")
    return name, text


def check_clause(raw: RawClause, context: QueryContext) -> Clause | list[Problem]:
    """The clause ready to send, or everything that is wrong with it."""
    try:
        operator, path, element = _subject(raw, context)
    except (ValueError, UnknownElement) as error:
        return [Problem(raw.keys, str(error))]
    texts, problems = [], []
    for value in raw.values:
        try:
            text = wire_text(_filled(value, context.parameters), element, operator, context.now)
            if not context.any_value:
                refuse_slip(text, element, operator)
            texts.append(text)
        except ValueError as error:
            problems.append(Problem(raw.keys, f"{path}: {error}"))
    if problems:
        return problems
    doubts = [doubt(text, element, operator) for text in texts for doubt in (unlisted, blank_at_edge)]
    return Clause(path, operator, tuple(dict.fromkeys(texts)), tuple(f"{path}: {doubt}" for doubt in doubts if doubt))


def _subject(raw: RawClause, context: QueryContext) -> tuple[Operator, ElementPath, Element]:
    """What a clause is about, if it makes sense at all; raises ValueError or UnknownElement with the reason."""
    if raw.operator not in _OPERATORS:
        raise ValueError(_no_operator(raw.operator))
    operator, path = Operator(raw.operator), _path(_without_resource(raw.path, context))
    above = ElementPath(path.steps[:-1])
    if above.steps and above.names[-1] != CUSTOM_FIELDS and context.tables.element(context.object, above).is_plain:
        raise ValueError(_no_operator(path.names[-1]))
    element = context.tables.element(context.object, path)
    if not element.is_plain:
        raise ValueError(f"{path} is a whole {element.type}; ask for one of its elements, as in {path}/id")
    if reason := operator.unfit_for(element.type):
        raise ValueError(f"{path}: {reason}")
    if not raw.values:
        raise ValueError(f"{path}: {operator} needs at least one value")
    if len(raw.values) > 1 and not operator.takes_a_list:
        raise ValueError(f"{path}: {operator} takes one value; write in for several")
    return operator, path, element


def _without_resource(path: str, context: QueryContext) -> str:
    """A path without the resource in front of it, as it stands where a `?` is missing."""
    first, slash, rest = path.partition("/")
    table = context.tables.object(context.object)
    is_resource = first.replace("-", "_") in table.resources and first not in table.elements
    return rest if slash and is_resource else path


def _no_operator(name: str) -> str:
    listed = nearest(name, _OPERATORS) or f"; write one of {', '.join(_OPERATORS)}"
    return f"{name!r} is not an operator of Coupa's queries{listed}"


def _path(text: str) -> ElementPath:
    path = ElementPath.parse(text)
    if path.names[0] in _PAGING and len(path.names) == 1:
        raise ValueError(f"{text!r} is not a condition: bulkpo asks for pages and elements itself; remove it")
    if any(step.index is not None for step in path.steps):
        raise ValueError(f"{text!r}: a query cannot name one member of a collection; remove the number")
    return path


def _filled(value: object, parameters: Mapping[str, str]) -> object:
    """A value with its `${name}` parameters put in; raises ValueError for one that was not given."""
    if not isinstance(value, str):
        return value

    def given(match: re.Match[str]) -> str:
        if match[1] not in parameters:
            raise ValueError(f"there is no value for {match[0]}; give one with --set {match[1]}=...")
        return parameters[match[1]]

    return _PARAMETER.sub(given, value)
