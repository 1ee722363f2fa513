"""The law of `since`: whatever changes while it is read, whenever it is killed and whatever the clocks say, each
version that lasts is delivered, and none is delivered twice."""

import csv
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.queries import PAGE, QueryTerm
from bulkpo.journal.notebook import Notebook
from bulkpo.mapping.language.export import ExportContext, ExportMapping, load_export
from bulkpo.model.profile import Profile, Secret
from bulkpo.model.tree import Tree
from bulkpo.runs.exports.run import ExportOptions, ExportResult, exporting
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

HISTORIES = int(os.environ.get("HISTORIES", "40"))
START = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = "bulkpo: export/1\nname: changed\nsince: updated-at\ncolumns: [id, version, updated-at]\n"
MOST_LAG, MOST_SKEW = 5 * 60, 2 * 60
TABLES = ElementTables(schema_text)


class Killed(BaseException):
    """The process is no more."""


@dataclass
class Instance:
    """What Coupa is to an export: documents that change while they are read, each seen a little after its time."""

    chance: random.Random
    profile: Profile = field(
        default_factory=lambda: Profile("there", "http://127.0.0.1", "me", Secret("s"), (), rate=None, workers=1)
    )
    requests: int = 0
    room: None = None
    clock: datetime = START
    shown: dict[int, Tree] = field(default_factory=dict)
    coming: list[tuple[datetime, Tree]] = field(default_factory=list)
    versions: Counter[int] = field(default_factory=Counter)
    step: Callable[[], None] = lambda: None
    is_quiet: bool = False

    def live(self) -> None:
        """Time passes, and people work."""
        chance = self.chance
        for _ in range(chance.choice([0, 0, 1, 3])):
            self.clock += timedelta(seconds=chance.choice([0, 0, 1, 30, 1000, 5000]))
            number = chance.randrange(1, len(self.versions) + 2)
            self.versions[number] += 1
            at = self.clock + timedelta(seconds=chance.randint(-MOST_SKEW, MOST_SKEW))
            body = {"id": number, "version": self.versions[number], "updated-at": at.isoformat(timespec="seconds")}
            self.coming.append((self.clock + timedelta(seconds=chance.randint(0, MOST_LAG)), body))
        self.show()

    def show(self) -> None:
        for moment, body in list(self.coming):
            if moment <= self.clock:
                self.coming.remove((moment, body))
                known = self.shown.get(body["id"])
                if known is None or known["version"] < body["version"]:
                    self.shown[body["id"]] = body

    def page(self, resource: str, conditions: Sequence[QueryTerm], fields: object = None) -> list[Tree]:
        del resource, fields
        self.requests += 1
        self.step()
        if not self.is_quiet:
            self.live()
        asked = dict(conditions)
        above, up_to = int(asked.get("id[gt]", 0)), int(asked.get("id[lt_or_eq]", 10**9))
        oldest = datetime.fromisoformat(asked.get("updated-at[gt_or_eq]", "0001-01-01T00:00:00+00:00"))
        found = [
            dict(body)
            for body in self.shown.values()
            if above < body["id"] <= up_to and datetime.fromisoformat(body["updated-at"]) >= oldest
        ]
        by: Callable[[Tree], Any] = (
            (lambda body: datetime.fromisoformat(body["updated-at"]))
            if asked["order_by"] == "updated_at"
            else (lambda body: body["id"])
        )
        found.sort(key=by, reverse=asked["dir"] == "desc")
        return found[: int(asked.get("limit", PAGE))]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What is called before and after everything that a notebook keeps."""
    called: list[Callable[[], None]] = []
    keep = Notebook._keep

    def keeping(notebook: Notebook, *steps: tuple[str, Any], durable: bool = False) -> None:
        called[-1]()
        keep(notebook, *steps, durable=durable)
        if steps[0][0] != "forget_delivered":  # with the acknowledgement on disk the command has ended
            called[-1]()

    monkeypatch.setattr(Notebook, "_keep", keeping)
    return called


def mapping_at(now: datetime) -> ExportMapping:
    return load_export(TEXT, "changed.yaml", ExportContext(TABLES, schema_text, {}, now, None))


def rows_of(file: Path) -> list[tuple[int, int]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return [(int(row["id"]), int(row["version"])) for row in csv.DictReader(text)]


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_every_version_that_lasts_is_delivered_and_none_twice(
    seed: int, tmp_path: Path, steps: list[Callable[[], None]]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - histories to be repeated, no secrets
    instance = Instance(chance)
    for number in range(1, chance.choice([3, 60, 180]) + 1):
        instance.versions[number] = 1
        at = START - timedelta(seconds=chance.choice([0, 60, 3600, 10**6]))
        instance.shown[number] = {"id": number, "version": 1, "updated-at": at.isoformat(timespec="seconds")}
    seen: Counter[tuple[int, int]] = Counter()

    def command(kill_at: int) -> None:
        left = kill_at

        def step() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed

        instance.step = step
        steps.append(step)
        now = instance.clock + timedelta(seconds=chance.choice([0, 0, -30, 3600, -3600, 10**6, -(10**6)]))
        options = ExportOptions(tmp_path, now, lambda _done, _total: None)
        result: ExportResult | None = None
        try:
            with exporting(mapping_at(now), cast("CoupaClient", instance), tmp_path / "out.csv", options) as ended:
                result = ended
                rows = rows_of(ended.file)
        except Killed:
            return
        assert result is not None
        seen.update(rows)  # who uses the file does so when the command has ended well
        (tmp_path / "out.csv").unlink() if chance.random() < 0.5 else None

    for _ in range(chance.randint(2, 6)):
        command(chance.choice([0, 0, chance.randrange(1, 12), chance.randrange(1, 40)]))
        instance.live()
    instance.clock += timedelta(seconds=MOST_LAG)
    instance.show()
    instance.is_quiet = True
    for _ in range(3):
        command(0)
    assert {number: body["version"] for number, body in instance.shown.items()} == {
        number: max(version for known, version in seen if known == number) for number, _ in seen
    }
    assert set(seen.values()) == {1}
