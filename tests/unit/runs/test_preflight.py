from dataclasses import replace
from typing import Any

from world import World, there

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created
from bulkpo.runs.imports.run import begin, run_import
from bulkpo.runs.planning.preflight import preflight
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)


def test_references_that_are_there_and_numbers_that_are_free_say_nothing(world: World) -> None:
    world.write(["PO-1,Acme Supplies,1,Bolts,1,1", "PO-1,Acme Supplies,2,Bolts,1,1"])
    profile = replace(world.client.profile, scopes=(*world.client.profile.scopes, "core.user.read"))
    with CoupaClient(profile) as client:
        found = preflight(world.plan(), client, TABLES)
        assert (found.findings, found.existing, found.unchecked) == ([], [], {})
        assert client.requests == 14, (
            "a token, the numbers, and for each of six kinds of reference a look-up and that no more follows"
        )


def test_an_unknown_reference_is_told_at_every_cell_that_names_it_with_the_nearest_names(world: World) -> None:
    world.write([f"PO-{number},Acme Suplies,1,Bolts,1,1" for number in range(3)] + ["PO-9,Globex,1,Bolts,1,1"])
    found = preflight(world.plan(), world.client, TABLES).findings
    assert [(it.code, it.element, it.value, it.row, it.column, it.key) for it in found] == [
        ("reference-unknown", "supplier/name", "Acme Suplies", row, 2, f"PO-{row - 2}") for row in (2, 3, 4)
    ]
    assert {finding.message for finding in found} == {
        "Supplier: 'Acme Suplies' is not among the suppliers of the sandbox; did you mean 'Acme Supplies'?"
    }


def test_every_row_of_an_order_that_says_it_is_told(world: World) -> None:
    world.write(["PO-1,Nobody,1,Bolts,1,1", "PO-2,Globex,1,Bolts,1,1", "PO-1,Nobody,2,Bolts,1,1"])
    found = preflight(world.plan(), world.client, TABLES).findings
    assert [(finding.row, finding.column) for finding in found] == [(2, 2), (4, 2)]


def test_a_reference_that_is_not_active_is_found(world: World) -> None:
    world.write(["PO-1,Bygone Ltd,1,Bolts,1,1"])
    (finding,) = preflight(world.plan(), world.client, TABLES).findings
    assert finding.code == "reference-inactive"
    assert finding.message == (
        "Supplier: 'Bygone Ltd' is in the sandbox but cannot be used, since it is not active; activate it there"
    )


def test_a_constant_that_names_nothing_is_told_once_an_order(world: World) -> None:
    mapping = world.mapping.read_text(encoding="utf-8")
    world.mapping.write_text(mapping.replace("01-100-8000", "99-100-8000"), encoding="utf-8")
    world.write(["PO-1,Acme Supplies,1,Bolts,1,1", "PO-1,Acme Supplies,2,Bolts,1,1"])
    (finding,) = preflight(world.plan(), world.client, TABLES).findings
    assert (finding.element, finding.value) == ("order-lines/account/code", "99-100-8000")
    assert (finding.row, finding.column) == (2, 0)
    assert finding.message == (
        "order-lines/account/code: '99-100-8000' is not among the accounts of the sandbox; create it there, or "
        "correct the value"
    )


def supplied(world: World, **suppliers: str) -> dict[str, str]:
    """Suppliers made in the sandbox, by number; gives their ids."""
    made = {}
    for number, name in suppliers.items():
        body = f"<supplier><name>{name}</name><number>{number}</number></supplier>"
        outcome = world.client.create("suppliers", body.encode(), "application/xml")
        assert isinstance(outcome, Created)
        made[number] = str(outcome.id)
    return made


def two_addresses(world: World) -> list[str]:
    """Two addresses of one name in the sandbox, D1 and D2; gives their ids."""
    profile = replace(world.client.profile, scopes=(*world.client.profile.scopes, "core.common.write"))
    parts = "<name>Dock</name><street1>1 Quay</street1><city>Oakland</city><postal-code>94607</postal-code>"
    bodies = [f"<address><location-code>D{number}</location-code>{parts}</address>" for number in (1, 2)]
    with CoupaClient(profile) as client:
        made: list[Any] = [client.create("addresses", body.encode(), "application/xml") for body in bodies]
    return [str(each.id) for each in made]


def describe(world: World, element: str, more: str = "") -> None:
    """Let the column of descriptions fill another element."""
    mapping = world.mapping.read_text(encoding="utf-8")
    changed = mapping.replace("  Description: order-lines/description", f"  Description: {element}")
    world.mapping.write_text(f"{changed}  order-lines/description: Bolts\n{more}", encoding="utf-8")


def test_a_name_that_two_active_records_have_is_an_error_with_both_ids(world: World) -> None:
    first, second = two_addresses(world)
    describe(world, "ship-to-address/name")
    world.write(["PO-1,Globex,1,Dock,1,1", "PO-2,Globex,1,London,1,1"])
    result = preflight(world.plan(), world.client, TABLES)
    (finding,) = result.findings
    assert (finding.code, finding.row, finding.column, *result.held.keys) == ("reference-ambiguous", 2, 4, "PO-1")
    assert finding.message == (
        f"Description: 'Dock' names 2 active addresses of the sandbox (ids {first} and {second}), and Coupa would take "
        "one of them; name it by what only the one you mean has"
    )


