"""What a benchmark claims: work, what it is measured beside, the goal, and the figures.

A benchmark prints its claims after its text for people, each as one line of JSON, by `tell`; `python -m benchmarks`
gathers them into the table of docs/performance.md.
"""

import json
import operator
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from benchmarks.measuring import spread

_MARK = '{"work": '
_MEETS = {"at least": operator.ge, "at most": operator.le}


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be: `at least` or `at most` a number of some unit, as `times as fast` or `MB`."""

    bound: str
    number: float
    unit: str

    def __str__(self) -> str:
        return f"{self.bound} {self.number:,g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A goal and the figures of several runs; without figures the peer is not installed."""

    work: str
    beside: str
    goal: Goal
    figures: tuple[float, ...]

    @property
    def measured(self) -> str:
        """The median of the runs, and between what they lay."""
        if not self.figures:
            return "not installed"
        digits = 2 if statistics.median(self.figures) < 10 else 0
        return f"{spread(self.figures, digits)} {self.goal.unit}"

    @property
    def met(self) -> str:
        """Whether the median meets the goal."""
        if not self.figures:
            return "not measured"
        return "yes" if _MEETS[self.goal.bound](statistics.median(self.figures), self.goal.number) else "**no**"


def at_least(number: float, unit: str) -> Goal:
    """A goal that more is better for."""
    return Goal("at least", number, unit)


def at_most(number: float, unit: str) -> Goal:
    """A goal that less is better for."""
    return Goal("at most", number, unit)


def tell(work: str, beside: str, goal: Goal, figures: Sequence[float]) -> None:
    """Print a claim as a line of JSON; `figures` are those of each run."""
    print(json.dumps(asdict(Claim(work, beside, goal, tuple(round(figure, 4) for figure in figures)))))


def claims_in(printed: str) -> tuple[str, list[Claim]]:
    """What a benchmark printed, parted into its text and its claims."""
    lines = printed.splitlines()
    claims = []
    for line in lines:
        if line.startswith(_MARK):
            told = json.loads(line)
            claims.append(Claim(told["work"], told["beside"], Goal(**told["goal"]), tuple(told["figures"])))
    return "\n".join(line for line in lines if not line.startswith(_MARK)).strip(), claims


def table(claims: Sequence[Claim]) -> str:
    """The claims as a Markdown table."""
    rows = ["| work | beside | goal | measured | met? |", "| --- | --- | --- | --- | --- |"]
    rows += [f"| {each.work} | {each.beside} | {each.goal} | {each.measured} | {each.met} |" for each in claims]
    return "\n".join(rows)
