"""Check several files together: each by itself, and then all against each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bulkpo.errors import BulkpoError, InputError, MappingError
from bulkpo.mapping.language.figures import Expected
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.table import place_of
from bulkpo.model.totals import CurrencyTotal, Totals
from bulkpo.runs.checking.across import Across, Sharer, keys_met
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.expected import expected_agreed, expected_findings
from bulkpo.runs.checking.keys import MetKeys
from bulkpo.runs.checking.mapped import Input, MappedFile, open_input
from bulkpo.runs.planning.batch import BatchFile, BatchPlan
from bulkpo.runs.planning.plan import FilePlan

_MOST_TROUBLES = 20


def plan_batch(
    mapping: ImportMapping, mapping_path: Path, inputs: Sequence[Input], progress: Callable[[int], None]
) -> BatchPlan:
    """Check every file; `progress` is told how many rows were read in all.

    Raises InputError or MappingError with what is wrong with each file that cannot be read.
    """
    each_alone = replace(mapping, expected=Expected())
    keys: list[MetKeys] = []
    files: list[BatchFile] = []
    troubles: list[BulkpoError] = []
    digest, rows = "", 0
    for given in inputs:
        met = MetKeys()
        try:
            mapped = open_input(each_alone, mapping_path, given)
            checked = check(mapped, partial(_on_top_of, progress, rows), met)
        except MappingError as error:
            troubles.append(_named(error, given))
            continue
        except InputError as error:
            troubles.append(error)
            continue
        rows += checked.rows
        keys.append(met)
        alone = FilePlan(mapped, checked)
        digest = alone.mapping_digest
        files.append(BatchFile(given, place_of(mapped.source, 0, 0), checked, alone.file_digest))
    if troubles:
        raise _together(troubles, len(inputs))
    across = Across(are_exact=mapping.keys_are_exact)
    _hold_shared(files, keys, across, partial(open_input, each_alone, mapping_path))
    plan = BatchPlan(each_alone, mapping_path, digest, tuple(files))
    held_against = mapping, (plan.checked.documents, plan.checked.lines), _totals(plan)
    found, agreed = expected_findings(*held_against), expected_agreed(*held_against)
    return replace(plan, unexpected=tuple(found), agreeing=tuple(agreed))


def _hold_shared(
    files: Sequence[BatchFile], keys: Sequence[MetKeys], across: Across, opened: Callable[[Input], MappedFile]
) -> None:
    """Hold the orders that stand in several files."""
    places = [each.place for each in files]
    for number, met in enumerate(_known(keys, [partial(opened, each.given) for each in files])):
        across.look(number, met.firsts)
    for number, pairs in across.pairs.items():
        Sharer(opened(files[number].given), files[number].checked, places, number).hold(pairs)


def _known(keys: Sequence[MetKeys], files: Sequence[Callable[[], MappedFile]]) -> Sequence[MetKeys]:
    """The keys of files with where they stand; none of those that cannot be the same as others."""
    if all(met.memory is None for met in keys):
        return keys
    from bulkpo.runs.checking.watched import may_have_met

    if not may_have_met(keys):
        return ()
    return [met if met.memory is None else keys_met(file()) for met, file in zip(keys, files, strict=True)]


def _totals(plan: BatchPlan) -> Mapping[str, CurrencyTotal]:
    """What all files together come to, by currency."""
    sums = Totals()
    for total in (*plan.checked.totals, *plan.checked.failed_totals):
        sums.add(total.currency, total.lines, total.amount, total.documents)
    return {total.currency: total for total in sums.by_currency()}


def _on_top_of(progress: Callable[[int], None], before: int, rows: int) -> None:
    progress(before + rows)


def _named(error: MappingError, given: Input) -> MappingError:
    """What a mapping and one file of several do not agree in, with the file it is told of."""
    name = given.path.name
    return MappingError([each if each.startswith(name) else f"{given}: {each}" for each in error.problems])


def _together(troubles: Sequence[BulkpoError], count: int) -> BulkpoError:
    """What is wrong with several files, as one error; that of a single one as it is."""
    if len(troubles) == 1:
        return troubles[0]
    listed = [f"  {line}" for trouble in troubles[:_MOST_TROUBLES] for line in str(trouble).splitlines()]
    left = len(troubles) - _MOST_TROUBLES
    more = [f"  and {left:,} more"] if left > 0 else []
    said = "\n".join([f"{len(troubles):,} of {count:,} files cannot be read:", *listed, *more])
    return MappingError([said]) if all(isinstance(it, MappingError) for it in troubles) else InputError(said)
