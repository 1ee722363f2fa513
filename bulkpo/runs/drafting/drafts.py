"""Drafted mappings: held against the language before they are shown, and written whole."""

import json
from codecs import BOM_UTF8
from pathlib import Path

from bulkpo.errors import MappingError
from bulkpo.mapping.language.extends import extended, without_nothing
from bulkpo.runs.checking.mapping_files import read_yaml
from bulkpo.schema.shape import shape_problems
from bulkpo.shipped import schema_text
from bulkpo.tables.faults import writing
from bulkpo.tables.writing.atomic import replacing
from bulkpo.yamldoc import parse_yaml


def still_a_mapping(text: str, path: Path) -> None:
    """Raise MappingError where a text has not the shape of an import mapping."""
    document = extended(parse_yaml(text, path.name), lambda name: read_yaml(path.parent / name)).document
    problems = shape_problems(document, without_nothing(json.loads(schema_text("import-mapping.schema.json"))))
    if problems:
        raise MappingError(problems)


def write_text(path: Path, text: str) -> None:
    """Put a text in the place of a file, with that one's ends of lines and mark, or there anew; raises OutputError."""
    before = _there(path)
    _write(path, text.replace("\n", "\r\n") if b"\r\n" in before else text, before)


def write_exactly(path: Path, text: str) -> None:
    """Put a text in the place of a file, with its own ends of lines, and that one's mark; raises OutputError."""
    _write(path, text, _there(path))


def _there(path: Path) -> bytes:
    with writing(path):
        return path.read_bytes() if path.exists() else b""


def _write(path: Path, text: str, before: bytes) -> None:
    mark = BOM_UTF8 if before.startswith(BOM_UTF8) else b""
    with replacing(path) as file:
        file.write(mark + text.encode())
