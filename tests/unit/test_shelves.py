"""What is on a shelf: ordinary files within it, found by how people read their names, and nothing else."""

import os
import unicodedata
import zipfile
from pathlib import Path

import pytest

from bulkpo.errors import InputError
from bulkpo.mapping.values.attachments import AttachSpec, OnShelf, Unfit, wishes
from bulkpo.model.attached import AttachWay, FileWish
from bulkpo.shelves import open_shelf

NFC, NFD = "Müller.pdf", unicodedata.normalize("NFD", "Müller.pdf")


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    (tmp_path / "scans/2024").mkdir(parents=True)
    (tmp_path / "scans/a.pdf").write_bytes(b"a")
    (tmp_path / "scans/2024/b.pdf").write_bytes(b"bb")
    (tmp_path / "secret.pdf").write_bytes(b"secret")
    return tmp_path / "scans"


def found(shelf: Path, name: str) -> str:
    """What becomes of a cell with this name: the path, or the finding's code with its words."""
    spec = AttachSpec(AttachWay.FILE, shelf.name)
    (wish,) = wishes(name, spec, open_shelf(shelf, shelf.name))
    return wish.content if isinstance(wish, FileWish) else f"{wish.code}: {wish.message}"


def test_files_are_found_below_their_folder_however_the_way_is_written(scans: Path) -> None:
    assert found(scans, "a.pdf") == "a.pdf"
    assert found(scans, r"2024\b.pdf") == "2024/b.pdf"
    assert found(scans, "./2024//B.PDF") == "2024/b.pdf"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.pdf",
        "../../etc/passwd",
        "/etc/passwd",
        r"C:\secret.pdf",
        r"\\server\share\x.pdf",
        "2024/../a.pdf",
        "C:x",
    ],
)
def test_a_name_that_leads_out_is_refused_before_anything_is_looked_for(scans: Path, name: str) -> None:
    assert found(scans, name).startswith("attachment-name: ")
    assert "leads out of the folder that the mapping names" in found(scans, name)


def test_a_link_out_of_the_folder_is_refused_and_one_within_is_not(scans: Path) -> None:
    (scans / "out.pdf").symlink_to(scans.parent / "secret.pdf")
    (scans / "within.pdf").symlink_to(scans / "a.pdf")
    (scans / "up").symlink_to(scans.parent)
    (scans / "gone.pdf").symlink_to(scans / "nothing")
    assert found(scans, "out.pdf") == (
        "attachment-unreadable: 'out.pdf' leads out of scans; put a copy of the file there"
    )
    assert found(scans, "up/secret.pdf").startswith("attachment-unreadable: ")
    assert found(scans, "within.pdf") == "within.pdf"
    assert found(scans, "gone.pdf").startswith("attachment-unreadable: 'gone.pdf' cannot be read")


def test_folders_pipes_and_devices_are_no_files(scans: Path) -> None:
    os.mkfifo(scans / "pipe.pdf")
    (scans / "zero.pdf").symlink_to("/dev/zero")
    assert found(scans, "2024") == "attachment-unreadable: '2024' is a folder; name a file"
    assert found(scans, "pipe.pdf") == "attachment-unreadable: 'pipe.pdf' is no ordinary file; name a file"
    assert found(scans, "zero.pdf").startswith("attachment-unreadable: ")


def test_a_file_that_may_not_be_read_is_told(scans: Path) -> None:
    (scans / "a.pdf").chmod(0)
    if os.geteuid():
        assert found(scans, "a.pdf") == (
            "attachment-unreadable: 'a.pdf' cannot be read: Permission denied; see to its rights"
        )


def test_umlauts_are_the_same_in_both_forms_and_two_files_that_read_alike_are_not_chosen_from(scans: Path) -> None:
    (scans / NFD).write_bytes(b"x")
    assert found(scans, NFC) == NFD
    (scans / NFC).write_bytes(b"y")
    assert found(scans, NFC).startswith("attachment-ambiguous: ")
    assert found(scans, NFD).startswith("attachment-ambiguous: ")
    (scans / "A.PDF").write_bytes(b"x")
    assert found(scans, "a.pdf") == (
        "attachment-ambiguous: 'a.pdf' may be 'A.PDF' and 'a.pdf' in scans, which read alike; rename one of them"
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "attachment-empty"),
        ("large.pdf", b"x" * (8 * 1024 * 1024 + 1), "attachment-too-large"),
        ("run.exe", b"MZ", "attachment-type"),
        ("noending", b"x", "attachment-type"),
        (".pdf", b"x", "attachment-type"),
        ("page.html", b"x", "attachment-type"),
    ],
)
def test_what_cannot_be_sent_is_told(scans: Path, name: str, content: bytes, code: str) -> None:
    (scans / name).write_bytes(content)
    assert found(scans, name).startswith(f"{code}: ")


