"""The mutants: one guard taken out of the code each, and the tests that must notice.

A mutant that survives says that a guard could be lost in silence. They stand where that would be worst: in the proofs
that spare a document from being looked at, and in the moves of the journal.
"""

from typing import NamedTuple

_LAW = "tests/property/test_sound_orders.py"
SOUND = f"{_LAW}::test_each_condition_of_the_proof_is_asked {_LAW}::test_what_is_unsound_is_never_clean"
CLEAN = "tests/property/test_clean_columns.py tests/property/test_number_columns.py"
MOVES = "tests/unit/journal/test_moves.py"
VERIFY = "tests/unit/evidence/test_verify.py"
ONE_HASH = "tests/property/test_blocks_proved.py::test_a_file_is_judged_alike_whatever_keys_have_one_hash"
ALIKE = "tests/unit/mapping/test_templates.py"
NAMES = "tests/property/test_named_orders.py"
BYTES = "tests/unit/mapping/test_proof_over_bytes.py"
TOTALS = "tests/property/test_totals_proved.py::test_what_a_totals_row_says_is_held_in_bytes_as_in_text"
NAMED_TOTALS = f"{TOTALS.partition('::')[0]}::test_orders_by_name_are_those_that_are_made_beside_totals_rows"


class Mutant(NamedTuple):
    """A file of the package, a piece of it that stands there once, what takes its place, and the tests to run."""

    file: str
    old: str
    new: str
    tests: str


