"""Names of files as every system takes them: what somebody else chose is never a path, a device or a hidden file."""

import re
import unicodedata

LONGEST_NAME_BYTES = 150
"""With folders in front it stays below what Windows takes for a whole path."""

_UNFIT = re.compile('[\x00-\x1f\x7f-\x9f<>:"/\\\\|?*\ud800-\udfff\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever its ending (Microsoft, "Naming Files, Paths, and Namespaces")."""


def safe_name(name: str, instead: str = "file") -> str:
    """A file's name made safe: without folders and unfit characters, no device, no dot or blank at its ends.

    It keeps its ending where it is too long and is cut; where nothing is left, it is `instead`.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = _UNFIT.sub("_", last).strip().rstrip(". ")
    if not plain.strip("._ "):
        plain = instead
    if plain.startswith(".") or _DEVICE.fullmatch(plain):
        plain = f"_{plain}"
    return _cut(plain)


def _cut(name: str) -> str:
    if len(name.encode()) <= LONGEST_NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    kept = f"{dot}{ending}" if stem and len(ending.encode()) <= 10 else ""
    room = LONGEST_NAME_BYTES - len(kept.encode())
    whole = name.removesuffix(kept) if kept else name
    return whole.encode()[:room].decode(errors="ignore").rstrip(". ") + kept
