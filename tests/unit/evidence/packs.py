"""Packs to be tampered with: one made by the command, and others put together by hand as a forger would."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from bulkpo.runs.evidence.chain import Chain
from bulkpo.runs.evidence.sealed import SealedZip
from bulkpo.runs.evidence.words import MANIFEST


def contents(pack: Path) -> dict[str, bytes]:
    """The members of a pack."""
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def listed(members: Mapping[str, bytes]) -> bytes:
    """A manifest of members."""
    known = {name: hashlib.sha256(text).hexdigest() for name, text in members.items() if name != MANIFEST}
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(known.items())).encode()


def sealed(path: Path, members: Mapping[str, bytes]) -> Path:
    """A pack of these members, sealed as bulkpo does it: what somebody makes who knows how."""
    with path.open("wb") as file:
        pack = SealedZip(file, "2026-11-27T10:00:00+00:00")
        for name, text in members.items():
            pack.put(name, [text])
        pack.finish()
    return path


def forged(path: Path, members: Mapping[str, bytes]) -> Path:
    """The same with a manifest that agrees."""
    return sealed(path, {**members, MANIFEST: listed(members)})


def chained(lines: list[dict[str, object]]) -> tuple[bytes, str]:
    """A chain of these events made anew, and its head."""
    out = io.BytesIO()
    first, *events = lines
    chain = Chain(out.write, {name: value for name, value in first.items() if name not in ("n", "before")})
    for event in events:
        chain.add({name: value for name, value in event.items() if name not in ("n", "before")})
    head = chain.end()
    return out.getvalue(), head


def events_of(members: Mapping[str, bytes]) -> list[dict[str, object]]:
    """The first line and the events of a pack, without its last line."""
    return [json.loads(line) for line in members["events.jsonl"].splitlines()[:-1]]
