"""What a person decides of a guess: which element a column goes to, what a constant is, how dates are meant."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bulkpo.mapping.guessing.draft.becomes import divided_by
from bulkpo.mapping.guessing.draft.guess import YOU_SAID_SO, ColumnGuess, Guess, OneOf, PartGuess, Sure, Use
from bulkpo.mapping.guessing.draft.text import dates_data, has_dates
from bulkpo.mapping.guessing.judging.engine import ACCOUNTS, CURRENCY
from bulkpo.mapping.guessing.judging.wide_rows import numbered
from bulkpo.mapping.guessing.money.decide import PRICE, QUANTITY
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.model.table import PART_MARK
from bulkpo.model.zones import known_zone
from bulkpo.schema.tables import nearest

AsElement = Callable[[str], str]
"""An element path as Coupa writes it; raises ValueError where nothing can be sent there."""
IGNORE = "ignore"
_SAID_OF_ANOTHER = (IGNORE, "to", "divide_by", "require", "reason")
"""What a block says that holds no more once its column is decided to be something else."""
_LINE = "order-lines/"
_LINE_CURRENCY = "order-lines/currency/code"
_ORDER, _ZONE = "order", "time_zone"
_WHY_ASKED = {
    CURRENCY: "no column says it; it is the same for all, and may be any ISO code",
    _LINE_CURRENCY: "no column says it; it is the same for all, and may be any ISO code",
    "ship-to-user/login": "no column has it: the login of the user all orders are for; this one is the sandbox's",
    "order-lines/account/code": "no column has it: what all lines are billed to; this one is the sandbox's",
    "order-lines/account/account-type/name": "the chart of accounts the account is in; this one is the sandbox's",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Something to decide: its name, as it is set by, what it may be, and what speaks for that."""

    name: str
    choices: tuple[str, ...]
    reason: str = ""
    sample: str = ""
    is_column: bool = False


def questions(guess: Guess) -> Iterator[Question]:
    """All that is yet to be decided."""
    for name, column in guess.named:
        if column.use is Use.UNDECIDED:
            reason = "; ".join([*([column.heading] if column.heading else []), *column.reasons[-1:]])
            yield Question(name, column.paths, reason, column.sample, is_column=True)
    for path, value in guess.constants.items():
        if isinstance(value, OneOf) and not (
            path == _LINE_CURRENCY and isinstance(guess.constants.get(CURRENCY), OneOf)
        ):
            yield Question(path, value.values, _WHY_ASKED.get(path, "no column says it; it is the same for all"))
    for name, value in dates_data(guess.dates, guess.zone).items() if has_dates(guess) else ():
        if isinstance(value, OneOf):
            told = "every date can be read both ways" if name == _ORDER else "the zone dates are meant in"
            yield Question(name, value.values, told)


def decided(guess: Guess, decisions: Mapping[str, str], as_element: AsElement) -> Guess:
    """A guess with decisions taken in, by the names of columns, element paths and settings; raises ValueError."""
    constants: dict[str, str] = {}
    for name, choice in decisions.items():
        meant = _meant(name, guess)
        if meant:
            path = choice if choice == IGNORE else as_element(choice)
            if len(meant) > 1 and path not in (IGNORE, guess.document.get("key")):
                both = " or ".join(f"{part}{PART_MARK}{title}" for part, title in meant)
                raise ValueError(f"{len(meant)} tables have a column {name!r}; say which is meant: {both}")
            titles = dict(meant)
            parts = (
                _column_set(part, titles[part.name], path) if part.name in titles else part for part in guess.parts
            )
            guess = replace(guess, parts=tuple(parts))
        elif name == _ORDER:
            if choice not in ("DMY", "MDY", "YMD"):
                raise ValueError(f"the order of dates is DMY, MDY or YMD, and not {choice!r}")
            guess = replace(guess, dates=replace(guess.dates, order=choice, is_open=False))
        elif name == _ZONE:
            guess = replace(guess, zone=known_zone(choice))
        else:
            constants[_constant(name, guess, as_element)] = choice
    return _with_currency(_with_constants(guess, constants))


