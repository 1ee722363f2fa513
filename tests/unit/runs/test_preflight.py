from dataclasses import replace
from typing import Any

from bulkpo.coupa.client import CoupaClient
from bulkpo.runs.imports.preflight import preflight
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

World = Any  # the fixture of conftest.py, which cannot be imported
TABLES = ElementTables(schema_text)


def test_references_that_are_there_and_numbers_that_are_free_say_nothing(world: World) -> None:
    world.write(["PO-1,Acme Supplies,1,Bolts,1,1", "PO-1,Acme Supplies,2,Bolts,1,1"])
    profile = replace(world.client.profile, scopes=(*world.client.profile.scopes, "core.user.read"))
    with CoupaClient(profile) as client:
        found = preflight(world.plan(), client, TABLES)
        assert (found.findings, found.existing, found.unchecked) == ([], [], {})
        assert client.requests == 8, "a token, the numbers, and one look-up for each of six kinds of reference"


def test_an_unknown_reference_is_one_finding_with_its_rows_and_the_nearest_names(world: World) -> None:
    world.write([f"PO-{number},Acme Suplies,1,Bolts,1,1" for number in range(8)] + ["PO-9,Globex,1,Bolts,1,1"])
    (finding,) = preflight(world.plan(), world.client, TABLES).findings
    assert (finding.code, finding.element, finding.value, finding.row) == (
        "reference-unknown", "supplier/name", "Acme Suplies", 2,
    )  # fmt: skip
    assert finding.message == (
        "'Acme Suplies' is not among the suppliers of the sandbox; did you mean 'Acme Supplies'? "
        "(8 rows: 2, 3, 4, 5, 6, …)"
    )


def test_a_reference_that_is_not_active_is_found(world: World) -> None:
    world.write(["PO-1,Bygone Ltd,1,Bolts,1,1"])
    (finding,) = preflight(world.plan(), world.client, TABLES).findings
    assert finding.code == "reference-inactive"
    assert finding.message == (
        "'Bygone Ltd' is in the sandbox but cannot be used, since it is not active; activate it there (row 2)"
    )


def test_lines_are_looked_at_too(world: World) -> None:
    mapping = world.mapping.read_text(encoding="utf-8")
    world.mapping.write_text(mapping.replace("01-100-8000", "99-100-8000"), encoding="utf-8")
    world.write(["PO-1,Acme Supplies,1,Bolts,1,1"])
    (finding,) = preflight(world.plan(), world.client, TABLES).findings
    assert (finding.element, finding.value) == ("order-lines/account/code", "99-100-8000")
    assert finding.message.endswith("; create it there, or correct the value (row 2)")


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
