"""Guess the mapping of a list of suppliers nobody has mapped yet."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.mapping.guessing.draft.compose_suppliers import compose_suppliers
from bulkpo.mapping.guessing.draft.remarks import remarked
from bulkpo.mapping.guessing.judging.suppliers import JudgedSuppliers, judge_suppliers
from bulkpo.runs.drafting.guesses.guess import Drafted, Witnesses, drafted_of, naming_records
from bulkpo.runs.drafting.guesses.knowledge import knowledge
from bulkpo.runs.drafting.guesses.refusals import refuse_unguessable
from bulkpo.runs.drafting.looking.look import LookedTable, look_at
from bulkpo.schema.synonyms import is_role
from bulkpo.schema.tables import ElementTables

SUPPLIERS = "suppliers"


def guess_suppliers(files: Sequence[Path], tables: ElementTables, beside: Witnesses) -> Drafted:
    """Guess a mapping for files of suppliers; raises InputError where there is nothing to guess from."""
    known = knowledge(tables, SUPPLIERS, beside.mapped)
    for path in files:
        refuse_unguessable(path)
    looked = [each for path in files for each in look_at(path, known.synonyms, beside.encoding)]
    known = replace(known, records=beside.ask(known.synonyms, naming_records(looked, known.synonyms)))
    pairs = [(each, judge_suppliers(each.table, known)) for each in looked if each.typed is None]
    if not pairs or max(map(_worth, pairs)) == 0:
        raise InputError(
            f"{files[0]}: no column is known to be one of suppliers; name a file with headings such as Supplier "
            "Number, Name, Street and City, or see what suppliers have: bulkpo elements --resource suppliers"
        )
    best = max(pairs, key=_worth)
    guess = compose_suppliers(best[1], best[0].source)
    if known.records is not None:
        cells = {("", each.column.column.number): each.column for each in best[1].columns}
        guess = remarked(guess, cells, known.records)
    unread = [str(each) for each in looked if each is not best[0]]
    if unread:
        guess = replace(guess, reasons=(*guess.reasons, f"not read: {', '.join(unread)}"))
    return drafted_of(guess, (best[0].path,), tables)


def _worth(pair: tuple[LookedTable, JudgedSuppliers]) -> int:
    """How much a table looks like suppliers: by its columns that are elements of them."""
    return sum(bool(each.target) and not is_role(each.target) and not each.is_offered for each in pair[1].columns)
