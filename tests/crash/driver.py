"""One process of an import, or of its undoing, that is made to die: `driver.py FOLDER URL STEP [undo|do TASK]`.

Begins the import of FOLDER/orders.csv, or of all files in FOLDER/orders, or does a task with orders, or resumes the run
begun before, or undoes it. STEP is the durable step at which the process kills itself with SIGKILL: each commit of the
journal counts twice, before and after, each request that changes an order too, and each file that is put in place. 0
lets it live; the number of steps it took is then printed. How long an answer may take, in seconds, is
BULKPO_CRASH_TIMEOUT, and the limit in requests a second BULKPO_CRASH_RATE.
"""

import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Outcome
from bulkpo.coupa.uploads import UploadForm
from bulkpo.errors import RunError
from bulkpo.journal.group import GroupCommit, Queued
from bulkpo.journal.journal import Journal
from bulkpo.journal.records import RunStatus
from bulkpo.journal.run import RunJournal
from bulkpo.journal.sqlite import SqliteStore
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.model.profile import Profile, Secret
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped, read_mapping
from bulkpo.runs.doing.do import DoJob, Wish, begin_task, work
from bulkpo.runs.doing.listing import Lister, Sending, Task
from bulkpo.runs.doing.wanted import ListColumn, read_wanted
from bulkpo.runs.gather import gather
from bulkpo.runs.imports.job import ImportOptions, Job
from bulkpo.runs.imports.run import begin, run_import
from bulkpo.runs.imports.undo import UndoOptions, undo
from bulkpo.runs.own_files import OwnFiles
from bulkpo.runs.planning.batch import Plan
from bulkpo.runs.planning.batching import plan_batch
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

SCOPES = ("core.common.read", "core.purchase_order.read", "core.purchase_order.write", "core.supplier.read")


class Fuse:
    """Kills the process at a step."""

    def __init__(self, step: int) -> None:
        self.count = 0
        self._step = step
        self._lock = threading.Lock()

    def burn(self) -> None:
        """Take one step."""
        with self._lock:
            self.count += 1
            if self.count == self._step:
                os.kill(os.getpid(), signal.SIGKILL)


class FusedCommit(GroupCommit):
    """Commits that burn the fuse before and after."""

    def __init__(self, connection: sqlite3.Connection, path: Path, fuse: Fuse) -> None:
        super().__init__(connection, path)
        self._fuse = fuse

    def _write(self, batch: Sequence[Queued]) -> None:
        moves = any(ticket.statements for ticket in batch)
        if moves:
            self._fuse.burn()
        super()._write(batch)
        if moves:
            self._fuse.burn()


class FusedStore(SqliteStore):
    """A journal's file whose commits burn the fuse."""

    def __init__(self, folder: Path, fuse: Fuse) -> None:
        super().__init__(folder)
        self._group = FusedCommit(self._writer, self.path, fuse)


def fused_journal(folder: Path, fuse: Fuse) -> Journal:
    """A journal whose commits burn the fuse."""
    return Journal(FusedStore(folder, fuse), lambda: "2026-11-21T10:00:00+00:00")


class FusedClient(CoupaClient):
    """A client whose creates and actions burn the fuse before and after."""

    def __init__(self, profile: Profile, fuse: Fuse) -> None:
        super().__init__(profile)
        self._fuse = fuse

    def create(self, resource: str, body: bytes, content_type: str, key: str = "") -> Outcome:
        self._fuse.burn()
        outcome = super().create(resource, body, content_type, key)
        self._fuse.burn()
        return outcome

    def update(self, resource: str, id: int, body: bytes, content_type: str) -> Outcome:  # noqa: A002
        self._fuse.burn()
        outcome = super().update(resource, id, body, content_type)
        self._fuse.burn()
        return outcome

    def attach(self, resource: str, id: int, form: UploadForm) -> Outcome:  # noqa: A002
        self._fuse.burn()
        outcome = super().attach(resource, id, form)
        self._fuse.burn()
        return outcome

    def act(
        self,
        resource: str,
        id: int,  # noqa: A002
        action: str,
        said: Mapping[str, str] | None = None,
    ) -> Outcome:
        self._fuse.burn()
        outcome = super().act(resource, id, action, said)
        self._fuse.burn()
        return outcome


