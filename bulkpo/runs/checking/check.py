"""Check a file: every row through the mapping and every rule, before anything is sent."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.apply import FieldAt
from bulkpo.mapping.rows.doubts import Doubt
from bulkpo.mapping.rows.group import Gathered, Grouper, ScatteredRows, Stretch, stretches_in, whole_orders
from bulkpo.mapping.rows.proofs import UNJUDGED, JudgedOrders, SoundOrders
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.rows.undecided import undecided_findings
from bulkpo.model.document import Document, Value
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.matching import Mode
from bulkpo.model.table import Chunk, row_number
from bulkpo.model.totals import Totals
from bulkpo.runs.checking import blocks, commands
from bulkpo.runs.checking.agreeing import agreeing
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.expected import expected_findings
from bulkpo.runs.checking.key_book import book_of
from bulkpo.runs.checking.keys import MetKeys, Strays, Twins, doubt_said
from bulkpo.runs.checking.known_before import NOTHING_KNOWN, KnownBefore
from bulkpo.runs.checking.mapped import MappedFile, Pass
from bulkpo.runs.checking.odd_lines import OddLines
from bulkpo.runs.checking.order_controls import OrderControls
from bulkpo.runs.checking.orphans import Orphans
from bulkpo.runs.checking.watched import KeyMemory, WatchedKeys

if TYPE_CHECKING:
    from bulkpo.mapping.proving.proof import Proof

CheckProgress = Callable[[int], None]


def _advice(mapping: ImportMapping) -> Iterator[Finding]:
    """What its kind of document has to tell of a mapping that makes some; an instance file says what is required."""
    if mapping.mode is Mode.UPDATE:
        return
    declared = {path for path, rule in mapping.rules.items() if rule.required is not None}
    for told in mapping.kind.advice(mapping.layout, declared):
        if mapping.instance is None or told.code != "perhaps-required":
            yield Finding(told.code, told.message, severity=Severity.NOTICE)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for objects that refer to each other in circles: findings do not, and there can be a million."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_uncollected()
def check(file: MappedFile, progress: CheckProgress | None = None, met: MetKeys | None = None) -> Checked:
    """Check every row of a file. `progress` is told how many rows have been read so far.

    `met` is given the keys of the file's orders: to be held against those of other files.

    A file is read once if no order comes back after another, none looks like another, and the file itself is sound;
    otherwise again, since what is found at its end can be about an order at its top.
    """
    known, counts = None, None
    first = _Check(Pass(file), progress)
    checked = first.run_at_first()
    if checked is None:
        book = book_of(Pass(file).records())
        known, counts = KnownBefore(twins=book.pairs), book.counts if book.are_scattered else None
        first = _Check(Pass(file, counts), progress, known)
        checked = first.run()
        if met is not None:
            met.memory = book.memory()
    elif met is not None:
        met.firsts, met.memory = first.twins.firsts, first.memory
    twins = first.twins.pairs if known is None else known.twins
    unsound = {finding.row for finding in first.file_findings() if finding.severity is Severity.ERROR}
    unsound |= first.strays.beside
    doubts = first.doubts()
    broken = first.broken_controls()
    if not unsound and not doubts and not broken and (known is not None or not twins):
        return checked
    return _Check(Pass(file, counts, doubts), progress, KnownBefore(frozenset(unsound), twins, broken)).run()


class _Check:
    """One checking pass."""

    def __init__(self, one: Pass, progress: CheckProgress | None, known: KnownBefore = NOTHING_KNOWN) -> None:
        self._pass = one
        self._progress = progress
        self._known = known
        self._all_unsound = any(row_number(row) == 0 for row in known.unsound)
        self._worth = one.file.mapping.kind.worth(one.file.mapping.layout)
        self._sound_orders = SoundOrders(one.file.mapping)
        self._totals = Totals()
        self._failed_totals = Totals()
        self._controls = OrderControls(one.file.mapping, is_scattered=one.counts is not None)
        self._checked = Checked(counts=one.counts)
        self.strays = Strays(str(one.file.mapping.key))
        self.twins = Twins(are_watched=True)
        self.memory: KeyMemory | None = None
        self._odd = OddLines(one.applier)
        self._orphans = Orphans(one.file.mapping)
        self._last_key: Value = None
        self._lineless: dict[str, tuple[list[int], tuple[str, int, Decimal]]] = {}

    def file_findings(self) -> list[Finding]:
        """What is odd about the file as a whole, but for rows the mapping leaves out, and what that leaves open."""
        skipped = {row for rows in self._checked.skipped.values() for row in rows}
        odd = (*self._pass.file.notes, *self._pass.file.source.findings())
        undecided = undecided_findings(self._pass.file.mapping, self._pass.applier.numbers)
        return [*undecided, *(finding for finding in odd if not finding.row or finding.row not in skipped)]

    def doubts(self) -> Mapping[str, Doubt]:
        """The columns that have betrayed themselves."""
        return self._pass.applier.doubts()

    def broken_controls(self) -> Mapping[str, Sequence[Finding]]:
        """What is found about orders that do not come to what the file says of them."""
        return self._controls.broken

    def run(self) -> Checked:
        """Read the file through, where all is known of its keys."""
        for gathered in self._pass.gathered(self._chunk):
            self._document(gathered)
        return self._ended()

    def run_at_first(self) -> Checked | None:
        """Read the file through, its keys watched; None where one comes back, or of a large file two may look the same.

        The keys of a large file are remembered by a word of eight bytes each, and it is read by blocks of bytes where
        that can be.
        """
        if blocks.is_large(self._pass):
            return self._run_by_words()
        self.twins = Twins()
        try:
            for gathered in self._pass.gathered(self._chunk, are_known=False):
                self._document(gathered)
        except ScatteredRows:
            return None
        return self._ended()

    def _run_by_words(self) -> Checked | None:
        with blocks.pieces(self._pass) as pieces:
            is_through = None if pieces is None else self._run_through(pieces)
        if is_through is None:
            is_through = self._run_through(self._pass.file.source.chunks())
        return self._ended() if is_through else None

    def _run_through(self, pieces: "Iterator[Chunk | Proof]") -> bool:
        grouper = Grouper(is_watched=True)
        watched = WatchedKeys()
        self.memory = watched.memory
        for piece in pieces:
            chunk = piece if isinstance(piece, Chunk) else piece.left
            if not isinstance(piece, Chunk):
                met = watched.meet_proof(piece)
                self._proved(piece)
            records = self._pass.applier.apply(chunk)
            for gathered in grouper.push(records, self._chunk(records)):
                self._document(gathered)
            if isinstance(piece, Chunk):
                met = watched.meet(records)
            else:
                self._pass.applier.pass_over(piece.last_texts, piece.skipped_keys)
            if met:
                return False
        for gathered in grouper.finish():
            self._document(gathered)
        return not watched.have_met()

    def _proved(self, proof: "Proof") -> None:
        """Count what is proved of a block."""
        checked = self._checked
        checked.rows += proof.lines + sum(len(rows) for _, rows in proof.skipped)
        checked.documents += proof.orders
        checked.lines += proof.lines
        checked.clean_rows += proof.lines
        if proof.orders:
            self._orphans.found()
        for total in proof.totals:
            self._totals.add(total.currency, total.lines, total.amount, total.documents)
        for told in proof.told:
            told()
        for reason, rows in proof.skipped:
            checked.skipped.setdefault(reason, []).extend(rows.tolist())

    def _ended(self) -> Checked:
        checked, mapping, applier = self._checked, self._pass.file.mapping, self._pass.applier
        self._controls.finish(applier.numbers)
        for key, (rows, worth) in self._lineless.items():
            if key in applier.skipped_keys:
                checked.leave_out(key, rows)
            else:
                self._failed_totals.add(*worth)
        checked.unread = applier.unread
        checked.totals, checked.failed_totals = self._totals.by_currency(), self._failed_totals.by_currency()
        checked.open = applier.open_totals()
        checked.skipped = {reason: sorted(rows) for reason, rows in checked.skipped.items()}
        everything = self._totals.plus(self._failed_totals)
        expected = expected_findings(mapping, (checked.documents, checked.lines), everything)
        about_file = [*expected, *self.file_findings(), *_advice(mapping), *applier.findings()]
        for place in ("column", "row"):
            checked.findings.sort(key=attrgetter(place))
        checked.findings = commands.with_commands(self._orphans.told(about_file + checked.findings), self._pass)
        checked.agreeing = tuple(agreeing(mapping, checked, applier, everything))
        return checked

    def _chunk(self, records: Records) -> Sequence[Stretch]:
        """Count the rows of a chunk and, of the orders that stand whole in it, those that need not be made."""
        checked = self._checked
        checked.rows += len(records.rows) + sum(map(len, records.skipped.values()))
        checked.keyless += records.keys.count(None)
        checked.findings += records.findings
        checked.findings += self._odd.of_rows(records)
        self._controls.look(records, self._pass.applier.numbers)
        for reason, rows in records.skipped.items():
            checked.skipped.setdefault(reason, []).extend(rows)
        if not self._pass.file.mapping.record_types:
            self.strays.look(records)
        stretches = stretches_in(records)
        goes_on = bool(stretches) and records.keys[0] == self._last_key
        self.twins.look(records, stretches[goes_on:])
        self._last_key = records.keys[-1] if stretches else self._last_key
        if self._progress is not None:
            self._progress(checked.rows)
        judged = self._judged(records, stretches)
        checked.clean_rows += judged.sound.rows
        checked.failed_rows += judged.failed.rows
        checked.failed_keys.update(filter(None, (records.keys[start] for start, _ in judged.failed.stretches)))
        for some, totals in ((judged.sound, self._totals), (judged.failed, self._failed_totals)):
            checked.documents += len(some.stretches)
            checked.lines += some.rows
            for total in some.totals:
                totals.add(total.currency, total.lines, total.amount, total.documents)
        stretches = judged.stretches
        if stretches:
            self._orphans.found()
        return stretches

    def _judged(self, records: Records, stretches: Sequence[Stretch]) -> JudgedOrders:
        """What is proved of the orders known to be whole: all their rows are there, or no key comes back."""
        if self._all_unsound:
            return UNJUDGED
        keys, twins = records.keys, self._known.twins
        whole = whole_orders(keys, stretches, self._pass.counts)
        if twins or self._known.broken:
            held = twins.keys() | self._known.broken.keys()
            whole = [stretch for stretch in whole if keys[stretch[0]] not in held]
        doubtful = records.bad
        if self._known.unsound:
            doubtful |= {place for place, row in enumerate(records.rows) if row in self._known.unsound}
        return self._sound_orders.judged(records, whole, doubtful)

    def _document(self, gathered: Gathered) -> None:
        checked = self._checked
        document, findings = self._pass.assembler.assemble(gathered)
        findings += self._odd.of_order(document, gathered)
        findings += self._known.broken.get(document.key, ())
        if document.key in self._known.twins:
            findings.append(self._twin(document, gathered.header))
        self._orphans.look(gathered, document)
        if not document.members and self._pass.file.mapping.layout.below is not None:
            self._lineless[document.key] = (gathered.rows, self._worth.of(document))
        checked.documents += 1
        checked.lines += len(document.members)
        checked.findings += findings
        unsound = self._known.unsound
        is_unsound = bool(unsound) and (self._all_unsound or not unsound.isdisjoint(gathered.rows))
        if is_unsound or gathered.has_bad_rows or any(finding.severity is Severity.ERROR for finding in findings):
            checked.failed_keys.add(document.key)
            checked.failed_rows += len(gathered.rows)
            if document.key not in self._lineless:
                self._failed_totals.add(*self._worth.of(document))
        else:
            checked.clean_rows += len(gathered.rows)
            self._totals.add(*self._worth.of(document))

    def _twin(self, document: Document, header: int) -> Finding:
        """An order whose key is in doubt."""
        mapping, applier = self._pass.file.mapping, self._pass.applier
        other, row = self._known.twins[document.key]
        many = mapping.kind.noun.many
        code, message, remedy, exact = doubt_said(document.key, other, mapping.where(row), many)
        severity = Severity.ERROR
        if mapping.keys_are_exact:
            remedy, severity = f"{exact}, as the mapping says", Severity.NOTICE
        cell = applier.cell_of(FieldAt(0, 0, applier.key_position), document.row, header)
        return Finding(code, f"{message}; {remedy}", *cell, str(mapping.key), document.key, document.key, severity)
