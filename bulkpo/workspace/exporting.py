"""What an instance can answer, as a file."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulkpo.errors import InputError, UsageError
from bulkpo.userfiles import ordinary_text
from bulkpo.workspace.opening import HERE, Scopes, Workspace, element_tables, known_zone_of
from bulkpo.workspace.requests import ExportRequest
from bulkpo.workspace.session import Session, Work

if TYPE_CHECKING:
    from bulkpo.mapping.language.export import ExportContext, ExportMapping
    from bulkpo.model.profile import Profile
    from bulkpo.runs.exports.run import ExportResult


_DATE = re.compile(r"\{date(?::([^{}]+))?\}")
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


def export(request: ExportRequest, session: Session | None = None, workspace: Workspace = HERE) -> "ExportResult":
    """Read what a mapping or a selection asks for, and write it to a file that appears whole or not at all.

    The same request goes on with an export that was interrupted.
    """
    with exported(request, session, workspace) as result:
        return result


@contextmanager
def exported(
    request: ExportRequest, session: Session | None = None, workspace: Workspace = HERE
) -> "Iterator[ExportResult]":
    """Export as `export` does; what was delivered counts, for `since`, once the block has ended well."""
    from bulkpo.runs.exports.run import ExportOptions, exporting

    session = session or Session()
    context = _context(request, workspace.profile(request.to))
    mapping = _mapping(request, context)
    if not request.keeps and any(column.fetches for column in mapping.columns):
        raise UsageError("attached files need a place beside the export's own file, and -o - has none; name a file")
    with workspace.client(request.to, _scopes(mapping)) as client:
        session.watch.reading(mapping, client.profile)
        options = ExportOptions(
            workspace.data,
            context.now,
            lambda done, total: session.watch.counted(Work.DOCUMENTS, done, total),
            fresh=request.fresh,
            by=workspace.by(session.command).at(client.profile),
        )
        now = context.now.astimezone(mapping.zone) if mapping.zone else context.now
        with exporting(mapping, client, _output(request, mapping, now), options) as result:
            yield result


def export_mapping(request: ExportRequest, profile: "Profile") -> "ExportMapping":
    """The mapping of a request, by the time and the zone it is asked in."""
    return _mapping(request, _context(request, profile))


def _output(request: ExportRequest, mapping: "ExportMapping", now: datetime) -> Path:
    """Where the file goes; `{date}` and `{date:%Y-%m}` in its name are the day of the export, in the mapping's zone."""
    path = request.output or Path(mapping.output_name or f"{mapping.name}.xlsx")

    def day(match: re.Match[str]) -> str:
        return _UNFIT.sub("-", format(now, match[1] or "%Y-%m-%d"))

    return path.with_name(_DATE.sub(day, path.name))


def _scopes(mapping: "ExportMapping") -> Scopes:
    """The scopes that reading needs, and marking where the mapping asks for it."""
    from bulkpo.schema.scopes import READ, WRITE, scope_of

    verbs = (READ, WRITE) if mapping.mark_exported else (READ,)
    return Scopes(tuple(scope_of(mapping.resource.name, verb) for verb in verbs))


def _context(request: ExportRequest, profile: "Profile") -> "ExportContext":
    from bulkpo.mapping.language.export import ExportContext
    from bulkpo.shipped import schema_text

    zone = ZoneInfo(profile.time_zone) if profile.time_zone else None
    now = request.now or datetime.now(zone or UTC)
    tables = element_tables()
    return ExportContext(tables, schema_text, request.parameters, now, zone, request.any_value, _reader(request))


def _reader(request: ExportRequest) -> Callable[[str], str] | None:
    """What reads an instance file, by its path from the mapping."""
    if not isinstance(request.what, Path):
        return None
    folder = request.what.parent

    def read(name: str) -> str:
        path = folder / name
        try:
            return ordinary_text(path)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: the instance file cannot be read: {_reason(error)}") from None

    return read


def _mapping(request: ExportRequest, context: "ExportContext") -> "ExportMapping":
    from bulkpo.mapping.language.export import export_of, load_export

    what = request.what
    if isinstance(what, Path):
        try:
            text = ordinary_text(what)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{what}: cannot be read: {_reason(error)}") from None
        return load_export(text, str(what), context)
    data = {
        "name": what.resource.replace("/", "-"),
        "resource": what.resource,
        "where": list(what.where),
        "rows": what.rows,
        "columns": list(what.columns),
        "time_zone": known_zone_of(what.time_zone),
    }
    return export_of(data, context)


def _reason(error: OSError | UnicodeDecodeError) -> str:
    """Why a file cannot be read, without anything it holds."""
    return f"byte {error.start} is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror)
