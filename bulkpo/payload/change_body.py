"""A change as the request that makes it, and as what the journal keeps of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bulkpo.model.matching import REMOVAL
from bulkpo.model.worth import Shift
from bulkpo.payload.change import Change, Edit, How, Part, Tell
from bulkpo.payload.encode import BodyFormat
from bulkpo.payload.json import native
from bulkpo.payload.xml import escape, singular

_Tree = dict[str, Any]


def change_body(change: Change, form: BodyFormat) -> bytes:
    """The body of the PUT: what changes, the ids of its members, and nothing else."""
    tree = _tree(change.header)
    if form is BodyFormat.JSON:
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + _xml(change.object, tree)).encode()


def _tree(part: Part) -> _Tree:
    if part.how is How.REMOVED:
        return {"id": part.id, REMOVAL: True}
    tree: _Tree = {} if part.id is None or not part.collection else {"id": part.id}
    if part.how is How.ADDED and part.tell is not None:
        _put(tree, part.tell.names, native(part.tell.type, part.tell.value))
    emptied = _emptied(part.edits)
    for edit in part.edits:
        if edit.reference in emptied:
            _put(tree, edit.reference.split("/"), None)
        elif edit.new_id is not None:
            tree[edit.names[0]] = {"id": int(edit.new_id)}
        elif edit.new is not None:
            _put(tree, edit.names, native(edit.type, edit.new))
    for below in part.parts:
        tree.setdefault(below.collection, []).append(_tree(below))
    return tree


def _emptied(edits: Iterable[Edit]) -> set[str]:
    """What has nothing left of it: a plain element that is emptied, a reference all of whose elements are."""
    left = {edit.reference for edit in edits if edit.new is not None or edit.new_id is not None}
    return {edit.reference for edit in edits} - left


def _put(tree: _Tree, names: Sequence[str], value: object) -> None:
    *outer, last = names
    for name in outer:
        tree = tree.setdefault(name, {})
    tree[last] = value


def _xml(name: str, value: object) -> str:
    if value is None:
        return f'<{name} nil="true"/>'
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_xml(inner, below) for inner, below in value.items())}</{name}>"
    if isinstance(value, list):
        return f"<{name}>{''.join(_xml(singular(name), member) for member in value)}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else escape(str(value))
    return f"<{name}>{text}</{name}>"


def change_text(change: Change) -> str:
    """What the journal keeps of a change."""
    worth = [] if change.worth is None else [change.worth.as_json()]
    return json.dumps(
        [1, change.id, change.object, change.resends, _part_data(change.header), *worth],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def change_from(text: str) -> Change:
    """The change that the journal has kept; raises ValueError if it is none."""
    try:
        version, number, name, resends, header, *worth = json.loads(text)
        if version != 1:
            raise ValueError(f"a change of version {version}")
        shift = Shift.from_json(worth[0]) if worth else None
        return Change(int(number), str(name), _part_from(header), bool(resends), shift)
    except (TypeError, LookupError, ArithmeticError) as error:
        raise ValueError(f"not a change: {error}") from None


def _part_data(part: Part) -> list[Any]:
    return [
        str(part.how),
        part.collection,
        part.path,
        part.id,
        part.tell,
        part.edits,
        list(map(_part_data, part.parts)),
        part.row,
    ]


def _part_from(data: Sequence[Any]) -> Part:
    how, collection, path, number, tell, edits, parts, row = data
    told = None if tell is None else Tell(tuple(tell[0]), *tell[1:])
    made = tuple(Edit(tuple(names), *rest) for names, *rest in edits)
    return Part(How(how), collection, path, number, told, made, tuple(map(_part_from, parts)), row)
