"""Changes behind a proxy that loses answers, delays requests and passes them on twice: each once, or told."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_proxy import Cue, Cut, HostileProxy, hostile_proxy
from world import World

from bulkpo.coupa.client import CoupaClient
from bulkpo.runs.imports.run import ImportResult
from bulkpo.states import State

ORDERS = "/api/purchase_orders/"
NO_LOSS = (Cut.NO_CONDITIONS, Cut.SHORT_PAGE, Cut.LOGIN_PAGE_AFTER, Cut.TWICE)
LOST = [
    Cut.HANG_UP_BEFORE,
    Cut.UNAVAILABLE_BEFORE,
    Cut.LATE,
    *(cut for cut in Cut if cut.passes_on and cut not in NO_LOSS),
]
UPDATE = """\
bulkpo: import/1
name: prices
mode: update
document: {key: po-number}
members: {order-lines: {new: add}}
columns:
  Number: po-number
  Supplier: {ignore: same}
  Line: order-lines/line-num
  Description: order-lines/description
  Quantity: order-lines/quantity
  Price: order-lines/price
constants:
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""
COUNT = 6


def named(cut: Cut) -> str:
    return cut.name.lower()


@pytest.fixture(params=["plain", "CONNECT"])
def proxy(
    request: pytest.FixtureRequest, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HostileProxy]:
    certificate = tmp_path / "proxy.pem"
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    world.bring([f"PO-{number},Acme Supplies,1,Bolts,1,1.50" for number in range(COUNT)])
    with hostile_proxy(world.sandbox.url, certificate, "me:pass") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        url = "http://acme.example" if request.param == "plain" else "https://localhost"
        world.client.close()
        world.client = CoupaClient(replace(world.client.profile, url=url))
        yield proxy


def change(world: World) -> ImportResult:
    """Give every order another price, and a line more."""
    world.mapping.write_text(UPDATE, encoding="utf-8")
    rows = [f"PO-{number},,{line},Bolts,1,2.75" for number in range(COUNT) for line in (1, 2)]
    return world.bring(rows)


def seen(world: World) -> dict[str, list[str]]:
    found = world.client.find("purchase_orders", [])
    return {order["po-number"]: [line["price"] for line in order["order-lines"]] for order in found}


@pytest.mark.slow
@pytest.mark.parametrize("cut", LOST, ids=named)
def test_a_change_whose_answer_is_lost_is_made_once(world: World, proxy: HostileProxy, cut: Cut) -> None:
    proxy.cues = [Cue(cut, "PUT", ORDERS, skip) for skip in (0, 2)]
    result = change(world)
    assert (result.exit_code, result.counts[State.CHANGED]) == (0, COUNT), world.messages(2)
    assert seen(world) == {f"PO-{number}": ["2.75", "2.75"] for number in range(COUNT)}


def test_a_line_that_coupa_took_and_does_not_show_is_never_sent_again(world: World, proxy: HostileProxy) -> None:
    proxy.cues = [Cue(Cut.NO_ID_BEFORE, "PUT", ORDERS)]
    result = change(world)
    assert (result.exit_code, result.counts[State.UNKNOWN], result.counts[State.CHANGED]) == (5, 1, COUNT - 1)
    assert sorted(map(len, seen(world).values())) == [1, *[2] * (COUNT - 1)]


def test_a_line_that_was_passed_on_twice_is_told_with_both(world: World, proxy: HostileProxy) -> None:
    proxy.cues = [Cue(Cut.TWICE, "PUT", ORDERS)]
    result = change(world)
    assert (result.exit_code, result.counts[State.DIFFERS], result.counts[State.CHANGED]) == (1, 1, COUNT - 1)
    (message,) = filter(None, (world.messages(2)[key] for key, state in world.states(2).items() if state == "differs"))
    assert "order-lines[2] was not there, yours added, theirs there 2 times" in message
