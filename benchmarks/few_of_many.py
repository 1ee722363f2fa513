"""Ten orders of a large CSV file imported, by `--limit`: what is left out should cost little more than its check."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.claims import at_most, tell
from benchmarks.measuring import apart
from benchmarks.order_lines import MAPPING, write_csv

FEW = 10


def bring_few(folder: Path, url: str) -> None:
    """Check the file and import its first orders."""
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.journal.journal import journal_in
    from bulkpo.model.profile import Profile, Secret
    from bulkpo.runs.checking.check import check
    from bulkpo.runs.checking.mapped import open_mapped
    from bulkpo.runs.imports.job import ImportOptions, Job
    from bulkpo.runs.imports.run import begin, run_import
    from bulkpo.runs.planning.plan import FilePlan
    from bulkpo.schema.tables import ElementTables
    from bulkpo.shipped import schema_text
    from bulkpo.states import State

    scopes = ("core.purchase_order.read", "core.purchase_order.write")
    profile = Profile("sandbox", url, "sandbox", Secret("sandbox"), scopes, rate=None)
    mapped = open_mapped(folder / "orders.yaml", folder / "orders.csv", ElementTables(schema_text))
    plan = FilePlan(mapped, check(mapped))
    journal = journal_in(folder / "journal", lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    with CoupaClient(profile) as client:
        result = run_import(begin(Job(plan, client, journal, 0, ImportOptions(limit=FEW))))
    journal.close()
    assert result.counts[State.CREATED] == FEW, result


def measure_few(url: str, lines: int) -> None:
    """What the client's processor does for it, and how much memory it takes."""
    with tempfile.TemporaryDirectory() as name:
        write_csv(Path(name) / "orders.csv", lines)
        (Path(name) / "orders.yaml").write_text(MAPPING, encoding="utf-8")
        taken = apart(bring_few, Path(name), url)
    work = f"import of {FEW} orders of a CSV file of {lines:,} lines"
    print(f"{FEW} orders of {lines:,} CSV lines: processor {taken.cpu:.1f} s, memory {taken.megabytes:.0f} MB")
    tell(f"{work}, processor", "nothing", at_most(8, "seconds"), [taken.cpu])
    tell(f"{work}, memory", "nothing", at_most(150, "MB"), [taken.megabytes])
