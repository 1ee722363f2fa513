"""Marked secrets through every input: the mark is in no output, no file and no journal."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from raw_server import Script, framed, raw_server

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "mappings/import/legacy-orders.yaml"
MARK = "S3cr3tMark0123456789"
PROFILE = """\
bulkpo: profiles/1
profiles:
  acme:
    url: {url}
    client_id: me
    timeout: 2
"""


def bulkpo(folder: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bulkpo", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={name: value for name, value in os.environ.items() if "proxy" not in name.lower()} | environment,
    )


def assert_unmarked(folder: Path, done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr, done.stderr
    for mark in (MARK, base64.b64encode(f"me:{MARK}".encode()).decode()):
        assert mark not in done.stdout
        assert mark not in done.stderr
        for path in folder.rglob("*"):
            if path.is_file() and path.name != ".netrc":
                assert mark.encode() not in path.read_bytes(), path


def prepared(folder: Path, url: str) -> None:
    (folder / "bulkpo.yaml").write_text(PROFILE.format(url=url))
    (folder / "orders.xlsx").write_bytes((ROOT / "samples/legacy-orders.xlsx").read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize(
    "proxy",
    [
        f"http://me:{MARK}#1@127.0.0.1:9",
        f"http://me:{MARK}/x@127.0.0.1:9",
        f"http://me:{MARK}?x@127.0.0.1:9",
        f"http://me:{MARK}@127.0.0.1:99999",
        f"http://me:{MARK}@127.0.0.1:port",
        f"http://me:{MARK}@[::1",
        f"socks9://me:{MARK}@127.0.0.1:9",
        f"http://me:{MARK}@127.0.0.1:9",
        f"me:{MARK}@127.0.0.1:9",
    ],
)
def test_a_proxys_password_is_never_shown(tmp_path: Path, proxy: str) -> None:
    prepared(tmp_path, "https://acme.example.com")
    done = bulkpo(tmp_path, "ping", "--to", "acme", BULKPO_ACME_CLIENT_SECRET="x", HTTPS_PROXY=proxy)
    assert done.returncode == 4, done.stderr
    assert_unmarked(tmp_path, done)


def token(text: str) -> bytes:
    return framed(text.encode())


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [
        token(f'{{"access_token": "{MARK}\\r\\nX: y", "expires_in": 60}}'),
        token(f'{{"access_token": "{MARK} and more", "expires_in": 60}}'),
        token(f'{{"access_token": "{MARK}é", "expires_in": 60}}'),
        token(f'{{"access_token": ["{MARK}"]}}'),
        token(f'{{"error": "{MARK}", "error_description": "{MARK}"}}'),
        framed(f'{{"error": "invalid_client", "secret": "{MARK}"}}'.encode(), b"HTTP/1.1 401 Unauthorized"),
        framed(f"<html>{MARK}</html>".encode(), media=b"text/html"),
        framed(
            b"", b"HTTP/1.1 302 Found\r\nLocation: https://me:" + MARK.encode() + b"@login.example/?t=" + MARK.encode()
        ),
        b"HTTP/1.1 " + MARK.encode() + b"\r\n\r\n",
        token("[" * 100_000),
    ],
)
def test_a_token_answer_is_never_shown(tmp_path: Path, answer: bytes) -> None:
    with raw_server(lambda _: iter(()), token=answer) as url:
        prepared(tmp_path, url)
        done = bulkpo(tmp_path, "ping", "--to", "acme", BULKPO_ACME_CLIENT_SECRET=MARK)
    assert done.returncode == 4, done.stderr
    assert_unmarked(tmp_path, done)


def echo(status: bytes, media: bytes, form: str) -> Script:
    """Answers with its request's own head, as some gateways do, and the client's secret."""

    def script(head: bytes) -> Iterator[bytes]:
        lines = [line for line in head.decode().splitlines() if line.startswith("Authorization")]
        yield framed(form.format(" ".join([*lines, MARK])).encode(), b"HTTP/1.1 " + status, media)

    return script


@pytest.mark.parametrize(
    "script",
    [
        echo(b"400 Bad Request", b"application/json", '{{"errors": ["{}"]}}'),
        echo(b"400 Bad Request", b"application/xml", "<errors><error>{}</error></errors>"),
        echo(b"403 Forbidden", b"application/json", '{{"errors": ["{}"]}}'),
        echo(b"404 Not Found", b"application/json", '{{"message": "{}"}}'),
        echo(b"201 Created", b"application/json", '{{"id": 7, "status": "{}", "version": "{0}"}}'),
        echo(b"200 OK", MARK.encode() + b"/html", "{}"),
        echo(b"302 Found\r\nLocation: https://" + MARK.encode() + b".example/", b"text/html", "{}"),
        echo(b"400 Bad Request", b"application/json", '{{"' + MARK + '": ["{}"]}}'),
        echo(b"404 " + MARK.encode(), b"application/json", '{{"errors": {{"{}": "gone"}}}}'),
    ],
)
def test_an_answer_that_echoes_secrets_gives_none_away(tmp_path: Path, script: Script) -> None:
    def serve(head: bytes) -> Iterator[bytes]:
        return script(head) if head.startswith(b"POST") else iter([framed(b"[]")])

    answer = framed(f'{{"access_token": "{MARK}Token", "expires_in": 86399}}'.encode())
    with raw_server(serve, token=answer) as url:
        prepared(tmp_path, url)
        options = ("--to", "acme", "--yes", "--limit", "2", "--json")
        done = bulkpo(tmp_path, "import", MAPPING, "orders.xlsx", *options, BULKPO_ACME_CLIENT_SECRET=MARK)
    assert_unmarked(tmp_path, done)
    assert done.returncode in (1, 4, 5), done.stderr


@pytest.mark.parametrize(
    "form", ["Bearer {}", "Authorization: {}", "client_secret={}&scope=x", '{{"client_secret": "{}"}}']
)
def test_a_short_secret_is_taken_out_of_a_credential_that_is_echoed(tmp_path: Path, form: str) -> None:
    short = "Hush7"

    def serve(head: bytes) -> Iterator[bytes]:
        if head.startswith(b"POST"):
            said = json.dumps({"errors": [f"no order of Hush7y: {form.format(short)}"]})
            return iter([framed(said.encode(), b"HTTP/1.1 400 Bad Request")])
        return iter([framed(b"[]")])

    with raw_server(serve, token=framed(b'{"access_token": "Hush7", "expires_in": 86399}')) as url:
        prepared(tmp_path, url)
        options = ("--to", "acme", "--yes", "--limit", "1", "--json", "--no-preflight")
        done = bulkpo(tmp_path, "import", MAPPING, "orders.xlsx", *options, BULKPO_ACME_CLIENT_SECRET=short)
        shown = bulkpo(tmp_path, "show", "1")
    assert done.returncode == 1, done.stderr
    assert "no order of Hush7y: " in shown.stdout
    assert "[secret]" in shown.stdout
    assert short not in shown.stdout.replace("Hush7y", "")


@pytest.mark.slow
@pytest.mark.parametrize("status", [b"200 OK", b"400 Bad Request"])
def test_whatever_is_asked_of_an_instance_that_echoes_secrets_nothing_gives_them_away(
    tmp_path: Path, status: bytes
) -> None:
    """Orders are made; every question and every change after that is answered with the credentials it came with."""

    def serve(head: bytes) -> Iterator[bytes]:
        if head.startswith(b"POST"):
            return iter([framed(b'{"id": 7, "status": "draft", "version": 1}', b"HTTP/1.1 201 Created")])
        if not (tmp_path / "made").exists():
            return iter([framed(b"[]")])
        said = '[{{"id": 7, "po-number": "{0}", "status": "{0}", "version": "{0}", "errors": ["{0}"]}}]'
        return echo(status, b"application/json", said)(head)

    answer = framed(f'{{"access_token": "{MARK}Token", "expires_in": 86399}}'.encode())
    with raw_server(serve, token=answer) as url:
        prepared(tmp_path, url)
        (tmp_path / "bulkpo.yaml").write_text(PROFILE.format(url=url) + "    settle_for: 30\n")
        (tmp_path / "export.yaml").write_text("bulkpo: export/1\nname: e\ncolumns: {No: po-number, Note: status}\n")
        to = ("--to", "acme")
        for command in (
            ["import", MAPPING, "orders.xlsx", *to, "--yes", "--limit", "1", "--no-preflight"],
            ["show", "1"],
            ["import", MAPPING, "orders.xlsx", *to, "--plan", "plan.xlsx"],
            ["do", "cancel", "--run", "1", *to, "--yes"],
            ["undo", "1", "--yes"],
            ["export", "export.yaml", *to, "-o", "all.csv"],
            ["export", "export.yaml", *to, "--editable", "-o", "edit.xlsx"],
            ["evidence", "1", "-o", "pack.zip"],
            ["journal", "export", "journal.jsonl"],
        ):
            assert_unmarked(tmp_path, bulkpo(tmp_path, *command, BULKPO_ACME_CLIENT_SECRET=MARK))
            (tmp_path / "made").touch()


def test_what_stands_in_odd_places_is_in_no_output(tmp_path: Path) -> None:
    prepared(tmp_path, f"https://acme.example.com/?token={MARK}")
    (tmp_path / "aws.csv").write_text(f"Key,Secret\n{MARK},a\n{MARK},b\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text(
        "bulkpo: import/1\nname: m\nresource: purchase_orders\ndocument: {key: po-number}\n"
        "columns: {Number: po-number}\ncrosswalks: {x: aws.csv}\n",
        encoding="utf-8",
    )
    done = bulkpo(tmp_path, "check", "m.yaml", "orders.xlsx")
    assert done.returncode == 2
    assert MARK not in done.stdout + done.stderr


def test_a_netrc_entry_and_an_unreadable_one_are_never_shown(tmp_path: Path) -> None:
    with raw_server(lambda _: iter([framed(b"[]")])) as url:
        prepared(tmp_path, url)
        for entry in (f"machine 127.0.0.1 login me password {MARK}\n", f"machine 127.0.0.1 {MARK} {MARK}\n"):
            (tmp_path / ".netrc").write_text(entry)
            environment = {"HOME": str(tmp_path), "NETRC": str(tmp_path / ".netrc")}
            done = bulkpo(tmp_path, "ping", "--to", "acme", BULKPO_ACME_CLIENT_SECRET="x", **environment)
            assert done.returncode == 0, done.stderr
            assert_unmarked(tmp_path, done)
