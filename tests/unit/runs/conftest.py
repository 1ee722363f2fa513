"""Fixtures: worlds to import into."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from world import QuickClock, World, profile_of

from bulkpo.coupa.client import CoupaClient
from bulkpo.journal.journal import journal_in
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer


@pytest.fixture
def world_of(tmp_path: Path) -> Iterator[Callable[[SandboxServer], World]]:
    """Makes a world around a sandbox of one's own."""
    made: list[World] = []

    def make(sandbox: SandboxServer) -> World:
        journal = journal_in(tmp_path / ".bulkpo", lambda: "2026-11-21T10:00:00+00:00")
        made.append(World(tmp_path, sandbox, CoupaClient(profile_of(sandbox.url), QuickClock()), journal))
        return made[-1]

    yield make
    for world in made:
        world.client.close()
        world.journal.close()


@pytest.fixture
def world(world_of: Callable[[SandboxServer], World]) -> Iterator[World]:
    with SandboxServer(None, SandboxOptions()) as sandbox:
        yield world_of(sandbox)
