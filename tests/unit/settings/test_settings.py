import re
from decimal import Decimal
from pathlib import Path

import pytest

from bulkpo.errors import MappingError, UsageError
from bulkpo.model.profile import Format, Integration, Profile, Secret
from bulkpo.settings import load_profile, work_folder

ENVIRONMENT = {"BULKPO_PRODUCTION_CLIENT_SECRET": "hush-hush"}

FILE = """\
bulkpo: profiles/1
profiles:
  production:
    url: https://acme.coupahost.com/
    client_id: 0042
    scopes: [core.purchase_order.read]
    format: json
    rate: 12.5
    burst: 10
    workers: 4
    timeout: 30
    token_wait: 5
    time_zone: America/New_York
"""


def written(folder: Path, text: str) -> Path:
    (folder / "bulkpo.yaml").write_text(text, encoding="utf-8")
    return folder


def problems_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        load_profile("production", written(folder, text), ENVIRONMENT)
    return [problem.removeprefix(f"{(folder / 'bulkpo.yaml').resolve()}:") for problem in caught.value.problems]


def test_a_profile_is_read_in_full(tmp_path: Path) -> None:
    assert load_profile("production", written(tmp_path, FILE), ENVIRONMENT) == Profile(
        "production",
        url="https://acme.coupahost.com",
        client_id="0042",
        client_secret=Secret("hush-hush"),
        scopes=("core.purchase_order.read",),
        has_own_scopes=True,
        format=Format.JSON,
        rate=Decimal("12.5"),
        burst=10,
        workers=4,
        timeout=Decimal(30),
        time_zone="America/New_York",
        token_wait=Decimal(5),
    )


def test_the_file_is_found_upwards_and_the_work_folder_is_beside_it(tmp_path: Path) -> None:
    below = written(tmp_path, FILE) / "a" / "b"
    below.mkdir(parents=True)
    assert load_profile("production", below, ENVIRONMENT).client_id == "0042"
    assert work_folder(below, {}) == tmp_path.resolve() / ".bulkpo"


def test_without_a_file_the_work_folder_is_in_the_working_folder(tmp_path: Path) -> None:
    assert work_folder(tmp_path, {}) == tmp_path.resolve() / ".bulkpo"


def test_the_sandbox_always_exists_and_has_no_limit(tmp_path: Path) -> None:
    profile = load_profile("sandbox", tmp_path, {})
    assert (profile.is_sandbox, profile.url, profile.rate) == (True, "", None)
    assert str(profile) == "the sandbox"


def test_the_sandbox_can_be_given_a_pace_and_a_form_but_no_address(tmp_path: Path) -> None:
    folder = written(tmp_path, "bulkpo: profiles/1\nprofiles:\n  sandbox: {rate: 25, format: xml}\n")
    profile = load_profile("sandbox", folder, {})
    assert (profile.rate, profile.format) == (Decimal(25), Format.XML)
    assert problems_of(tmp_path, "bulkpo: profiles/1\nprofiles:\n  sandbox: {url: https://acme.coupahost.com}\n") == [
        "3:18: 'url' cannot be set: 'sandbox' is the embedded stand-in; give this instance another name"
    ]


def test_a_secret_never_prints(tmp_path: Path) -> None:
    profile = load_profile("production", written(tmp_path, FILE), ENVIRONMENT)
    shown = f"{profile!r} {profile} {profile.client_secret} {profile.client_secret!r} {[profile.client_secret]}"
    assert "hush" not in shown
    assert profile.client_secret.reveal() == "hush-hush"
    assert str(profile) == "production (https://acme.coupahost.com)"


