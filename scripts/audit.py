"""What is known against the packages bulkpo is made of, and whether their licences may be passed on with it.

Advisories are asked of the Python Package Index through pip-audit, so this needs the network and is not part of CI.
Exit code 0 if nothing is known and every licence is in the list, 1 if not, 2 if it could not be asked.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
ALLOWED = ("MIT", "BSD", "APACHE", "PSF", "PYTHON SOFTWARE FOUNDATION", "ISC", "MPL", "MOZILLA PUBLIC LICENSE", "0BSD")
"""Words of licences that let a program under MIT use a package unchanged."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def used() -> set[str]:
    """The packages that bulkpo needs where it is installed, and those that they need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, found = list(project["dependencies"]), set[str]()
    while waiting:
        name = _NAME.match(waiting.pop())
        if name is None or name[0].lower() in found:
            continue
        try:
            needed = metadata.requires(name[0]) or []
        except metadata.PackageNotFoundError:  # not asked for on this system
            continue
        found.add(name[0].lower())
        waiting += [each for each in needed if "extra ==" not in each]
    return found


def licences(name: str) -> list[str]:
    """What a package says of its licence, the shortest statements first."""
    facts = metadata.metadata(name)
    kinds = [each.rpartition("::")[2].strip() for each in facts.get_all("Classifier") or () if "License ::" in each]
    texts = [*(facts.get_all("License-Expression") or ()), *(facts.get_all("License") or ())]
    return [text.splitlines()[0] for text in texts if text] + kinds


def refused(names: set[str]) -> Iterator[str]:
    """A sentence for each package whose licence is not in the list."""
    for name in sorted(names):
        said = licences(name)
        if not any(word in each.upper() for each in said for word in ALLOWED):
            yield f"{name}: its licence is {', '.join(said) or 'not told'}; add it to ALLOWED, or do without"


def main() -> None:
    """Ask, and say what was found."""
    names = used()
    wrong = list(refused(names))
    print("\n".join(wrong) or f"licences: all {len(names)} packages may be used")
    pinned = "\n".join(f"{name}=={metadata.version(name)}" for name in sorted(names))
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--no-deps",
        "--disable-pip",
        "--progress-spinner",
        "off",
        "-r",
        "/dev/stdin",
    ]
    done = subprocess.run(command, input=pinned, capture_output=True, text=True, check=False)
    if "No known vulnerabilities" in done.stderr + done.stdout:
        print("advisories: none is known")
    elif "Name" in done.stdout:
        print(f"advisories:\n{done.stdout}")
        wrong.append("advisories")
    else:
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"advisories: could not be asked ({last[:200]}); this needs pip-audit and the network")
        sys.exit(1 if wrong else 2)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
