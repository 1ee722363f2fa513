"""Purchase orders: what is made of them, what is refused, and what follows from a change."""

from typing import Any

import pytest
from sandbox_api import Api, a_line, an_order

ORDERS = "purchase_orders"


def lines(order: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = order["order-lines"]
    return found


def test_a_new_order_is_counted_from_one(api: Api) -> None:
    order = api.create("PO-1")
    assert (order["po-number"], order["status"], order["type"]) == ("PO-1", "issued", "ExternalOrderHeader")
    assert (order["version"], order["internal-revision"], order["exported"]) == (1, 1, False)
    assert order["created-by"]["login"] == "sandbox"
    (line,) = lines(order)
    assert (line["line-num"], line["price"], line["quantity"], line["total"]) == ("1", "10.50", "3.0", "31.50")
    assert (line["order-header-id"], line["order-header-number"]) == (order["id"], "PO-1")
    assert (line["status"], line["version"], line["received"], line["invoiced"]) == ("created", 1, "0.0", "0.00")
    assert line["id"] != order["id"]


@pytest.mark.parametrize(
    ("supplier", "status"), [("V700", "buyer_hold"), ("V800", "supplier_hold"), ("V100", "issued")]
)
def test_a_supplier_on_hold_holds_its_orders(api: Api, supplier: str, status: str) -> None:
    assert api.create("PO-1", supplier={"number": supplier})["status"] == status


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ({"price": "0.1", "quantity": "3"}, "0.30"),
        ({"price": "1234567.123456", "quantity": "1000"}, "1234567123.456"),
        ({"price": "0.00005", "quantity": "1"}, "0.0001"),
        ({"type": "OrderAmountLine", "price": "99.95", "quantity": ..., "uom": ...}, "99.95"),
    ],
)
def test_the_total_of_a_line_is_exact(api: Api, changes: dict[str, object], total: str) -> None:
    assert lines(api.create("PO-1", order_lines=[a_line(**changes)]))[0]["total"] == total


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"po_number": ...}, ["Po number can't be blank"]),
        ({"po_number": ""}, ["Po number can't be blank"]),
        ({"po_number": "x" * 21}, ["Po number is too long (maximum is 20 characters)"]),
        ({"ship_to_user": ...}, ["Ship to user can't be blank"]),
        (
            {"ship_to_user": {"login": "nobody"}},
            ['Unable to find valid User record for ship_to_user with keys {"login"=>"nobody"}'],
        ),
        (
            {"ship_to_user": {"login": "left"}},
            ['Unable to find valid User record for ship_to_user with keys {"login"=>"left"}'],
        ),
        (
            {"supplier": {"number": "V100", "name": "Globex"}},
            ['Unable to find valid Supplier record for supplier with keys {"number"=>"V100", "name"=>"Globex"}'],
        ),
        ({"supplier": {"id": 1}}, ['Unable to find valid Supplier record for supplier with keys {"id"=>"1"}']),
        ({"supplier": {"nummer": "V100"}}, ["Unknown element 'nummer' of supplier in Supplier"]),
        ({"supplier": "V100"}, ["Supplier must be an object"]),
        ({"order_lines": ...}, ["Order lines can't be blank"]),
        ({"order_lines": []}, ["Order lines can't be blank"]),
        ({"order_lines": "none"}, ["Order lines must be a list", "Order lines can't be blank"]),
        ({"type": "OrderHeader"}, ["Type is not included in the list"]),
        (
            {"payment_methods": "card"},
            ["Unknown element 'payment-methods' of order-header; did you mean 'payment-method'?"],
        ),
        ({"po_number": "  "}, ["Po number can't be blank"]),
        ({"acknowledged_flag": "perhaps"}, ["Acknowledged flag is not true or false"]),
        ({"confirm_by_hrs": "1.5"}, ["Confirm by hrs is not a whole number"]),
        ({"custom_fields": {"a b": 1}}, ["Custom field 'a b' is not a name"]),
        ({"ship_to_attention": "\u0001"}, ["Ship to attention holds a control character"]),
    ],
)
def test_a_header_is_refused_with_its_reason_and_nothing_is_kept(
    api: Api, changes: dict[str, object], messages: list[str]
) -> None:
    reply = api.post(ORDERS, an_order("PO-1", **changes))
    assert (reply.status, list(reply.json["errors"])) == (400, ["order-header"])
    assert reply.errors == messages
    assert api.get(ORDERS).json == []
    assert api.get("purchase_order_revisions").json == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"description": ...}, "description can't be blank"),
        ({"description": "x" * 256}, "description is too long (maximum is 255 characters)"),
        ({"price": ...}, "price can't be blank"),
        ({"price": "1,5"}, "price is not a number"),
        ({"price": "1" + "0" * 24}, "price is too large (at most 24 digits before the decimal point)"),
        ({"quantity": ...}, "quantity can't be blank"),
        ({"uom": ...}, "uom can't be blank"),
        ({"currency": ...}, "currency can't be blank"),
        ({"account": ...}, "account can't be blank"),
        ({"type": "OrderAmountLine"}, "quantity must be blank for an OrderAmountLine"),
        ({"type": "Line"}, "type is not included in the list"),
        ({"need-by-date": "31/01/2026"}, "need by date is not a date; write it as 2025-01-31T23:59:59-08:00"),
        ({"need-by-date": "2026-02-30"}, "need by date is not a date; write it as 2025-01-31T23:59:59-08:00"),
        (
            {"currency": {"code": "DEM"}},
            'Unable to find valid Currency record for currency with keys {"code"=>"DEM"}',
        ),
        (
            {"account": {"code": "01-100-8000", "account-type": {"name": "SAP9"}}},
            'Unable to find valid Account record for account with keys {"code"=>"01-100-8000", "account_type"=>"SAP9"}',
        ),
        (
            {"account-allocations": [{"account": {"code": "01-100-8000"}, "pct": "60"}]},
            "account allocations must add up to 100 percent, not 60",
        ),
    ],
)
def test_a_line_is_refused_with_its_number_and_reason(api: Api, changes: dict[str, object], message: str) -> None:
    reply = api.post(ORDERS, an_order("PO-1", order_lines=[a_line(), a_line(**changes)]))
    assert reply.status == 400
    assert reply.errors == [f"Order lines[2] {message}"]


