"""What is signed off after an import: the whole file, every order compared, and nothing transmitted."""

import json
from dataclasses import replace
from http.client import HTTPConnection
from urllib.parse import urlsplit

from world import QUICK, World, orders, there

from bulkpo.journal.options import AfterCreate
from bulkpo.journal.run import RunJournal
from bulkpo.model.signoff import SignOff
from bulkpo.runs.imports.job import ImportOptions, walk
from bulkpo.runs.imports.totals import ReadBack
from bulkpo.states import State


def outcomes(signed: SignOff) -> dict[str, tuple[int, str]]:
    return {outcome: (total.documents, format(total.amount, "f")) for outcome, total in signed.outcomes}


def test_the_summary_covers_the_whole_file_with_what_was_not_sent(world: World) -> None:
    world.bring(["PO-0001,Acme Supplies,1,Bolts,1,1.50"])
    bad = ["PO-0008,Acme Supplies,1,Bolts,one,2.00", "PO-0009,Nobody,1,Bolts,2,2.50"]
    result = world.bring([*orders(3, 1), *bad])
    signed = there(result.sign_off)
    assert outcomes(signed) == {
        "created": (2, "6.00"), "existing": (1, "1.50"), "refused": (1, "5.00"), "with errors": (1, "0.00"),
    }  # fmt: skip
    assert [(total.documents, total.lines) for total in signed.whole] == [(5, 5)]
    assert (signed.compared, signed.differing, signed.transmitted) == (2, 0, 0)
    rows = {row["Figure"]: row["Source"] for row in world.sheet(there(result.result), "Summary")}
    assert rows["Orders in the file"] == 5
    assert rows["Amount with errors"] == 0
    assert rows["Orders compared with Coupa element by element"] == 2
    assert rows["Orders transmitted to suppliers"] == 0
    assert sum(str(name).startswith("Orders refused: ") for name in rows) == 1
    assert SignOff.from_json(json.loads(json.dumps(signed.as_json()))) == signed
    assert there(world.resume(2).sign_off) == signed


def test_what_a_limit_leaves_out_is_signed_off_to_the_cent_with_what_came_of_the_rest(world: World) -> None:
    world.bring(["PO-0002,Acme Supplies,1,Bolts,1,1.50"])
    bad = ["PO-0003,Nobody,1,Bolts,2,2.50", "PO-0009,Acme Supplies,1,Bolts,one,2.00"]
    result = world.bring([*orders(2, 1), *bad, *orders(7, 1)[3:]], replace(QUICK, limit=2))
    journal = RunJournal(world.journal, 2)
    unsent = [
        world.plan().totals_of(document)
        for _, document in walk(world.plan(), journal, journal.entries([State.PLANNED]))
    ]
    assert outcomes(there(result.sign_off))["not sent yet"] == (len(unsent), format(sum(it[2] for it in unsent), "f"))
    assert [(total.documents, total.lines) for total in there(result.totals).source] == [(7, 7)]
    whole = outcomes(there(result.sign_off))
    assert sum(documents for documents, _ in whole.values()) == 8


def test_what_is_not_sent_yet_has_no_digits_of_what_was_sent(world: World) -> None:
    result = world.bring(["PO-0001,Acme Supplies,1,Bolts,2,1.2345", *orders(3, 1)[1:]], replace(QUICK, limit=1))
    assert outcomes(there(result.sign_off)) == {"created": (1, "2.4690"), "not sent yet": (2, "6.00")}


def test_an_order_that_is_not_as_it_was_sent_is_named_with_what_differs(world: World) -> None:
    world.bring(orders(3, 1))
    _change(world, there(world.entry("PO-0002").coupa_id), {"ship-to-attention": "x", "currency": {"code": "EUR"}})
    plan = world.plan()
    read_back = ReadBack(world.client, plan.shape)
    journal = RunJournal(world.journal, 1)
    read_back.read(list(walk(plan, journal, journal.entries([State.CREATED]))))
    signed = read_back.sign_off([])
    assert (signed.compared, signed.differing) == (3, 1)
    assert [(it.key, it.said) for it in signed.altered] == [("PO-0002", "currency/code: sent 'USD', Coupa has 'EUR'")]


def test_orders_that_reached_their_suppliers_are_counted_by_coupas_word_for_it(world: World) -> None:
    mapping = world.mapping.read_text(encoding="utf-8")
    world.mapping.write_text(mapping.replace("override: do_not_transmit", "override: email"), encoding="utf-8")
    options = ImportOptions(settle_seconds=QUICK.settle_seconds, patience_seconds=2, after_create=AfterCreate.ISSUE)
    signed = there(world.bring(orders(2, 1), options).sign_off)
    assert (signed.transmitted, signed.transmissions) == (2, {"scheduled_for_email": 2})


def test_totals_are_kept_by_supplier_and_currency(world: World) -> None:
    rows = [*orders(2, 1), "PO-0009,Globex Corporation,1,Bolts,3,2.50"]
    result = world.bring(rows)
    partners = there(result.sign_off).partners
    told = [(it.partner, it.sent.documents, str(it.sent.amount), it.sent == it.read_back) for it in partners]
    assert told[0] == ("Acme Supplies", 2, "4.00", True)


def _change(world: World, id_: int, body: object) -> None:
    """Another client changes an order."""
    connection = HTTPConnection(urlsplit(world.sandbox.url).netloc, timeout=10)
    form = "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox&scope=core.purchase_order.write"
    connection.request("POST", "/oauth2/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
    token = json.loads(connection.getresponse().read())["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "application/json"}
    connection.request("PUT", f"/api/purchase_orders/{id_}", json.dumps(body), headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()
    connection.close()
