from collections.abc import Iterator

import pytest
import yaml
from sandbox_api import TABLES, Api, a_line, askable, sample

from bulkpo.sandbox.serving.server import FirstStatus, SandboxOptions, SandboxServer


@pytest.fixture(scope="session")
def running() -> Iterator[SandboxServer]:
    with SandboxServer(None, SandboxOptions(created=FirstStatus.ISSUED)) as sandbox:
        yield sandbox


@pytest.fixture
def api(running: SandboxServer) -> Api:
    """A sandbox with nothing but the starter set, in which orders are issued at once."""
    api = Api(running.url)
    assert api.admin("POST", "reset").status == 200
    return api


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A sandbox with three records of every resource, in each of which every plain element has a value or none has."""
    data = {}
    for object_name, resource in {TABLES.resource(name).object: name for name in TABLES.resource_names()}.items():
        if object_name in ("order-line", "order-header"):
            continue
        full_ones = [{e.name: sample(e, number) for e in askable(resource)} for number in (1, 2)]
        data[resource] = [*full_ones, {}]
    file = tmp_path_factory.mktemp("reference") / "all.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with SandboxServer(None, SandboxOptions(reference_files=(file,), created=FirstStatus.ISSUED)) as sandbox:
        api = Api(sandbox.url)
        for number in (1, 2):
            plain = {"ship-to-attention": f"x{number}", "transmission-emails": None, "confirm-by-hrs": number}
            api.create(f"PO-{number}", **plain, order_lines=[a_line(price=str(number)), a_line(description="Desk")])
        yield api
