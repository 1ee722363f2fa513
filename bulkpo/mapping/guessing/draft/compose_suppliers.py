"""From a judged table of suppliers to a guess of its mapping: what each column becomes, and what is not required."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.draft.compose import blanks_of
from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Guess, PartGuess, Sure, Use
from bulkpo.mapping.guessing.judging.supplier_states import STATUS, why_kept
from bulkpo.mapping.guessing.judging.suppliers import POSTAL_DIGITS, JudgedSuppliers

_ROLES: Mapping[str, str] = {
    "PHONE": "no phone number can be sent with a supplier",
    "CURRENCY": "suppliers have no currency in Coupa; each order says its own",
    "PAYMENT_METHOD": "how the old system pays, in its own codes",
    "BANK": "bank accounts are not loaded with suppliers",
    "COMPANY": "not needed in Coupa",
    "GROUP": "groups of the old system alone",
    "LEDGER": "kept in the ledger",
    "SEARCH_TERM": "not kept in Coupa",
    "LANGUAGE": "a language of the old system",
    "RECORDED": "Coupa notes its own",
    "INTERNAL_ID": "a number of the old system alone",
    "NOTE": "not kept in Coupa",
    "FULL_NAME": "given and family name stand in columns of their own",
    "REMIT_TO": "remit-to addresses are records of their own",
}
"""Why a column that is no element of a supplier is ignored, by its role."""
_STATES = "states"
_NOT_REQUIRED = ("enterprise", "online-store", "payment-method", "primary-address", "primary-contact")
"""What Coupa's reference calls required of suppliers, and its own examples leave out."""
_LOCAL_TAX_NUMBER = "primary-address/local-tax-number"
"""The same of their addresses."""


def compose_suppliers(judged: JudgedSuppliers, source: Mapping[str, object]) -> Guess:
    """The guess that a judged table of suppliers makes, and where it is."""
    columns = tuple(_column(each, judged) for each in judged.columns)
    part = PartGuess("", source, columns, judged.skip_rows, rows=len(judged.table.rows), reasons=judged.reasons)
    return Guess(
        "suppliers",
        (part,),
        document={"key": judged.key},
        blanks=tuple(blanks_of(judged.columns)),
        extras={**_crosswalks(judged), "rules": _rules({path for column in columns for path in column.paths})},
        reasons=judged.reasons,
        is_sent=False,
    )


def _crosswalks(judged: JudgedSuppliers) -> dict[str, object]:
    """Coupa's words for the states that a column says in others."""
    return {"crosswalks": {_STATES: dict(judged.states)}} if _are_other_words(judged.states) else {}


def _are_other_words(states: Mapping[str, str]) -> bool:
    """Whether states are said in other words than Coupa's, whatever their case."""
    return any(text.lower() != state for text, state in states.items())


def _rules(filled: Collection[str]) -> dict[str, object]:
    """What is not required of suppliers though Coupa's reference says so, as far as no column fills it."""
    names = [name for name in _NOT_REQUIRED if name not in {path.partition("/")[0] for path in filled}]
    if any(path.startswith("primary-address/") for path in filled):
        names += [] if _LOCAL_TAX_NUMBER in filled else [_LOCAL_TAX_NUMBER]
    return {name: {"required": False} for name in names}


def _column(each: ColumnSoFar, table: JudgedSuppliers) -> ColumnGuess:
    sample = next((str(cell) for cell in each.column.counts), "")
    meaning = "" if each.is_offered else each.target
    said = ColumnGuess(
        each.title, each.column.column.number, Use.IGNORED, meaning=meaning, reasons=each.reasons, sample=sample
    )
    if not each.column.filled:
        return replace(said, sure=Sure.SURE, block={"ignore": "empty"})
    if each.is_open:
        return replace(said, use=Use.UNDECIDED, paths=each.rivals)
    if each.same_as:
        return replace(said, sure=Sure.SURE, block={"ignore": f"the same as {each.same_as}"})
    if not each.target:
        return replace(said, block={"ignore": each.reasons[-1] if each.reasons else "not understood"})
    sure = Sure.SURE if len(each.reasons) > 1 else Sure.LIKELY
    if each.target[:1].isupper():
        kept = why_kept(each) or _ROLES.get(each.target, "not needed in Coupa")
        why = "read by skip_rows" if each.title in table.skip_rows else kept
        return replace(said, sure=sure, block={"ignore": why})
    return replace(said, use=Use.MAPPED, paths=(each.target,), sure=sure, block=_block(each, table))


def _block(each: ColumnSoFar, table: JudgedSuppliers) -> dict[str, object]:
    """What the mapping says of a column beside its element."""
    if each is table.padded:
        return {"pad": POSTAL_DIGITS}
    if each.target != STATUS or all(text == state for text, state in table.states.items()):
        return {}
    return {"crosswalk": _STATES} if _are_other_words(table.states) else {"case": "lower"}
