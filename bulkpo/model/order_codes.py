"""The codes of findings about rows that do not make one order, or not a whole one."""

from bulkpo.model.code import Code, Topic
from bulkpo.model.finding import Severity

_NOTICE = Severity.NOTICE

ORDER_TOPIC = Topic(
    "Rows that do not make one order",
    {
        "allocations-not-100": Code(
            "The percentages of a line's allocations do not add up to 100.", "Correct the percentages."
        ),
        "allocations-not-amount": Code(
            "The amounts of a line's allocations do not come to what the line is worth, by more than a cent for each.",
            "Correct the amounts, the quantity or the price; nothing, where they are meant so (such as with tax).",
            _NOTICE,
        ),
        "amount-line-with-quantity": Code(
            "A line bought by amount has a quantity or a unit.",
            "Empty the quantity and the unit, or make it a quantity line.",
        ),
        "conflicting-values": Code(
            "Rows of one $document, or of one line, differ in a value of which it has only one.",
            "Make the cells named equal, or give the rows different numbers if they are different $documents.",
        ),
        "alike-rows": Code(
            "Two rows of one order say the same in every mapped column of their lines, so that both are sent.",
            "If one is too many, remove it or say `duplicates: skip`; `duplicates: error` holds such orders back, "
            "`duplicates: keep` says that they are meant.",
            _NOTICE,
        ),
        "duplicate-line": Code(
            "Two lines of $a_document have the same number: `1` and `1`, or `1` and `01`.",
            "Give each line its own number. Where they are one line billed to several accounts, map the accounts to "
            "`order-lines/account-allocations/account/code`, and their shares to `…/pct`. If `1` and `01` are two "
            "lines, say `keys: exact` in the mapping.",
        ),
        "odd-line-number": Code(
            "The number of a line is 0 or below; lines count from 1. It is sent as it stands.",
            "Give the line its own number, or let `document: {number_lines: true}` number lines whose number is empty.",
            _NOTICE,
        ),
        "empty-key": Code(
            "The row has no $document number, so it belongs to no $document and is not sent; nor are the "
            "$documents above and below it, since it may be a line of theirs.",
            "Fill in the number; if it stands on the first row of $a_document only, carry it down by "
            "`document: {fill_down: [COLUMN]}`; if the row is no $document line, let `skip_rows` leave it out.",
        ),
        "header-twice": Code(
            "Two rows start one and the same $document: it was probably copied, and its lines would be doubled.",
            "Remove one of the two with its lines, or give it its own number.",
        ),
        "header-without-lines": Code(
            "The $document has a header but no line that names it.",
            "Add its lines, or leave the $document out by `skip_rows`.",
        ),
        "join-alike": Code(
            "A line names its $document by a value that none of the first table has, but that looks like one's: "
            "they differ in zeros in front, in case, in blanks, or in characters that cannot be seen. That $document "
            "is held, since the line is probably its own.",
            "Make the two equal; say `pad` in `joined_by` where zeros were lost, or `keys: exact` if they differ.",
        ),
        "join-shared": Code(
            "Two $documents of the first table have one value in the column that its lines name them by, or one number "
            "and two such values; whose the lines are is not sure.",
            "Correct one of the two rows, or leave one out by `skip_rows`.",
        ),
        "key-collision": Code(
            "Keys made of different columns read alike, so that two orders would become one; both are held.",
            "Choose a `separator` that the columns themselves do not have.",
        ),
        "line-without-header": Code(
            "A line names $a_document that has no header, or stands below no header.",
            "Add the $document's header, correct the number, or remove the line; of a table that says `joined_by`, "
            "`unmatched: skip` leaves such lines out.",
        ),
        "no-lines": Code("The $document has no line.", "Add its lines, or remove the $document."),
        "not-silent": Code(
            "The mapping says `silent: required`, but this order would be sent to its supplier.",
            "Send `transmission-method-override` as do_not_transmit.",
        ),
        "not-unique": Code("The value must be unique and stands in another row too.", "Correct one of the two."),
        "keys-alike": Code(
            "Two $document numbers look alike: they differ in case, in blanks, or in characters that cannot be "
            "seen or told apart. They are probably one $document.",
            "Make them equal, or say `keys: exact` in the mapping.",
        ),
        "unseen-in-number": Code(
            "The $document number has characters that cannot be seen, such as a zero-width space. Nobody would "
            "find the $document by it.",
            "Remove them, or say `keys: exact` in the mapping.",
        ),
        "zeros-lost": Code(
            "Two $document numbers differ only in zeros in front: one of them has probably lost its own.",
            "Correct the one that lost them, in a column formatted as text, or say `keys: exact` in the mapping.",
        ),
        "account-missing": Code(
            "A line, or a share of its allocations, names no account to be billed to in the columns that say it.",
            "Fill in the account; `rules: {order-lines/account: {required: false}}` makes it a notice, of shares alone "
            "`order-lines/account-allocations/account`.",
        ),
        "uom-missing": Code(
            "A line bought by quantity has no unit, or the mapping fills none. Of a line that names a catalogue item "
            "it is a notice, since Coupa takes the item's unit, and nothing is said where the mapping fills none.",
            "Fill in the unit, or make it an amount line; `rules: {order-lines/uom: {required: false}}` makes it a "
            "notice, and says nothing where the mapping fills none.",
        ),
        "quantity-missing": Code(
            "A line bought by quantity has none, or the mapping fills none.",
            "Fill in the quantity, or make it an amount line; `rules: {order-lines/quantity: {required: false}}` "
            "makes it a notice, and says nothing where the mapping fills none.",
        ),
        "unknown-record-type": Code(
            "A row's first cell names none of the record types the mapping knows.",
            "Correct the first cell, or add the type to `record_types` in the mapping.",
        ),
    },
)
