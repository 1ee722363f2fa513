"""Runs against an instance that answers nonsense: they end in words, go on once it is well, and double nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hostile_answers import ANSWERS, CREATE, LIST, HostileAnswer
from hostile_server import HostileServer, Hostility, hostile_server
from world import QUICK, QuickClock, World, orders, profile_of

from bulkpo.coupa.client import CoupaClient
from bulkpo.journal.journal import journal_in
from bulkpo.journal.run import RunJournal
from bulkpo.runs.imports.undo import UndoOptions
from bulkpo.runs.imports.undo import undo as undo_run
from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer

OPEN = SandboxOptions(references=References.OPEN)
WORST = [
    "bytes that are no HTTP", "a header of 10 MB", "chunks: a size of -5", "chunks: no last one", "status 999",
    "gzip, of what is none", "302 to `http://[::1`", "429, wait nan", "an id: 20 digits", "an id: a list",
    "an id: null", "a status of half a character", "a version that is an object", "a version of 4,000 digits",
    "lists 900 deep", "null", "XML: entities that multiply", "400: half characters in the reason",
    "400: 100,000 reasons", "400: reasons 900 deep",
]  # fmt: skip
BY_NAME = {answer.name: answer for answer in ANSWERS}


@contextmanager
def hostile_world(folder: Path) -> Iterator[tuple[World, HostileServer]]:
    with SandboxServer(None, OPEN) as sandbox, hostile_server(sandbox.url) as server:
        slow = Decimal("0.2")
        profile = replace(profile_of(server.url), workers=1, settle_for=slow, timeout=Decimal(2))
        journal = journal_in(folder / ".bulkpo", lambda: "2026-11-27T10:00:00+00:00")
        with CoupaClient(profile, QuickClock()) as client:
            world = World(folder, sandbox, client, journal)
            world.faults(duplicate_check=False)
            yield world, server
        journal.close()


def hostility(answer: HostileAnswer, method: str, path: str, place: str, about: bytes = b"") -> Hostility:
    refuses = answer.status.startswith((b"3", b"4"))
    return Hostility(method, path, about, answer.script(place), passes_on=not refuses)


@pytest.mark.slow
@pytest.mark.parametrize("name", WORST)
def test_an_import_doubles_nothing_whatever_is_answered_to_a_create(tmp_path: Path, name: str) -> None:
    with hostile_world(tmp_path) as (world, server):
        answer = BY_NAME[name]
        server.hostility = hostility(answer, "POST", "/api/purchase_orders", CREATE, b"PO-0002")
        codes = [world.bring(orders(3, 1), QUICK).exit_code, world.resume().exit_code]
        assert server.hostility.hit
        server.hostility = Hostility()
        codes.append(world.resume().exit_code)
        assert set(codes) <= {0, 1, 4, 5}
        made = world.in_coupa()
        is_refused = answer.status.startswith(b"400")
        assert made == ["PO-0001", *([] if is_refused else ["PO-0002"]), "PO-0003"]
        assert codes[-1] == (1 if is_refused else 0), world.messages()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["an id: a list", "an id: 20 digits", "a status of half a character", "null"])
def test_what_lists_hold_instead_of_documents_ends_a_run_in_words_and_it_goes_on(tmp_path: Path, name: str) -> None:
    with hostile_world(tmp_path) as (world, server):
        server.hostility = hostility(BY_NAME[name], "GET", "/api/purchase_orders", LIST)
        assert world.bring(orders(3, 1), QUICK).exit_code in (0, 1, 4, 5)
        assert server.hostility.hit
        server.hostility = Hostility()
        assert world.resume().exit_code == 0
        assert world.in_coupa() == ["PO-0001", "PO-0002", "PO-0003"]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("name", ["an id: 20 digits", "a version that is an object", "null", "302 to `http://[::1`"])
def test_undo_goes_on_once_the_instance_is_well(tmp_path: Path, name: str, method: str) -> None:
    with hostile_world(tmp_path) as (world, server):
        assert world.bring(orders(3, 1), QUICK).exit_code == 0
        server.hostility = hostility(BY_NAME[name], method, "/api/purchase_orders/", CREATE)
        options = UndoOptions(settle_seconds=0.05, patience_seconds=1)
        for _ in range(2):
            undo_run(world.client, RunJournal(world.journal, 1), threading.Event(), options)
        assert server.hostility.hit
        server.hostility = Hostility()
        result = undo_run(world.client, RunJournal(world.journal, 1), threading.Event(), options)
        assert (result.undone, result.waiting) == (3, 0)
