"""Write docs/commands.md: the help of every command, as the program itself gives it.

python scripts/commands_page.py
"""

from pathlib import Path

from click.testing import CliRunner

from bulkpo.cli.main import COMMANDS, cli

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
WIDTH = 98  # as on any terminal that has the room
HEAD = """# Commands

This page is written by `python scripts/commands_page.py` from the program's own help.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, block(), *map(block, COMMANDS)])


def block(*command: str) -> str:
    """The heading of a command, and the help it gives when it is asked; without one, the program's own."""
    asked = CliRunner().invoke(cli, [*command, "--help"], prog_name="bulkpo", terminal_width=WIDTH)
    return f"## {' '.join(('bulkpo', *command))}\n\n```\n{asked.output}```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
