"""What the sandbox keeps, and the reference data it starts with."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox_api import Api, a_line, an_order

from bulkpo.errors import BulkpoError, InputError, OutputError, ServiceError, UsageError
from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer
from bulkpo.workspace.opening import serve_sandbox
from bulkpo.workspace.requests import SandboxRequest

ORDERS = "purchase_orders"


def test_orders_outlive_the_server(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as sandbox:
        order = Api(sandbox.url).create("PO-1")
    assert (tmp_path / "sandbox.db").is_file()
    with SandboxServer(tmp_path) as sandbox:
        api = Api(sandbox.url)
        assert api.get(f"{ORDERS}/{order['id']}").json == order
        assert api.post(ORDERS, an_order("PO-1")).errors == ["Po number has already been taken"]
        assert api.create("PO-2")["id"] > order["id"]
        assert len(api.get("currencies").json) == 8


def test_an_order_that_was_answered_outlives_a_killed_server(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from bulkpo.sandbox.serving.server import SandboxServer\n"
        "sandbox = SandboxServer(Path(sys.argv[1])); print(sandbox.url, flush=True); sandbox.serve_forever()"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        api = Api(server.stdout.readline().strip())
        created = [api.create(f"PO-{number}") for number in range(20)]
        os.kill(server.pid, signal.SIGKILL)
    for _ in range(2):  # what the dead server left out of its tables is made up for once
        with SandboxServer(tmp_path) as sandbox:
            api = Api(sandbox.url)
            assert api.find(ORDERS, "").json == created
            for number, order in enumerate(created):
                line = order["order-lines"][0]["id"]
                for query in (f"po-number=PO-{number}", f"order-lines[id]={line}", f"id={order['id']}"):
                    assert api.find(ORDERS, query).json == [order]
            assert len(api.find(ORDERS, "order-lines[account][code]=01-100-8000&order-lines[price][gt]=10").json) == 20
            assert api.post(ORDERS, an_order("PO-7")).errors == ["Po number has already been taken"]


def test_new_orders_are_found_at_once_between_changes_and_refusals(api: Api) -> None:
    for number in range(40):
        made = api.create(f"PO-{number}", order_lines=[a_line(price=str(number + 1))])
        assert api.post(ORDERS, an_order(f"PO-{number}")).errors == ["Po number has already been taken"]
        if number % 3 == 0:
            assert api.find(ORDERS, f"order-lines[price]={number + 1}").json == [made]
        if number % 3 == 1:
            line = made["order-lines"][0]["id"]
            assert api.put(f"{ORDERS}/{made['id']}", {"order-lines": [{"id": line, "price": "900"}]}).status == 200
            assert api.put(f"{ORDERS}/{made['id']}", {"po-number": "x" * 30}).status == 400
        if number % 5 == 4:
            assert api.call("DELETE", f"/api/purchase_order_lines/{made['order-lines'][0]['id']}").status == 400
    assert len(api.find(ORDERS, "order-lines[price]=900").json) == 13
    assert len(api.find(ORDERS, "order-lines[price][lt]=900").json) == 27


def test_many_new_orders_are_found_by_what_they_hold(api: Api) -> None:
    for number in range(300):
        api.create(f"PO-{number}", order_lines=[a_line(price=str(number % 7))])
    assert [order["po-number"] for order in api.find(ORDERS, "order-lines[price]=3&offset=40").json] == [
        *("PO-283", "PO-290", "PO-297")
    ]
    assert api.post(ORDERS, an_order("PO-299")).errors == ["Po number has already been taken"]


def test_ids_are_never_given_twice_even_after_refusals(tmp_path: Path) -> None:
    seen: set[int] = set()
    for run in range(3):
        with SandboxServer(tmp_path) as sandbox:
            api = Api(sandbox.url)
            for number in range(12):
                # Each refused document has used up many ids before it is given up.
                assert api.post(ORDERS, an_order("x" * 30, order_lines=[a_line() for _ in range(120)])).status == 400
                order = api.create(f"PO-{run}-{number}")
                ids = {order["id"], *(line["id"] for line in order["order-lines"])}
                assert not ids & seen
                seen |= ids


def test_two_sandboxes_do_not_share_a_folder(tmp_path: Path) -> None:
    with SandboxServer(tmp_path), pytest.raises(OutputError, match="stop it or choose another folder"):
        SandboxServer(tmp_path)


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "sandbox.db").write_text("my notes " * 1000, encoding="utf-8")
    with pytest.raises(OutputError, match="cannot keep its data here"):
        SandboxServer(tmp_path)
    assert (tmp_path / "sandbox.db").read_text(encoding="utf-8").startswith("my notes")


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with SandboxServer() as sandbox:
        port = int(sandbox.url.rpartition(":")[2])
        with pytest.raises(ServiceError, match=f"cannot listen on 127.0.0.1:{port}.*choose another port"):
            SandboxServer(tmp_path, SandboxOptions(port=port))


@pytest.mark.parametrize("host", ["", " "])
def test_an_empty_host_is_refused_and_not_taken_for_every_address(host: str) -> None:
    with pytest.raises(UsageError, match="the sandbox's host is empty"):
        serve_sandbox(SandboxRequest(host=host, memory=True))


def test_a_host_that_cannot_be_listened_on_is_not_said_to_be_a_port() -> None:
    with pytest.raises(ServiceError, match="choose another address or port"):
        SandboxServer(options=SandboxOptions(host="192.0.2.1"))


# Reference data


@pytest.mark.parametrize(
    ("resource", "count"),
    [
        *(("suppliers", 8), ("users", 5), ("addresses", 4), ("accounts", 6), ("currencies", 8), ("uoms", 13)),
        *(("payment_terms", 5), ("shipping_terms", 5), ("commodities", 6), ("departments", 5), ("items", 2)),
    ],
)
def test_a_sandbox_starts_with_reference_data(api: Api, resource: str, count: int) -> None:
    assert len(api.get(resource).json) == count


def test_every_way_to_name_a_reference_finds_the_same_record(api: Api) -> None:
    ways = {
        "supplier": [{"number": "00042"}, {"name": "Umbrella Office"}, {"name": "Umbrella Office", "number": "00042"}],
        "ship_to_user": [
            {"login": "jdoe"},
            {"email": "jane.doe@example.com"},
            {"employee-number": "E002"},
            {"employee_number": "E002"},
        ],
        "payment_term": [{"code": "Net 30"}],
        "shipping_term": [{"code": "FOB"}],
        "ship_to_address": [{"location-code": "LON"}, {"name": "London"}],
        "currency": [{"code": "GBP"}],
    }
    number = 0
    for name, given in ways.items():
        found = set()
        for keys in given:
            number += 1
            order = api.create(f"PO-{number}", **{name: keys})
            found.add(order[name.replace("_", "-")]["id"])
            number += 1
            assert api.create(f"PO-{number}", **{name: {"id": found.copy().pop()}})["po-number"]
        assert len(found) == 1, name


def test_the_references_of_a_line_are_shown_with_what_they_are(api: Api) -> None:
    line = a_line(
        account={"code": "02-100-8000", "account-type": {"name": "SAP200"}},
        commodity={"name": "Software"},
        department={"name": "IT"},
        item={"item-number": "LAPTOP-13"},
    )
    shown = api.create("PO-1", order_lines=[line])["order-lines"][0]
    assert (shown["account"]["segment-1"], shown["account"]["account-type"]["name"]) == ("02", "SAP200")
    assert (shown["commodity"]["category"], shown["department"]["name"]) == ("services", "IT")
    assert (shown["item"]["name"], shown["item"]["uom"]["code"]) == ("Laptop 13 inch", "EA")


def test_open_references_are_made_on_first_use_and_only_once() -> None:
    with SandboxServer(None, SandboxOptions(references=References.OPEN)) as sandbox:
        api = Api(sandbox.url)
        changes = {"supplier": {"number": "N-1"}, "ship_to_user": {"login": "new"}, "payment_term": {"code": "Net 7"}}
        line = a_line(
            account={"code": "9-9", "account-type": {"name": "New"}}, uom={"code": "ZZ"}, currency={"code": "XTS"}
        )
        first = api.create("PO-1", **changes, order_lines=[line])
        second = api.create("PO-2", **changes, order_lines=[line])
        for name in ("supplier", "ship-to-user", "payment-term", "currency"):
            assert first[name]["id"] == second[name]["id"]
        assert first["order-lines"][0]["account"]["segment-2"] == "9"
        assert [one["name"] for one in api.get("account_types", name="New").json] == ["New"]
        assert len(api.get("suppliers", number="N-1").json) == 1


def test_open_references_still_refuse_what_is_inactive_or_contradicts_itself() -> None:
    with SandboxServer(None, SandboxOptions(references=References.OPEN)) as sandbox:
        api = Api(sandbox.url)
        for supplier in ({"number": "V900"}, {"number": "V100", "name": "Globex"}, {"id": 77}, {"website": "x"}):
            assert api.post(ORDERS, an_order("PO-1", supplier=supplier)).status == 400


def test_a_refused_order_makes_no_open_reference() -> None:
    with SandboxServer(None, SandboxOptions(references=References.OPEN)) as sandbox:
        api = Api(sandbox.url)
        refused = api.post(ORDERS, an_order("x" * 21, supplier={"number": "N-1"}))
        assert refused.errors == ["Po number is too long (maximum is 20 characters)"]
        assert api.get("suppliers", number="N-1").json == []
        assert api.create("PO-1", supplier={"number": "N-1"})["supplier"]["number"] == "N-1"


def test_reference_data_come_from_yaml_and_csv(tmp_path: Path) -> None:
    yaml = tmp_path / "ours.yaml"
    yaml.write_text("suppliers:\n  - {number: 007, name: Bond}\ndepartments: [{name: Secrets}]\n", encoding="utf-8")
    csv = tmp_path / "accounts.csv"
    csv.write_text('\ufeffcode,name,account-type/name\n01-007-0000,"Spies, and more",SAP100\n', encoding="utf-8")
    options = SandboxOptions(reference_files=(yaml, csv))
    for _ in range(2):  # files are given with every start, and loaded once
        with SandboxServer(tmp_path / "store", options) as sandbox:
            api = Api(sandbox.url)
            assert [one["name"] for one in api.get("suppliers", number="007").json] == ["Bond"]
            (account,) = api.get("accounts", code="01-007-0000").json
            assert (account["name"], account["account-type"]["name"]) == ("Spies, and more", "SAP100")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.yaml", "supliers: []", "a.yaml: 'supliers' is not a resource of Coupa; did you mean suppliers"),
        ("a.yaml", "suppliers: [{nam: x}]", "a.yaml: suppliers[1]: Unknown element 'nam' of supplier"),
        ("a.yaml", "suppliers: {name: x}", "a.yaml: suppliers: expected a list of records"),
        ("a.yaml", "- x", "a.yaml: expected resources, each with a list of records"),
        ("a.yaml", "a: [", "a.yaml:2:1: this is not YAML"),
        (
            "uoms.csv",
            "code,allowable-precision\nEA2,some\n",
            "uoms.csv: uoms[1]: Allowable precision is not a whole number",
        ),
        (
            "currencies.csv",
            "code\nTOOLONG\n",
            "currencies.csv: currencies[1]: Code is too long (maximum is 6 characters)",
        ),
    ],
)
def test_reference_data_that_cannot_be_loaded_are_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BulkpoError) as caught:
        SandboxServer(None, SandboxOptions(reference_files=(tmp_path / name,)))
    assert str(caught.value).startswith(message)


def test_a_reference_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        SandboxServer(None, SandboxOptions(reference_files=(tmp_path / "none.yaml",)))


# Other resources


def test_records_are_created_changed_and_used(api: Api) -> None:
    created = api.post("suppliers", {"name": "New Ltd", "number": "V1"})
    assert (created.status, created.json["status"], created.json["display-name"]) == (201, "active", "New Ltd")
    assert api.create("PO-1", supplier={"number": "V1"})["supplier"]["name"] == "New Ltd"
    assert api.put(f"suppliers/{created.json['id']}", {"name": "Newer Ltd"}).json["number"] == "V1"
    assert api.create("PO-2", supplier={"number": "V1"})["supplier"]["name"] == "Newer Ltd"
    assert [one["po-number"] for one in api.find(ORDERS, "supplier[name]=Newer Ltd".replace(" ", "+")).json] == [
        "PO-1",
        "PO-2",
    ]
    api.put(f"suppliers/{created.json['id']}", {"status": "inactive"})
    assert api.post(ORDERS, an_order("PO-3", supplier={"number": "V1"})).status == 400


def test_records_are_validated_and_unique(api: Api) -> None:
    assert api.post("suppliers", {}).errors == ["Name can't be blank"]
    assert api.post("suppliers", {"name": "Globex", "po-method": "pigeon"}).errors == [
        *("Po method is not included in the list", "Name has already been taken")
    ]
    account = {"segment-1": "05", "segment-2": "1", "account-type": {"name": "SAP100"}}
    assert api.post("accounts", account).json["code"] == "05-1"


def test_a_user_is_made_with_what_follows_from_the_name(api: Api) -> None:
    user = {"login": "new", "email": "new@example.com", "firstname": "Ann", "lastname": "New"}
    assert api.post("users", user).json["fullname"] == "Ann New"
