"""What a client is granted in Coupa: asked for as far as the work needs it, and named exactly where it is missing."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bulkpo.cli.main import run
from bulkpo.sandbox.scopes import KNOWN
from bulkpo.sandbox.serving.server import CLIENT_ID, CLIENT_SECRET, SandboxOptions, SandboxServer

MAPPING = """\
bulkpo: import/1
name: small
resource: purchase_orders
document: {key: po-number}
columns: {Number: po-number, Supplier: supplier/name, Price: order-lines/price}
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  ship-to-address/location-code: HQ
  currency/code: USD
  order-lines/line-num: "1"
  order-lines/description: Bolts
  order-lines/quantity: "1"
  order-lines/type: OrderQuantityLine
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""
NEEDED = frozenset({"core.purchase_order.read", "core.purchase_order.write"})
WISHED = {
    "core.supplier.read": ["suppliers"],
    "core.user.read": ["users"],
    "core.common.read": ["addresses", "currencies", "uoms"],
    "core.accounting.read": ["account_types", "accounts"],
}
CHECK = ["check", "small.yaml", "orders.csv", "--to", "there"]
IMPORT = ["import", "small.yaml", "orders.csv", "--to", "there", "--yes"]

Instance = Callable[..., SandboxServer]


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Instance]:
    """Starts an instance whose client is granted some scopes, reached by the profile `there`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULKPO_THERE_CLIENT_SECRET", CLIENT_SECRET)
    (tmp_path / "small.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "orders.csv").write_text("Number,Supplier,Price\nPO-1,Acme Supplies,5\n", encoding="utf-8")
    with ExitStack() as running:

        def start(granted: frozenset[str], scopes: str = "") -> SandboxServer:
            server = running.enter_context(SandboxServer(None, SandboxOptions(granted=granted)))
            own = f", scopes: {scopes}" if scopes else ""
            profile = f"there: {{url: '{server.url}', client_id: {CLIENT_ID}{own}}}"
            (tmp_path / "bulkpo.yaml").write_text(f"bulkpo: profiles/1\nprofiles: {{{profile}}}\n", encoding="utf-8")
            return server

        yield start


def test_a_client_with_all_it_needs_is_told_that_everything_is_there(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance(NEEDED | set(WISHED))
    assert run(CHECK) == 0
    assert "  everything the orders refer to is there" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("references", ["open", "starter"])
@pytest.mark.usefixtures("instance")
def test_the_sandbox_says_that_everything_is_there_only_where_it_does_not_take_any_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], references: str
) -> None:
    profile = f"bulkpo: profiles/1\nprofiles: {{sandbox: {{references: {references}}}}}\n"
    (tmp_path / "bulkpo.yaml").write_text(profile, encoding="utf-8")
    run([*CHECK[:-1], "sandbox"])
    said = capsys.readouterr().out.splitlines()
    any_name = "  the sandbox takes any name: nothing says that what the orders refer to is in Coupa"
    assert (any_name in said) == (references == "open")
    assert "  everything the orders refer to is there" not in said or references == "starter"


@pytest.mark.parametrize("missing", WISHED)
def test_each_scope_that_is_missing_is_named_and_the_rest_is_looked_up(
    instance: Instance, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    instance(KNOWN - {missing})
    assert run(CHECK) == 1
    said = capsys.readouterr().out.splitlines()
    told = [line for line in said if "could not be looked up" in line]
    assert sorted(told) == [
        f"  {resource} could not be looked up: grant the client {missing} in Coupa" for resource in WISHED[missing]
    ]
    assert "  everything else the orders refer to is there" in said
    assert run([*CHECK, "--json"]) == 1
    assert sorted(json.loads(capsys.readouterr().out)["unchecked"]) == WISHED[missing]


def test_an_import_goes_without_the_scopes_it_can_do_without(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance(NEEDED)
    assert run(IMPORT) == 0
    said = capsys.readouterr().out
    assert said.count("could not be looked up: grant the client") == 7
    assert "as external orders: they cannot be changed in Coupa's own pages" in " ".join(said.split())
    assert "Run 1: 1 created" in said


@pytest.mark.parametrize("missing", sorted(NEEDED))
def test_a_scope_that_the_command_needs_is_named_before_anything_is_sent(
    instance: Instance, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    instance(KNOWN - {missing})
    assert run(IMPORT) == 4
    said = " ".join(capsys.readouterr().err.split())
    assert "grant the client these scopes in Coupa, all of them: core.purchase_order.read, core.purchase_order" in said


@pytest.mark.parametrize(
    "written",
    [
        "[core.purchase_order.read, core.purchase_order.write]",
        "'core.purchase_order.read, core.purchase_order.write'",
        "['core.purchase_order.read,core.purchase_order.write']",
        "core.purchase_order.read core.purchase_order.write",
    ],
)
def test_scopes_of_the_profiles_own_are_taken_as_they_are_however_they_are_pasted(
    instance: Instance, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    instance(NEEDED, written)
    assert run(CHECK) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "users could not be looked up: there (http" in said
    assert "grant the client core.user.read in Coupa, and list it in the profile" in said


def test_an_export_asks_for_the_scope_of_its_resource_alone(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance(frozenset({"core.user.read"}))
    assert run(["export", "users", "--columns", "login", "-o", "users.csv", "--to", "there"]) == 0
    assert run(["export", "suppliers", "--columns", "name", "-o", "suppliers.csv", "--to", "there"]) == 4
    assert "all of them: core.supplier.read" in " ".join(capsys.readouterr().err.split())


def test_ping_says_what_is_not_granted(instance: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    instance(NEEDED | {"core.common.read", "core.supplier.read"})
    assert run(["ping", "--to", "there"]) == 0
    assert capsys.readouterr().out.endswith("; not granted: core.user.read, core.accounting.read\n")


def test_the_embedded_sandbox_can_be_rehearsed_with_the_scopes_one_has(
    instance: Instance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instance(KNOWN)
    text = "bulkpo: profiles/1\nprofiles: {sandbox: {scopes: [core.purchase_order.read]}}\n"
    (tmp_path / "bulkpo.yaml").write_text(text, encoding="utf-8")
    assert run(["import", "small.yaml", "orders.csv"]) == 4
    assert "grant the client core.purchase_order.write" in " ".join(capsys.readouterr().err.split())
