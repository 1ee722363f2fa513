"""Profiles from `bulkpo.yaml`, which is found upwards from the working folder; secrets from the environment alone.

The sandbox always exists and is the default, so nothing reaches a real instance unless it is named.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bulkpo.errors import BulkpoError, MappingError, UsageError
from bulkpo.model.profile import SANDBOX, SCOPES_OF_HISTORY, Format, Integration, Profile, Secret
from bulkpo.schema.shape import shape_problems
from bulkpo.schema.tables import nearest
from bulkpo.shipped import schema_text
from bulkpo.userfiles import is_ordinary, ordinary_text, refuse_strangers
from bulkpo.yamldoc import YamlDocument, parse_yaml

__all__ = ["FILE_NAME", "Profile", "Secret", "find_settings", "known_secrets", "load_profile", "work_folder"]

FILE_NAME = "bulkpo.yaml"
_SCOPES = ("core.purchase_order.read",)
_WISHES = (
    "core.purchase_order.write",
    "core.common.read",
    "core.supplier.read",
    "core.user.read",
    "core.accounting.read",
)
"""What a client asks for that is not told what it is for: orders, and what these most refer to."""
_NAMED_AS_SECRET = re.compile(r"(?i)BULKPO_.*SECRET|.*(SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY)")
_SHORTEST_SECRET = 6
"""What is shorter stands in too many places by chance to be looked for."""
_SCOPE_ENDS = re.compile(r"[\s,;]+")
_OF_THE_SANDBOX = Profile(
    SANDBOX,
    url="",
    client_id=SANDBOX,
    client_secret=Secret(SANDBOX),
    scopes=_SCOPES,
    wishes=_WISHES,
    rate=None,
    is_open=True,
)
_NOT_FOR_THE_SANDBOX = ("url", "client_id", "client_secret_variable")


def find_settings(folder: Path, environment: Mapping[str, str]) -> Path | None:
    """The `bulkpo.yaml` of this folder or the nearest one above it; raises UsageError if strangers can change it."""
    start = folder.resolve()
    found = next((path for place in (start, *start.parents) if is_ordinary(path := place / FILE_NAME)), None)
    if found is not None:
        refuse_strangers(found, environment)
    return found


def work_folder(folder: Path, environment: Mapping[str, str]) -> Path:
    """Where the journal and the sandbox's data are: `.bulkpo` beside `bulkpo.yaml`, or else in the working folder."""
    settings = find_settings(folder, environment)
    return (settings.parent if settings else folder.resolve()) / ".bulkpo"