def test_everything_wrong_with_a_document_is_said_at_once(api: Api) -> None:
    bad = an_order("", ship_to_user={"login": "x"}, order_lines=[a_line(price="a"), a_line(uom={"code": "XX"})])
    assert api.post(ORDERS, bad).errors == [
        'Unable to find valid User record for ship_to_user with keys {"login"=>"x"}',
        "Order lines[1] price is not a number",
        'Order lines[2] Unable to find valid Uom record for uom with keys {"code"=>"XX"}',
        "Po number can't be blank",
    ]


def test_a_po_number_is_taken_once_even_by_a_cancelled_order(api: Api) -> None:
    order = api.create("PO-1")
    api.put(f"{ORDERS}/{order['id']}/cancel")
    reply = api.post(ORDERS, an_order("PO-1"))
    assert (reply.status, reply.errors) == (400, ["Po number has already been taken"])


def test_a_line_may_be_billed_to_several_accounts(api: Api) -> None:
    shares = [
        {"account": {"code": "01-100-8000"}, "pct": "33.3333333333"},
        {"account": {"code": "01-200-8000"}, "pct": "66.6666666667"},
    ]
    (line,) = lines(api.create("PO-1", order_lines=[a_line(**{"account": ..., "account-allocations": shares})]))
    assert [share["pct"] for share in line["account-allocations"]] == ["33.3333333333", "66.6666666667"]
    assert [share["account"]["code"] for share in line["account-allocations"]] == ["01-100-8000", "01-200-8000"]


def test_lines_without_a_number_get_the_next_free_one(api: Api) -> None:
    order = api.create("PO-1", order_lines=[a_line(**{"line-num": "2"}), a_line(), a_line()])
    assert [line["line-num"] for line in lines(order)] == ["2", "1", "3"]


