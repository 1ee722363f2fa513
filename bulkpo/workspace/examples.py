"""The examples that come with bulkpo: listed, and written into a folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulkpo.runs.drafting.examples import Example
    from bulkpo.runs.drafting.placing import PlacedFiles


@dataclass(frozen=True, slots=True)
class WrittenExamples:
    """Examples that were written into a folder, and what became of each of their files."""

    examples: "tuple[Example, ...]"
    placed: "PlacedFiles"

    @property
    def commands(self) -> tuple[str, ...]:
        """What tries them, from that folder."""
        return tuple(command for each in self.examples for command in each.commands)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        placed = self.placed
        return {
            "folder": str(placed.folder),
            "written": list(placed.written),
            "unchanged": list(placed.same),
            "kept": list(placed.kept),
            "commands": list(self.commands),
        }


def list_examples() -> "tuple[Example, ...]":
    """Every example, by name."""
    from bulkpo.runs.drafting.examples import examples_of
    from bulkpo.shipped import example_files

    return examples_of(example_files())


def write_examples(names: Sequence[str] = (), folder: Path = Path()) -> WrittenExamples:
    """Write the examples of these names into a folder, or everything if none is named; never over what is there.

    Raises UsageError for a name that is none, and OutputError.
    """
    from bulkpo.runs.drafting.examples import chosen
    from bulkpo.runs.drafting.placing import place_files
    from bulkpo.shipped import example_files

    files = example_files()
    examples = list_examples()
    if names:
        examples = chosen(examples, names)
    paths = [path for each in examples for path in each.files] if names else list(files)
    return WrittenExamples(examples, place_files(files, paths, folder))
