"""Coupa's query operators, and the types of elements each makes sense for."""

from enum import StrEnum

MOMENTS = frozenset({"datetime", "date"})


class Operator(StrEnum):
    """How an element is compared. `eq` is written without a name: `status=issued`."""

    EQ = "eq"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    GT = "gt"
    LT = "lt"
    GT_OR_EQ = "gt_or_eq"
    LT_OR_EQ = "lt_or_eq"
    NOT_EQ = "not_eq"
    IN = "in"
    NOT_IN = "not_in"
    BLANK = "blank"

    @property
    def takes_part_of_a_text(self) -> bool:
        """True for those that look inside a text, whose value need not be a whole one."""
        return self in (Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)

    @property
    def takes_a_list(self) -> bool:
        """True for those that compare with several values."""
        return self in (Operator.IN, Operator.NOT_IN)

    @property
    def takes_an_order(self) -> bool:
        """True for those that ask what is larger or later."""
        return self in (Operator.GT, Operator.LT, Operator.GT_OR_EQ, Operator.LT_OR_EQ)

    def unfit_for(self, kind: str) -> str:
        """Why elements of this type cannot be asked so, with what to write instead; empty if they can."""
        if kind in MOMENTS and self.takes_part_of_a_text:
            return f"{self} looks inside a text, and this is a {kind}; write gt_or_eq or lt"
        if kind in MOMENTS and self is Operator.BLANK:
            return f"Coupa cannot tell whether a {kind} is blank; write gt or lt with a date instead"
        if kind == "boolean" and (self.takes_part_of_a_text or self.takes_an_order):
            return f"{self} makes no sense for true or false; write the value alone"
        return ""
