"""The schemas that `bulkpo schema` writes hold for what bulkpo takes, and for nothing else that is near it."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bulkpo.cli.main import run
from bulkpo.errors import BulkpoError
from bulkpo.mapping.language.levels import find_spot
from bulkpo.model.path import ElementPath
from bulkpo.schema.meanings import MEANINGS, Meanings
from bulkpo.schema.tables import UnknownElement
from bulkpo.shipped import schema_text
from bulkpo.workspace.editors import SchemaRequest, write_schema
from bulkpo.workspace.opening import Workspace, element_tables

ROOT = Path(__file__).resolve().parents[2]
TABLES = element_tables()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schemas")


def schema(folder: Path, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - any of a request's
    request = SchemaRequest(folder / "s.schema.json", **asked)
    read: dict[str, Any] = json.loads(write_schema(request, Workspace(folder)).file.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("path", sorted((ROOT / "mappings").glob("[ie][mx]*port/*.yaml")), ids=lambda path: path.stem)
def test_no_mapping_that_comes_with_bulkpo_is_marked(path: Path, folder: Path) -> None:
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts alone
    asked: dict[str, Any] = {"way": path.parent.name, "resource": data.get("resource", "purchase_orders")}
    if "instance" in data:
        asked["instance"] = path.parent / data["instance"]
    made = schema(folder, **asked)
    told = [error.message for error in jsonschema.Draft202012Validator(made).iter_errors(_typed(path))]
    assert told == []


def test_what_is_written_is_a_schema(folder: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(folder))


def _typed(path: Path) -> object:
    from bulkpo.yamldoc import parse_yaml

    read: object = json.loads(json.dumps(parse_yaml(path.read_text(encoding="utf-8"), path.name).data, default=float))
    return read


@cache
def _pattern(resource: str) -> "re.Pattern[str]":
    from tempfile import mkdtemp

    made = schema(Path(mkdtemp()), resource=resource)
    return re.compile(made["$defs"]["path"]["pattern"])


@pytest.mark.parametrize("resource", ["purchase_orders", "suppliers", "requisitions", "users", "items"])
def test_every_path_that_is_offered_can_be_filled(resource: str, folder: Path) -> None:
    made = schema(folder, resource=resource)
    offered = [each["const"] for each in made["$defs"]["path"]["anyOf"] if "const" in each]
    assert len(offered) > 40
    assert len(set(offered)) == len(offered)
    for path in offered:
        find_spot(TABLES, TABLES.resource(resource).object, ElementPath.parse(path))


STEPS = """
    supplier number name order-lines order_lines price pric uom code account-allocations custom-fields legacy
    primary-contact email ship-to-user login order-lines[2] currency po-number account segment-1 milestones id
"""


@settings(deadline=None)
@given(st.lists(st.sampled_from(STEPS.split()), min_size=1, max_size=4).map("/".join))
def test_nothing_that_bulkpo_takes_is_marked(path: str) -> None:
    try:
        find_spot(TABLES, "order-header", ElementPath.parse(path))
    except (UnknownElement, ValueError):
        return
    assert _pattern("purchase_orders").match(path)


def test_every_meaning_is_of_an_element_there_is() -> None:
    known = yaml.safe_load(schema_text(MEANINGS))
    lost = [(name, each) for name, told in known.items() for each in told if each not in TABLES.object(name).elements]
    assert lost == []
    told = [facts for each in known.values() for facts in each.values()]
    assert all(facts.keys() <= {"means", "example"} and facts["means"].endswith(".") for facts in told)
    assert Meanings(schema_text(MEANINGS)).of([("order-header", "po-number")]).endswith("which rows are one order.")


def test_a_schema_is_written_anew_and_nobody_elses_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["schema"]) == 0
    assert run(["schema"]) == 0
    assert [path.name for path in tmp_path.glob("*.json")] == ["purchase_orders.import.schema.json"]
    Path("mine.json").write_text("{}", encoding="utf-8")
    assert run(["schema", "-o", "mine.json"]) == 0
    assert Path("mine.json").read_text(encoding="utf-8") == "{}"
    assert capsys.readouterr().out.endswith("  # yaml-language-server: $schema=mine.2.json\n")


def test_what_cannot_be_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for asked, said in (
        ({"resource": "purchase_order"}, "did you mean purchase_orders"),
        ({"resource": "purchase_order_revisions"}, "can only be read, not created; say --for export"),
        ({"instance": Path("none.yaml")}, "none.yaml: there is no such file"),
    ):
        with pytest.raises(BulkpoError, match=re.escape(said)):
            write_schema(SchemaRequest(Path("s.json"), **asked))


@pytest.mark.parametrize(("owner", "told", "all_told"), [("order-header", 20, 26), ("order-line", 33, 45)])
def test_most_elements_that_can_be_sent_say_what_they_mean(owner: str, told: int, all_told: int) -> None:
    """The rest have no source that says it, and are told of by their type and length alone."""
    sent = [name for name, element in TABLES.object(owner).elements.items() if not element.read_only]
    meant = yaml.safe_load(schema_text(MEANINGS))[owner]
    assert (sum(name in meant for name in sent), len(sent)) == (told, all_told)