def test_a_missing_secret_names_the_variable_to_set(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the secret of profile 'production' is missing; set the variable BULKPO_PRO"):
        load_profile("production", written(tmp_path, FILE), {})
    named = FILE + "    client_secret_variable: ACME_SECRET\n"
    with pytest.raises(UsageError, match=re.escape("set the variable ACME_SECRET")):
        load_profile("production", written(tmp_path, named), ENVIRONMENT)
    assert load_profile("production", tmp_path, {"ACME_SECRET": "x"}).client_secret == Secret("x")


def test_the_client_id_may_stand_in_the_environment_too(tmp_path: Path) -> None:
    folder = written(tmp_path, FILE.replace("    client_id: 0042\n", ""))
    with pytest.raises(UsageError, match="or set the variable BULKPO_PRODUCTION_CLIENT_ID"):
        load_profile("production", folder, ENVIRONMENT)
    environment = ENVIRONMENT | {"BULKPO_PRODUCTION_CLIENT_ID": "abc"}
    assert load_profile("production", folder, environment).client_id == "abc"


def test_an_unknown_profile_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no profile 'prodction'; did you mean production\?"):
        load_profile("prodction", written(tmp_path, FILE), ENVIRONMENT)
    with pytest.raises(UsageError, match="there is no profile 'x'; it has production"):
        load_profile("x", tmp_path, ENVIRONMENT)


def test_without_a_file_only_the_sandbox_is_known(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no profile 'production': no bulkpo\.yaml in "):
        load_profile("production", tmp_path, ENVIRONMENT)


def test_all_errors_of_the_file_are_told_at_once(tmp_path: Path) -> None:
    text = "bulkpo: profiles/1\nprofiles:\n  production:\n    url: 7\n    formt: xml\n    rate: 26\n"
    assert problems_of(tmp_path, text) == [
        "4:10: 7 is not what belongs here; expected the instance's address, as in https://acme.coupahost.com",
        "5:5: 'formt' is not known here; did you mean format?",
        "6:11: 26 is too much here; at most 25",
    ]


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("http://acme.coupahost.com", "'http://acme.coupahost.com' is not encrypted; write https:// (http:// is only"),
        ("acme.coupahost.com", "'acme.coupahost.com' is not an address; write it as in https://acme.coupahost.com"),
        ("https://me:pw@acme.com", "the address holds a name or password; keep secrets in the environment"),
        ("https://acme.com/api", "this is more than an instance's address; write https://acme.com"),
        ("https://acme.com:x", "'https://acme.com:x' is not an address"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused(tmp_path: Path, url: str, trouble: str) -> None:
    text = f"bulkpo: profiles/1\nprofiles:\n  production:\n    url: '{url}'\n"
    (problem,) = problems_of(tmp_path, text)
    assert problem.startswith(f"4:10: {trouble}")


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"])
def test_http_is_for_this_machine_alone(tmp_path: Path, host: str) -> None:
    folder = written(tmp_path, FILE.replace("https://acme.coupahost.com/", f"http://{host}"))
    assert load_profile("production", folder, ENVIRONMENT).url == f"http://{host}"


def test_a_profile_without_address_or_with_an_unknown_zone_is_refused(tmp_path: Path) -> None:
    text = "bulkpo: profiles/1\nprofiles:\n  production: {time_zone: Mars/Base}\n"
    assert problems_of(tmp_path, text) == [
        "3:15: the profile 'production' has no url; write one, as in https://acme.coupahost.com",
        "3:27: 'Mars/Base' is not a time zone; write one as in America/New_York",
    ]


HISTORY = """\
    integration_history:
      integration: {code: LEGACY}
      refused_orders: true
      contact_alert_type: Technical
"""


def test_the_scopes_of_the_integration_history_are_asked_for_only_where_its_block_stands(tmp_path: Path) -> None:
    plain = load_profile("production", written(tmp_path, FILE), ENVIRONMENT)
    assert plain.integration is None
    assert not any("integration" in scope for scope in plain.scopes)
    told = load_profile("production", written(tmp_path, FILE + HISTORY), ENVIRONMENT)
    assert told.integration == Integration("code", "LEGACY", "Technical", refused_orders=True)
    assert told.scopes == (*plain.scopes, "core.integration.read", "core.integration.write")


def test_records_of_single_orders_need_to_know_whom_they_are_for(tmp_path: Path) -> None:
    text = FILE + HISTORY.replace("      contact_alert_type: Technical\n", "")
    (problem,) = problems_of(tmp_path, text)
    assert problem.endswith("'refused_orders' needs a contact_alert_type: Technical, Functional or Both")


def test_an_integration_is_named_in_one_way(tmp_path: Path) -> None:
    text = FILE + HISTORY.replace("{code: LEGACY}", "{code: LEGACY, id: 7}")
    assert len(problems_of(tmp_path, text)) == 1


def test_the_manuals_profile_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/profiles.md").read_text(encoding="utf-8")
    folder = written(tmp_path, "".join(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)))
    told = load_profile("production", folder, ENVIRONMENT)
    assert told.integration == Integration(
        "code", "LEGACY-ORDERS", "Technical", refused_orders=True, created_orders=True
    )
