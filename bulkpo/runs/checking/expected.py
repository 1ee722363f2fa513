"""What a whole file must come to, held against what it does."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from bulkpo.mapping.language.figures import Expected
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.values.arithmetic import exactly
from bulkpo.mapping.values.cells import number_text
from bulkpo.model.agreed import Agreed
from bulkpo.model.finding import Finding
from bulkpo.model.totals import CurrencyTotal


def expected_findings(
    mapping: ImportMapping, counts: tuple[int, int], totals: Mapping[str, CurrencyTotal]
) -> Iterator[Finding]:
    """Each figure that is not what is expected; `counts` are those of orders and lines, with and without errors."""
    expected: Expected = mapping.expected
    kind = mapping.kind
    nouns = (kind.noun, kind.lines(mapping.layout))
    for noun, wanted, found in zip(nouns, (expected.orders, expected.lines), counts, strict=True):
        if wanted is not None and wanted != found:
            yield _finding(f"the file has {noun.counted(found)}, but {wanted:,} are expected")
    for currency, amount in expected.amount.items():
        total = totals.get(currency)
        mine = Decimal(0) if total is None else total.amount
        if _as_written(mine, amount) != amount:
            other = ", ".join(sorted(each or "none" for each in totals)) or "none"
            hint = "" if total is not None else f" (no {kind.noun.one} is in {currency}; currencies are: {other})"
            shown = f"{grouped_text(mine)} {currency}"
            yield _finding(f"the {kind.noun.many} come to {shown}{hint}, but {grouped_text(amount)} are expected")


def expected_agreed(
    mapping: ImportMapping, counts: tuple[int, int], totals: Mapping[str, CurrencyTotal]
) -> Iterator[Agreed]:
    """The figures that are what is expected of the file, told together."""
    expected, kind = mapping.expected, mapping.kind
    nouns = (kind.noun, kind.lines(mapping.layout))
    wanted = zip(nouns, (expected.orders, expected.lines), counts, strict=True)
    figures = [noun.counted(found) for noun, each, found in wanted if each == found]
    for currency, amount in expected.amount.items():
        mine = totals[currency].amount if currency in totals else Decimal(0)
        if _as_written(mine, amount) == amount:
            figures.append(f"{currency} {grouped_text(amount)}")
    if figures:
        yield Agreed(", ".join(figures), "what is expected of the file")


def _finding(message: str) -> Finding:
    return Finding(
        "expected-differs", f"{message}; see which rows are missing or too many, or correct what is expected"
    )


def _as_written(amount: Decimal, pattern: Decimal) -> Decimal:
    """An amount at the decimals another is written with."""
    digits = -int(pattern.as_tuple().exponent)
    with exactly() as context:
        context.clear_traps()
        return amount.quantize(Decimal(1).scaleb(-max(digits, 0)), ROUND_HALF_UP)


def grouped_text(amount: Decimal) -> str:
    """An amount with thousands and at least two decimals."""
    text = number_text(amount)
    whole, _, decimals = text.partition(".")
    return f"{int(whole):,}.{decimals.ljust(2, '0')}" if int(whole) or not whole.startswith("-") else text
