import base64
import shlex
import time

import pytest
from sandbox_api import TABLES, Api

from bulkpo.cli.sandbox import sandbox_command
from bulkpo.sandbox.scopes import KNOWN, opening
from bulkpo.sandbox.serving.server import SandboxOptions, SandboxServer
from bulkpo.schema.scopes import scope_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BASIC = {"Authorization": "Basic " + base64.b64encode(b"sandbox:sandbox").decode()}
GRANT = "grant_type=client_credentials&scope=core.common.read"
CREDENTIALS = "client_id=sandbox&client_secret=sandbox"


@pytest.mark.parametrize(
    ("target", "body", "headers"),
    [
        ("/oauth2/token", f"{GRANT}&{CREDENTIALS}", FORM),
        ("/oauth2/token", f"{GRANT}&{CREDENTIALS}", {}),
        ("/oauth2/token/", f"{GRANT}&{CREDENTIALS}", FORM),
        ("/oauth2/token", GRANT, FORM | BASIC),
        ("/oauth2/token", f"{GRANT}&{CREDENTIALS}", FORM | BASIC),
        (f"/oauth2/token?{GRANT}&{CREDENTIALS}", "", {}),
    ],
)
def test_credentials_may_come_in_the_body_in_a_basic_header_or_in_the_query(
    api: Api, target: str, body: str, headers: dict[str, str]
) -> None:
    reply = api.raw("POST", target, body.encode(), headers)
    assert reply.status == 200
    assert reply.json["token_type"] == "bearer"
    assert reply.json["expires_in"] == 86_400
    assert reply.json["scope"] == "core.common.read"


@pytest.mark.parametrize(
    "scope", ["core.common.read core.user.read", "core.common.read\tcore.user.read  core.item.write"]
)
def test_the_granted_scope_is_repeated_exactly(api: Api, scope: str) -> None:
    assert api.grant(scope=scope).json["scope"] == scope


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"scope": "core.common"}, 400, "invalid_scope"),
    ],
)
def test_refusals_follow_oauth(api: Api, form: dict[str, str], status: int, error: str) -> None:
    reply = api.grant(**{"scope": "core.common.read", **form})
    assert (reply.status, reply.json["error"]) == (status, error)


def test_a_basic_header_that_cannot_be_read_is_an_invalid_request(api: Api) -> None:
    reply = api.raw("POST", "/oauth2/token", GRANT.encode(), {"Authorization": "Basic ***"})
    assert (reply.status, reply.json["error"]) == (400, "invalid_request")


def test_several_tokens_live_at_a_time(api: Api) -> None:
    first, second = (api.grant(scope="core.common.read").json["access_token"] for _ in range(2))
    assert first != second
    for token in (first, second):
        api.token = token
        assert api.get("uoms").status == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic c2FuZGJveDpzYW5kYm94"])
def test_without_a_living_token_nothing_is_told(api: Api, header: str) -> None:
    reply = api.raw("GET", "/api/uoms", headers={"Authorization": header} if header else {})
    assert reply.status == 401
    assert reply.errors == ["The access token is missing, unknown or expired"]


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("core.purchase_order.read", "GET", "/api/purchase_order_revisions", 200),
        ("core.purchase_order.read", "POST", "/api/purchase_orders", 403),
        ("core.purchase_order.write", "GET", "/api/purchase_orders", 403),
        ("core.purchase_order.write", "POST", "/api/purchase_orders", 400),
        ("core.common.read", "GET", "/api/currencies", 200),
        ("core.common.read", "GET", "/api/suppliers", 403),
        ("core.supplier.read", "GET", "/api/suppliers", 200),
        ("core.user.read", "GET", "/api/users", 200),
        ("core.common.read", "GET", "/api/users", 403),
        ("core.accounting.read", "GET", "/api/accounts", 200),
        ("core.common.read", "GET", "/api/accounts", 403),
        ("core.common.read", "GET", "/api/uoms", 200),
        ("core.catalog.read", "GET", "/api/items", 200),
    ],
)
def test_scopes_are_checked_for_each_resource_and_verb(
    api: Api, scope: str, method: str, path: str, status: int
) -> None:
    api.token = api.grant(scope=scope).json["access_token"]
    reply = api.call(method, path, {} if method == "POST" else None)
    assert reply.status == status
    if status == 403:
        assert reply.errors[0].startswith("The access token lacks the scope core.")


def test_tokens_end_after_their_time() -> None:
    with SandboxServer(None, SandboxOptions(token_seconds=0.2)) as sandbox:
        brief = Api(sandbox.url)
        assert brief.get("uoms").status == 200
        time.sleep(0.25)
        assert brief.get("uoms").status == 401


def test_the_token_request_in_the_commands_help_is_granted(api: Api) -> None:
    example = (sandbox_command.help or "").partition("curl ")[2].replace("\\\n", " ")
    *words, url = shlex.split(example)
    assert url.endswith("/oauth2/token")
    body = "&".join(word for word in words if word != "-d").replace(" ", "+")
    assert api.raw("POST", "/oauth2/token", body.encode(), FORM).status == 200


@pytest.mark.parametrize("resource", TABLES.resource_names())
@pytest.mark.parametrize("verb", ["read", "write"])
def test_the_client_and_the_sandbox_know_the_same_scope_of_every_resource(resource: str, verb: str) -> None:
    assert opening(resource, verb)[0] == scope_of(resource, verb)
    assert scope_of(resource, verb) in KNOWN or verb == "write"


@pytest.mark.parametrize(
    "scope", ["core.purchase_orders.read", "core.common.read,core.user.read", "admin", "core.user"]
)
def test_a_scope_that_does_not_exist_is_refused(api: Api, scope: str) -> None:
    reply = api.grant(scope=f"core.common.read {scope}")
    assert (reply.status, reply.json["error"]) == (400, "invalid_scope")
    assert reply.json["error_description"] == f"The scope is unknown: {scope}"


def test_a_scope_that_is_not_granted_loses_the_whole_token() -> None:
    with SandboxServer(None, SandboxOptions(granted=frozenset({"core.common.read"}))) as sandbox:
        some = Api(sandbox.url, "core.common.read")
        assert some.get("uoms").status == 200
        reply = some.grant(scope="core.common.read core.user.read")
    assert (reply.status, reply.json["error"]) == (400, "invalid_scope")
    assert reply.json["error_description"] == "The client is not granted all scopes"
