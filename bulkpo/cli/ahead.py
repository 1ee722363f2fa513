"""Looking ahead: what an instance says to orders before they are sent."""

from typing import TYPE_CHECKING

from bulkpo.cli.common import Console, element_tables
from bulkpo.cli.render import findings_lines, plural

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.runs.imports.plan import FilePlan
    from bulkpo.settings import Profile

MOST_LISTED = 5


def look_ahead(console: Console, plan: "FilePlan", profile: "Profile", client: "CoupaClient") -> bool:
    """Look up numbers and references, say what is wrong and add it to the findings; True if nothing is."""
    from bulkpo.runs.imports.preflight import preflight

    result = preflight(plan, client, element_tables())
    console.say(f"\nLooked up in {profile}")
    if result.existing:
        named = ", ".join(result.existing[:MOST_LISTED]) + (" …" if result.existing[MOST_LISTED:] else "")
        console.say(f"  {plural(len(result.existing), 'order')} with a number that is there already: {named}")
    for resource, reason in result.unchecked.items():
        console.say(f"  {resource} could not be looked up: {reason}")
    for line in findings_lines(result.findings, plan.mapped.source):
        console.say(line)
    if not result.findings:
        console.say("  everything the orders refer to is there")
    plan.checked.findings += result.findings
    return not result.findings
