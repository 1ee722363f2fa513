"""`bulkpo ping`: whether the instance can be reached and the credentials hold."""

import click

from bulkpo.cli.common import Console, json_option, to_option
from bulkpo.cli.instance import open_client


@click.command("ping")
@to_option
@json_option
def ping_command(profile_name: str, *, as_json: bool) -> None:
    """Ask the instance for a token and one purchase order, and say how it went.

    \b
    Example:
      bulkpo ping --to production

    Exit code 4 if it cannot be reached, or the credentials or their scopes do not do.
    """
    console = Console(as_json)
    with open_client(profile_name) as (profile, client):
        said = client.ping()
        console.say(said)
        console.result({"profile": profile.name, "url": profile.url, "answer": said})
