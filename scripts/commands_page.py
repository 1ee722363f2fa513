"""Write docs/commands.md: the help of every command, as the program itself gives it.

python scripts/commands_page.py
"""

from pathlib import Path

import click

from bulkpo.cli.main import COMMANDS, cli

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
HELP = ["-h", "--help"]
HEAD = """# Commands

This page is written by `python scripts/commands_page.py` from the program's own help.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, block("bulkpo", cli, None)]
    root = click.Context(cli, info_name="bulkpo", help_option_names=HELP)
    for name in COMMANDS:
        command = cli.get_command(root, name)
        if command is not None:
            parts.append(block(f"bulkpo {name}", command, root))
    return "\n".join(parts)


def block(title: str, command: click.Command, parent: click.Context | None) -> str:
    """One command's heading and help."""
    context = click.Context(
        command, info_name=title.rsplit(maxsplit=1)[-1], parent=parent, terminal_width=100, help_option_names=HELP
    )
    return f"## {title}\n\n```\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
