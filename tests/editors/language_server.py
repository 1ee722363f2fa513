"""npm's yaml-language-server, driven as an editor drives it: JSON-RPC on its standard input and output."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

_SECONDS = 30
_CAPABILITIES = {
    "textDocument": {
        "completion": {"completionItem": {"documentationFormat": ["markdown", "plaintext"]}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "publishDiagnostics": {},
    },
    "workspace": {"configuration": True},
}
SETTINGS = {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}


class Editor:
    """An editor with one document open."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._answers: dict[int, Queue[Any]] = {}
        self._diagnosed: Queue[list[dict[str, Any]]] = Queue()
        self._asked = 0
        self._uri = ""
        self._version = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Open a document, or write it anew; what the server finds wrong in it."""
        while not self._diagnosed.empty():
            self._diagnosed.get()
        self._version += 1
        if self._uri != path.as_uri():
            self._uri = path.as_uri()
            document = {"uri": self._uri, "languageId": "yaml", "version": self._version, "text": text}
            self._tell("textDocument/didOpen", {"textDocument": document})
        else:
            document = {"uri": self._uri, "version": self._version}
            self._tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        found = self._diagnosed.get(timeout=_SECONDS)
        while True:  # the last word counts
            try:
                found = self._diagnosed.get(timeout=2)
            except Empty:
                return found

    def completions(self, line: int, character: int) -> dict[str, str]:
        """The texts that are offered at a place (from 0), each with what is said of it."""
        answer = self._ask("textDocument/completion", self._place(line, character))
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: _text(item.get("documentation")) for item in items}

    def hover(self, line: int, character: int) -> str:
        """What is shown of the text at a place."""
        answer = self._ask("textDocument/hover", self._place(line, character))
        return _text(answer["contents"]) if answer else ""

    def begin(self) -> None:
        """Greet the server."""
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": _CAPABILITIES})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def end(self) -> None:
        """Take leave of it."""
        self._ask("shutdown", None)
        self._tell("exit", None)

    def _place(self, line: int, character: int) -> dict[str, Any]:
        return {"textDocument": {"uri": self._uri}, "position": {"line": line, "character": character}}

    def _ask(self, method: str, parameters: object) -> Any:  # noqa: ANN401 - JSON
        self._asked += 1
        answers = self._answers.setdefault(self._asked, Queue())
        self._send({"jsonrpc": "2.0", "id": self._asked, "method": method, "params": parameters})
        return answers.get(timeout=_SECONDS)

    def _tell(self, method: str, parameters: object) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        for message in _messages(self._process):
            if message.get("method") == "textDocument/publishDiagnostics":
                if message["params"]["uri"] == self._uri:
                    self._diagnosed.put(message["params"]["diagnostics"])
            elif "method" in message and "id" in message:
                asked = message.get("params") or {}
                result = [SETTINGS.get(it.get("section")) for it in asked.get("items", [])] or None
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": result})
            elif "id" in message:
                self._answers[message["id"]].put(message.get("result"))


def _messages(process: "subprocess.Popen[bytes]") -> Iterator[dict[str, Any]]:
    stream = process.stdout
    assert stream is not None
    while True:
        size = 0
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        if not size:
            return
        yield json.loads(stream.read(size))


def _text(said: Any) -> str:  # noqa: ANN401 - JSON
    return said.get("value", "") if isinstance(said, dict) else said or ""


@contextmanager
def language_server(command: list[str]) -> Iterator[Editor]:
    """The server, running as long."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        editor = Editor(process)
        try:
            editor.begin()
            yield editor
            editor.end()
        finally:
            process.kill()
