"""What a mapping has done to a cell before it is read: blanks, split, extract, case, crosswalk, pad."""

from bulkpo.mapping.language.crosswalks import BETWEEN_KEYS, NO_RESULT
from bulkpo.mapping.language.spec import ImportMapping, Split, Target
from bulkpo.mapping.values.cells import loose_text, refuse_shortened, text_of
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.table import Cell
from bulkpo.model.text import quoted, shown
from bulkpo.schema.tables import nearest


class Preparer:
    """Prepares the cells of one target; remembers what it met of the crosswalk's entries, and what is none."""

    def __init__(self, target: Target, mapping: ImportMapping) -> None:
        self.used_entries: set[str] = set()
        self.unknown: set[str] = set()
        self._target = target
        self._blanks = mapping.marks_of(target.column).blanks
        self._own_key = _own_key(target)
        self._is_loose = target.crosswalk in mapping.loose_crosswalks
        self._crosswalk = None if target.crosswalk is None else mapping.crosswalks[target.crosswalk]
        is_around = bool(target.prefix or target.suffix)  # behind which no reader sees what the text is
        self._refuses_shortened = is_around and not mapping.settings.of(target.column, "scientific")
        has_steps = target.split or target.extract or target.case or target.pad or is_around
        self._has_steps = bool(has_steps) or self._crosswalk is not None

    def prepared(self, cell: Cell) -> Cell:
        """The cell as it is to be read, None if that is blank; raises Unreadable if a step fails."""
        if isinstance(cell, str):
            if not cell or cell.strip() in self._blanks:
                return self._blank()
        elif cell is None or (self._blanks and loose_text(cell) in self._blanks):
            return self._blank()
        if not self._has_steps:
            return cell
        target = self._target
        text = text_of(cell)
        if target.split is not None:
            text = _part_of(text, target.split)
        if not text or text in self._blanks:
            return self._blank()
        if target.extract is not None:
            text = _extracted(text, target)
        if target.case is not None:
            text = text.upper() if target.case == "upper" else text.lower()
        if self._crosswalk is not None:
            return self._crossed(text)
        return self._finished(text)

    def _finished(self, text: str) -> str:
        if self._refuses_shortened:
            refuse_shortened(text)
        return self._around(text.zfill(self._target.pad))

    def _around(self, text: str) -> str:
        return f"{self._target.prefix}{text}{self._target.suffix}"

    def _blank(self) -> str | None:
        """What an empty cell is: the crosswalk may have an entry for it."""
        return self._crossed("") if self._crosswalk is not None and "" in self._crosswalk else None

    def _crossed(self, text: str) -> str | None:
        crosswalk = self._crosswalk or {}
        key = text.casefold() if self._is_loose else text
        if (value := crosswalk.get(key, NO_RESULT)) != NO_RESULT:
            self.used_entries.add(key)
            return None if value is None else self._around(value)
        if self._own_key is not None and not text.split(BETWEEN_KEYS)[self._own_key]:
            return None
        shown_key = text.replace(BETWEEN_KEYS, " + ")
        if self._target.unknown is not None:
            self.unknown.add(shown_key)
            return self._target.unknown
        if key in crosswalk:
            message = f"{quoted(shown_key)} has no result in the crosswalk {self._target.crosswalk}; fill it in there"
            raise Unreadable("not-in-crosswalk", f"{message}, or say empty: send_nothing if nothing is to be sent")
        hint = shown(nearest(key, crosswalk).replace(BETWEEN_KEYS, " + ")) or "; add it there"
        if self._target.default is not None:
            hint += f", or say unknown: {self._target.default}, since default is for empty cells only"
        message = f"{quoted(shown_key)} is not in the crosswalk {self._target.crosswalk}{hint}"
        raise Unreadable("not-in-crosswalk", message)


def _own_key(target: Target) -> int | None:
    """Which of the texts looked up together is that of the target's own column: where it is empty, there is no look-up.

    Texts of no column stand in the template's literals.
    """
    template = target.template
    if template is None or template.where_empty != "keep":
        return None
    own = next((n for n, part in enumerate(template.parts) if part.column == target.column), None)
    return None if own is None else "".join(template.literals[: own + 1]).count(BETWEEN_KEYS)


def _part_of(text: str, split: Split) -> str:
    parts = text.split(split.by)
    if text and len(parts) < split.part:
        many = f"{len(parts)} {'part' if len(parts) == 1 else 'parts'}"
        message = f"{quoted(text)} has {many} at {split.by!r}, but part {split.part} is wanted"
        raise Unreadable("nothing-to-split", message)
    return parts[split.part - 1].strip() if text else ""


def _extracted(text: str, target: Target) -> str:
    pattern = target.extract
    found = pattern.first(text) if pattern is not None else None
    if found is None:
        wanted = pattern.text if pattern is not None else ""
        raise Unreadable("nothing-to-extract", f"{quoted(text)} has nothing that matches {wanted}")
    return found
