"""Laws of attachments: what goes in comes out, names never lead anywhere, and no name is two things."""

import hashlib
import unicodedata
from contextlib import AbstractContextManager
from email.parser import BytesParser
from email.policy import HTTP
from io import BytesIO
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.coupa.uploads import SentFile, UploadForm, Withheld
from bulkpo.mapping.values.attachments import AttachSpec, OnShelf, Unfit, wishes
from bulkpo.model.attached import AttachWay, FileWish, wishes_of, wishes_text, wishes_together
from bulkpo.model.file_names import LONGEST_NAME_BYTES, safe_name
from bulkpo.sandbox.http import Request
from bulkpo.sandbox.uploads import read_form

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="/\\")
FILE_NAMES = st.lists(st.text(LETTERS, min_size=1, max_size=20), min_size=1, max_size=3).map(" ".join)
WISHES = st.builds(FileWish, st.sampled_from(AttachWay), NAMES, NAMES, st.sampled_from(["Internal", "Supplier"]))


class Everything:
    """A shelf on which every name stands."""

    def find(self, name: str) -> OnShelf | Unfit:
        return OnShelf(name, 1)

    @property
    def unfit(self) -> dict[str, Unfit]:
        return {}

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        raise OSError(path)


@given(st.lists(WISHES))
def test_wishes_come_back_from_their_value_each_once(asked: list[FileWish]) -> None:
    assert wishes_of(wishes_text(asked)) == list(dict.fromkeys(asked))
    value = wishes_text(asked)
    assert wishes_together([value, None, value, ""]) == (value if asked else None)


@given(NAMES)
def test_a_name_in_a_cell_never_leads_out_of_its_folder(name: str) -> None:
    for wish in wishes(name, AttachSpec(AttachWay.FILE, "scans", types=frozenset({"pdf"})), Everything()):
        if isinstance(wish, FileWish):
            steps = wish.content.split("/")
            assert not {"", ".", ".."} & set(steps)
            assert ":" not in wish.content[:2]
            assert wish.content.isprintable() or not any(ord(letter) < 32 for letter in wish.content)


@given(NAMES)
def test_a_safe_name_is_a_name_everywhere(name: str) -> None:
    safe = safe_name(name)
    assert safe == safe_name(safe)
    assert 0 < len(safe.encode()) <= LONGEST_NAME_BYTES + 1
    assert not set(safe) & set('<>:"/\\|?*\r\n\t\0')
    assert not safe.endswith((".", " "))
    assert not safe.startswith(".")
    assert safe.partition(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}
    assert unicodedata.is_normalized("NFC", safe)


@given(name=FILE_NAMES, content=st.binary(max_size=2000), intent=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_form_gives_the_sandbox_what_was_put_into_it(name: str, content: bytes, intent: str) -> None:
    file = SentFile(name, lambda: BytesIO(content), len(content), hashlib.sha256(content).hexdigest())
    form = UploadForm({"attachment[intent]": intent}, file)
    body = b"".join(form.pieces())
    assert len(body) == form.length
    facts, upload = read_form(Request("POST", "/", {"content-type": form.media}, body, keep_alive=True))
    assert facts == {"intent": intent}
    assert upload is not None
    assert upload.content == content
    assert upload.name == name


@given(name=NAMES, content=st.binary(max_size=200))
def test_no_name_of_a_file_ends_its_header_or_begins_another(name: str, content: bytes) -> None:
    file = SentFile(name, lambda: BytesIO(content), len(content), hashlib.sha256(content).hexdigest())
    body = b"".join(UploadForm({}, file).pieces())
    head, _, rest = body.partition(b"\r\n\r\n")
    assert head.count(b"\r\n") == 2
    assert rest.startswith(content)
    part = BytesParser(policy=HTTP).parsebytes(head.split(b"\r\n", 1)[1] + b"\r\n\r\n", headersonly=True)
    assert set(part.keys()) == {"Content-Disposition", "Content-Type"}


@given(content=st.binary(min_size=1, max_size=300), other=st.binary(max_size=300))
def test_a_file_that_is_another_than_was_checked_is_never_sent_whole(content: bytes, other: bytes) -> None:
    file = SentFile("a.pdf", lambda: BytesIO(other), len(content), hashlib.sha256(content).hexdigest())
    form, sent = UploadForm({}, file), list[bytes]()
    if content == other:
        assert len(b"".join(form.pieces())) == form.length
        return
    with pytest.raises(Withheld):
        sent += form.pieces()
    assert form.spoilt == "a.pdf changed since it was checked"