def main() -> int:
    folder, url, step = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    fuse = Fuse(step)
    sys.addaudithook(lambda event, _: fuse.burn() if event == "os.rename" else None)
    timeout = Decimal(os.environ.get("BULKPO_CRASH_TIMEOUT", "1"))
    profile = Profile(
        "sandbox",
        url,
        "sandbox",
        Secret("sandbox"),
        SCOPES,
        rate=Decimal(os.environ["BULKPO_CRASH_RATE"]) if "BULKPO_CRASH_RATE" in os.environ else None,
        workers=4,
        timeout=timeout,
        settle_for=2 * timeout,
    )
    if sys.argv[4:] == ["undo"]:
        return undo_run(folder, profile, fuse)
    if sys.argv[4:5] == ["do"]:
        return do_run(folder, profile, fuse, sys.argv[5])
    plan = planned(folder)
    options = ImportOptions(settle_seconds=0.3, patience_seconds=20)
    journal = fused_journal(folder / "work", fuse)
    with FusedClient(profile, fuse) as client:
        runs = journal.runs()
        job = Job(plan, client, journal, runs[0].id if runs else 0, options)
        result = run_import(job if runs else begin(job))
    journal.close()
    print(fuse.count, result.exit_code, result.trouble or result.stopped_because)  # noqa: T201 - its answer
    return result.exit_code


def planned(folder: Path) -> Plan:
    """What the folder holds: orders.csv, or several files in a folder of their own."""
    tables = ElementTables(schema_text)
    if (folder / "orders").is_dir():
        mapping = read_mapping(folder / "orders.yaml", tables)
        given = gather([folder / "orders"], OwnFiles(folder / "work"))
        return plan_batch(mapping, folder / "orders.yaml", given.inputs, lambda _: None)
    mapped = open_mapped(folder / "orders.yaml", folder / "orders.csv", tables)
    return FilePlan(mapped, check(mapped))


def undo_run(folder: Path, profile: Profile, fuse: Fuse) -> int:
    """Undo the run begun before."""
    journal = fused_journal(folder / "work", fuse)
    with FusedClient(profile, fuse) as client:
        result = undo(client, RunJournal(journal, 1), threading.Event(), UndoOptions(0.3, 20))
    journal.close()
    print(fuse.count, result.exit_code, result.undone, result.left)  # noqa: T201 - its answer
    return result.exit_code


def do_run(folder: Path, profile: Profile, fuse: Fuse, task: str) -> int:
    """Do something with the orders of the list, or go on with the run that began it."""
    journal = fused_journal(folder / "work", fuse)
    with FusedClient(profile, fuse) as client:
        known = [run.id for run in journal.runs() if run.options.task and run.status is not RunStatus.ABANDONED]
        if not known:
            lister = Lister(
                client, "purchase_orders", Task.of(kind_of("purchase_orders"), task), Sending(is_meant=True)
            )
            listing = lister.wanted(read_wanted(folder / "orders.csv", ListColumn("Number")))
            wish = Wish("purchase_orders", "orders.csv", str(folder / "orders.done.xlsx"))
            with ExitStack() as held:
                known = [begin_task(client, journal, listing, wish, held)]
        job = DoJob(client, RunJournal(journal, known[0]), OwnFiles(folder / "work"))
        job.settle_seconds, job.patience_seconds = 0.3, 20
        try:
            result = work(job)
        except RunError as error:
            print(fuse.count, error)  # noqa: T201 - its answer
            return error.exit_code
        finally:
            journal.close()
    print(fuse.count, result.exit_code, result.trouble)  # noqa: T201 - its answer
    return result.exit_code


if __name__ == "__main__":
    sys.exit(main())
