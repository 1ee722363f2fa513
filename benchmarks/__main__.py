"""Run the benchmarks and write what they claim and print into docs/performance.md.

    python -m benchmarks [--quick] [NAME ...]

With `--quick` or with names the page is printed instead, since it would not be the whole of it.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.claims import Claim, claims_in, table

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "performance.md"
NAMES = ("check", "scaling", "tables", "writing", "payload", "sending", "export", "sandbox", "startup", "guess")

HEAD = """\
# Performance

Written by `make bench`{how} on {day} ({minutes:.0f} min) on one machine: {machine}, {cores} processors, Python
{python}, bulkpo {bulkpo}. Compare the ratios, not the seconds: they are worth nothing on another machine. What runs
beside something else runs in turn with it; figures are medians, with the least and the greatest of all runs in
brackets.

{table}

{picture}{once}## Details

What each benchmark measures is said at its top, in `benchmarks/`; it can be run alone, as in
`python -m benchmarks.check --help`.
"""
PICTURE = """\
How time and memory of a check grow with the file:

![Time and memory of a check by the lines of the file, on logarithmic axes](scaling.svg)

"""

ONCE = """\
## Measured once

Memory and processor time of a check of 1,000,000 orders, 14 columns, before and after keys began to be kept as hashes
without numpy, too (2026-11-28, a busy machine):

| orders | without numpy | with numpy |
| --- | --- | --- |
| one line each | 323 to 59 MB, 7.9 to 7.7 s | 90 to 87 MB, 3.2 to 2.3 s |
| one line each, every thousandth twice | 696 to 110 MB, 21.4 to 22.4 s | 727 to 130 MB, 22.0 to 16.2 s |
| two lines each, the second half a file away | 1,924 to 166 MB, 48 to 92 s | 1,955 MB before |

In the last, 200,000 orders took 9.8 to 10.7 s before and 18.2 to 19.5 s after, by turns: that is what it costs to write
open orders to disk and to read them again.

Processor time and memory of a check of 300,000 lines of 12 columns with numpy, before and after `open` and
`totals_rows` began to be proved over bytes (2026-11-28, the least of three by turns, a busy machine):

| mapping | before | after |
| --- | --- | --- |
| plain | 0.43 s | 0.43 s |
| `open`, of which 40 % are finished | 3.0 s, 78 MB | 0.48 s, 86 MB |
| `totals_rows: skip`, a total of all at the end | 3.5 s, 59 MB | 0.51 s, 83 MB |

A block with a totals row in it is read as text: a file with one below each order takes as long as before.

Workbooks are not inflated by a thread of their own: of a check of 200,000 lines that took 3.3 s, inflating all parts
took 0.15 s, so that a second processor could make it 1.05 times as fast.

"""
"""What no benchmark measures again."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a benchmark printed."""

    name: str
    text: str
    claims: Sequence[Claim]
    failed: bool


def run(name: str, *, quick: bool) -> Said:
    """Run a benchmark; one that fails is said to have failed."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *(["--quick"] if quick else [])]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    text, claims = claims_in(done.stdout)
    if done.returncode:
        text = f"{text}\nfailed: {done.stderr.strip()[-500:]}"
    return Said(name, text, claims, failed=done.returncode != 0)


def page(said: Sequence[Said], seconds: float, *, quick: bool) -> str:
    """The page for readers."""
    claims = [claim for each in said for claim in each.claims]
    head = HEAD.format(
        how=" with `--quick`, on files too small for the goals," if quick else "",
        day=datetime.now(UTC).date(),
        minutes=max(seconds / 60, 1),
        machine=platform.machine(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        bulkpo=version("bulkpo"),
        table=table(claims) if claims else "No benchmark claimed anything.",
        picture="" if quick else PICTURE,
        once="" if quick else ONCE,
    )
    parts = [f"### {each.name}\n\n```\n{each.text.strip()}\n```\n" for each in said]
    return "\n".join([head, *parts])


def main() -> int:
    """Run them one after the other; 1 if any failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="smaller files and fewer runs, in about five minutes")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    said = []
    started = time.monotonic()
    for name in asked.names or NAMES:
        begun = time.monotonic()
        print(f"{name} ...", end=" ", flush=True, file=sys.stderr)
        said.append(run(name, quick=asked.quick))
        print(f"{time.monotonic() - begun:.0f} s{', failed' if said[-1].failed else ''}", file=sys.stderr)
    text = page(said, time.monotonic() - started, quick=asked.quick)
    if asked.quick or asked.names:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
    return int(any(each.failed for each in said))


if __name__ == "__main__":
    sys.exit(main())
