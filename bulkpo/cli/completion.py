"""`bulkpo completion`: the shell completes commands and options."""

import click
from click.shell_completion import get_completion_class

from bulkpo.cli.console import write
from bulkpo.errors import UsageError


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      eval "$(bulkpo completion bash)"       in ~/.bashrc
      eval "$(bulkpo completion zsh)"        in ~/.zshrc
      bulkpo completion fish | source        in ~/.config/fish/config.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"there is no completion for {shell}")
    group = ctx.find_root().command
    try:
        write(kind(group, {}, "bulkpo", "_BULKPO_COMPLETE").source())
    except RuntimeError as error:
        raise UsageError(str(error)) from None
