"""Type into a workbook with LibreOffice, as a person does: run by the Python that LibreOffice's own bridge is for.

python office.py IN OUT FILTER, and on standard input a JSON list of [sheet, cell, what is typed].
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

PIPE = f"bulkpo{time.time_ns()}"


def main(source: str, target: str, form: str) -> None:
    """Type everything, and save."""
    with tempfile.TemporaryDirectory() as home:
        listen = f"--accept=pipe,name={PIPE};urp;"
        command = ["soffice", f"-env:UserInstallation=file://{home}", "--headless", "--norestore", listen]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            service = connect()
            desktop = service("com.sun.star.frame.Desktop")
            book = desktop.loadComponentFromURL(Path(source).as_uri(), "_blank", 0, (said("Hidden", True),))
            helper = service("com.sun.star.frame.DispatchHelper")
            control = book.CurrentController
            for sheet, cell, text in json.load(sys.stdin):
                control.setActiveSheet(book.Sheets.getByName(sheet))
                for what, name, value in ((".uno:GoToCell", "ToPoint", cell), (".uno:EnterString", "StringName", text)):
                    helper.executeDispatch(control.Frame, what, "", 0, (said(name, value),))
            book.storeToURL(Path(target).as_uri(), (said("FilterName", form),))
            book.close(True)
            desktop.terminate()
            process.wait(20)
        finally:
            process.kill()


def connect() -> Callable[[str], Any]:
    """What makes the services of LibreOffice, once it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(150):
        try:
            there = resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
        else:
            return lambda name: there.ServiceManager.createInstanceWithContext(name, there)
    raise SystemExit("LibreOffice does not answer")


def said(name: str, value: object) -> object:
    """A named property."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


if __name__ == "__main__":
    main(*sys.argv[1:4])
