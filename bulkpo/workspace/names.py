"""The names that `import bulkpo` hands on: what a person or a program can ask for."""

from bulkpo.errors import BulkpoError
from bulkpo.workspace.approving import apply, plan_import
from bulkpo.workspace.checking import check, load, preview
from bulkpo.workspace.crosswalks import CrosswalkRequest, draft_crosswalk
from bulkpo.workspace.doing import do
from bulkpo.workspace.drafting import guess
from bulkpo.workspace.editing import export_to_edit, plan_update, update
from bulkpo.workspace.editors import SchemaRequest, write_schema
from bulkpo.workspace.evidence import pack_evidence, verify_evidence
from bulkpo.workspace.examples import list_examples, write_examples
from bulkpo.workspace.exporting import export
from bulkpo.workspace.fitting import FitRequest, fit_mapping
from bulkpo.workspace.history import abandon_run, list_runs, prune_run, show_order, show_run
from bulkpo.workspace.importing import dry_run, import_orders, resume, settle
from bulkpo.workspace.opening import Workspace, connect, serve_sandbox
from bulkpo.workspace.requests import (
    ApplyRequest,
    CheckRequest,
    DoRequest,
    ExportRequest,
    GuessRequest,
    ImportRequest,
    PreviewRequest,
    ResumeRequest,
    SandboxRequest,
    Selection,
    SettleRequest,
    Share,
    UndoRequest,
    UpdateRequest,
)
from bulkpo.workspace.session import Act, Intent, Session, Silent, Watch, Work, yes
from bulkpo.workspace.templates import TemplateRequest, write_template
from bulkpo.workspace.undoing import undo

__all__ = [
    "Act",
    "ApplyRequest",
    "BulkpoError",
    "CheckRequest",
    "CrosswalkRequest",
    "DoRequest",
    "ExportRequest",
    "FitRequest",
    "GuessRequest",
    "ImportRequest",
    "Intent",
    "PreviewRequest",
    "ResumeRequest",
    "SandboxRequest",
    "SchemaRequest",
    "Selection",
    "Session",
    "SettleRequest",
    "Share",
    "Silent",
    "TemplateRequest",
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
    "draft_crosswalk",
    "dry_run",
    "export",
    "export_to_edit",
    "fit_mapping",
    "guess",
    "import_orders",
    "list_examples",
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
    "write_examples",
    "write_schema",
    "write_template",
    "yes",
]
