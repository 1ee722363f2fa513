"""The codes of findings that only an update has: what it is to change is not there, or cannot be changed so."""

from bulkpo.model.code import Code, Topic

UPDATE_TOPIC = Topic(
    "Changes that cannot be made",
    {
        "key-ambiguous": Code(
            "Coupa has more than one $document with this key.",
            "Use `id` as the key, or correct it in Coupa.",
        ),
        "key-not-there": Code(
            "The mapping says `mode: update`, and Coupa has no $document with this key.",
            "Correct the key, or say `mode: upsert` to create it.",
        ),
        "line-ambiguous": Code(
            "The $document in Coupa has more than one line with this number.",
            "Tell its lines apart by their `id`.",
        ),
        "line-not-there": Code(
            "The $document in Coupa has no such line.",
            "Correct what the line is known by, or say `members: {order-lines: {new: add}}`.",
        ),
        "line-twice": Code(
            "Two rows say what one line is to be.",
            "Keep one of them.",
        ),
        "line-without-match": Code(
            "Nothing in the row says which line it means.",
            "Fill in what lines are told apart by: their number or their id.",
        ),
        "lines-not-shown": Code(
            "Coupa's answer about the $document leaves out its lines, so nothing is known of those that are there.",
            "Let the client read them: its scopes, and what its filters or custom roles hide.",
        ),
        "status-fixed": Code(
            "The $document has a status in Coupa in which it cannot be changed.",
            "Leave it out.",
        ),
    },
)
