"""Run every benchmark and write what they print into docs/performance.md.

python -m benchmarks
"""

import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "performance.md"
HEAD = f"""# Performance

Written by `make bench`, in one run on one machine ({platform.machine()}, Python {platform.python_version()}).
Compare the ratios, not the seconds. Each benchmark says what it measures at its top, in `benchmarks/`.
"""


def main() -> int:
    """Run them one after the other; a benchmark that fails is said to have failed."""
    parts = [HEAD]
    for script in sorted(path for path in HERE.glob("*.py") if path.name != Path(__file__).name):
        print(f"{script.name} …", flush=True)
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
        said = done.stdout if done.returncode == 0 else f"{done.stdout}\nfailed: {done.stderr[-500:]}"
        print(said, flush=True)
        parts.append(f"## {script.stem}\n\n```\n{said.strip()}\n```\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
