"""Attachments as forms: what people and programs send, what is kept, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sandbox_api import JSON, Api, Reply

from bulkpo.sandbox.serving.server import SandboxServer

ORDERS = "purchase_orders"
MEGABYTE = 1024 * 1024


def attach(api: Api, **sent: Any) -> requests.Response:  # noqa: ANN401 - as `requests` takes them
    """A form as a common client writes it."""
    path = f"/api/{ORDERS}/{api.create('PO-1')['id']}/attachments"
    headers = {"Authorization": f"Bearer {api.token}", "Accept": JSON}
    return requests.post(api.url + path, headers=headers, timeout=10, **sent)


def form(api: Api, body: bytes, content_type: str = "multipart/form-data; boundary=xx") -> Reply:
    path = f"/api/{ORDERS}/{api.create('PO-1')['id']}/attachments"
    headers = {"Authorization": f"Bearer {api.token}", "Accept": JSON, "Content-Type": content_type}
    return api.raw("POST", path, body, headers)


def part(disposition: str, content: bytes = b"x") -> bytes:
    return b"--xx\r\nContent-Disposition: form-data; " + disposition.encode() + b"\r\n\r\n" + content + b"\r\n"


@pytest.mark.parametrize("written", ["{}", "attachment[{}]"])
def test_a_file_is_attached_shown_and_given_back_byte_by_byte(api: Api, written: str) -> None:
    content = bytes(range(256)) * 40 + b"\r\n--\r\n\r\n"
    reply = attach(
        api,
        files={written.format("file"): ("Vertrag Ä.pdf", content, "application/pdf")},
        data={written.format("type"): "file", written.format("intent"): "Internal"},
    )
    assert reply.status_code == 201, reply.text
    shown = reply.json()
    assert (shown["file-file-name"], shown["intent"]) == ("Vertrag Ä.pdf", "Internal")
    assert (shown["file-content-type"], shown["file-file-size"]) == ("application/pdf", str(len(content)))
    (order,) = api.find(ORDERS, "po-number=PO-1").json
    assert order["attachments"] == [shown]
    fetched = api.call("GET", shown["file-url"])
    assert (fetched.status, fetched.body, fetched.headers["content-type"]) == (200, content, "application/pdf")


def test_a_form_without_a_file_attaches_its_text(api: Api) -> None:
    reply = attach(api, files={"attachment[text]": (None, "see contract")})
    assert (reply.status_code, reply.json()["text"], reply.json()["file"]) == (201, "see contract", None)
    (order,) = api.find(ORDERS, "po-number=PO-1").json
    assert api.get(f"{ORDERS}/{order['id']}/attachments/{reply.json()['id']}").json == reply.json()
    missing = api.get(f"{ORDERS}/{order['id']}/attachments/1")
    assert (missing.status, missing.errors) == (404, ["Couldn't find Attachment with id 1"])


def test_a_file_has_at_most_8_megabytes(api: Api) -> None:
    assert attach(api, files={"file": ("a.bin", b"\0" * (8 * MEGABYTE))}).status_code == 201
    api.admin("POST", "reset")
    reply = attach(api, files={"file": ("a.bin", b"\0" * (8 * MEGABYTE + 1))})
    assert (reply.status_code, reply.json()["errors"]) == (
        413,
        {"base": ["The file is too large (maximum is 8 MB)"]},
    )
    (order,) = api.find(ORDERS, "po-number=PO-1").json
    assert order["attachments"] == []


def test_a_files_name_is_kept_without_its_folders(api: Api) -> None:
    reply = form(api, part('name="file"; filename="../../etc/passwd"') + b"--xx--\r\n")
    assert (reply.status, reply.json["file-file-name"]) == (201, "passwd")


def test_files_outlive_the_server(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as sandbox:
        url = attach(Api(sandbox.url), files={"file": ("a.txt", b"kept")}).json()["file-url"]
    with SandboxServer(tmp_path) as sandbox:
        assert Api(sandbox.url).call("GET", url).body == b"kept"


@pytest.mark.parametrize(
    ("body", "content_type", "message"),
    [
        (b"", "multipart/form-data", "The form's Content-Type names no boundary"),
        (b"nothing", "multipart/form-data; boundary=xx", "The form has no end"),
        (part('name="text"'), "multipart/form-data; boundary=xx", "The form has no end"),
        (b"--xx\r\nx\r\n--xx--", "multipart/form-data; boundary=xx", "A part of the form has no headers"),
        (part("") + b"--xx--", "multipart/form-data; boundary=xx", "A part of the form has no name"),
        (
            part('name="text"', b"\xff") + b"--xx--",
            "multipart/form-data; boundary=xx",
            "The form's 'text' is not UTF-8 text",
        ),
        (
            part('name="photo"; filename="a"') + b"--xx--",
            "multipart/form-data; boundary=xx",
            "The form must hold one file, named 'file' or 'attachment[file]', not 'photo'",
        ),
        (
            part('name="file"; filename=""') + b"--xx--",
            "multipart/form-data; boundary=xx",
            "The file's name must have 1 to 255 characters",
        ),
        (
            part('name="colour"', b"red") + b"--xx--",
            "multipart/form-data; boundary=xx",
            "Unknown element 'colour' of attachment",
        ),
    ],
)
def test_a_form_that_cannot_be_taken_is_refused_with_why(
    api: Api, body: bytes, content_type: str, message: str
) -> None:
    reply = form(api, body, content_type)
    assert (reply.status, reply.errors) == (400, [message])


def test_a_form_makes_no_order(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": "multipart/form-data; boundary=xx"}
    assert api.raw("POST", f"/api/{ORDERS}", part('name="po-number"') + b"--xx--", headers).status == 415


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(
        st.sampled_from(
            [b"--xx", b"--xx--", b"\r\n", b"\n", b"\r\n\r\n", b'Content-Disposition: form-data; name="file"']
        )
        | st.sampled_from([b'; filename="a"', b"; filename*=utf-8''%ff", b"; filename*=x'", b"Content-Type: a/\xe4"])
        | st.binary(max_size=8),
        max_size=20,
    )
)
def test_no_form_breaks_the_sandbox(api: Api, pieces: list[bytes]) -> None:
    api.admin("POST", "reset")
    reply = form(api, b"".join(pieces))
    assert reply.status in (201, 400)
    if reply.status == 201 and reply.json["file-url"]:
        assert api.call("GET", reply.json["file-url"]).status == 200
