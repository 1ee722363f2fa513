"""The values a mapping gives itself: constants, defaults and crosswalk entries, proved right before any row is read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bulkpo.mapping.language.arithmetic import steps_problem
from bulkpo.mapping.language.crosswalks import BETWEEN_KEYS, NO_RESULT, Entries
from bulkpo.mapping.language.spec import Slot, SlotLevel, Target, own_rules
from bulkpo.mapping.values.cells import reader_for
from bulkpo.mapping.values.dates import DateOptions, DateReader
from bulkpo.mapping.values.numbers import NumberMarks, NumberReader
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.schema.rules import OF_CODES, checks_of, first_breach
from bulkpo.where import Place

YAML_NUMBERS = NumberMarks(".")
Located = tuple[Place, str]


class ValueSettler:
    """Settles the values of slots; problems, with their places, are gathered in `problems`."""

    def __init__(self, crosswalks: Mapping[str, Entries], dates: DateOptions) -> None:
        self.problems: list[Located] = []
        self._crosswalks = crosswalks
        self._dates = dates

    def settle(self, levels: Sequence[SlotLevel], places: Mapping[str, Place]) -> tuple[SlotLevel, ...]:
        """The levels with their constants and defaults in Coupa's form; `places` tells where constants stand."""
        return tuple(
            replace(
                level,
                variants=tuple(tuple(self._slot(slot, places) for slot in variant) for variant in level.variants),
            )
            for level in levels
        )

    def _slot(self, slot: Slot, places: Mapping[str, Place]) -> Slot:
        if slot.constant is not None:
            return replace(slot, constant=self._value(slot, slot.constant, places[slot.path], f"constant {slot.path}"))
        return replace(slot, targets=tuple(self._target(slot, target) for target in slot.targets))

    def _target(self, slot: Slot, target: Target) -> Target:
        problem = steps_problem(slot, target)
        if problem:
            self.problems.append((target.place, problem))
        if target.crosswalk is not None:
            for legacy, value in self._crosswalks.get(target.crosswalk, {}).items():
                if value is not None and value != NO_RESULT:
                    entry = legacy.replace(BETWEEN_KEYS, " + ")
                    self._value(
                        slot, value, target.place, f"crosswalk {target.crosswalk}, entry {entry}, to {slot.path}"
                    )
        return replace(
            target,
            default=self._own(slot, target, target.default, "default"),
            unknown=self._own(slot, target, target.unknown, "unknown"),
            value=self._own(slot, target, target.value, "value"),
        )

    def _own(self, slot: Slot, target: Target, text: str | None, what: str) -> str | None:
        if text is None:
            return None
        return self._value(slot, text, target.place, f"{what} of {target.column}, to {slot.path}")

    def _value(self, slot: Slot, text: str, place: Place, what: str) -> str | None:
        read = reader_for(slot.element, NumberReader(YAML_NUMBERS), DateReader(self._dates))
        try:
            value = read(text)
        except Unreadable as error:
            self.problems.append((place, f"{what}: {error.message}"))
            return None
        breach = None if value is None else first_breach(value, checks_of(slot.element, own_rules(slot.rule)))
        if breach is not None:
            # no file is read by a mapping that is wrong, and so no crosswalk drafted of one
            message = breach.message.replace(OF_CODES, "it is no code of Coupa's: write one that is")
            self.problems.append((place, f"{what}: {message}"))
        return value
