"""The codes of findings about what is to be attached: it is not there, or cannot be sent."""

from bulkpo.model.code import Code, Topic
from bulkpo.model.finding import Severity

_LEAVE_OUT = "or say `unfit: leave_out`, which leaves out what cannot be attached and tells it"

ATTACHMENT_TOPIC = Topic(
    "Attachments that cannot be sent",
    {
        "attachment-ambiguous": Code(
            "Two files have this name but for small and large letters, or for how the same letters are stored.",
            f"Rename one of them; {_LEAVE_OUT}.",
        ),
        "attachment-empty": Code("The file has no content.", f"Save it again; {_LEAVE_OUT}."),
        "attachment-left-out": Code(
            "A file is missing or cannot be sent, and the mapping says `unfit: leave_out`.",
            "Nothing, if that is meant.",
            Severity.NOTICE,
        ),
        "attachment-missing": Code(
            "No file of this name is in the folder or ZIP file that the mapping names.",
            f"Correct the name, or put the file there; for several names in a cell declare `several`; {_LEAVE_OUT}.",
        ),
        "attachment-name": Code(
            "The name leads out of its folder, or holds characters that no file's name may have.",
            f"Write the name as it stands in the folder, or rename the file; {_LEAVE_OUT}.",
        ),
        "attachment-too-large": Code(
            "The file has more than 8 MB, or the note more than 65,535 bytes.",
            f"Make it smaller, or part it; {_LEAVE_OUT}.",
        ),
        "attachment-type": Code(
            "Files with this ending are not attached.",
            f"List it in the mapping if your instance takes it: `types: [pdf, step]`; {_LEAVE_OUT}.",
        ),
        "attachment-unreadable": Code(
            "It is no ordinary file, leads out of its folder, is encrypted or damaged, or may not be read.",
            f"Put a copy of the file there that you may read; {_LEAVE_OUT}.",
        ),
        "attachment-url": Code(
            "The text is no address on the web.",
            f"Write it in full, with https:// in front; {_LEAVE_OUT}.",
        ),
    },
)
