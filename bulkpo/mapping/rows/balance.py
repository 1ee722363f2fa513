"""The balance of one element: what is ordered less what is done, row by row, and what is odd about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import sub
from typing import NamedTuple

from bulkpo.mapping.language.figures import Balance
from bulkpo.mapping.language.spec import ImportMapping, Rule, Slot, Target, own_rules
from bulkpo.mapping.rows.clean import ExactNumbers
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.rows.doubts import Witness
from bulkpo.mapping.values.arithmetic import CALCULATED_DIGITS, exactly
from bulkpo.mapping.values.cells import number_text, number_texts
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value
from bulkpo.schema.rules import checks_of, first_breach


class Odd(NamedTuple):
    """A line whose balance is not above zero: its place, what is ordered of it, and what is done."""

    place: int
    ordered: Decimal
    done: Decimal


@dataclass(slots=True)
class Judged:
    """What became of one element's column: the values that are open.

    `left_out` are the places of lines that are left out, each with the reason, `finished` those of which all is done.
    `counted` are the places of all lines with a balance, and `told` what there is to say, with the titles of columns.
    """

    values: list[Value]
    left_out: dict[int, str] = field(default_factory=dict)
    finished: set[int] = field(default_factory=set)
    counted: list[int] = field(default_factory=list)
    told: list[tuple[str, Trouble]] = field(default_factory=list)


class BalanceField:
    """One element that a balance fills, and how what is done of it is read."""

    def __init__(self, balance: Balance, slot: Slot, mapping: ImportMapping, witnesses: Mapping[str, Witness]) -> None:
        bare = replace(slot.element, type="decimal", precision=None, scale=None, values=())
        target = next(each for each in slot.targets if each.column == balance.ordered)
        self._title = balance.done.column
        done = Target(self._title, target.place, part=target.part, when=target.when)
        self._done = TargetConverter(done, Slot(slot.path, bare, Rule()), mapping, witnesses.get(self._title))
        self.ordered = balance.ordered
        self.slot = slot
        self._balance = balance
        self._checks = checks_of(slot.element, own_rules(slot.rule))
        self._exact = ExactNumbers(slot, own_rules(slot.rule))
        self._word = "received" if balance.basis == "not_received" else "invoiced"

    @property
    def reader(self) -> TargetConverter:
        """What reads how much is done."""
        return self._done

    @property
    def empty(self) -> Decimal | None:
        """How much is done where the cell that says so is empty; None where that is not known."""
        return self._balance.done.empty

    @property
    def why_finished(self) -> str:
        """Why a line is left out of which all is done."""
        return f"finished: all of {self.ordered} is {self._word} ({self._title})"

    def judge(self, ordered: Sequence[Value], columns: ColumnsByTitle) -> Judged:
        """What is open of each row's line; a row without a number of its own has no balance."""
        judged = Judged(list(ordered))
        done = self._read(judged, columns)
        places = [place for place, value in enumerate(judged.values) if value is not None and done[place] is not None]
        with exactly():
            numbers = [Decimal(judged.values[place] or 0) for place in places]
            others = [Decimal(done[place] or 0) for place in places]
            rests = list(map(sub, numbers, others))
            lines = enumerate(zip(places, numbers, others, rests, strict=True))
            odd = {at: Odd(place, of, its) for at, (place, of, its, rest) in lines if rest <= 0 or its < 0}
            for at, line in odd.items():
                rests[at] = self._settled(judged, line)
        texts = number_texts(rests)
        sent = [at for at in self._exact.unproved(texts) if places[at] not in judged.left_out]
        wrong = dict(self._breaches(texts, sent))
        for at, (place, text) in enumerate(zip(places, texts, strict=True)):
            judged.values[place] = None if at in wrong else text
        judged.values = ["0" if place in judged.left_out else value for place, value in enumerate(judged.values)]
        judged.told += [(self._balance.ordered, trouble.at(places[at])) for at, trouble in wrong.items()]
        bad = {trouble.position for _, trouble in judged.told if trouble.kept is None}
        judged.counted = [place for place in places if place not in bad] if bad else places
        return judged

    def _read(self, judged: Judged, columns: ColumnsByTitle) -> list[Value]:
        """What is done of each line, None where that cannot be told."""
        values, told = self._done.titled(columns)
        done = list(values)
        judged.told += [(title, trouble) for title, trouble in told if judged.values[trouble.position] is not None]
        troubled = {trouble.position for _, trouble in told if trouble.kept is None}
        for place, (number, its) in enumerate(zip(judged.values, done, strict=True)):
            if number is None or place in troubled:
                continue
            if its is None and self._balance.done.empty is not None:
                done[place] = format(self._balance.done.empty, "f")
            elif its is None:
                message = (
                    f"the cell is empty, and nothing says how much of {self._balance.ordered} is {self._word}; fill it "
                    f"in, or say {self._word}: {{column: {self._title}, empty: 0}}"
                )
                judged.told.append((self._title, Trouble(place, "operand-empty", message)))
            elif len(its) > CALCULATED_DIGITS:
                message = f"a number to calculate with has at most {CALCULATED_DIGITS} digits; correct it"
                judged.told.append((self._title, Trouble(place, "too-large", message)))
                done[place] = None
        return done

    def _settled(self, judged: Judged, line: Odd) -> Decimal:
        """What is open of a line that is finished or odd."""
        place, ordered, done = line
        balance = self._balance
        if ordered <= 0:
            self._nothing_ordered(judged, line)
            return ordered - done
        if done < 0:
            return self._returned(judged, line)
        judged.left_out[place] = self.why_finished
        judged.finished.add(place)
        if done > ordered:
            message = f"{number_text(done)} of {number_text(ordered)} {balance.ordered} {self._are(done)}"
            if balance.over:
                message = f"{message}; the line is skipped as finished, as the mapping says"
                judged.told.append((self._title, Trouble(place, "more-than-ordered", message, kept="0")))
            else:
                del judged.left_out[place]
                message = f"{message}; correct it, or say over: finished"
                judged.told.append((self._title, Trouble(place, "more-than-ordered", message)))
        return Decimal(0)

    def _nothing_ordered(self, judged: Judged, line: Odd) -> None:
        shown = f"{number_text(line.ordered)} {'are' if line.ordered else 'is'} ordered, nothing that could be open"
        if self._balance.not_positive == "skip":
            judged.left_out[line.place] = f"nothing ordered: {self._balance.ordered} is not above 0"
        elif self._balance.not_positive == "send":
            message = f"{shown}; sent as it stands, as the mapping says"
            judged.told.append((self._balance.ordered, Trouble(line.place, "nothing-ordered", message, kept="0")))
        else:
            message = f"{shown}; correct it, or say not_positive: skip, or send"
            judged.told.append((self._balance.ordered, Trouble(line.place, "nothing-ordered", message)))

    def _returned(self, judged: Judged, line: Odd) -> Decimal:
        message = f"{number_text(line.done)} {self._are(line.done)}, fewer than none"
        if not self._balance.returned:
            message = f"{message}; correct it, or say returned: add, or ignore"
            judged.told.append((self._title, Trouble(line.place, "done-below-zero", message)))
            return line.ordered
        counts = "adds to what is open" if self._balance.returned == "add" else "counts as nothing"
        message = f"{message}; it {counts}, as the mapping says"
        judged.told.append((self._title, Trouble(line.place, "done-below-zero", message, kept="0")))
        return line.ordered - line.done if self._balance.returned == "add" else line.ordered

    def _are(self, number: Decimal) -> str:
        return f"{'is' if number == 1 else 'are'} {self._word}"

    def _breaches(self, texts: Sequence[Value], places: Sequence[int]) -> list[tuple[int, Trouble]]:
        """The balances that are no values of the element, by their place among the texts."""
        found = []
        for at in places:
            breach = first_breach(texts[at] or "0", self._checks)
            if breach is not None:
                message = f"what is open of it is {texts[at]}: {breach.message}"
                found.append((at, Trouble(0, breach.code, message)))
        return found
