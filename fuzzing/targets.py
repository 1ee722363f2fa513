"""What is fuzzed: each target does with an input what a user's command would; a BulkpoError is an answer like any."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bulkpo.coupa import answers
from bulkpo.errors import BulkpoError
from bulkpo.mapping.language.export import ExportContext, load_export
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.binding import MissingColumnsError
from bulkpo.runs.checking.check import check as check_rows
from bulkpo.runs.checking.mapped import MappedFile
from bulkpo.runs.checking.mapping_files import read_yaml
from bulkpo.runs.checking.preview import previews
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.runs.reports.failed import write_failed
from bulkpo.runs.reports.write import write_report
from bulkpo.shipped import schema_text
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.workspace.journals import check_journal, export_journal, repair_journal
from bulkpo.workspace.names import CheckRequest, Workspace, check, list_runs, load, show_run
from bulkpo.workspace.opening import element_tables
from fuzzing.mutations import ANSWER, PARTS, TEXT, YAML

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
_MAPPING = Path(__file__).parents[1] / "samples" / "damaged" / "orders.yaml"
_NOW = datetime(2026, 3, 4, tzinfo=UTC)
_FORMS = (".xlsx", ".xlsx", ".html", ".csv", ".json")


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes inputs: where they go in a folder, what to do there, and what hurts such inputs."""

    name: str
    file: str
    act: Callable[[Path, int], None]
    words: Sequence[bytes]
    is_archive: bool = False

    @property
    def seeds(self) -> list[bytes]:
        """The inputs to begin with; a database stands there as the SQL that makes it."""
        return [_read(path) for path in sorted((CORPUS / self.name).iterdir())]

    def run(self, folder: Path, number: int, data: bytes) -> None:
        """Do it with an input in an empty folder; `number` chooses among what is done to few of them."""
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.act(path, number)


def _read(path: Path) -> bytes:
    if path.suffix != ".sql":
        return path.read_bytes()
    database = sqlite3.connect(":memory:")
    with closing(database):
        database.executescript(path.read_text(encoding="utf-8"))
        return database.serialize()


def _table(path: Path, number: int) -> None:
    """A check with its report and failed file, and the first orders as they would be sent; by a mapping read once."""
    mapping = _loaded()
    failed = path.with_name(f"failed{path.suffix if path.suffix == '.csv' else '.xlsx'}")
    with suppress(BulkpoError):
        try:
            file = MappedFile(mapping, _MAPPING, open_source(path), path, (path,))
            checked = check_rows(file)
        except MissingColumnsError:
            for _ in open_source(path, SourceOptions(header_row=None)).chunks():
                pass
            return
        checked.as_json()
        with suppress(BulkpoError):
            write_report(path.with_name(f"report{_FORMS[number % 5]}"), file, checked)
        with suppress(BulkpoError):
            write_failed(failed, file, checked)
        for _ in previews(file.mapping.layout, FilePlan(file, checked).documents(), 3, "xml" if number % 2 else "json"):
            pass


@cache
def _loaded() -> ImportMapping:
    return load(_MAPPING)


def _mapping(path: Path, _number: int) -> None:
    """A file read as each of the kinds that YAML files can be, and orders checked by it."""
    here = Workspace(path.parent, {})
    with suppress(BulkpoError):
        load(path, workspace=here)
        check(CheckRequest(path, CORPUS / "csv" / "orders.csv"), None, here).as_json()
    with suppress(BulkpoError):
        load_export(read_yaml(path), path.name, ExportContext(element_tables(), schema_text, {}, _NOW))
    path.rename(path.with_name("bulkpo.yaml"))
    with suppress(BulkpoError):
        here.profile("production")


def _answer(path: Path, _number: int) -> None:
    """An answer's body, by every way there is to read one."""
    body = path.read_bytes()
    for kind in (answers.JSON, answers.XML):
        with suppress(answers.UnreadableAnswer):
            answers.read_documents(body, kind)
        with suppress(answers.UnreadableAnswer):
            answers.read_document(body, kind)
        answers.messages(body, kind)
        answers.names_errors(body, kind)
        answers.says_nothing_matches(body, kind)


def _journal(path: Path, number: int) -> None:
    """A working folder with a journal: looked at, checked, exported, and repaired."""
    here = Workspace(path.parent.parent, {})
    for step in (
        lambda: [seen.as_json() for seen in list_runs(workspace=here).runs],
        lambda: show_run(workspace=here).as_json(),
        lambda: check_journal(here),
        lambda: export_journal(path.parent / "all.jsonl", here),
        lambda: repair_journal(here) if number % 3 == 0 else None,
    ):
        with suppress(BulkpoError):
            step()


TARGETS = {
    target.name: target
    for target in (
        Target("csv", "orders.csv", _table, TEXT),
        Target("xlsx", "orders.xlsx", _table, PARTS, is_archive=True),
        Target("xls", "orders.xls", _table, TEXT),
        Target("xlsb", "orders.xlsb", _table, TEXT, is_archive=True),
        Target("ods", "orders.ods", _table, PARTS, is_archive=True),
        Target("page", "orders.html", _table, PARTS),
        Target("sheet-xml", "orders.xml", _table, PARTS),
        Target("gzip", "orders.csv.gz", _table, TEXT),
        Target("mapping", "mapping.yaml", _mapping, YAML),
        Target("answer", "answer", _answer, ANSWER),
        Target("journal", ".bulkpo/journal.db", _journal, TEXT),
    )
}
