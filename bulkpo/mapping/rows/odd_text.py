"""What is worth knowing about text that is sent as it stands: a prefix twice, a code that reads as a number, NULL."""

from collections.abc import Sequence

from bulkpo.mapping.language.spec import Slot, own_rules
from bulkpo.mapping.values.cells import DECIMAL_CODE, SCIENTIFIC
from bulkpo.mapping.values.left_over import markup, word_for_nothing
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.text import quoted


def odd_text(value: str, prefix: str = "", suffix: str = "", *, is_held: bool) -> Trouble | None:
    """The notice of a text, None if it is none of these; an error where the text is a number that is to be `held`.

    What a mapping puts around the text is no part of a code.
    """
    if prefix and value.startswith(prefix * 2):
        message = f"{quoted(value)} has {prefix!r} in front twice: the cell has it already"
        return Trouble(0, "prefix-twice", message, kept=value)
    bare = value.removeprefix(prefix).removesuffix(suffix)
    if SCIENTIFIC.fullmatch(bare):
        message = f"{quoted(value)} looks like a number in scientific notation and is sent as it stands"
        return Trouble(0, "scientific-text", message, kept=value)
    if not DECIMAL_CODE.fullmatch(bare):
        return None
    message = f"{quoted(bare)} looks like {quoted(bare[:-2])} that a program has made decimal"
    if is_held:
        remedy = "correct it, in a column formatted as text, or say keys: exact if it is meant"
        return Trouble(0, "decimal-code", f"{message}; {remedy}")
    return Trouble(0, "decimal-code", f"{message}; it is sent as it stands", kept=value)


def may_mean_nothing(slot: Slot) -> bool:
    """Whether words such as `None` may be left over in an element: not where it is said which values there are."""
    return not slot.element.values and own_rules(slot.rule)["allowed"] is None


def left_over(texts: Sequence[str], value: str, *, may_be_word: bool, is_held: bool) -> Trouble | None:
    """What programs have left over in a text of which `texts` are forms, and `value` is sent; an error where `held`."""
    for text in texts if may_be_word else ():
        if (told := word_for_nothing(text, is_held=is_held)) is not None:
            return told if told.kept is None else told._replace(kept=value)
    return markup(value)
