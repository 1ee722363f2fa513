"""Behind a proxy that loses answers: every order, action, record and mark exactly once, whatever the way to it.

The sandbox takes an order twice if it is sent twice: its check for duplicates is off.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hostile_proxy import Cue, Cut, HostileProxy, hostile_proxy
from world import World, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, Unclear
from bulkpo.journal.options import AfterCreate
from bulkpo.model.profile import Integration
from bulkpo.runs.imports.job import ImportOptions
from bulkpo.states import ActionState, State

QUICK = ImportOptions(settle_seconds=0.05, patience_seconds=2)
ORDERS = "/api/purchase_orders"
NO_LOSS = (Cut.NO_CONDITIONS, Cut.SHORT_PAGE, Cut.LOGIN_PAGE_AFTER, Cut.TWICE)
AFTER = [cut for cut in Cut if cut.passes_on and cut not in NO_LOSS]
LOST = [Cut.HANG_UP_BEFORE, *AFTER]
SOME = [Cut.HANG_UP_AFTER, Cut.HALF_AFTER, Cut.FORBID_AFTER]


def named(cut: Cut) -> str:
    return cut.name.lower()


def rows(count: int) -> list[str]:
    return [f"PO-{number:04},Acme Supplies,1,Bolts,1,{number}.50" for number in range(1, count + 1)]


@pytest.fixture(params=["plain", "CONNECT"])
def proxy(
    request: pytest.FixtureRequest, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HostileProxy]:
    """The world's sandbox, reached through a proxy with a password; numbers may be taken twice."""
    certificate = tmp_path / "proxy.pem"
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with hostile_proxy(world.sandbox.url, certificate, "me:pass") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        reach(world, url="http://acme.example" if request.param == "plain" else "https://localhost")
        world.faults(duplicate_check=False)
        yield proxy


def reach(world: World, **changes: Any) -> None:  # noqa: ANN401 - what a profile has
    world.client.close()
    world.client = CoupaClient(replace(world.client.profile, **changes))


def check_made_once(world: World, count: int) -> None:
    assert world.in_coupa() == [f"PO-{number:04}" for number in range(1, count + 1)]


@pytest.mark.parametrize("cut", LOST, ids=named)
def test_an_order_whose_answer_is_lost_is_made_once(world: World, proxy: HostileProxy, cut: Cut) -> None:
    proxy.cues = [Cue(cut, "POST", ORDERS, skip) for skip in (0, 2, 5)]
    result = world.bring(rows(10))
    assert (result.counts[State.CREATED], result.exit_code, proxy.cut) == (10, 0, 3)
    check_made_once(world, 10)


def test_thirty_orders_of_which_every_third_answer_is_lost_are_made_once(world: World, proxy: HostileProxy) -> None:
    proxy.cues = [Cue(Cut.HANG_UP_AFTER, "POST", ORDERS, skip) for skip in range(2, 60, 3)]
    assert world.bring(rows(30)).counts[State.CREATED] == 30
    check_made_once(world, 30)


def test_an_order_whose_answer_was_lost_is_not_told_as_refused(world: World, proxy: HostileProxy) -> None:
    world.faults(duplicate_check=True)
    proxy.cues = [Cue(Cut.HANG_UP_AFTER, "POST", ORDERS)]
    result = world.bring(rows(4))
    assert (result.counts[State.CREATED], result.failed, result.exit_code) == (4, None, 0)


@pytest.mark.parametrize("cut", SOME, ids=named)
def test_no_order_is_sent_to_its_supplier_twice(world: World, proxy: HostileProxy, cut: Cut) -> None:
    mapping = world.mapping.read_text(encoding="utf-8")
    world.mapping.write_text(mapping.replace("do_not_transmit", "supplier_default"), encoding="utf-8")
    proxy.cues = [Cue(cut, "PUT", ORDERS, skip) for skip in (0, 3)]
    result = world.bring(rows(8), replace(QUICK, after_create=AfterCreate.ISSUE))
    made = world.statistics()["transmissions"]
    done, left = result.actions[ActionState.DONE], result.actions[ActionState.LEFT]
    assert result.counts[State.CREATED] == done + left == 8
    assert done <= made <= 8


def test_an_issue_that_coupa_took_is_not_done_again_by_another_process(world: World, proxy: HostileProxy) -> None:
    mapping = world.mapping.read_text(encoding="utf-8")
    world.mapping.write_text(mapping.replace("do_not_transmit", "supplier_default"), encoding="utf-8")
    proxy.cues = [Cue(Cut.NO_ID_BEFORE, "PUT", ORDERS), Cue(Cut.HANG_UP_BEFORE, "GET", f"{ORDERS}/", times=99)]
    first = world.bring(rows(1), replace(QUICK, after_create=AfterCreate.ISSUE))
    assert (first.actions[ActionState.TAKEN], first.exit_code) == (1, 4)
    proxy.cues = []
    result = world.resume()
    (left,) = world.journal.actions(1, AfterCreate.ISSUE, [ActionState.LEFT])
    assert left.message == "Coupa took it, and the order does not show it; look at it in Coupa"
    assert (result.exit_code, world.statistics()["transmissions"]) == (1, 0)


@pytest.mark.parametrize("cut", SOME, ids=named)
@pytest.mark.parametrize("resource", ["integration_runs", "integration_history_records"])
def test_nothing_of_the_history_is_told_twice(world: World, proxy: HostileProxy, resource: str, cut: Cut) -> None:
    scopes = (*world.client.profile.scopes, "core.integration.read", "core.integration.write")
    reach(world, integration=Integration("code", "BULKPO", "Technical", created_orders=True), scopes=scopes)
    made = {
        "name": "bulkpo", "code": "BULKPO", "business-object": "PurchaseOrder", "direction": "to_coupa",
        "end-system": "legacy", "end-system-type": "erp",
    }  # fmt: skip
    world.client.create("integrations", json.dumps(made).encode(), "application/json")
    proxy.cues = [Cue(cut, "POST", f"/api/{resource}")]
    assert world.bring(rows(3)).notices == ()
    told = [len(list(world.client.find(it, [], ["id"]))) for it in ("integration_runs", "integration_history_records")]
    assert (told, proxy.cut) == ([1, 3], 1)


@pytest.mark.parametrize("cut", [Cut.HANG_UP_BEFORE, Cut.HANG_UP_AFTER, Cut.HALF_AFTER], ids=named)
def test_a_lost_token_is_asked_for_again(world: World, proxy: HostileProxy, cut: Cut) -> None:
    proxy.cues = [Cue(cut, "POST", "/oauth2/token")]
    assert world.bring(rows(2)).exit_code == 0
    check_made_once(world, 2)


def test_a_mark_whose_answer_is_lost_is_unclear_and_set_again(world: World, proxy: HostileProxy) -> None:
    world.bring(rows(1))
    number = there(world.entry("PO-0001", 1).coupa_id)
    proxy.cues = [Cue(Cut.HANG_UP_AFTER, "PUT", ORDERS)]
    said = [type(world.client.mark_exported("purchase_orders", number)) for _ in range(2)]
    assert said == [Unclear, Created]
