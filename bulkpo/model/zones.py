"""The time zone that somebody says dates are meant in."""

from zoneinfo import ZoneInfo, available_timezones


def known_zone(name: str) -> str:
    """The name of a time zone; raises ValueError where it is none, with the zones of a city that is called so."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        city = f"/{name.strip().replace(' ', '_')}".casefold()
        near = sorted(each for each in available_timezones() if each.casefold().endswith(city))
        meant = f"did you mean {' or '.join(near)}?" if near else "write one like America/New_York"
        raise ValueError(f"{name!r} is not a time zone; {meant}") from None
    return name
