"""What a guess does not read of the files it is given: each table with the reason, those with orders first."""

from collections.abc import Collection, Iterator, Sequence

from bulkpo.mapping.guessing.judging.engine import JudgedTable
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.runs.drafting.looking.look import LookedTable

_LINE = "order-lines/"
_FEWEST = 2
_MOST_NAMED = 4

Pair = tuple[LookedTable, JudgedTable]


def said_unread(pairs: Sequence[Pair], used: Collection[int], passed: Sequence[LookedTable]) -> Iterator[str]:
    """What is told of tables that are not read.

    `used` are the identities of those judged that are read; those `passed` over were not judged.
    """
    mine = [looked for looked, judged in pairs if id(judged) in used]
    others = [pair for pair in pairs if id(pair[1]) not in used]
    orders = [looked for looked, judged in others if _has_orders(judged)]
    for looked in orders:
        yield (
            f"not read, though it looks like orders, too: {looked}, {_unlike(looked, mine[-1])}; make its headings "
            "those of the other, or guess a mapping of its own from a file that has it alone"
        )
    rest = [str(each) for each in (*passed, *(looked for looked, _ in others if looked not in orders))]
    if rest:
        yield f"not read: {', '.join(rest)}"


def _has_orders(judged: JudgedTable) -> bool:
    targets = {each.target for each in judged.columns}
    return KEY in targets and sum(target.startswith(_LINE) for target in targets) >= _FEWEST


def _unlike(looked: LookedTable, read: LookedTable) -> str:
    """How the headings of a table are not those of one that is read."""
    own = [column.title for column in looked.table.columns]
    theirs = [column.title for column in read.table.columns]
    more = [title for title in own if title not in theirs][:_MOST_NAMED]
    less = [title for title in theirs if title not in own][:_MOST_NAMED]
    if not more and not less:
        if looked.heading.row == read.heading.row:
            return f"whose headings stand in another order than those of {read}"
        return f"whose headings stand in row {looked.heading.row}, and those of {read} in row {read.heading.row}"
    said = [f"has {', '.join(map(repr, more))}"] if more else []
    said += [f"lacks {', '.join(map(repr, less))}"] if less else []
    return f"which {' and '.join(said)}, unlike {read}"
