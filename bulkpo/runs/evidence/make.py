"""A pack is made: the journal's trails, copies of the files, the cover, and the manifest of all that."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bulkpo.errors import OutputError
from bulkpo.journal.encoding import options_json, summary_json
from bulkpo.runs.evidence.case import EVIDENCE, Case
from bulkpo.runs.evidence.copies import Copy, write_copies
from bulkpo.runs.evidence.cover import Findings, write_cover
from bulkpo.runs.evidence.gaps import Gap, gaps
from bulkpo.runs.evidence.sealed import SealedZip, pieces_of
from bulkpo.runs.evidence.sums import Accounting, accounting
from bulkpo.runs.evidence.trails import Counted, write_trails
from bulkpo.runs.evidence.words import MANIFEST, readme
from bulkpo.tables.spool import RowSpool
from bulkpo.tables.writing.atomic import replacing


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was made: where it is, its own digest, its size, how many orders and events, and what it lacks."""

    run: int
    path: Path
    sha256: str
    size: int
    orders: int
    events: int
    copies: tuple[Copy, ...]
    sums: Accounting
    gaps: tuple[Gap, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "run": self.run,
            "pack": str(self.path),
            "sha256": self.sha256,
            "bytes": self.size,
            "orders": self.orders,
            "events": self.events,
            "files": [copy.as_json() for copy in self.copies],
            "accounting": self.sums.as_json(),
            "not_checked": [gap._asdict() for gap in self.gaps],
        }


def make_pack(case: Case, path: Path, like: Path) -> Pack:
    """Write a pack, to be read by whom `like` may be.

    Raises OutputError where there is a file already, RunError while a process works on the run.
    """
    _refuse_taken(path)
    with case.journal.claim():
        return _made(case, path, like)


def _made(case: Case, path: Path, like: Path) -> Pack:
    with (
        TemporaryDirectory() as folder,
        RowSpool() as rows,
        replacing(path, lambda _: _refuse_taken(path), like) as file,
    ):
        pack = SealedZip(file, case.run.ended or case.run.started)
        counted = write_trails(case, pack, rows)
        copies = write_copies(case, pack)
        sums = accounting(case, counted)
        lacks = gaps(case, counted, copies, sums)
        found = Findings(copies, sums, lacks, counted)
        cover = Path(folder) / "evidence.xlsx"
        write_cover(cover, case, found, rows)
        pack.put("evidence.xlsx", pieces_of(cover), cover.stat().st_size)
        pack.put("run.json", [_run_json(case, counted, found)])
        pack.put("README.txt", [readme(case, found)])
        pack.put(MANIFEST, [manifest(pack.digests)])
        digest, size = pack.finish()
    journal = case.journal
    with journal.stint(EVIDENCE) as notes:
        notes.note(pack=os.path.realpath(path), sha256=digest, bytes=size, head=counted.head, events=counted.events)
    orders = sum(counted.states.values())
    return Pack(case.run.id, path, digest, size, orders, counted.events, tuple(copies), sums, tuple(lacks))


def manifest(digests: dict[str, str]) -> bytes:
    """Digests by name, as `sha256sum` prints them."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode("ascii")


def _refuse_taken(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise OutputError(f"{path}: is there already, and evidence is never written over; choose another name")


def _run_json(case: Case, counted: Counted, found: Findings) -> bytes:
    """What the run was, who worked on it, what it came to, and what was not checked."""
    run = case.run
    known = {
        "evidence": 1,
        "run": {
            **{name: value for name, value in asdict(run).items() if name not in ("options", "summary")},
            "options": options_json(run.options),
            "summary": {name: value for name, value in summary_json(run.summary).items() if name != "held"},
        },
        "work": [asdict(each) for each in case.stints],
        "orders": sum(counted.states.values()),
        "events": {
            "count": counted.events,
            "head": counted.head,
            "payloads": counted.payloads,
            "untold": counted.untold,
        },
        "rows": sum(counted.rows.values()) if counted.has_rows else None,
        "read_back": {
            "orders": counted.read_back,
            "elements": counted.compared,
            "not_shown": counted.not_shown,
            "differing": counted.differing,
        },
        "accounting": found.sums.as_json(),
        "files": [copy.as_json() for copy in found.copies],
        "not_checked": [gap._asdict() for gap in found.gaps],
    }
    return json.dumps(case.clean(known), indent=1, default=str).encode("ascii") + b"\n"
