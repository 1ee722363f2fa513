"""What a pack tells of its run, held against itself: the chain of events, what was sent, the outcomes and the sums."""

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bulkpo.runs.evidence.chain import ChainCheck, ChainError
from bulkpo.runs.evidence.opened import Wrong, lines_of_member, text_of_member
from bulkpo.runs.evidence.strict import strict_json
from bulkpo.runs.evidence.trails import is_of_action

_PLANNED = "planned"


class ToldRun:
    """The account of a run in a pack; `facts` and `events` are what it says, once it was looked through."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._last: dict[object, object] = {}
        self._orders: dict[str, set[tuple[object, object]]] = {}
        self.facts: Mapping[str, Any] = {}
        self.events = 0
        self._is_chained = False
        self._has_orders = False

    def troubles(self) -> Iterator[Wrong]:
        """All that does not agree."""
        yield from self._run()
        yield from self._chain()
        yield from self._outcomes()
        if self._has_orders:
            yield from self._rows()
            yield from self._read_back()

    def _run(self) -> Iterator[Wrong]:
        text = text_of_member(self._archive, "run.json")
        try:
            facts = strict_json(text or b"")
        except ValueError:
            facts = None
        if not isinstance(facts, Mapping) or facts.get("evidence") != 1:
            yield Wrong("run.json", "it is no account of a run in a form that this bulkpo knows")
            return
        self.facts = facts
        for each in _sums(facts):
            numbers = [it for it in each["parts"].values() if isinstance(it, int)]
            if each.get("whole") != sum(numbers) and each.get("closes") is not False:
                yield Wrong("run.json", f"a sum does not add up: {each.get('what')}")
        if not _sums(facts):
            yield Wrong("run.json", "it has no sums")

    def _chain(self) -> Iterator[Wrong]:
        """The chain of events, and with it what was sent."""
        check, payloads = ChainCheck(), lines_of_member(self._archive, "payloads.jsonl")
        try:
            for line in lines_of_member(self._archive, "events.jsonl"):
                facts = check.take(line)
                sent = facts.get("sent_sha256")
                if sent is not None and not _is_sent(next(payloads, b""), facts["n"], sent):
                    yield Wrong("payloads.jsonl", f"what event {facts['n']} sent is missing, or is not what was sent")
                    return
                if "event" in facts and not is_of_action(str(facts["event"])):
                    self._last[str(facts.get("order"))] = facts.get("state")
            self.events = check.end()
            self._is_chained = True
        except ChainError as error:
            yield Wrong("events.jsonl", str(error))
            return
        if next(payloads, None) is not None:
            yield Wrong("payloads.jsonl", "it has more than the events have sent")
        if (self.events, check.head) != (_at(self.facts, "events", "count"), _at(self.facts, "events", "head")):
            yield Wrong("events.jsonl", "its chain ends otherwise than run.json says")

    def _outcomes(self) -> Iterator[Wrong]:
        """Orders and rows, counted by outcome and held against the sums; and orders against their last events."""
        names = {info.filename for info in self._archive.infolist()}
        sums, untold = [each["parts"] for each in _sums(self.facts)], 0
        for name in ("orders.jsonl", "rows.jsonl", "attachments.jsonl"):
            if name not in names:
                continue
            counted = Counter[str]()
            try:
                for line in lines_of_member(self._archive, name):
                    facts = strict_json(line)
                    counted[str(facts["outcome"])] += 1
                    if name == "orders.jsonl":
                        untold += self._last.get(str(facts["order"]), _PLANNED) != facts["state"]
                        self._orders.setdefault(str(facts["key"]), set()).add((facts["outcome"], facts["coupa_id"]))
            except (ValueError, TypeError, LookupError):
                yield Wrong(name, "a line of it is no JSON that tells an outcome")
                continue
            if dict(counted) not in sums:
                yield Wrong(name, f"its lines are {_listed(counted)}, and no sum in run.json says so")
            elif name == "orders.jsonl":
                self._has_orders = True
        if self._is_chained and untold != _at(self.facts, "events", "untold"):
            yield Wrong("orders.jsonl", f"the events end otherwise for {untold:,} of its orders than they say")

    def _rows(self) -> Iterator[Wrong]:
        """Each row's outcome and id held against those of its order; a row of none has no id."""
        others = 0
        for facts in self._lines("rows.jsonl"):
            known = self._orders.get(str(facts.get("key")))
            told = facts.get("outcome"), facts.get("coupa_id")
            others += told[1] is not None if known is None else told not in known
        if others:
            yield Wrong("rows.jsonl", f"{others:,} of its lines tell of their orders what orders.jsonl does not")

    def _read_back(self) -> Iterator[Wrong]:
        """The ids of what was read back, held against those of the orders, and how many that were."""
        orders = differing = others = 0
        for facts in self._lines("read-back.jsonl"):
            orders, differing = orders + 1, differing + (facts.get("differs") is True)
            known = {number for _, number in self._orders.get(str(facts.get("key")), ())}
            others += facts.get("coupa_id") not in known
        if others:
            yield Wrong("read-back.jsonl", f"{others:,} of its lines have another Coupa id than orders.jsonl")
        elif (orders, differing) != (_at(self.facts, "read_back", "orders"), _at(self.facts, "read_back", "differing")):
            said = f"it has {orders:,} orders, of which {differing:,} differ, and run.json says otherwise"
            yield Wrong("read-back.jsonl", said)

    def _lines(self, name: str) -> Iterator[Mapping[str, Any]]:
        """The lines of a member that are objects; where one is not, its digest or its counts tell."""
        for line in lines_of_member(self._archive, name):
            try:
                facts = strict_json(line)
            except ValueError:
                continue
            if isinstance(facts, Mapping):
                yield facts


def _is_sent(line: bytes, number: object, digest: object) -> bool:
    """Whether a line of payloads is the one of an event."""
    try:
        facts = strict_json(line)
        text = str(facts["payload"]).encode("utf-8", "surrogatepass")
        return bool(facts["n"] == number and hashlib.sha256(text).hexdigest() == digest == facts["sha256"])
    except (ValueError, TypeError, LookupError):
        return False


def _at(facts: object, *names: str) -> Any:  # noqa: ANN401 - what JSON holds
    """What stands in nested facts; None where it does not."""
    for name in names:
        facts = facts.get(name) if isinstance(facts, Mapping) else None
    return facts


def _sums(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The sums of an accounting, as far as they are some."""
    found = _at(facts, "accounting", "sums")
    known = found if isinstance(found, list) else []
    return [each for each in known if isinstance(each, Mapping) and isinstance(each.get("parts"), Mapping)]


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counted.items())) or "none"
