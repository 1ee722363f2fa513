"""Reading in windows: every document that was there throughout comes exactly once and in order."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulkpo.coupa.queries import PAGE, Fields, QueryRefusedError, QueryTerm
from bulkpo.coupa.reader import DocumentReader, Listing
from bulkpo.coupa.windows import Span
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile, Secret
from bulkpo.model.tree import Tree

PROFILE = Profile("acme", "https://acme.example", "me", Secret("x"), (), workers=3)


@dataclass
class Shelf:
    """Documents by id, asked as Coupa is asked; `before` is done before each page is taken."""

    documents: dict[int, Tree]
    before: Callable[["Shelf"], None] = lambda _: None
    profile: Profile = PROFILE
    heeds_ids: bool = True
    rooms: Callable[[], int | None] = lambda: None
    pages: int = 0
    most: int = PAGE
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def room(self) -> int | None:
        return self.rooms()

    def page(self, resource: str, conditions: Sequence[QueryTerm], fields: Fields | None = None) -> list[Tree]:  # noqa: ARG002
        asked = dict(conditions)
        assert len(asked) == len(conditions)
        with self.lock:
            self.pages += 1
            self.before(self)
            found = [self.documents[number] for number in sorted(self.documents)]
        if self.heeds_ids:
            low, high = int(asked.get("id[gt]", 0)), int(asked.get("id[lt_or_eq]", 10**9))
            found = [document for document in found if low < document["id"] <= high]
        if "kind" in asked:
            found = [document for document in found if document["kind"] == asked["kind"]]
        if asked.get("dir") == "desc":
            found.reverse()
        offset = int(asked.get("offset", 0))
        return found[offset : offset + min(int(asked.get("limit", PAGE)), self.most)]


@dataclass
class MemorySpool:
    """Windows kept in memory; they must never overlap."""

    kept: dict[int, tuple[Span, bytes]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def spans(self) -> Sequence[Span]:
        return [span for span, _ in self.kept.values()]

    def save(self, span: Span, payload: bytes) -> None:
        with self.lock:
            for other, _ in self.kept.values():
                assert span.high <= other.low or other.high <= span.low
            self.kept[span.low] = span, payload

    def load(self, low: int) -> bytes:
        return self.kept[low][1]


def shelf(numbers: Sequence[int]) -> Shelf:
    return Shelf({number: {"id": number, "kind": "ab"[number % 2]} for number in numbers})


def read(source: Shelf, *queries: tuple[QueryTerm, ...], spool: MemorySpool | None = None) -> list[int]:
    reader = DocumentReader(source, Listing("things", queries or ((),)), spool or MemorySpool())
    return [document["id"] for batch in reader.batches(lambda _, __: None) for document in batch]


IDS = st.sets(st.integers(1, 20_000), max_size=1500)


@settings(max_examples=40, deadline=None)
@given(numbers=IDS, workers=st.integers(1, 6))
def test_everything_comes_once_and_in_order(numbers: set[int], workers: int) -> None:
    source = shelf(sorted(numbers))
    source.profile = replace(PROFILE, workers=workers)
    assert read(source) == sorted(numbers)


@settings(max_examples=40, deadline=None)
@given(numbers=IDS, seed=st.integers())
def test_what_comes_and_goes_meanwhile_disturbs_nothing_that_stays(numbers: set[int], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret is made of it
    stay = {number for number in numbers if chance.random() < 0.7}
    leave = sorted(numbers - stay)
    new = [number for number in range(1, 25_000, 7) if number not in numbers]

    def change(source: Shelf) -> None:
        for number in chance.sample(leave, min(len(leave), 5)):
            source.documents.pop(number, None)
        for number in chance.sample(new, 5):
            source.documents.setdefault(number, {"id": number, "kind": "a"})

    source = shelf(sorted(numbers))
    source.before = change
    found = read(source)
    assert found == sorted(set(found))
    assert stay <= set(found)


@pytest.mark.parametrize("queries", [((),), ((("kind", "a"),), (("kind", "b"),))])
def test_reading_ends_where_documents_come_as_fast_as_they_are_read(queries: tuple[tuple[QueryTerm, ...], ...]) -> None:
    def create(source: Shelf) -> None:
        last = max(source.documents)
        new = range(last + 1, last + PAGE + 1)
        source.documents.update({number: {"id": number, "kind": "ab"[number % 2]} for number in new})

    source = shelf(range(1, 1001))
    source.before = create
    reader = DocumentReader(source, Listing("things", queries), MemorySpool())
    found = [document["id"] for batch in reader.batches(lambda _, __: None) for document in batch]
    assert found == list(range(1, found[-1] + 1))
    assert 1000 < found[-1] < 2000
    (notice,) = reader.notices
    assert notice == (
        f"at least {PAGE * len(queries)} things above id {found[-1]} came while this was read and are not in it; "
        "the next export has them"
    )


@settings(max_examples=25, deadline=None)
@given(numbers=IDS, seed=st.integers())
def test_everything_comes_once_whatever_room_the_limit_leaves(numbers: set[int], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret is made of it
    source = shelf(sorted(numbers))
    source.rooms = lambda: chance.choice([0, 1, 4])
    assert read(source) == sorted(numbers)


@settings(max_examples=25, deadline=None)
@given(numbers=IDS)
def test_several_queries_are_joined_without_repeats(numbers: set[int]) -> None:
    asked: tuple[tuple[QueryTerm, ...], ...] = ((("kind", "a"),), (("kind", "b"),), (("kind", "a"),))
    assert read(shelf(sorted(numbers)), *asked) == sorted(numbers)


def test_several_queries_are_asked_at_once() -> None:
    together = threading.Barrier(3, timeout=20)

    class Together(Shelf):
        def page(self, resource: str, conditions: Sequence[QueryTerm], fields: Fields | None = None) -> list[Tree]:
            together.wait()
            return super().page(resource, conditions, fields)

    source = Together(shelf(range(1, 40)).documents)
    assert read(source, (("kind", "a"),), (("kind", "b"),), ()) == list(range(1, 40))


@settings(max_examples=25, deadline=None)
@given(numbers=st.sets(st.integers(1, 20_000), min_size=300, max_size=1500), pages=st.integers(3, 30))
def test_an_interrupted_reading_goes_on_where_it_was(numbers: set[int], pages: int) -> None:
    spool = MemorySpool()

    def fail(source: Shelf) -> None:
        if source.pages == pages:
            raise ServiceError("gone")

    source = shelf(sorted(numbers))
    source.before = fail
    try:
        read(source, spool=spool)
    except ServiceError:
        kept = sum(span.documents for span in spool.spans())
        again = shelf(sorted(numbers))
        assert read(again, spool=spool) == sorted(numbers)
        if kept > 2 * PAGE:
            assert (again.pages - 3) * PAGE <= (len(numbers) - kept) * 3 + 10 * PAGE


@settings(max_examples=25, deadline=None)
@given(numbers=IDS, most=st.integers(20, PAGE), heeds=st.booleans())
def test_a_page_shorter_than_was_asked_for_is_not_the_last(numbers: set[int], most: int, heeds: bool) -> None:
    source = shelf(sorted(numbers))
    source.most, source.heeds_ids = most, heeds
    assert read(source) == sorted(numbers)


@settings(max_examples=25, deadline=None)
@given(numbers=IDS, seed=st.integers())
def test_an_empty_page_that_the_highest_id_contradicts_is_not_the_end(numbers: set[int], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret is made of it

    class Absent(Shelf):
        def page(self, resource: str, conditions: Sequence[QueryTerm], fields: Fields | None = None) -> list[Tree]:
            page = super().page(resource, conditions, fields)
            return [] if chance.random() < 0.05 and ("dir", "asc") in conditions else page

    try:
        assert read(Absent(shelf(sorted(numbers)).documents)) == sorted(numbers)
    except ServiceError as error:
        assert "contradicts itself when asked for the highest" in str(error)  # noqa: PT017 - now and then three in a row


def test_an_instance_that_gives_the_same_page_for_ever_is_an_error() -> None:
    class Stuck(Shelf):
        def page(self, resource: str, conditions: Sequence[QueryTerm], fields: Fields | None = None) -> list[Tree]:
            kept = [(name, value) for name, value in conditions if name != "offset"]
            return super().page(resource, kept, fields)

    source = Stuck(shelf(range(1, 131)).documents, heeds_ids=False)
    with pytest.raises(ServiceError, match=r"acme .*gives the same page of things again and again"):
        read(source)


def test_bounds_of_ones_own_are_kept() -> None:
    assert read(shelf(range(1, 1000)), (("id[gt]", "100"), ("id[lt_or_eq]", "700"))) == list(range(101, 701))


def test_evenly_numbered_documents_cost_no_page_too_many() -> None:
    source = shelf(range(6, 6 * 5001, 6))
    read(source)
    assert source.pages <= 104  # of 100 full ones; the highest id is asked for twice, and what follows the last page


def test_while_the_limit_is_used_up_no_further_window_is_begun() -> None:
    numbers = sorted(random.Random(5).sample(range(1, 100_000), 5000))  # noqa: S311 - the same ids every time
    source = shelf(numbers)
    source.rooms = lambda: 0
    assert read(source) == numbers
    assert source.pages <= 106  # of 100 full ones, and one for every end of a window that is not full


def test_more_documents_on_fewer_ids_than_expected_are_shared_out() -> None:
    numbers = [*range(1, 100_000, 100), *range(100_000, 106_000)]
    assert read(shelf(numbers)) == numbers


def test_a_resource_that_does_not_heed_ids_is_read_by_offset_and_that_is_said() -> None:
    source = shelf(range(1, 181))
    source.heeds_ids = False
    reader = DocumentReader(source, Listing("things", ((),)), MemorySpool())
    found = [document["id"] for batch in reader.batches(lambda _, __: None) for document in batch]
    assert found == list(range(1, 181))
    (notice,) = reader.notices
    assert notice == (
        "things cannot be read by id and was read page by page; what came or went meanwhile may be missing: "
        "export again to be sure"
    )


def test_a_query_that_is_refused_either_way_gives_the_reason() -> None:
    def refuse(_: Shelf) -> None:
        raise QueryRefusedError("acme refuses: bad query")

    source = shelf(range(1, 100))
    source.before = refuse
    with pytest.raises(QueryRefusedError, match="acme refuses: bad query"):
        read(source)


def test_leaving_off_early_ends_the_threads() -> None:
    source = shelf(range(1, 20_000))
    reader = DocumentReader(source, Listing("things", ((),)), MemorySpool())
    before = set(threading.enumerate())
    batches = reader.batches(lambda _, __: None)
    next(batches)
    started = set(threading.enumerate()) - before
    batches.close()  # type: ignore[attr-defined]  # it is a generator
    assert len(started) >= PROFILE.workers
    assert not any(thread.is_alive() for thread in started)


def test_progress_counts_up_to_the_whole() -> None:
    seen: list[tuple[int, int | None]] = []
    reader = DocumentReader(shelf(range(1, 3001)), Listing("things", ((),)), MemorySpool())
    for _ in reader.batches(lambda count, total: seen.append((count, total))):
        pass
    assert seen[-1] == (3000, 3000)
    assert [count for count, _ in seen] == sorted(count for count, _ in seen)
