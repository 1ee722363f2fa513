"""Attaching, as an errand: files, addresses and notes go to orders and lines that this run made or brought up to date.

An attachment is ATTACHING on disk before its request leaves. Where the answer does not say what happened, the order is
asked what is attached to it: a file is ours if name, size and SHA-256 are the same, for which its bytes are fetched.
"""

import hashlib
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import BinaryIO, NamedTuple, assert_never

from bulkpo.attachment_states import ATTACHING, AttachmentEvent, AttachmentState
from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.coupa.uploads import SentFile, UploadForm, Withheld
from bulkpo.journal.moves import Facts
from bulkpo.journal.records import Attachment, Entry
from bulkpo.journal.run import ATTACHABLE, RunJournal
from bulkpo.mapping.values.attachments import Shelf
from bulkpo.model.attached import AttachWay
from bulkpo.model.tree import Tree
from bulkpo.runs.delivery.deliver import Standing
from bulkpo.runs.imports.absence import Absence
from bulkpo.runs.imports.attachment_owners import Owner, Owners
from bulkpo.states import State

OPEN_ATTACHMENTS = (AttachmentState.WAITING, *ATTACHING)


class Parcel(NamedTuple):
    """Something to attach, its order, what it goes to once that is known, and its form once that is made.

    `was_looked_at` is true while what the look-up said still counts.
    """

    entry: Entry
    attachment: Attachment
    owner: Owner | None = None
    form: UploadForm | None = None
    was_looked_at: bool = False


class SentAttachment(NamedTuple):
    """What the proof of absence knows an attachment by."""

    number: int
    key: str


