"""Fixtures: a proxy that loses answers, in front of the sandbox of the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_proxy import HostileProxy, hostile_proxy

from bulkpo.sandbox.serving.server import SandboxServer


@pytest.fixture
def proxy(sandbox: SandboxServer, tmp_path: Path) -> Iterator[HostileProxy]:
    with hostile_proxy(sandbox.url, tmp_path / "proxy.pem") as proxy:
        proxy.late = 1.0
        yield proxy