def _meant(name: str, guess: Guess) -> list[tuple[str, str]]:
    """The parts and titles of the columns that a name means: a title, one with its part in front, or a heading."""
    found = [(part.name, column.title) for part in guess.parts for column in part.columns]
    filled = [(part.name, each) for part in guess.parts for each in part.columns if each.sample]
    headed = [(part, each.title) for part, each in filled if each.heading == name]
    exact = [each for each in found if each[1] == name]
    return exact or [each for each in found if PART_MARK.join(each) == name] or headed


def _constant(name: str, guess: Guess, as_element: AsElement) -> str:
    """The element path that a name which is no column's means."""
    if name in guess.constants:
        return name
    try:
        return as_element(name)
    except ValueError as error:
        near = nearest(name, (*(each for each, _ in guess.named), _ORDER, _ZONE))
        raise ValueError(f"there is no column and no element {name!r}{near or f': {error}'}") from None


def _with_constants(guess: Guess, said: Mapping[str, str]) -> Guess:
    """A guess with constants that someone said; raises ValueError for one that a column fills."""
    constants = dict(guess.constants)
    filled = {path: column.title for column in guess.columns if column.use is Use.MAPPED for path in column.paths}
    for path, choice in said.items():
        if choice == IGNORE:
            if path not in constants:
                raise ValueError(f"{path} is no constant of this mapping, so there is nothing to leave out")
            del constants[path]
        elif path in filled:
            title = filled[path]
            raise ValueError(
                f'the column {title!r} fills {path}; to have a constant instead, add --set "{title}=ignore"'
            )
        else:
            constants[path] = choice
    return replace(guess, constants=constants)


def _column_set(part: PartGuess, title: str, choice: str) -> PartGuess:
    if part.is_wide and any(each.title == title for each in part.columns):
        _refuse_of_all_lines(title, choice)
    columns = tuple(_set(each, choice, part.pers) if each.title == title else each for each in part.columns)
    joined_by = {} if choice == KEY else part.joined_by
    return replace(part, columns=_with_pers(columns, part.pers), joined_by=joined_by)


def _refuse_of_all_lines(title: str, choice: str) -> None:
    """Raise ValueError for an element of lines that would hold for all that stand side by side, but is of one."""
    found = numbered(title)
    if choice.startswith(_LINE) and (found is not None or choice in (PRICE, QUANTITY)):
        mine = choice.replace(_LINE, f"order-lines[{found[1] if found else 1}]/", 1)
        raise ValueError(
            f"{title!r}: {choice} would hold for each of the lines that stand side by side; do you mean {mine}?"
        )


def _with_pers(columns: tuple[ColumnGuess, ...], pers: Mapping[str, str]) -> tuple[ColumnGuess, ...]:
    """Columns of which those that prices are divided by say so, as far as they are ignored."""
    read = {pers[path] for each in columns for path in each.paths if path in pers and "divide_by" in each.block}
    return tuple(
        replace(each, block={IGNORE: "read by the price"}) if each.use is Use.IGNORED and each.title in read else each
        for each in columns
    )


def _set(column: ColumnGuess, choice: str, pers: Mapping[str, str]) -> ColumnGuess:
    said = (*column.reasons, YOU_SAID_SO)
    if choice == IGNORE:
        return replace(column, use=Use.IGNORED, paths=(), block={"ignore": YOU_SAID_SO}, reasons=said, sure=Sure.SURE)
    paths = (CURRENCY, _LINE_CURRENCY) if choice == CURRENCY else (choice,)
    block = {key: value for key, value in column.block.items() if key not in _SAID_OF_ANOTHER}
    if choice in pers:
        block = {"divide_by": divided_by(pers[choice]), **block}
    return replace(column, use=Use.MAPPED, paths=paths, reasons=said, sure=Sure.SURE, block=block)


def _with_currency(guess: Guess) -> Guess:
    """Leave out constants that a column fills by now; the lines' currency is that of the order."""
    filled = {path for column in guess.columns if column.use is Use.MAPPED for path in column.paths}
    is_billed = any(path.startswith(ACCOUNTS) for path in filled)
    constants = {
        path: value
        for path, value in guess.constants.items()
        if path not in filled and not (is_billed and path.startswith(ACCOUNTS) and isinstance(value, OneOf))
    }
    own = constants.get(CURRENCY)
    if own is not None and not isinstance(own, OneOf) and isinstance(constants.get(_LINE_CURRENCY), OneOf):
        constants[_LINE_CURRENCY] = own
    return replace(guess, constants=constants)