class Attachments:
    """The errand of attaching what a run has planned."""

    def __init__(
        self, client: CoupaClient, journal: RunJournal, owners: Owners, shelves: Mapping[str, Shelf], absence: Absence
    ) -> None:
        self._client = client
        self._journal = journal
        self._owners = owners
        self._shelves = shelves
        self._absence = absence
        self._lock = threading.Lock()
        self._ids: dict[int, set[int]] = {}
        self._made: dict[int, tuple[Owner, int]] = {}
        self.sends = 0
        self.touched: set[int] = set()
        """The numbers of the orders that something was attached to since this errand began."""
        for each in journal.attachments([AttachmentState.ATTACHED]):
            self._claim(each)

    def open(self) -> Iterator[Parcel]:
        """What is waiting, and what was under way when a process ended, of orders that are there."""
        entries = self._journal.entries(ATTACHABLE)
        entry = next(entries, None)
        for each in self._journal.attachments(OPEN_ATTACHMENTS):
            while entry is not None and entry.number < each.planned.number:
                entry = next(entries, None)
            if entry is not None and entry.number == each.planned.number:
                yield Parcel(entry, each)

    def standing(self, it: Parcel) -> Standing:
        """What was under way is looked up, and so is once what is waiting: where it goes, and what it is by now."""
        if it.attachment.state in ATTACHING:
            return Standing.UNCLEAR
        if it.attachment.state is not AttachmentState.WAITING:
            return Standing.OVER
        return Standing.READY if it.was_looked_at else Standing.UNCLEAR

    def announce(self, it: Parcel) -> Parcel:
        """ATTACHING."""
        after = it._replace(attachment=self._journal.announce_attachment(it.attachment, AttachmentEvent.ATTACH))
        self._absence.sending(_sent(after.attachment))
        with self._lock:
            self.sends += 1
        return after

    def ask(self, it: Parcel) -> Outcome:
        """Send it."""
        if it.owner is None or it.form is None:
            raise AssertionError("an attachment is announced once it is known where it goes")
        return self._client.attach(it.owner.resource, it.owner.id, it.form)

    def note(self, it: Parcel, outcome: Outcome) -> Parcel:
        """ATTACHED, LEFT where it was refused or its file is another, WAITING as before; or ATTACHING where unclear."""
        if it.form is not None and it.form.spoilt:
            return self._left(it, AttachmentEvent.SPOILT, it.form.spoilt)
        match outcome:
            case Created():
                self._absence.created(_sent(it.attachment))
                if it.owner is not None:
                    self._made[_sent(it.attachment).number] = it.owner, outcome.id
                return self._attached(it, AttachmentEvent.ACCEPTED, outcome.id)
            case Refused():
                return self._left(it, AttachmentEvent.REFUSAL, "; ".join(outcome.messages))
            case NotMade():
                facts = Facts(message=outcome.reason)
                after = self._journal.record_attachment(it.attachment, AttachmentEvent.NOT_MADE, facts)
            case Unclear():
                self._absence.doubted(_sent(it.attachment))
                after = it.attachment
                if outcome.was_taken:
                    facts = Facts(message=outcome.reason)
                    after = self._journal.record_attachment(after, AttachmentEvent.TAKEN, facts)
            case _:
                assert_never(outcome)
        return it._replace(attachment=after, was_looked_at=isinstance(outcome, NotMade))

    def look_up(self, it: Parcel) -> Parcel:
        """What is there already is ATTACHED; what is not, and is proved not to be, is WAITING, and ready to be sent."""
        owner = self._owners.of(it.entry.coupa_id or 0, it.attachment.planned)
        if isinstance(owner, str):
            return self._left(it, AttachmentEvent.NO_PLACE, owner)
        it = it._replace(owner=owner)
        is_new = it.attachment.state is AttachmentState.WAITING and not it.attachment.message and _is_made(it.entry)
        if not is_new:
            asked_at = self._absence.now()
            found, like = self._found(it, owner)
            if found is not None:
                return self._attached(it, AttachmentEvent.FOUND, found)
            if it.attachment.state in ATTACHING:
                return self._missing(it, like, asked_at)
        return self._ready(it)

    def _ready(self, it: Parcel) -> Parcel:
        """Ready to be sent; LEFT where the file is no longer what was checked."""
        form = self._form(it.attachment)
        for _ in _drained(form):
            pass
        if form.spoilt:
            return self._left(it, AttachmentEvent.SPOILT, form.spoilt)
        return it._replace(form=form, was_looked_at=True)

    def _missing(self, it: Parcel, like: str, asked_at: float) -> Parcel:
        """What it means that something that may have been attached is not found."""
        sent = _sent(it.attachment)
        if like:
            return self._left(it, AttachmentEvent.IN_DOUBT, f"there is {like}; look at it in Coupa")
        proof = self._absence.proof(sent, asked_at, witness_shown=self._shows_witness())
        if not proof:
            return it
        if it.attachment.state is AttachmentState.TAKEN:
            message = "Coupa took it, and it is not there; look at it in Coupa"
            return self._left(it, AttachmentEvent.IN_DOUBT, message)
        facts = Facts(message=proof)
        after = self._journal.record_attachment(it.attachment, AttachmentEvent.FOUND_NOTHING, facts)
        return self._ready(it._replace(attachment=after))

    def _shows_witness(self) -> bool:
        """Whether what was sent last of all that was attached shows, so that what Coupa lists is not behind."""
        witness = self._made.get(self._absence.witness_number or 0)
        if witness is None:
            return False
        owner, number = witness
        return any(str(each.get("id")) == str(number) for each in self._client.attachments(owner.resource, owner.id))

    def seconds_left(self, it: Parcel) -> float:
        """How long it takes until time proves that something is not there."""
        return self._absence.seconds_left(_sent(it.attachment))

    def _found(self, it: Parcel, owner: Owner) -> tuple[int | None, str]:
        """The id of what is attached and is ours; else what is there with the same content under another name."""
        there = self._client.attachments(owner.resource, owner.id)
        like = ""
        for each in there:
            number = int(str(each["id"]))
            with self._lock:
                if number in self._ids.get(it.entry.number, ()):
                    continue
            if self._is_same(it.attachment, each, owner):
                name = str(each.get("file-file-name") or each.get("file") or "")
                if (
                    it.attachment.planned.way != AttachWay.FILE
                    or not name
                    or known_name(name) == known_name(it.attachment.name)
                ):
                    return number, ""
                like = f"an attachment with the same content, {name!r} (id {number})"
        return None, like

    def _is_same(self, mine: Attachment, theirs: Tree, owner: Owner) -> bool:
        """Whether something that is there has the content of ours."""
        planned = mine.planned
        if planned.way != AttachWay.FILE:
            said = theirs.get("url" if planned.way == AttachWay.URL else "text")
            return isinstance(said, str) and said.replace("\r\n", "\n").strip() == planned.content.strip()
        size, name = str(theirs.get("file-file-size")), str(theirs.get("file-file-name") or "")
        is_of_other_size = size.isdecimal() and int(size) != planned.size
        if is_of_other_size and name and known_name(name) != known_name(mine.name):
            return False  # and otherwise its bytes say so: what an instance says of a size is no proof
        content = self._client.attached_file(owner.resource, owner.id, int(str(theirs["id"])))
        return content is not None and hashlib.sha256(content).hexdigest() == planned.digest

    def _form(self, it: Attachment) -> UploadForm:
        planned = it.planned
        facts = {"attachment[type]": planned.way, "attachment[intent]": planned.intent}
        if planned.way != AttachWay.FILE:
            return UploadForm({**facts, f"attachment[{planned.way}]": planned.content})
        shelf = self._shelves.get(planned.folder)
        opens = partial(_opened, shelf, planned.content)
        name = unicodedata.normalize("NFC", it.name)
        return UploadForm(facts, SentFile(name, opens, planned.size, planned.digest))

    def _attached(self, it: Parcel, event: AttachmentEvent, number: int) -> Parcel:
        after = self._journal.record_attachment(it.attachment, event, Facts(coupa_id=number))
        self._claim(after)
        with self._lock:
            self.touched.add(it.entry.number)
        return it._replace(attachment=after)

    def _claim(self, it: Attachment) -> None:
        with self._lock:
            self._ids.setdefault(it.planned.number, set()).add(it.coupa_id or 0)

    def _left(self, it: Parcel, event: AttachmentEvent, message: str) -> Parcel:
        return it._replace(attachment=self._journal.record_attachment(it.attachment, event, Facts(message=message)))


def _is_made(entry: Entry) -> bool:
    """Whether an order was made by this run, so that nothing can be attached to it yet but by this run."""
    return entry.state is State.CREATED


def _opened(shelf: Shelf | None, path: str) -> AbstractContextManager[BinaryIO]:
    if shelf is None:
        raise OSError("its folder is no longer named in the mapping")
    return shelf.open(path)


def _drained(form: UploadForm) -> Iterator[bytes]:
    """A form's pieces, up to where they are withheld."""
    try:
        yield from form.pieces()
    except Withheld:
        return


def _sent(it: Attachment) -> SentAttachment:
    return SentAttachment(it.planned.number * 100_000 + it.planned.place, it.name)


def known_name(name: str) -> str:
    """What is left of a file's name however an instance writes it: its plain letters and digits.

    Others become `_` (Paperclip), are read in another encoding (`Ã¼` for `ü`), or are left out. That is enough beside
    the SHA-256 of the content.
    """
    return "".join(letter for letter in name.casefold() if letter.isascii() and letter.isalnum())