def known_secrets(folder: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The secrets of every profile, as the environment holds them: those of `bulkpo.yaml` and those named as one is.

    Of a `bulkpo.yaml` that cannot be read only the latter are known.
    """
    names = {name for name in environment if _NAMED_AS_SECRET.fullmatch(name)}
    with suppress(BulkpoError):
        path = find_settings(folder, environment)
        profiles = {} if path is None else _read(path).data["profiles"]
        names |= {
            str(facts["client_secret_variable"]) for facts in profiles.values() if "client_secret_variable" in facts
        }
    found = {environment.get(name, "") for name in names}
    return tuple(sorted((text for text in found if len(text) >= _SHORTEST_SECRET), key=len, reverse=True))


def load_profile(name: str, folder: Path, environment: Mapping[str, str]) -> Profile:
    """The profile of this name.

    Raises MappingError with every error of the file, and UsageError where the profile or its secret is missing.
    """
    path = find_settings(folder, environment)
    if path is None:
        if name == SANDBOX:
            return _OF_THE_SANDBOX
        raise UsageError(
            f"there is no profile {name!r}: no {FILE_NAME} in {folder.resolve()} or above it; "
            f"write one with a block `{name}:` under `profiles:`"
        )
    document = _read(path)
    known = document.data["profiles"]
    if name == SANDBOX:
        return _with_options(_OF_THE_SANDBOX, known.get(SANDBOX, {}))
    if name not in known:
        listed = nearest(name, known) or f"; it has {', '.join(known)}"
        raise UsageError(f"{path}: there is no profile {name!r}{listed}")
    return _profile(name, known[name], path, environment)


def _read(path: Path) -> YamlDocument:
    try:
        text = ordinary_text(path)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: cannot be read: byte {error.start} is not UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    document = parse_yaml(text, str(path))
    problems = shape_problems(document, json.loads(schema_text("profiles.schema.json")))
    if not problems:
        problems = [
            f"{document.place(('profiles', name, key))}: {trouble}"
            for name, facts in document.data["profiles"].items()
            for key, trouble in _troubles(name, facts)
        ]
    if problems:
        raise MappingError(problems)
    return document


def _troubles(name: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a JSON Schema cannot see: pairs of the key and what is wrong with it."""
    troubles = []
    if name == SANDBOX:
        troubles = [
            (key, f"{key!r} cannot be set: {SANDBOX!r} is the embedded stand-in; give this instance another name")
            for key in _NOT_FOR_THE_SANDBOX
            if key in facts
        ]
    elif "references" in facts:
        trouble = f"'references' is for {SANDBOX!r} alone: what orders may refer to is up to the instance"
        troubles.append(("references", trouble))
    elif "url" not in facts:
        troubles.append(("", f"the profile {name!r} has no url; write one, as in https://acme.coupahost.com"))
    elif trouble := _url_trouble(facts["url"]):
        troubles.append(("url", trouble))
    history = facts.get("integration_history", {})
    told = [key for key in ("refused_orders", "created_orders") if history.get(key)]
    if told and "contact_alert_type" not in history:
        troubles.append(
            ("integration_history", f"{told[0]!r} needs a contact_alert_type: Technical, Functional or Both")
        )
    zone = facts.get("time_zone", "UTC")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        troubles.append(("time_zone", f"{zone!r} is not a time zone; write one as in America/New_York"))
    return troubles


def _url_trouble(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host:
        shown = "this" if set(url) & set("@?#") else repr(url)  # which may be followed by a secret
        return f"{shown} is not an address; write it as in https://acme.coupahost.com"
    if parts.username is not None or parts.password is not None:
        return "the address holds a name or password; keep secrets in the environment"
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return f"this is more than an instance's address; write {parts.scheme}://{parts.netloc}"
    if parts.scheme == "http" and not _is_loopback(host):
        return f"{url!r} is not encrypted; write https:// (http:// is only for this machine itself)"
    return ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _profile(name: str, facts: Mapping[str, Any], path: Path, environment: Mapping[str, str]) -> Profile:
    prefix = "BULKPO_" + "".join(letter if letter.isalnum() else "_" for letter in name).upper()
    variable = facts.get("client_secret_variable", f"{prefix}_CLIENT_SECRET")
    client_id = str(facts.get("client_id") or environment.get(f"{prefix}_CLIENT_ID", ""))
    secret = environment.get(variable, "")
    if not client_id:
        raise UsageError(
            f"{path}: the profile {name!r} has no client_id; write it there or set the variable {prefix}_CLIENT_ID"
        )
    if not secret:
        raise UsageError(f"{path}: the secret of profile {name!r} is missing; set the variable {variable}")
    plain = Profile(
        name,
        url=facts["url"].rstrip("/"),
        client_id=client_id,
        client_secret=Secret(secret),
        scopes=_SCOPES,
        wishes=_WISHES,
    )
    return _with_options(plain, facts)


def _with_options(profile: Profile, facts: Mapping[str, Any]) -> Profile:
    """The profile with the pace, form and zone its block asks for."""
    options: dict[str, Any] = {key: facts[key] for key in ("burst", "workers", "time_zone") if key in facts}
    options |= {key: Decimal(facts[key]) for key in ("rate", "timeout", "token_wait", "settle_for") if key in facts}
    if "references" in facts:
        options["is_open"] = facts["references"] == "open"
    if "silent" in facts:
        options["is_silent"] = True
    if "format" in facts:
        options["format"] = Format(facts["format"])
    if "scopes" in facts:
        options |= {"scopes": _listed_scopes(facts["scopes"]), "wishes": (), "has_own_scopes": True}
    if "integration_history" in facts:
        options["integration"] = _integration(**facts["integration_history"])
        scopes = options.get("scopes", profile.scopes)
        options["scopes"] = tuple(dict.fromkeys((*scopes, *SCOPES_OF_HISTORY)))
    return replace(profile, **options)


def _listed_scopes(said: str | Sequence[str]) -> tuple[str, ...]:
    """The scopes of a list, or of a text as it is pasted: with blanks, commas or line ends between them."""
    texts = [said] if isinstance(said, str) else said
    return tuple(dict.fromkeys(scope for text in texts for scope in _SCOPE_ENDS.split(text) if scope))


def _integration(integration: Mapping[str, Any], **facts: Any) -> Integration:  # noqa: ANN401 - as the schema has them
    ((element, value),) = integration.items()
    return Integration(element, str(value), **facts)