def test_a_file_of_8_mb_is_just_not_too_large(scans: Path) -> None:
    (scans / "large.pdf").write_bytes(b"x" * (8 * 1024 * 1024))
    assert found(scans, "large.pdf") == "large.pdf"


@pytest.mark.parametrize(
    "name", ["a\r\nX: y.pdf", "a\x00.pdf", "\u202efdp.exe.pdf", "a\tb.pdf", "a\ud800.pdf", "x" * 256 + ".pdf"]
)
def test_names_that_could_end_a_header_or_deceive_are_refused(scans: Path, name: str) -> None:
    assert found(scans, name).startswith("attachment-name: ")


@pytest.mark.parametrize("name", ["CON.pdf", "dots...pdf", "\U0001f4ce.pdf", 'say "hi" 100%25 & more;.pdf', " a .pdf"])
def test_odd_names_that_a_file_can_have_are_taken(scans: Path, name: str) -> None:
    (scans / name.strip()).write_bytes(b"x")
    assert found(scans, name) == name.strip()


def test_a_missing_file_is_told_with_the_nearest_name(scans: Path) -> None:
    assert found(scans, "q.pdf") == "attachment-missing: there is no file 'q.pdf' in scans; did you mean 'a.pdf'?"
    assert found(scans, "else.doc").endswith("in scans; put it there, or correct the name")


def packed(path: Path, *files: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_a_zip_file_has_twice_is_not_chosen_from(tmp_path: Path) -> None:
    path = packed(tmp_path / "s.zip", ("a.pdf", b"1"), ("a.pdf", b"2"), ("dir/b.pdf", b"3"), ("B.pdf", b"4"))
    assert found(path, "a.pdf") == "attachment-ambiguous: 'a.pdf' is in s.zip 2 times; keep one of them"
    assert found(path, r"dir\B.pdf") == "dir/b.pdf"


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = packed(tmp_path / "s.zip", ("bomb.pdf", b"\0" * (64 << 20)))
    assert path.stat().st_size < 100_000
    assert found(path, "bomb.pdf").startswith("attachment-too-large: 'bomb.pdf' has 67,108,864 bytes")


def test_a_zip_file_that_lies_about_a_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    path = packed(tmp_path / "s.zip", ("a.pdf", b"x" * 5000))
    data = path.read_bytes()
    path.write_bytes(data.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little")))
    assert found(path, "a.pdf").startswith("attachment-unreadable: 'a.pdf' cannot be read from s.zip: ")


def test_damage_at_the_end_of_a_file_in_a_zip_file_is_found_by_the_check(tmp_path: Path) -> None:
    path = packed(tmp_path / "s.zip", ("a.pdf", os.urandom(300_000)))
    damaged = bytearray(path.read_bytes())
    damaged[299_000] ^= 0xFF
    path.write_bytes(damaged)
    assert found(path, "a.pdf").startswith("attachment-unreadable: 'a.pdf' cannot be read from s.zip: it is damaged ")


def test_an_encrypted_file_and_a_damaged_zip_file_are_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "s.zip", ("a.pdf", b"abc"))
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    assert found(path, "a.pdf") == "attachment-unreadable: 'a.pdf' is encrypted in s.zip; pack it without a password"
    path.write_bytes(b"PK no zip")
    with pytest.raises(InputError, match="cannot be read as a ZIP file"):
        open_shelf(path, "s.zip")


def test_a_file_replaced_by_a_link_out_after_the_check_is_not_opened(scans: Path) -> None:
    shelf = open_shelf(scans, "scans")
    assert shelf.find("a.pdf") == OnShelf("a.pdf", 1)
    (scans / "a.pdf").unlink()
    (scans / "a.pdf").symlink_to(scans.parent / "secret.pdf")
    with pytest.raises(OSError, match="leads out"), shelf.open("a.pdf"):
        pass
    assert isinstance(open_shelf(scans, "scans").find("a.pdf"), Unfit)
