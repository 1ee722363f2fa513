"""Every code a finding can have: what it means, how to correct it, and whether it keeps an order from being sent.

Codes are stable: programs and people look for them. `docs/findings.md` is made from this table.
"""

from bulkpo.model.attachment_codes import ATTACHMENT_TOPIC
from bulkpo.model.code import Code, Topic
from bulkpo.model.figure_codes import FIGURE_TOPICS
from bulkpo.model.file_codes import FILE_TOPICS
from bulkpo.model.finding import Severity
from bulkpo.model.order_codes import ORDER_TOPIC
from bulkpo.model.update_codes import UPDATE_TOPIC

_NOTICE = Severity.NOTICE

TOPICS = (
    Topic(
        "Cells that cannot be read",
        {
            "ambiguous-date": Code(
                "The text could be two dates, the day first or the month first, and the mapping does not say which.",
                "Declare `dates: {order: DMY}` or `MDY` in the mapping.",
            ),
            "ambiguous-number": Code(
                "The text could be two numbers: its one mark may part thousands or decimals.",
                "Declare `numbers: {decimal: ..., thousands: ...}` in the mapping.",
            ),
            "control-character": Code(
                "The text holds a character that cannot be seen and that no document can carry.",
                "Remove it; the message says at which place of the text it stands.",
            ),
            "date-as-text": Code(
                "The cell is a date of the spreadsheet, but the element holds text: it is sent as 2026-03-01.",
                "If the spreadsheet made a date of a number such as 3-1, format the column as text and enter it again.",
                _NOTICE,
            ),
            "empty-part": Code(
                "A text is made of several columns, and some of them are empty in this row.",
                'Fill the cell in; or say what an empty one stands for (`parts: {Bin: {empty: "000"}}`), or what then '
                "becomes of the text (`where_empty: nothing` or `leave_out`).",
            ),
            "error-cell": Code(
                "The cell shows an error of the spreadsheet, such as `#N/A`, instead of a value.",
                "Correct the cell's formula, or clear the cell.",
            ),
            "far-date": Code(
                "The date has a year no order has, such as 0025, or is from before time zones. The year 9999 is told "
                "only.",
                "Correct it; if it means that there is no date, name it among `blanks`; else say "
                "`dates: {years: as_read}`.",
            ),
            "mixed-dates": Code(
                "The date is written otherwise than those above it, or the spreadsheet has probably taken its day for "
                "the month: text beside it has days above 12, and no real date of the column has.",
                "Write the dates of a column in one way, best as dates of the spreadsheet; declare `dates: order`; or "
                "say `mixed_dates: as_read` if they are right as they stand.",
            ),
            "mixed-numbers": Code(
                "The number fits the declared marks, but most of its column is written with others: it may be chance.",
                "Declare the right marks, or say `mixed_numbers: as_read` if those that fit are right.",
            ),
            "no-such-time": Code(
                "The time does not exist on that day: clocks were put forward over it.",
                "Correct the time.",
            ),
            "not-a-date": Code(
                "A date is wanted, and the cell holds none, or one that does not exist.",
                "Correct it, write it as 2026-01-31, or format the cell as a date; or declare how it is written: "
                "`dates: {patterns: [D MMMM YYYY]}`.",
            ),
            "not-a-number": Code(
                "A number is wanted, and the cell holds none, or one written with other marks than declared.",
                "Correct it, or declare its marks, and currencies beside it: `numbers: {decimal: ..., thousands: ..., "
                "currency: [...]}`.",
            ),
            "not-true-or-false": Code(
                "Yes or no is wanted, and the cell says neither.",
                "Write true, false, yes, no, 1 or 0.",
            ),
            "not-whole": Code("A whole number is wanted, and the cell has decimals.", "Correct the number."),
            "nothing-to-extract": Code(
                "The mapping takes a part of the text by a pattern, and nothing in the text matches it.",
                "Correct the cell, or the pattern of `extract` in the mapping.",
            ),
            "nothing-to-split": Code(
                "The mapping takes a part of the text by `split`, and the text has fewer parts.",
                "Correct the cell, or `split` in the mapping.",
            ),
            "decimal-code": Code(
                "The text is digits and `.0`: a code such as 10042 that a program took for a number. It is sent as it "
                "stands, but for the number of the order, which is held.",
                "Write it without `.0`, in a column formatted as text; if a number is meant so, say `keys: exact`.",
            ),
            "markup-text": Code(
                "The text has marks of web pages in it, such as `&amp;`, `&nbsp;` or `<br>`; it is sent as it stands.",
                "Nothing has to be done if they are meant; if not, correct the cell, or write the file anew.",
                _NOTICE,
            ),
            "says-nothing": Code(
                "The text is what programs write where nothing is: `NULL`, `NaN`, `None`, `N/A`, `(blank)`. It is sent "
                "as it stands, but for the number of the order, which is held.",
                'If it means that nothing is there, name it among `blanks: ["NULL"]`, of the mapping or of the column; '
                "if the number of an order is meant so, say `keys: exact`.",
            ),
            "scientific-number": Code(
                "The text is a number in scientific notation, which has lost digits: 1.23E+15.",
                "Write the number out in full, in a column formatted as text, or declare `scientific: as_read`.",
            ),
            "scientific-text": Code(
                "The text could be a number in scientific notation, or a code such as 12E4; it is sent as it stands.",
                "Nothing has to be done if it is a code; if not, write the number out.",
                _NOTICE,
            ),
            "shown-otherwise": Code(
                "The cell's number format shows something other than what the cell holds (2021.1 shown as 2021.10), "
                "and it cannot be told which of the two is meant.",
                "Format the column as text and enter what is meant, or declare `number_formats: stored`.",
            ),
            "spoiled-text": Code(
                "The text is what a program left in the place of what was meant: an error of a spreadsheet such as "
                "`#N/A`, the `####` of a narrow column, `Ã¶` for `ö` of a wrong encoding, or `�` for a lost letter.",
                "Correct the cell, or write the file anew in the right encoding; if it means that nothing is there, "
                "name it among `blanks`; or declare `spoiled_text: as_read`.",
            ),
            "too-many-digits": Code(
                "The cell is a number of more than 15 digits, of which the spreadsheet keeps only 15.",
                "Format the column as text and enter the number again.",
            ),
            "unseen-characters": Code(
                "The text has characters that cannot be seen, such as a zero-width space; it is sent without them.",
                "Nothing has to be done.",
                _NOTICE,
            ),
            "time-twice": Code(
                "The time came twice on that day, since clocks were put back over it; the first of the two is sent.",
                "If the second is meant, write the time with its zone, as the message says.",
                _NOTICE,
            ),
            "two-digit-year": Code(
                "The date's year has two digits, and the mapping does not say which century is meant.",
                "Write four digits, or declare `dates: {pivot: 50}`: years up to 50 are then 20xx, later ones 19xx.",
            ),
        },
    ),
    Topic(
        "Values Coupa or the mapping does not take",
        {
            "crosswalk-default": Code(
                "A column has a crosswalk and a `default`, but no `unknown`: the default is for empty cells only.",
                "Say `unknown:` beside it to send that for values that the crosswalk does not have, too.",
                _NOTICE,
            ),
            "crosswalk-unknown": Code(
                "Values that the crosswalk does not have are sent as the mapping's `unknown` says.",
                "Look whether one of them should be in the crosswalk.",
                _NOTICE,
            ),
            "crosswalk-unused": Code(
                "The crosswalk has entries that no cell of the file needs.",
                "Nothing has to be done; look whether the right crosswalk is used.",
                _NOTICE,
            ),
            "crosswalk-merges": Code(
                "Several legacy values of this file become one and the same value in Coupa.",
                "See that it is meant so; if not, correct the crosswalk.",
                _NOTICE,
            ),
            "filled-twice": Code(
                "Two columns fill the same element of one row.",
                "Empty one of the cells, or make the `when` conditions in the mapping exclude each other.",
            ),
            "not-allowed": Code("The value is none of those allowed.", "Choose an allowed one."),
            "not-blank": Code(
                "The mapping says that a column cannot be loaded, and the cell holds something.",
                "Clear the cell, and see that what it says reaches Coupa in another way.",
            ),
            "not-exactly-one": Code(
                "Of several elements exactly one must be given; none is, or more than one.",
                "Fill in one of them and empty the others.",
            ),
            "not-in-crosswalk": Code(
                "The legacy value has no counterpart in the crosswalk.",
                "Correct the value, or add it to the crosswalk with the value Coupa has for it, or say `unknown:` what "
                "to send for all such values.",
            ),
            "account-left-open": Code(
                "The mapping fills neither an account of lines nor account allocations; Coupa refuses lines that are "
                "billed to nothing.",
                "Map `order-lines/account/code` or `order-lines/account-allocations`, or say that the instance needs "
                "none: `rules: {order-lines/account: {required: false}}`.",
                _NOTICE,
            ),
            "line-type-left-open": Code(
                "The mapping fills no type of lines, so that Coupa takes every line for a quantity line, and refuses "
                "one that has no unit of measure.",
                "Say what is meant with the constant `order-lines/type`. Where the message says that no unit is "
                "filled, map `order-lines/uom/code`, or declare that none is needed: `rules: {order-lines/uom: "
                "{required: false}}`.",
                _NOTICE,
            ),
            "perhaps-required": Code(
                "The mapping fills no supplier, or neither supplier nor ship-to address. Some instances require them.",
                "Fill what the instance requires, or declare that it does not: `rules: {supplier: {required: false}}`, "
                "or `required` in the instance file.",
                _NOTICE,
            ),
            "quantity-left-open": Code(
                "The mapping fills neither the quantity nor the type of lines. Coupa takes a line for one that is "
                "bought by quantity, and refuses it without.",
                "Map `order-lines/quantity`, give the constant `order-lines/type: OrderAmountLine`, or declare that "
                "none is needed: `rules: {order-lines/quantity: {required: false}}`.",
                _NOTICE,
            ),
            "prefix-twice": Code(
                "The cell has the `prefix` already, so that it stands in front twice.",
                "Remove the prefix from the mapping or from the cells, or see that it is meant so.",
                _NOTICE,
            ),
            "required": Code("An element that Coupa or the mapping asks for is empty.", "Fill in the cell."),
            "shortened": Code(
                "The text was longer than the element holds and is cut, because the mapping says `shorten`.",
                "Look whether what is left still says what is meant.",
                _NOTICE,
            ),
            "too-large": Code("The number is above what is allowed.", "Correct the number."),
            "too-long": Code(
                "The text has more characters than the element holds.",
                "Shorten it, or say `shorten: true` in the mapping to have it cut. A code, such as "
                "that of a unit, is never cut: `bulkpo guess --crosswalk`, as the finding has it, drafts "
                "which of Coupa's each may be.",
            ),
            "too-many-decimals": Code(
                "The number has more decimals than the element holds. It is never rounded for you.",
                "Round it in the file.",
            ),
            "too-small": Code("The number is below what is allowed.", "Correct the number."),
            "wrong-pattern": Code(
                "The value does not have the form the mapping's rule asks for.", "Correct it, or the rule."
            ),
        },
    ),
    ORDER_TOPIC,
    *FIGURE_TOPICS,
    UPDATE_TOPIC,
    ATTACHMENT_TOPIC,
    *FILE_TOPICS,
)

CODES: dict[str, Code] = {name: code for topic in TOPICS for name, code in topic.codes.items()}

TOLD_ONCE = frozenset(name for name, code in CODES.items() if code.is_told_once)
"""The codes of findings that are told of at the first of their places alone."""
