"""Draw a first import as terminals of 80 and 120 columns show it: python scripts/terminal_pictures.py, into docs/."""

import fcntl
import html
import os
import pty
import re
import shlex
import shutil
import struct
import sys
import tempfile
import termios
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "benchmarks" / "guess" / "excel-hand-en.xlsx"
DECISIONS = {
    "ship-to-user/login": "migration",
    "currency/code": "USD",
    "time_zone": "America/New_York",
    "order-lines/account/code": "01-100-8000",
    "order-lines/account/account-type/name": "SAP100",
}
SESSION = (
    " ".join(["bulkpo guess orders.xlsx -o orders.yaml", *(f"--set {name}={it}" for name, it in DECISIONS.items())]),
    "bulkpo check orders.yaml orders.xlsx",
    "bulkpo import orders.yaml orders.xlsx",
)
WIDTHS = (80, 120)
_WIDE, _HIGH, _EDGE = 7.8, 17, 12
_TYPED, _SAID = "#7ee787", "#e6edf3"
_STEERING = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def shown(command: str, columns: int) -> list[str]:
    """The lines a terminal so wide is left with."""
    words = shlex.split(command)
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", *words])  # noqa: S606 - this interpreter, the commands above
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    said = b""
    while piece := _read(terminal):
        said += piece
    os.waitpid(child, 0)
    lines = said.decode().replace("\r\n", "\n").split("\n")
    return [_STEERING.sub("", line.rpartition("\r")[2]) for line in lines]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # what Linux says at the end of a terminal
        return b""


def _folded(line: str, columns: int) -> list[str]:
    """A line of what was typed, as the terminal breaks it."""
    return [line[start : start + columns] for start in range(0, len(line), columns)]


def drawn(lines: list[str], columns: int) -> str:
    """The lines as a picture (SVG)."""
    width, height = columns * _WIDE + 2 * _EDGE, len(lines) * _HIGH + 2 * _EDGE
    texts = "".join(
        f'<text x="{_EDGE}" y="{_EDGE + _HIGH * number - 4}" fill="{_TYPED if line.startswith("$ ") else _SAID}">'
        f"{html.escape(line)}</text>\n"
        for number, line in enumerate(lines, 1)
        if line
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" '
        f'font-family="monospace" font-size="13" style="white-space: pre">\n<rect width="100%" height="100%" rx="6" '
        f'fill="#161b22"/>\n{texts}</svg>\n'
    )


def main() -> None:
    """Write a picture for each width."""
    for columns in WIDTHS:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(FILE, Path(folder, "orders.xlsx"))
            os.chdir(folder)
            lines: list[str] = []
            for command in SESSION:
                lines += [*_folded(f"$ {command}", columns), *shown(command, columns), ""]
        (ROOT / "docs" / f"first-import-{columns}.svg").write_text(drawn(lines, columns), encoding="utf-8")


if __name__ == "__main__":
    main()