def test_custom_fields_come_back_as_they_were_sent(api: Api) -> None:
    fields = {"cost-center": "0042", "legacy": True, "rank": 7, "choice": {"name": "Blue"}}
    order = api.create("PO-1", custom_fields=fields, order_lines=[a_line(**{"custom-fields": {"origin": "x"}})])
    assert order["custom-fields"] == fields
    assert lines(order)[0]["custom-fields"] == {"origin": "x"}
    found = api.find(ORDERS, "custom-fields[cost-center]=0042&custom_fields[choice]=Blue").json
    assert [one["po-number"] for one in found] == ["PO-1"]
    assert api.find(ORDERS, "custom-fields[cost-center]=42").json == []


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_adds_changes_and_removes_lines_and_makes_a_new_version(api: Api, method: str) -> None:
    order = api.create("PO-1", order_lines=[a_line(), a_line(description="Desks")])
    first, second = lines(order)
    body = {"order-lines": [{"id": first["id"], "price": "2"}, {"id": second["id"], "_delete": True}, a_line()]}
    changed = api.call(method, f"/api/{ORDERS}/{order['id']}", body).json
    assert [line["price"] for line in lines(changed)] == ["2.00", "10.50"]
    assert lines(changed)[0]["id"] == first["id"]
    assert lines(changed)[0]["total"] == "6.00"
    assert (changed["version"], changed["internal-revision"]) == (2, 2)
    assert changed["po-number"] == "PO-1"


def test_a_line_of_another_order_cannot_be_changed(api: Api) -> None:
    one, other = api.create("PO-1"), api.create("PO-2")
    id_ = lines(other)[0]["id"]
    reply = api.put(f"{ORDERS}/{one['id']}", {"order-lines": [{"id": id_, "price": "2"}]})
    assert (reply.status, reply.errors) == (400, [f"Order lines[1] with id {id_} is not there"])


def test_a_refused_update_changes_nothing(api: Api) -> None:
    order = api.create("PO-1")
    reply = api.put(f"{ORDERS}/{order['id']}", {"ship-to-attention": "Mia", "po-number": "x" * 30})
    assert reply.status == 400
    assert api.get(f"{ORDERS}/{order['id']}").json == order


def test_an_update_that_changes_nothing_makes_no_version(api: Api) -> None:
    order = api.create("PO-1", ship_to_attention="Mia")
    assert api.put(f"{ORDERS}/{order['id']}", {"ship-to-attention": "Mia"}).json["version"] == 1
    assert api.put(f"{ORDERS}/{order['id']}", {}).json["internal-revision"] == 1


def test_custom_fields_change_no_version_but_the_internal_revision(api: Api) -> None:
    order = api.create("PO-1")
    changed = api.put(f"{ORDERS}/{order['id']}", {"custom-fields": {"a": "b"}}).json
    assert (changed["version"], changed["internal-revision"]) == (1, 2)


def test_the_last_line_cannot_be_removed(api: Api) -> None:
    order = api.create("PO-1")
    reply = api.call("DELETE", f"/api/purchase_order_lines/{lines(order)[0]['id']}")
    assert (reply.status, reply.errors) == (400, ["Order lines can't be blank"])


def test_a_deleted_line_is_gone_and_its_order_has_a_new_version(api: Api) -> None:
    order = api.create("PO-1", order_lines=[a_line(), a_line()])
    path = f"purchase_order_lines/{lines(order)[0]['id']}"
    assert api.call("DELETE", f"/api/{path}").status == 200
    assert api.get(path).status == 404
    assert api.get(f"{ORDERS}/{order['id']}").json["version"] == 2
    assert [line["id"] for line in api.get("purchase_order_lines").json] == [lines(order)[1]["id"]]


