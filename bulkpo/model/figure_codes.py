"""Codes of findings about figures: those that are calculated, those still open, and those held against others."""

from bulkpo.model.code import Code, Topic
from bulkpo.model.finding import Severity

_NOTICE = Severity.NOTICE

FIGURE_TOPICS = (
    Topic(
        "Figures that cannot be calculated",
        {
            "division-by-zero": Code(
                "The number is to be divided by a column's cell, and that is 0.",
                "Correct the cell, or say in the mapping what 0 stands for: `divide_by: {column: Per, zero: 1}`.",
            ),
            "endless-result": Code(
                "The result of a division has no last digit, such as that of 10 divided by 3.",
                "Say in the mapping to how many digits it is rounded: `round: {digits: 6, how: half_up}`.",
            ),
            "operand-empty": Code(
                "The number is to be calculated with a column's cell, and that is empty.",
                "Fill in the cell, or say in the mapping what an empty one stands for: "
                "`divide_by: {column: Per, empty: 1}`.",
            ),
            "results-rounded": Code(
                "Results were rounded, as the mapping says; the notice counts them and shows the first.",
                "Nothing, if that is meant.",
                _NOTICE,
            ),
        },
    ),
    Topic(
        "Lines that are open, and figures they are held against",
        {
            "control-differs": Code(
                "The file's own figure, such as a line's total, is not what the mapping makes of the line or order.",
                "Correct the figure or what it is made of; say `within: 0.01` for differences of rounding, or "
                "`differs: notice` where the figure does not matter.",
            ),
            "done-below-zero": Code(
                "More is returned than was received or invoiced: the number is below zero.",
                "Correct it; or say `returned: add` where more is open than was ordered, `returned: ignore` where "
                "nothing is done.",
            ),
            "expected-differs": Code(
                "The file does not come to what the mapping, or `--expect`, says it must.",
                "See which rows are missing or too many; or correct what is expected.",
            ),
            "line-left-out": Code(
                "A line that stands beside others in its row is left out, since nothing of it is open.",
                "Nothing, if that is meant.",
                _NOTICE,
            ),
            "more-than-ordered": Code(
                "More is received or invoiced than was ordered.",
                "Correct it; or say `over: finished` to skip such lines as finished ones.",
            ),
            "nothing-ordered": Code(
                "Nothing is ordered, or less: a credit or a return.",
                "Correct it; or say `not_positive: skip` to leave such lines out, or `not_positive: send`.",
            ),
            "totals-differ": Code(
                "A totals row that is left out says another figure than the rows it adds up come to: perhaps rows are "
                "missing. Where it is that of one $document, this is held back; else nothing is sent.",
                "Correct the row or the file; say `within: 0.05` in `totals_rows` for differences of rounding, or "
                "`differs: notice` where the figures do not matter.",
            ),
        },
    ),
    Topic(
        "Cells that are not as the mapping says",
        {
            "not-as-required": Code(
                "The cell is not what the mapping requires of its column.",
                "Correct the cell, skip the row by `skip_rows`, or change what the mapping requires; "
                "`broken: notice` sends such rows all the same.",
            ),
            "value-refused": Code(
                "The cell is what the mapping refuses of its column.",
                "Correct the cell, skip the row by `skip_rows`, or change what the mapping refuses; "
                "`broken: notice` sends such rows all the same.",
            ),
        },
    ),
    Topic(
        "Prices, quantities and currencies that are rarely meant",
        {
            "finer-than-currency": Code(
                "A price has more decimals than amounts of its currency have by ISO 4217, such as 2.505 in yen. Told "
                "once a currency.",
                "Correct it if it is meant as an amount; a price of one of many, such as 0.0125, is sent as it stands.",
                _NOTICE,
                is_told_once=True,
            ),
            "negative-price": Code(
                "The price of a line is below zero.",
                "Nothing, if it is a credit or a discount; `rules: {order-lines/price: {min: 0}}` makes it an error.",
                _NOTICE,
            ),
            "negative-quantity": Code(
                "The quantity of a line is below zero.",
                "Nothing, if it is a return; `rules: {order-lines/quantity: {min: 0}}` makes it an error.",
                _NOTICE,
            ),
            "odd-currency": Code(
                "A currency is no code of ISO 4217, such as Euro or usd, or one for no money, such as XXX or XAU. Told "
                "once a currency.",
                "Give its column a `crosswalk` with entries such as `Euro: EUR`, unless your Coupa has it so.",
                _NOTICE,
                is_told_once=True,
            ),
            "zero-quantity": Code(
                "The quantity of a line is 0.",
                "Correct it, or leave such lines out: `skip_rows: {Qty: {equals: 0}}`.",
                _NOTICE,
            ),
        },
    ),
)