def test_a_second_key_says_which_of_two_is_meant(world: World) -> None:
    two_addresses(world)
    describe(world, "ship-to-address/name", "  ship-to-address/location-code: D2\n")
    world.write(["PO-1,Globex,1,Dock,1,1"])
    assert preflight(world.plan(), world.client, TABLES).findings == []


def test_a_number_of_one_record_beside_the_name_of_another_is_an_error_with_both_ids(world: World) -> None:
    ids = supplied(world, N1="One Ltd", N2="Two Ltd")
    describe(world, "supplier/number")
    world.write(["PO-1,One Ltd,1,N2,1,1", "PO-2,Two Ltd,1,N2,1,1"])
    result = preflight(world.plan(), world.client, TABLES)
    (finding,) = result.findings
    assert (finding.code, finding.row, finding.column, finding.key) == ("reference-contradicted", 2, 4, "PO-1")
    assert finding.message == (
        f"Description: 'N2' is id {ids['N2']} of the suppliers of the sandbox, but 'One Ltd' (supplier/name) is "
        f"id {ids['N1']}; correct one of the two"
    )


def test_a_code_of_another_chart_than_the_one_named_is_an_error(world: World) -> None:
    mapping = world.mapping.read_text(encoding="utf-8")
    world.mapping.write_text(
        mapping.replace("account-type/name: SAP100", "account-type/name: SAP200"), encoding="utf-8"
    )
    world.write(["PO-1,Acme Supplies,1,Bolts,1,1"])
    (finding,) = preflight(world.plan(), world.client, TABLES).findings
    assert (finding.code, finding.element) == ("reference-contradicted", "order-lines/account/account-type/name")
    assert "'SAP200' is not its account-type/name, which is 'SAP100'" in finding.message


def test_a_mapping_can_declare_that_an_ambiguous_name_is_meant_so(world: World) -> None:
    two_addresses(world)
    describe(world, "ship-to-address/name", "references: {ship-to-address/name: as_named}\n")
    world.write(["PO-1,Globex,1,Dock,1,1"])
    result = preflight(world.plan(), world.client, TABLES)
    assert [(finding.code, str(finding.severity)) for finding in result.findings] == [("reference-ambiguous", "notice")]
    assert result.held.keys == frozenset()


def test_only_the_orders_that_use_an_unknown_reference_are_held_back(world: World) -> None:
    rows = ["PO-1,Nobody,1,Bolts,2,1.50", "PO-2,Acme Supplies,1,Bolts,1,1", "PO-3,Nobody,1,Bolts,x,1"]
    world.write([*rows, "PO-1,Nobody,2,Bolts,1,1", "PO-4,Acme Supplies,1,Bolts,1,1"])
    job = world.job()
    job.plan.hold_each(preflight(job.plan, world.client, TABLES).of_files)
    checked = job.plan.checked
    assert (checked.ok, checked.failed, checked.failed_keys) == (2, 2, {"PO-1", "PO-3"})
    assert (checked.clean_rows, checked.failed_rows) == (2, 3)
    assert [(total.documents, total.lines, str(total.amount)) for total in checked.totals] == [(2, 2, "2.00")]
    assert checked.as_json()["findings"]["by_code"] == {"reference-unknown": 2, "not-a-number": 1}
    result = run_import(begin(job))
    assert (result.exit_code, world.in_coupa()) == (0, ["PO-2", "PO-4"])
    failed = there(result.failed).read_text(encoding="utf-8").splitlines()[1:]
    assert [line[:22] for line in failed] == [row[:22] for row in (rows[0], rows[2], "PO-1,Nobody,2,Bolts,1,1")]


def test_a_run_that_is_taken_up_again_holds_back_what_it_held_back_before(world: World) -> None:
    rows = ["PO-1,Late Ltd,1,Bolts,2,1.50", "PO-2,Acme Supplies,1,Bolts,1,1", "PO-3,Acme Supplies,1,Bolts,1,1"]
    world.write(rows)
    job = world.job()
    job.plan.hold_each(preflight(job.plan, world.client, TABLES).of_files)
    begun = begin(job)
    world.client.create("suppliers", b"<supplier><name>Late Ltd</name></supplier>", "application/xml")
    result = world.resume(begun.run)
    assert (result.exit_code, world.in_coupa()) == (0, ["PO-2", "PO-3"])
    assert [row["Status"] for row in world.sheet(there(result.result), "Rows")] == ["not sent", "created", "created"]
    assert world.sheet(there(result.result), "Rows")[0]["Message"] == (
        "Supplier: 'Late Ltd' is not among the suppliers of the sandbox; create it there, or correct the value"
    )
    (failed,) = there(result.failed).read_text(encoding="utf-8").splitlines()[1:]
    assert failed.startswith(f"{rows[0]},\"Supplier: 'Late Ltd' is not among the suppliers")


def test_orders_that_are_there_already_are_named(world: World) -> None:
    world.bring(["PO-1,Acme Supplies,1,Bolts,1,1"])
    world.write(["PO-1,Acme Supplies,1,Bolts,1,1", "PO-2,Acme Supplies,1,Bolts,1,1"])
    assert preflight(world.plan(), world.client, TABLES).existing == ["PO-1"]


def test_what_may_not_be_read_is_said_and_the_rest_is_checked(world: World) -> None:
    world.write(["PO-1,Nobody,1,Bolts,1,1"])
    found = preflight(world.plan(), world.client, TABLES)
    assert [finding.value for finding in found.findings] == ["Nobody"]
    assert list(found.unchecked) == ["users"]
    assert "core.user.read" in found.unchecked["users"]
