"""`bulkpo sandbox`: the stand-in for Coupa, served for other programs."""

from pathlib import Path
from typing import Any

import click

from bulkpo.cli.console import Console
from bulkpo.workspace.opening import serve_sandbox
from bulkpo.workspace.requests import SandboxRequest


@click.command("sandbox")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8400,
    show_default=True,
    help="The port to listen on; 0 takes any free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where its data are; the commands' own if left out.")
@click.option("--memory", is_flag=True, help="Keep nothing: all data are gone when it ends.")
@click.option(
    "--references",
    type=click.Choice(["starter", "open"]),
    default="starter",
    show_default=True,
    help="What orders may refer to: a starter set, or anything, made on first use.",
)
@click.option(
    "--load", "files", type=click.Path(path_type=Path), multiple=True, help="A YAML or CSV file of reference data."
)
@click.option(
    "--created",
    type=click.Choice(["draft", "issued"]),
    default="draft",
    show_default=True,
    help="The status in which orders begin; a draft waits to be issued.",
)
@click.option(
    "--grant", "granted", multiple=True, metavar="SCOPE", help="A scope the client may ask for; any, if left out."
)
@click.option(
    "--require",
    "required",
    multiple=True,
    metavar="ELEMENT",
    help="An element it asks for besides, as in order-header/ship-to-address.",
)
@click.option("--limit", is_flag=True, help="Keep Coupa's limit of 25 requests a second.")
def sandbox_command(**asked: Any) -> None:  # noqa: ANN401 - click's options, named as in the request
    """Serve the sandbox until Ctrl-C: an embedded stand-in for a Coupa instance, for rehearsals and tests.

    \b
    Example:
      bulkpo sandbox --port 8400 --references open
      curl -d grant_type=client_credentials \\
          -d client_id=sandbox -d client_secret=sandbox \\
          -d "scope=core.purchase_order.read core.purchase_order.write" \\
          http://127.0.0.1:8400/oauth2/token
    """
    console = Console()
    served = serve_sandbox(SandboxRequest(**asked))
    try:
        console.say(
            f"The sandbox is at {served.server.url}; client id {served.client_id}, secret {served.client_secret}"
        )
        console.say(f"Data: {served.folder or 'in memory'}. Ctrl-C ends it.")
        served.server.serve_forever()
    except KeyboardInterrupt:
        console.say("Stopped")
    finally:
        served.server.stop()
