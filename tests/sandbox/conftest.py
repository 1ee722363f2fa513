import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulkpo.sandbox.server import SandboxServer

sys.path.append(str(Path(__file__).parent))

from sandbox_api import Api


@pytest.fixture(scope="session")
def running() -> Iterator[SandboxServer]:
    with SandboxServer() as sandbox:
        yield sandbox


@pytest.fixture
def api(running: SandboxServer) -> Api:
    """A sandbox with nothing but the starter set."""
    api = Api(running.url)
    assert api.admin("POST", "reset").status == 200
    return api
