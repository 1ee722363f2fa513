"""What is noted of a run for whoever looks at it later: the files as they were read, and what checking them found."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bulkpo.mapping.language.figures import Expected
from bulkpo.runs.checking.mapped import digest_of, files_of_mapping
from bulkpo.runs.planning.batch import Plan
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read: what it is to the run, where it was, its SHA-256 and size, when it was last changed."""

    what: str
    path: str
    sha256: str
    size: int
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Papers:
    """What is known of a run besides its plan: other files it stands on, each with what it is, and the look-up before.

    `looked_up` is whether all that the orders refer to was looked up; None where that was done when the run was begun.
    `unchecked` says of each resource that could not be asked why.
    """

    beside: tuple[tuple[str, Path], ...] = ()
    looked_up: bool | None = None
    unchecked: Mapping[str, str] = field(default_factory=dict)


def read_file(what: str, path: Path, digest: str = "") -> ReadFile:
    """A file as it is now, by its digest if that is known already; without one where it can no longer be read."""
    place = os.path.realpath(path)
    try:
        facts = path.stat()
        changed = datetime.fromtimestamp(facts.st_mtime, UTC).isoformat(timespec="seconds")
        return ReadFile(what, place, digest or digest_of(path), facts.st_size, changed)
    except OSError:
        return ReadFile(what, place, "", 0)


def notes_of(plan: Plan, papers: Papers = Papers()) -> Mapping[str, Any]:
    """What is noted of the plan of a run, and of what it stands on."""
    found = {(each.what, each.path): each for each in _files(plan, papers)}
    checked = plan.checked
    rows = {
        "read": checked.rows,
        "clean": checked.clean_rows,
        "failed": checked.failed_rows,
        "skipped": checked.skipped_rows,
        "without an order": checked.keyless,
    }
    return {
        "files": [asdict(each) for each in found.values()],
        "checked": checked.as_json(),
        "rows": rows,
        "skipped": {reason: len(rows) for reason, rows in checked.skipped.items()},
        "held": len(plan.held.keys),
        "expected": _expected(plan.mapping.expected),
        **({} if papers.looked_up is None else {"looked_up": papers.looked_up, "unchecked": dict(papers.unchecked)}),
    }


def _expected(said: Expected) -> dict[str, str]:
    """The figures a file must come to, by name: those of the mapping and those of the command line."""
    figures = {"orders": said.orders, "lines": said.lines}
    counts = {name: str(figure) for name, figure in figures.items() if figure is not None}
    return counts | {f"amount.{currency}": str(amount) for currency, amount in said.amount.items()}


def _files(plan: Plan, papers: Papers) -> Iterator[ReadFile]:
    if isinstance(plan, FilePlan) and len(plan.mapped.files) > 1:
        yield from (read_file("input", path) for path in plan.mapped.files)
    else:
        yield from (read_file("input", path, digest) for path, digest in plan.digests())
    for path, what in files_of_mapping(plan.mapping_file, ElementTables(schema_text)).items():
        yield read_file(what, path)
    for what, path in papers.beside:
        yield read_file(what, path)


def results_of(paths: Iterable[tuple[str, Path | None]]) -> list[dict[str, Any]]:
    """The files that a run wrote, each with what it is; those that were not written are left out."""
    return [asdict(read_file(what, path)) for what, path in paths if path is not None]