def test_marking_as_exported_leaves_the_rest_alone_and_a_new_version_takes_it_back(api: Api) -> None:
    order = api.create("PO-1")
    path = f"{ORDERS}/{order['id']}"
    marked = api.put(path, {"ship-to-attention": "ignored"}, exported="true").json
    assert (marked["exported"], marked["version"], marked["ship-to-attention"]) == (True, 1, None)
    assert marked["last-exported-at"] is not None
    assert api.get(ORDERS, exported="false").json == []
    changed = api.put(path, {"ship-to-attention": "Mia"}).json
    assert (changed["exported"], changed["version"]) == (False, 2)
    assert changed["last-exported-at"] == marked["last-exported-at"]
    assert len(api.get(ORDERS, exported="false").json) == 1
    assert api.put(path, exported="maybe").errors == ["exported must be true or false, not 'maybe'"]


@pytest.mark.parametrize(
    ("supplier", "steps"),
    [
        ("V100", [("issue", 200, "issued"), ("cancel", 200, "cancelled"), ("cancel", 400, "cancelled")]),
        ("V100", [("close", 200, "soft_closed"), ("reopen", 200, "issued"), ("close", 200, "soft_closed")]),
        ("V100", [("close", 200, "soft_closed"), ("close", 200, "closed"), ("reopen", 400, "closed")]),
        ("V100", [("issue_without_send", 200, "issued"), ("ignore_window_and_issue", 200, "issued")]),
        ("V100", [("reopen", 400, "issued"), ("release_from_buyer_hold", 400, "issued")]),
        ("V700", [("issue", 400, "buyer_hold"), ("release_from_buyer_hold", 200, "issued")]),
        ("V800", [("issue", 200, "issued")]),
        ("V800", [("close", 400, "supplier_hold"), ("cancel", 200, "cancelled"), ("reopen", 400, "cancelled")]),
    ],
)
def test_actions_follow_the_table_of_statuses(api: Api, supplier: str, steps: list[tuple[str, int, str]]) -> None:
    order = api.create("PO-1", supplier={"number": supplier})
    path = f"{ORDERS}/{order['id']}"
    for action, status, result in steps:
        reply = api.put(f"{path}/{action}")
        assert reply.status == status, action
        assert api.get(path).json["status"] == result
        if status == 400:
            assert reply.errors == [f"Cannot {action.replace('_', ' ')} a purchase order whose status is {result}"]


@pytest.mark.parametrize("body", [None, {}, "order", b"anything"])
def test_an_action_takes_no_body_an_empty_one_or_the_whole_order(api: Api, body: object) -> None:
    order = api.create("PO-1")
    reply = api.put(f"{ORDERS}/{order['id']}/cancel", order if body == "order" else body)
    assert (reply.status, reply.json["status"]) == (200, "cancelled")
    assert [line["status"] for line in lines(reply.json)] == ["cancelled"]


@pytest.mark.parametrize(("command", "status"), [("cancel", "cancelled"), ("close", "soft_closed")])
def test_the_older_form_of_cancel_and_close_is_an_update(api: Api, command: str, status: str) -> None:
    path = f"{ORDERS}/{api.create('PO-1')['id']}"
    xml = f"<order-header><_{command}>true</_{command}></order-header>"
    assert api.in_xml().put(path, xml).xml.findtext("status") == status
    assert api.put(f"{ORDERS}/{api.create('PO-2')['id']}", {f"_{command}": True}).json["status"] == status


@pytest.mark.parametrize("action", ["cancel", "close"])
def test_a_cancelled_or_closed_order_cannot_be_changed(api: Api, action: str) -> None:
    path = f"{ORDERS}/{api.create('PO-1')['id']}"
    api.put(f"{path}/{action}")
    api.put(f"{path}/{action}")
    reply = api.put(path, {"ship-to-attention": "Mia"})
    assert reply.status == 400
    assert reply.errors[0].endswith(f"cannot be changed: its status is {action}{'led' if action == 'cancel' else 'd'}")


@pytest.mark.parametrize("kind", ["receiving", "invoicing"])
def test_lines_are_closed_softly_and_opened_again(api: Api, kind: str) -> None:
    path = f"purchase_order_lines/{lines(api.create('PO-1'))[0]['id']}"
    assert api.put(f"{path}/soft_close_for_{kind}").json["status"] == f"soft_closed_for_{kind}"
    assert api.put(f"{path}/soft_close_for_{kind}").status == 400
    assert api.put(f"{path}/reopen_for_{kind}").json["status"] == "created"


