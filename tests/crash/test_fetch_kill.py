"""Exports that fetch attached files, killed behind a proxy that loses answers: every file is there once, byte by byte.

BULKPO_CRASH_FILES is the number of files, BULKPO_CRASH_FETCH_KILLS that of kills.
"""

import hashlib
import os
import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hostile_proxy import Cut, HostileProxy, Odds, hostile_proxy
from situations import OPEN, create
from test_kill_export import LOSSES, Reader
from world import profile_of

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created
from bulkpo.coupa.uploads import SentFile, UploadForm
from bulkpo.sandbox.serving.server import CLIENT_ID, SandboxServer

FILES = int(os.environ.get("BULKPO_CRASH_FILES", "60"))
KILLS = int(os.environ.get("BULKPO_CRASH_FETCH_KILLS", "4"))
OF_EACH = 4
MAPPING = """\
bulkpo: export/1
name: orders
columns: {PO: po-number, Files: attachments}
attachments: {folder: files}
"""
NAMES = ("scan.pdf", "CON.pdf", "Müller & Söhne \U0001f4ce.pdf", "../../etc/passwd.pdf")


class FileReader(Reader):
    """Has the export made until it ends, killed at random on the way."""

    def fetch(self) -> None:
        code = -9
        while code == -9:
            seconds = self.chance.uniform(0.5, 0.8 + FILES / 200) if self.kills < KILLS else None
            code, _, complaint = self._run(0, seconds)
            self.kills += code == -9
            assert code in (-9, 0), complaint


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(None, OPEN) as server:
        yield server


@pytest.fixture
def proxy(sandbox: SandboxServer, tmp_path: Path) -> Iterator[HostileProxy]:
    with hostile_proxy(sandbox.url, tmp_path / "proxy.pem") as proxy:
        proxy.cues = [
            Odds(cut, "GET", "/api/", 0.01, random.Random(number))  # noqa: S311 - repeatable on purpose
            for number, cut in enumerate((*LOSSES["GET"], Cut.RESET_AFTER))
        ]
        yield proxy


def attach(client: CoupaClient, order: int, name: str, content: bytes) -> None:
    """Attach a file to an order."""
    digest = hashlib.sha256(content).hexdigest()
    form = UploadForm({"attachment[type]": "file"}, SentFile(name, lambda: BytesIO(content), len(content), digest))
    assert isinstance(client.attach("purchase_orders", order, form), Created)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_again_and_again_an_export_fetches_every_file_once(
    sandbox: SandboxServer, proxy: HostileProxy, tmp_path: Path
) -> None:
    chance = random.Random(3)  # noqa: S311 - repeatable on purpose
    made: dict[str, dict[str, bytes]] = {}
    with CoupaClient(profile_of(sandbox.url)) as client:
        for number in range(FILES // OF_EACH):
            key = f"PO-{number:05}"
            create(client, key)
            made[key] = {name: chance.randbytes(chance.choice((1, 900, 40_000))) for name in NAMES[:OF_EACH]}
        for order in client.find("purchase_orders", [], ["id", "po-number"]):
            for name, content in made[str(order["po-number"])].items():
                attach(client, int(order["id"]), name, content)
    url = f"bulkpo: profiles/1\nprofiles:\n  there: {{url: '{sandbox.url}', client_id: {CLIENT_ID}}}\n"
    (tmp_path / "bulkpo.yaml").write_text(url, encoding="utf-8")
    (tmp_path / "orders.yaml").write_text(MAPPING, encoding="utf-8")
    reader = FileReader(tmp_path, {"HTTP_PROXY": proxy.url})
    words = tmp_path / "out.csv"
    reader.fetch()
    assert words.exists()
    rows = [line.split(",", 1) for line in words.read_text(encoding="utf-8-sig").splitlines()[1:]]
    linked = {key: cell.strip('"').split("; ") for key, cell in rows}
    assert linked.keys() == made.keys()
    for key, paths in linked.items():
        contents = sorted((tmp_path / path).read_bytes() for path in paths)
        assert contents == sorted(made[key].values())
    there = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(there) == len(made) * OF_EACH
    print(f"{reader.kills} kills, {proxy.cut} answers cut, {len(there)} files: 0 lost, 0 twice")  # noqa: T201 - by -s
