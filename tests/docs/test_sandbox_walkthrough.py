"""The walk through the sandbox in its manual does what the manual shows."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "sandbox.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
MARK = "@@ end of block @@"


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="bash and curl are needed for the walk")
def test_the_walk_through_the_sandbox_shows_what_the_manual_says(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    blocks = BLOCK.findall(MANUAL.read_text(encoding="utf-8"))
    assert len(blocks) == 6
    script = "".join(f"{commands}echo; echo '{MARK}'\n" for commands, _ in blocks).replace("8400", port)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-e", "-o", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = [part.strip() for part in done.stdout.split(MARK)]
    for (_, expected), found in zip(blocks, shown, strict=False):
        if expected:
            assert found == expected.strip()