def test_a_closed_line_is_neither_changed_nor_removed_until_it_is_opened_again(api: Api) -> None:
    order = api.create("PO-1")
    line, path = lines(order)[0]["id"], f"{ORDERS}/{order['id']}"
    assert api.put(path, {"order-lines": [{"id": line, "status": "closed"}]}).status == 200
    for change in ({"price": "9.00"}, {"_delete": True}):
        refused = api.put(path, {"order-lines": [{"id": line, **change}]})
        assert (refused.status, "is closed, so the line cannot be changed" in str(refused.json)) == (400, True)
    assert api.put(path, {"order-lines": [{"id": line, "status": "created"}]}).status == 200
    assert api.put(path, {"order-lines": [{"id": line, "price": "9.00"}]}).status == 200


def test_receivable_lines_are_those_of_issued_orders(api: Api) -> None:
    kept, cancelled = api.create("PO-1"), api.create("PO-2")
    api.put(f"{ORDERS}/{cancelled['id']}/cancel")
    assert [line["order-header-id"] for line in api.get("receivable_purchase_order_lines").json] == [kept["id"]]
    assert len(api.get("purchase_order_lines").json) == 2


def test_every_change_leaves_a_revision(api: Api) -> None:
    path = f"{ORDERS}/{api.create('PO-1')['id']}"
    api.put(path, {"ship-to-attention": "Mia"})
    api.put(f"{path}/cancel")
    found = api.get("purchase_order_revisions", **{"po-number": "PO-1"}).json
    seen = [(one["change"], one["version"], one["internal-revision"], one["status"]) for one in found]
    assert seen == [("create", 1, 1, "issued"), ("update", 2, 2, "issued"), ("cancel", 2, 3, "cancelled")]
    assert api.get(f"purchase_order_revisions/{found[0]['id']}").json == found[0]


def test_attachments_are_added_and_listed(api: Api) -> None:
    order = api.create("PO-1")
    path = f"{ORDERS}/{order['id']}/attachments"
    assert api.get(path).json == []
    assert api.in_xml().get(path).status == 404
    added = api.post(path, {"text": "see contract", "type": "AttachmentText", "intent": "Internal"})
    assert (added.status, added.json["text"]) == (201, "see contract")
    assert api.get(path).json == [added.json]
    assert api.get(f"{ORDERS}/{order['id']}").json["attachments"] == [added.json]
    assert api.call("DELETE", f"/api/{path}").status == 405
    assert api.call("DELETE", f"/api/{path}/{added.json['id']}").json == added.json
    assert api.get(path).json == []


def test_silence_keeps_an_order_from_its_supplier_and_every_sending_is_counted(api: Api) -> None:
    silent = api.create("PO-1", transmission_method_override="do_not_transmit")
    assert silent["transmission-status"] == "created"
    assert api.admin("GET", "statistics").json["transmissions"] == 0
    sent = api.create("PO-2")
    assert sent["transmission-status"] == "scheduled_for_email"
    api.put(f"{ORDERS}/{sent['id']}", {"ship-to-attention": "Mia"})
    assert api.admin("GET", "statistics").json["transmissions"] == 2


def test_an_order_keeps_its_need_by_date_to_the_second_in_the_instances_zone(api: Api) -> None:
    written = ["2026-01-31", "2026-01-31T00:00:00-08:00", "2026-07-31T12:00:00+02:00", "2026-01-31T08:00:00.999Z"]
    order = api.create("PO-1", order_lines=[a_line(**{"need-by-date": date}) for date in written])
    assert [line["need-by-date"] for line in lines(order)] == [
        "2026-01-30T16:00:00-08:00",
        "2026-01-31T00:00:00-08:00",
        "2026-07-31T03:00:00-07:00",
        "2026-01-31T00:00:00-08:00",
    ]