_PROOFS, _CLEAN = "bulkpo/mapping/rows/proofs.py", "bulkpo/mapping/rows/clean.py"
_GROUP = "bulkpo/mapping/rows/group.py"
_CHECK, _RULES = "bulkpo/runs/checking/check.py", "bulkpo/mapping/kinds/order_rules.py"
_MOVES, _CHOICES = "bulkpo/journal/moves.py", "bulkpo/mapping/kinds/choices.py"
_PROOF = (
    ("is_odd = may_empty or any(slot.rule.unique for slot in slots)", "is_odd = may_empty"),
    ("if number not in left_out or doubtful.isdisjoint(range(*order))", "if True"),
    ("len(set(zip(*own, strict=True))) == len(orders)", "True"),
    (
        "column[position] = column[position] or _AT_FAULT",
        "given[place] = [each or _AT_FAULT for each in column]",
    ),
    ("and all(_is_given(requirement, header) for requirement in self._required)", ""),
    ("and any(None not in lines[place] for place in self._line)", ""),
    ("and self._are_numbered(lines, starts, rows)", ""),
    ("and (self._rules.hold_for(header, lines) or self._hold_but_for_faults(records, orders, header))", ""),
    ("return all(len(set(each)) == len(each) for each in of_orders)", "return True"),
)
_GUARDS = (
    ("        if self._all_unsound:\n            return UNJUDGED\n", ""),
    ("        if twins or self._known.broken:\n", "        if False:\n"),
    ("doubtful = records.bad\n", "doubtful: frozenset[int] = frozenset()\n"),
    ("        if self._known.unsound:\n            doubtful", "        if False:\n            doubtful"),
    ("self._all_unsound or not unsound.isdisjoint(gathered.rows)", "not unsound.isdisjoint(gathered.rows)"),
    ("self._all_unsound or not unsound.isdisjoint(gathered.rows)", "self._all_unsound"),
    ("is_unsound or gathered.has_bad_rows or any(", "is_unsound or any("),
)
_HOLD = (
    ("any(set(header[place]) != {SILENT[1]} for place in self._silent)", "False"),
    ("!= {SILENT[1]} for place in self._silent", "== {None} for place in self._silent"),
    ("        if not self._choices.hold_for(header, lines):\n            return False\n", ""),
    ("if AMOUNT_LINE not in kinds:", "if True:"),
    ("return all(any(None not in lines[place] for place in places) for places in self._needed)", "return True"),
    ("return all(any(None not in lines[place]", "return any(any(None not in lines[place]"),
    (
        "return all(_are_blank([lines[place] for place in places]) == are_amounts for places in self._needed)",
        "return True",
    ),
)
_COLUMNS = (
    ("or (self._blanks and not self._blanks.isdisjoint(texts))", ""),
    ("if read is None or not all(texts) or", "if read is None or"),
    ("return proved if not clean or all(check(clean) for check in self._checks) else None", "return proved"),
    ("return None if has_forbidden or _has", "return None if _has"),
    ("if has_forbidden or _has_number_form(texts, joined) or", "if has_forbidden or"),
    ("or may_be_spoiled(joined)", ""),
    ("if may_have_markup(joined):", "if False:"),
    ("marks.blanks | words)", "marks.blanks)"),
    ("(texts, joined) or may_be_error(joined) else", "(texts, joined) else"),
    ('if set(map(type, cells)) == {Decimal} else [""]', ""),
    ("return None if asks_number else", "return"),
    ("made = (target.split, ", "made = ("),
    ("target.extract, ", ""),
    ("target.case, ", ""),
    (" or target.pad:", ":"),
    ("or target.default is not None or", "or"),
    ('    if joined.count("\\n") != len(texts):\n        return None\n', ""),
    ('whole = rf"-?[1-9]\\d{{0,{digits - 1}}}+"', 'whole = rf"-?[0-9]\\d{{0,{digits - 1}}}+"'),
)
_JOURNAL = (
    ("state = move(entry.state, event)", "state = State.CREATED"),
    ("entry.in_doubt or state is State.UNKNOWN", "entry.in_doubt"),
    ("entry.in_doubt or state is State.UNKNOWN", "state is State.UNKNOWN"),
    ("attempts=entry.attempts + (event in (Event.SEND, Event.UPDATE))", "attempts=entry.attempts"),
    ("coupa_id=entry.coupa_id if facts.coupa_id is None else facts.coupa_id", "coupa_id=facts.coupa_id"),
    ("coupa_id=entry.coupa_id if facts.coupa_id is None else facts.coupa_id", "coupa_id=entry.coupa_id"),
    ("version=entry.version if facts.version is None else facts.version", "version=facts.version"),
    ("updated_at=entry.updated_at if facts.updated_at is None else facts.updated_at", "updated_at=facts.updated_at"),
    ("entry.digest if facts.digest is None else facts.digest", "facts.digest"),
    ("EntryMove(after, entry.state, ", "EntryMove(after, state, "),
    ("facts.detail or facts.message", "facts.message"),
    ("ActionMove(after, action.state, ", "ActionMove(after, after.state, "),
    ("state=move_action(action.state, event), message=message", "message=message"),
)
_EVIDENCE = (
    ("chain", 'if self._is_over and facts.get("events") != number - 1:', "if False:"),
    ("chain", 'or facts.get("before") != self.head', ""),
    ("told", "if (self.events, check.head) != (", "if False and (self.events, check.head) != ("),
    ("told", "if next(payloads, None) is not None:", "if False:"),
    ("tiling", "if info.header_offset != place:", "if False:"),
    ("tiling", "if place != archive.start_dir:", "if False:"),
    ("opened", "if digest.hexdigest().encode() != seal[1]:", "if False:"),
    ("verify", "if len(listed) != len(lines) or ", "if "),
)
_BYTES = (
    ("fractions", "        self.fits &= results * bottoms == tops\n", ""),
    ("fractions", "        self.fits &= np.abs(self._tops) < 1 << 62\n", ""),
    ("fractions", "        self.fits &= bottoms != 0\n", ""),
    ("fractions", "        fits = np.abs(numbers.astype(np.float64) * others) < _MOST\n", "        fits = self.fits\n"),
    ("fractions", "fits = (shift <= MOST_DIGITS) & (", "fits = ("),
    ("fractions", "((rests == others) & (results % 2 == 1))", "(rests == others)"),
    ("fractions", "        self.rounded |= rests > 0\n", ""),
    ("calculated", "proved = proved & read.proved", "proved = proved.copy()"),
    ("calculated", "proved = proved & (is_given | ~own.has_value)", "proved = proved.copy()"),
    ("calculated", " & is_within(results, self._rule)", ""),
    ("calculated", "fits[np.flatnonzero(rounded)[:1]] = False", "fits[:0] = False"),
    ("figures", "is_bad |= ~read.proved | _differing(", "is_bad |= _differing("),
    (
        "figures",
        "wrong |= is_said & lines & (np.abs(stated - mine) > most_apart)",
        "wrong |= is_said & lines & (stated - mine > most_apart)",
    ),
    ("figures", "(np.abs(sums - first_said) > most_apart)", "(sums < 0)"),
    ("figures", "wrong_orders[of_rows] | (is_said & ~(is_first", "wrong_orders[of_rows] | (False & ~(is_first"),
    ("figures", "if figure.control.equals == COUNT:", "if False:"),
    ("conditions", "Asked(holds != self._is_negated, ", "Asked(holds, "),
    ("conditions", "cells.has_blanks_around | cells.has_wide_bytes, asked)", "cells.has_wide_bytes, asked)"),
    ("conditions", 'condition.values | blanks if "" in condition.values else', "condition.values if True else"),
    ("kept", "asked.holds & ~is_skipped)", "asked.holds)"),
    ("kept", "np.where(cells.filled | begins, ", "np.where(cells.filled, "),
    ("block_figures", " | held.is_bad", ""),
    ("block_figures", "lines = is_sound & self.sent.lines", "lines = is_sound"),
    ("block_figures", "mine = rows[are_finished & is_sound]", "mine = rows[are_finished]"),
    ("block_figures", "counted = self.opened.counted & is_sound", "counted = self.opened.counted"),
    ("block_figures", "currencies, ~is_bad & sent.lines)", "currencies, ~is_bad)"),
    ("block_figures", "wanted & (so_far - above[orders.of_rows] == 1)", "wanted & orders.begins"),
    ("balances", " & (whole >= 0)", ""),
    ("balances", "is_bad |= ~read.proved | (ordered.has_value & ~is_proved)", "is_bad |= ~read.proved"),
    ("balances", "is_bad |= ~read.proved | (ordered", "is_bad |= (ordered"),
    ("balances", "            is_bad |= mine & finished  # of two balances only one is told of\n", ""),
    ("balances", "(ordered.numbers.values > 0) & ", ""),
    ("balances", " & (done.values >= 0)", ""),
    ("balances", "return rests, is_given & is_usual & fits", "return rests, is_usual & fits"),
    ("balances", "fits = fractions.fits & (", "fits = ("),
    ("left", "ravel() + 1", "ravel()"),
    ("left", "    found[behind - 1] = _LINE_FEED\n", ""),
    ("left", "[text or None for text in", "[text for text in"),
    ("left", ".decode(encoding)", ".decode()"),
    ("left", "np.repeat(starts.ravel() - behind + lengths, lengths)", "np.repeat(starts.ravel(), lengths)"),
    ("left", "Chunk(rows.tolist(), ", "Chunk(list(range(height)), "),
    ("blocks", "    bad[[0, -1]] = True\n", ""),
)
_NAMED = (
    ("if start.key != last:", "if True:"),
    ("if self._odd and not self._odd.keys().isdisjoint(rows):", "if False:"),
    (", *map(OrderStart, piece.named.rows.tolist(), piece.named.keys)]", "]"),
    (", *(row for _, rows in piece.skipped for row in rows.tolist())]", "]"),
)
_TOTALS = (
    ("proving/totals.py", "may_count_skipped = mapping.skip_rows and ", "may_count_skipped = False and "),
    ("proving/totals.py", " or not {PRICE, QUANTITY} <= paths", ""),
    ("proving/totals.py", "_sum(in_cents_each(amounts), mine)", "_sum(amounts, mine)"),
    ("proving/totals.py", "_sum(in_cents_each(quantities), mine)", "_sum(quantities, mine) + 1"),
    ("proving/totals.py", "of_currency = mine & (", "of_currency = ("),
    ("proving/totals.py", "(name or None, ", '("", '),
    ("proving/block_figures.py", "is_sound, self.currencies)", "self.is_bad, self.currencies)"),
    ("rows/totals_rows.py", "(self._block, self._all) if self._adds_up else ()", "()"),
    ("rows/totals_rows.py", "            self._held.pass_over(lines)\n", "            pass\n"),
    ("rows/totals_told.py", "        self.block += lines.lines\n", ""),
    ("rows/totals_told.py", "        self.whole += lines.lines\n", ""),
    (
        "rows/held_totals.py",
        "                self._pieces.add_many(lines.quantity, lines.quantity_in_cents)\n",
        "                pass\n",
    ),
    ("rows/held_totals.py", "currency if self._lines.names_currencies else None] += amount", "None] += amount"),
    ("rows/running_sums.py", "        self._rounded.add(rounded)\n", ""),
)
MUTANTS = (
    *(Mutant(_PROOFS, old, new, SOUND) for old, new in _PROOF),
    Mutant(_PROOFS, "return _differ([lines[place] for place in self._line], starts, rows)", "return True", ALIKE),
    *(Mutant(_CHECK, old, new, SOUND) for old, new in _GUARDS),
    Mutant(_GROUP, "if (key := keys[start]) and counts[str(key)] == end - start", "if True", SOUND),
    Mutant(_GROUP, "if None not in [keys[start] for start, _ in each]", "if keys[each[1][0]] is not None", ONE_HASH),
    *(Mutant(_RULES, old, new, SOUND) for old, new in _HOLD),
    Mutant(_CHOICES, "return not self._choices", "return True", SOUND),
    *(Mutant(_CLEAN, old, new, CLEAN) for old, new in _COLUMNS),
    *(Mutant(f"bulkpo/mapping/proving/{name}.py", old, new, BYTES) for name, old, new in _BYTES),
    *(Mutant("bulkpo/runs/checking/order_starts.py", old, new, NAMES) for old, new in _NAMED),
    Mutant("bulkpo/runs/checking/order_starts.py", "        told()\n", "        pass\n", NAMED_TOTALS),
    *(Mutant(f"bulkpo/mapping/{file}", old, new, TOTALS) for file, old, new in _TOTALS),
    *(Mutant(_MOVES, old, new, MOVES) for old, new in _JOURNAL),
    *(Mutant(f"bulkpo/runs/evidence/{name}.py", old, new, VERIFY) for name, old, new in _EVIDENCE),
)
