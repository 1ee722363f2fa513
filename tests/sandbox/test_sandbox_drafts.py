"""The status in which orders begin: drafts, as a real answer shows them, of which a supplier learns nothing."""

from collections.abc import Iterator

import pytest
from sandbox_api import Api, a_line

from bulkpo.sandbox.serving.server import FirstStatus, SandboxOptions, SandboxServer

ORDERS = "purchase_orders"


@pytest.fixture
def drafting() -> Iterator[Api]:
    """A sandbox as it is unless it is told otherwise."""
    with SandboxServer() as sandbox:
        yield Api(sandbox.url)


def sent(api: Api) -> int:
    count: int = api.admin("GET", "statistics").json["transmissions"]
    return count


def test_a_new_order_and_its_lines_are_drafts_and_nothing_is_sent(drafting: Api) -> None:
    order = drafting.create("PO-1")
    assert (order["status"], order["transmission-status"], order["version"]) == ("draft", None, 1)
    assert [line["status"] for line in order["order-lines"]] == ["draft"]
    assert sent(drafting) == 0


@pytest.mark.parametrize(("action", "times"), [("issue", 1), ("issue_without_send", 0)])
def test_issuing_sends_a_draft_only_if_it_is_asked_to(drafting: Api, action: str, times: int) -> None:
    order = drafting.create("PO-1")
    issued = drafting.put(f"{ORDERS}/{order['id']}/{action}", order).json
    assert (issued["status"], issued["version"], issued["order-lines"][0]["status"]) == ("issued", 1, "created")
    assert sent(drafting) == times


def test_a_change_of_a_draft_makes_no_version_and_is_not_sent(drafting: Api) -> None:
    path = f"{ORDERS}/{drafting.create('PO-1')['id']}"
    drafting.put(path, exported="true")
    changed = drafting.put(path, {"order-lines": [a_line(description="Desk")]}).json
    assert (changed["version"], changed["exported"], changed["status"]) == (1, True, "draft")
    assert [line["status"] for line in changed["order-lines"]] == ["draft", "draft"]
    assert sent(drafting) == 0


def test_a_draft_can_be_cancelled_but_not_closed(drafting: Api) -> None:
    path = f"{ORDERS}/{drafting.create('PO-1')['id']}"
    assert drafting.put(f"{path}/close").errors == ["Cannot close a purchase order whose status is draft"]
    assert drafting.put(f"{path}/cancel").json["status"] == "cancelled"


def test_orders_can_be_set_to_begin_as_issued() -> None:
    with SandboxServer(None, SandboxOptions(created=FirstStatus.ISSUED)) as sandbox:
        order = Api(sandbox.url).create("PO-1")
    assert (order["status"], order["order-lines"][0]["status"]) == ("issued", "created")
    assert order["transmission-status"] == "scheduled_for_email"


@pytest.mark.parametrize("form", ["in_xml", "in_json"])
def test_an_update_closes_lines_softly_and_sends_nothing_again(drafting: Api, form: str) -> None:
    order = drafting.create("PO-1", order_lines=[a_line(), a_line(description="Desk")])
    path = f"{ORDERS}/{order['id']}"
    drafting.put(f"{path}/issue")
    line = order["order-lines"][0]["id"]
    xml = (
        f"<order-header><order-lines><order-line><id>{line}</id><status>soft_closed_for_invoicing</status>"
        "</order-line></order-lines></order-header>"
    )
    body = {"order-lines": [{"id": line, "status": "soft_closed_for_invoicing"}]}
    assert (drafting.in_xml().put(path, xml) if form == "in_xml" else drafting.put(path, body)).status == 200
    seen = drafting.get(path).json
    assert [one["status"] for one in seen["order-lines"]] == ["soft_closed_for_invoicing", "created"]
    assert (seen["version"], sent(drafting)) == (1, 1)
    assert drafting.put(f"purchase_order_lines/{line}/reopen_for_receiving").json["status"] == "created"
