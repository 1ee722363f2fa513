"""`bulkpo ping`: whether the instance can be reached and the credentials hold."""

import click

from bulkpo.cli.common import json_option, to_option
from bulkpo.cli.console import Console
from bulkpo.workspace.opening import connect


@click.command("ping")
@to_option
@json_option
def ping_command(profile_name: str, *, as_json: bool) -> None:
    """Ask the instance for a token and one purchase order, and say how it went.

    \b
    Example:
      bulkpo ping --to production

    Exit code 4 if it cannot be reached, or the credentials or its scopes are not accepted.
    """
    console = Console(as_json)
    with connect(profile_name) as client:
        said = client.ping()
        console.say(said)
        console.result({"profile": client.profile.name, "url": client.profile.url, "answer": said})
