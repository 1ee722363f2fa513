"""Run options and summaries as the JSON that stands in the journal, and back. The only place that knows its keys.

`version` stands for the meaning of the keys. Journals from before there was one have none, and the keys of version 1.
A key that is left out has its default; a newer version is refused, since what it means is unknown here.
"""

import json
from collections.abc import Mapping
from typing import Any

from bulkpo.errors import JournalError
from bulkpo.journal.options import AfterCreate, OnConflict, OnExisting, RunOptions
from bulkpo.journal.records import RunSummary
from bulkpo.model.held import Held
from bulkpo.model.signoff import SignOff
from bulkpo.model.totals import ControlTotals
from bulkpo.payload.encode import BodyFormat

_VERSION = 1
_WORDS = ("task", "reason", "comment", "edited")
_APPROVAL = ("approved_by", "approved_on", "approved_plan")
_TEXTS = ("failed_file", "failed_digest", "result_file", "history_started", *_APPROVAL)


def options_json(options: RunOptions) -> dict[str, Any]:
    """The options of a run, for JSON."""
    return {
        "version": _VERSION,
        "format": str(options.format),
        "on_existing": str(options.on_existing),
        "after_create": str(options.after_create),
        "key": options.key,
        **({} if options.out is None else {"out": options.out}),
        "limit": options.limit,
        "canary": options.canary,
        "max_failures": options.max_failures,
        **{name: text for name in _WORDS if (text := getattr(options, name))},
        **({} if options.on_conflict is OnConflict.SKIP else {"on_conflict": str(options.on_conflict)}),
        **({"tables": [list(each) for each in options.tables]} if options.tables else {}),
        **({"expect": dict(options.expect)} if options.expect else {}),
    }


def options_of(text: str) -> RunOptions:
    """The options that stand in a journal; raises ValueError, and JournalError for those of a newer version."""
    data = _object(text)
    standard = RunOptions()
    return RunOptions(
        format=BodyFormat(data.get("format", standard.format)),
        on_existing=OnExisting(data.get("on_existing", standard.on_existing)),
        after_create=AfterCreate(data.get("after_create", standard.after_create)),
        key=str(data.get("key", standard.key)),
        out=_text(data, "out"),
        limit=_number(data, "limit"),
        canary=_number(data, "canary") or standard.canary,
        max_failures=_number(data, "max_failures"),
        **{name: str(data.get(name, "")) for name in _WORDS},
        on_conflict=OnConflict(data.get("on_conflict", standard.on_conflict)),
        tables=tuple((str(name), str(file)) for name, file in data.get("tables", ())),
        expect=tuple((str(name), str(figure)) for name, figure in data.get("expect", {}).items()),
    )


def summary_json(summary: RunSummary) -> dict[str, Any]:
    """What a run came to, for JSON; what is not known is left out."""
    known = {
        "totals": None if summary.totals is None else summary.totals.as_json(),
        "statuses": None if summary.totals is None else dict(summary.totals.statuses),
        **{name: getattr(summary, name) for name in _TEXTS},
        "integration_run": summary.integration_run,
        "failed_placed": list(summary.failed_placed) or None,
        "result_placed": list(summary.result_placed) or None,
        "held": None if summary.held is None else summary.held.as_json(),
        "unfit_files": summary.unfit_files,
        "sign_off": None if summary.sign_off is None else summary.sign_off.as_json(),
    }
    return {"version": _VERSION, **{name: value for name, value in known.items() if value is not None}}


def summary_of(text: str) -> RunSummary:
    """The summary that stands in a journal; raises ValueError, and JournalError for one of a newer version."""
    data = _object(text)
    totals, integration_run, held = (data.get(name) for name in ("totals", "integration_run", "held"))
    try:
        return RunSummary(
            totals=None if totals is None else ControlTotals.from_json(totals, data.get("statuses", {})),
            **{name: _text(data, name) for name in _TEXTS},
            failed_placed=tuple(map(str, data.get("failed_placed", ()))),
            result_placed=tuple(map(str, data.get("result_placed", ()))),
            integration_run=None if integration_run is None else int(integration_run),
            held=None if held is None else Held.from_json(held),
            unfit_files=data.get("unfit_files"),
            sign_off=None if (signed := data.get("sign_off")) is None else SignOff.from_json(signed),
        )
    except (LookupError, TypeError, ArithmeticError) as error:
        raise ValueError(f"a summary cannot hold this: {error}") from None


def _object(text: str) -> Mapping[str, Any]:
    data = json.loads(text or "{}")
    if not isinstance(data, dict):
        raise ValueError("JSON that is no object")  # noqa: TRY004 - what JSON says wrong is a ValueError
    version = data.get("version", _VERSION)
    if version != _VERSION:
        raise JournalError(f"written by a newer bulkpo (version {version}, this one reads {_VERSION}); use that one")
    return data


def _number(data: Mapping[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is not None and not isinstance(value, int):
        raise ValueError(f"{name} is no whole number")
    return value


def _text(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    return None if value is None else str(value)
