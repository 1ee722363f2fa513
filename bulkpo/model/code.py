"""What is said of one kind of finding, wherever it is found."""

from dataclasses import dataclass

from bulkpo.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding. `severity` is the usual one: a file's oddity is an error where it changes what is read.

    What `is_told_once` is found in many rows and, where it is a notice, told of at the first alone.
    """

    meaning: str
    remedy: str
    severity: Severity = Severity.ERROR
    is_told_once: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """Codes that belong together."""

    title: str
    codes: dict[str, Code]
