"""Commands that messages advise, ready to copy: with the names of this mapping and this file."""

from typing import TYPE_CHECKING

from bulkpo.mapping.rows.binding import FIT
from bulkpo.model.finding import Finding
from bulkpo.model.text import shell_word
from bulkpo.schema.rules import DRAFT

if TYPE_CHECKING:
    from bulkpo.runs.checking.mapped import MappedFile, Pass

_TOO_LONG = "too-long"


def with_commands(findings: list[Finding], one: "Pass") -> list[Finding]:
    """Findings whose messages name the column, the mapping and the file in the commands they advise."""
    if not any(each.code == _TOO_LONG for each in findings):
        return findings
    numbers = one.applier.numbers
    filled = {
        (slot.path, numbers.get(target.column)): target.column
        for level in one.file.mapping.levels
        for variant in level.variants
        for slot in variant
        for target in slot.targets
    }
    return [_with_command(each, filled.get((each.element, each.column), ""), one.file) for each in findings]


def _with_command(finding: Finding, column: str, file: "MappedFile") -> Finding:
    if not column or finding.code != _TOO_LONG or DRAFT not in finding.message:
        return finding
    command = f"bulkpo guess --crosswalk {shell_word(column)} {_names(file)}"
    return finding._replace(message=finding.message.replace(DRAFT, command))


def fit_command(problem: str, file: "MappedFile") -> str:
    """A problem of a mapping and a file with the command that fits the one to the other."""
    return problem.replace(FIT, f"bulkpo guess --fit {_names(file)}")


def _names(file: "MappedFile") -> str:
    return " ".join(shell_word(str(path)) for path in (file.mapping_path, file.path))
