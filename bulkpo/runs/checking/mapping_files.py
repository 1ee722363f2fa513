"""The files of mappings: their text, and what one says with all it extends."""

from pathlib import Path

from bulkpo.errors import MappingError
from bulkpo.mapping.language.extends import Extended, extended
from bulkpo.userfiles import ordinary_text
from bulkpo.yamldoc import parse_yaml


def merged_data(path: Path) -> Extended:
    """An import mapping with its bases merged in; raises MappingError."""
    return extended(parse_yaml(read_yaml(path), path.name), lambda name: read_yaml(path.parent / name))


def read_yaml(path: Path) -> str:
    """The text of a YAML file; raises MappingError if there is none to read."""
    try:
        return ordinary_text(path)
    except FileNotFoundError:
        raise MappingError([f"{path}: there is no such file; check the name and the folder"]) from None
    except UnicodeDecodeError as error:
        message = f"no YAML text (byte {error.start} is not UTF-8); the mapping is named first, then the spreadsheet"
        raise MappingError([f"{path}: {message}"]) from None
    except OSError as error:
        raise MappingError([f"{path}: cannot be read: {error.strerror}"]) from None
