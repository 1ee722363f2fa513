"""Bulk import and export of Coupa purchase orders, driven by YAML mappings.

What a program can ask for. A name is imported when it is first asked for, so that `import bulkpo` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulkpo.workspace.names import (
        Act,
        ApplyRequest,
        BulkpoError,
        CheckRequest,
        DoRequest,
        ExportRequest,
        ImportRequest,
        Intent,
        PreviewRequest,
        ResumeRequest,
        SandboxRequest,
        Selection,
        Session,
        SettleRequest,
        Share,
        Silent,
        UndoRequest,
        UpdateRequest,
        Watch,
        Work,
        Workspace,
        abandon_run,
        apply,
        check,
        connect,
        do,
        dry_run,
        export,
        export_to_edit,
        import_orders,
        list_runs,
        load,
        pack_evidence,
        plan_import,
        plan_update,
        preview,
        prune_run,
        resume,
        serve_sandbox,
        settle,
        show_order,
        show_run,
        undo,
        update,
        verify_evidence,
        yes,
    )

__version__ = "0.1.0"

__all__ = [
    "Act",
    "ApplyRequest",
    "BulkpoError",
    "CheckRequest",
    "DoRequest",
    "ExportRequest",
    "ImportRequest",
    "Intent",
    "PreviewRequest",
    "ResumeRequest",
    "SandboxRequest",
    "Selection",
    "Session",
    "SettleRequest",
    "Share",
    "Silent",
    "UndoRequest",
    "UpdateRequest",
    "Watch",
    "Work",
    "Workspace",
    "abandon_run",
    "apply",
    "check",
    "connect",
    "do",
    "dry_run",
    "export",
    "export_to_edit",
    "import_orders",
    "list_runs",
    "load",
    "pack_evidence",
    "plan_import",
    "plan_update",
    "preview",
    "prune_run",
    "resume",
    "serve_sandbox",
    "settle",
    "show_order",
    "show_run",
    "undo",
    "update",
    "verify_evidence",
    "yes",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for; type checkers read the imports above
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("bulkpo.workspace.names"), name)
