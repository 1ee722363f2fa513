"""What a user does to bring orders into Coupa, from the command line, against the sandbox over HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests

from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "mappings/import/legacy-orders.yaml"
KEYS_OF_CHECK = ["rows", "skipped_rows", "documents", "lines", "ok", "failed", "findings", "totals", "report"]
KEYS_OF_IMPORT = [*KEYS_OF_CHECK, "run", "created", "refused", "unknown", "existing", "differs"]
KEYS_OF_IMPORT += ["result", "requests", "seconds"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "orders.xlsx").write_bytes((ROOT / "samples/legacy-orders.xlsx").read_bytes())
    return tmp_path


def bulkpo(folder: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bulkpo", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


def answer(folder: Path, *arguments: object) -> dict[str, Any]:
    done = bulkpo(folder, *arguments, "--json")
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def orders_created(server: SandboxServer) -> int:
    """How many creates the sandbox has answered with 201."""
    facts = requests.get(f"{server.url}/_sandbox/statistics", timeout=10).json()
    wanted = {"method": "POST", "path": "/api/purchase_orders", "status": 201}
    return sum(each["count"] for each in facts["answers"] if wanted.items() <= each.items())


def test_an_import_creates_every_clean_order_and_says_so_three_ways(folder: Path) -> None:
    done = bulkpo(folder, "import", MAPPING, "orders.xlsx")
    assert done.returncode == 0, done.stderr
    assert "67 rows read" in done.stdout
    assert "2 rows skipped: Cancelled *" in done.stdout
    assert "Importing 24 orders into the sandbox; nothing real happens there" in done.stdout
    assert "Run 1: 24 created" in done.stdout
    assert "Sent and read back agree." in done.stdout
    book = openpyxl.load_workbook(folder / "orders.result.xlsx")
    summary = [tuple(row) for row in book["Summary"].iter_rows(min_row=2, values_only=True)]
    assert ("EUR", "Amount", 34018.8075, 34018.8075, 34018.8075, 0, "agree") in summary
    rows = list(book["Rows"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 67
    assert sum("created" in row for row in rows) == 65


def test_import_json_gives_the_fixed_keys(folder: Path) -> None:
    told = answer(folder, "import", MAPPING, "orders.xlsx")
    assert set(KEYS_OF_IMPORT) <= told.keys()
    assert (told["documents"], told["created"], told["refused"], told["unknown"]) == (24, 24, 0, 0)
    amounts = {total["currency"]: Decimal(total["amount"]) for total in told["totals"]}
    assert amounts == {"EUR": Decimal("34018.8075"), "USD": Decimal("138556.5425")}
    for total in told["totals"]:
        figures = {name: total[name] for name in ("documents", "lines", "amount")}
        assert total["sent"] == total["read_back"] == figures


def test_importing_a_file_twice_creates_nothing_the_second_time(folder: Path) -> None:
    assert answer(folder, "import", MAPPING, "orders.xlsx")["created"] == 24
    again = answer(folder, "import", MAPPING, "orders.xlsx")
    assert (again["created"], again["existing"]) == (0, 24)


def test_orders_with_errors_stay_out_and_the_clean_ones_go(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "orders.xlsx")
    book["Orders"]["K3"] = "cheap"
    book.save(folder / "orders.xlsx")
    done = bulkpo(folder, "import", MAPPING, "orders.xlsx")
    assert done.returncode == 1
    assert "Run 1: 23 created" in done.stdout
    assert "sheet Orders, cell K3" in done.stdout
    failed = openpyxl.load_workbook(folder / "orders.failed.xlsx")["Orders"]
    assert {row[0].value for row in failed.iter_rows(min_row=2)} == {"0004711"}


def test_strict_sends_nothing_unless_all_is_clean(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "orders.xlsx")
    book["Orders"]["K3"] = "cheap"
    book.save(folder / "orders.xlsx")
    done = bulkpo(folder, "import", MAPPING, "orders.xlsx", "--strict")
    assert done.returncode == 2
    assert "nothing was sent" in done.stderr
    assert not (folder / "orders.result.xlsx").exists()


def test_a_real_instance_is_asked_for_before_anything_is_sent(folder: Path) -> None:
    with SandboxServer(None, SandboxOptions(references=References.OPEN)) as server:
        profile = f"bulkpo: profiles/1\nprofiles:\n  production:\n    url: {server.url}\n    client_id: sandbox\n"
        (folder / "bulkpo.yaml").write_text(profile, encoding="utf-8")
        secret = {"BULKPO_PRODUCTION_CLIENT_SECRET": "sandbox"}
        ahead = bulkpo(folder, "import", MAPPING, "orders.xlsx", "--to", "production", "--yes", **secret)
        assert ahead.returncode == 1
        assert "is not among the suppliers of production" in " ".join(ahead.stdout.split())
        assert "24 orders held back" in ahead.stdout
        assert orders_created(server) == 0
        command = ["import", MAPPING, "orders.xlsx", "--to", "production", "--no-preflight"]
        unsure = bulkpo(folder, *command, **secret)
        assert unsure.returncode == 2
        assert "add --yes if that is meant" in unsure.stderr
        sure = bulkpo(folder, *command, "--yes", **secret)
        assert sure.returncode == 0, sure.stderr
        assert f"Importing 24 orders into production ({server.url})" in sure.stdout
        wrong = bulkpo(folder, "ping", "--to", "production", BULKPO_PRODUCTION_CLIENT_SECRET="not the secret at all")
        assert wrong.returncode == 4
        assert "not the secret at all" not in wrong.stdout + wrong.stderr


def test_ctrl_c_ends_in_good_order_and_resume_goes_on(folder: Path) -> None:
    with SandboxServer(None, SandboxOptions(references=References.OPEN)) as server:
        profile = f"bulkpo: profiles/1\nprofiles:\n  slow:\n    url: {server.url}\n    client_id: sandbox\n"
        profile += "    rate: 10\n    burst: 1\n"
        (folder / "bulkpo.yaml").write_text(profile, encoding="utf-8")
        environment = os.environ | {"BULKPO_SLOW_CLIENT_SECRET": "sandbox"}
        command = [sys.executable, "-m", "bulkpo", "import", str(MAPPING), "orders.xlsx", "--to", "slow"]
        command += ["--yes", "--no-preflight"]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        deadline = time.monotonic() + 20
        while orders_created(server) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "To go on: bulkpo resume 1" in out
        assert 3 <= orders_created(server) < 24
        done = bulkpo(folder, "resume", "--yes", "--json", BULKPO_SLOW_CLIENT_SECRET="sandbox")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["created"] == 24
        assert orders_created(server) == 24
        again = bulkpo(folder, "resume", BULKPO_SLOW_CLIENT_SECRET="sandbox")
        assert again.returncode == 0
        assert "there is nothing to resume" in again.stdout


def test_resume_refuses_a_changed_file_and_says_which(folder: Path) -> None:
    bulkpo(folder, "import", MAPPING, "orders.xlsx", "--limit", "5")
    book = openpyxl.load_workbook(folder / "orders.xlsx")
    book["Orders"]["H2"] = "Something else"
    book.save(folder / "orders.xlsx")
    done = bulkpo(folder, "resume", "1")
    assert done.returncode == 2
    assert "orders.xlsx: changed since run 1 was planned from it" in done.stderr


def test_a_file_with_a_run_that_is_not_done_is_not_imported_again_unless_that_is_meant(folder: Path) -> None:
    bulkpo(folder, "import", MAPPING, "orders.xlsx", "--limit", "5")
    done = bulkpo(folder, "import", MAPPING, "orders.xlsx")
    assert done.returncode == 2
    assert (
        "orders.xlsx: run 1 brings this file into the sandbox and is not done: `bulkpo resume 1` goes on with it; "
        "--again imports the file anew all the same"
    ) in done.stderr
    again = answer(folder, "import", MAPPING, "orders.xlsx", "--again")
    assert (again["run"], again["existing"], again["created"]) == (2, 5, 19)


def test_runs_and_show_tell_what_happened(folder: Path) -> None:
    bulkpo(folder, "import", MAPPING, "orders.xlsx")
    assert "legacy-orders" in bulkpo(folder, "runs").stdout
    assert "24 orders created" in bulkpo(folder, "show").stdout
    order = bulkpo(folder, "show", "1", "--order", "0004711").stdout
    assert "<po-number>0004711</po-number>" in order
    assert "accepted → created" in order
    assert answer(folder, "show", "1", "--order", "0004711")["state"] == "created"


def test_a_dry_run_tells_what_is_new_what_is_there_and_what_differs(folder: Path) -> None:
    before = answer(folder, "import", MAPPING, "orders.xlsx", "--dry-run")
    assert (before["created"], before["planned"], before["existing"], before["differs"]) == (0, 24, 0, 0)
    assert answer(folder, "import", MAPPING, "orders.xlsx")["created"] == 24
    after = answer(folder, "import", MAPPING, "orders.xlsx", "--dry-run")
    assert (after["created"], after["planned"], after["existing"], after["differs"]) == (0, 0, 24, 0)
    book = openpyxl.load_workbook(folder / "orders.xlsx")
    book["Orders"]["H2"] = "Something else"
    book.save(folder / "orders.xlsx")
    changed = answer(folder, "import", MAPPING, "orders.xlsx", "--dry-run")
    assert (changed["existing"], changed["differs"]) == (23, 1)
    assert "Something else" in changed["differences"]["0004711"]
