"""The README of a pack: what is in it, what that proves, and how to check it by hand."""

from bulkpo.runs.evidence.case import Case
from bulkpo.runs.evidence.chain import SCRIPT
from bulkpo.runs.evidence.cover import Findings

MANIFEST = "MANIFEST.sha256"

_TEXT = """\
EVIDENCE OF RUN {run}

{what} into {where}, begun {started} (UTC), {status}.
Written by bulkpo; to be checked with it, or without it as said below.

WHAT IS IN IT
  evidence.xlsx     to be read first: Summary, Totals, Rows, Orders, Events, Attachments, Files,
                    Not checked
  run.json          who ran which version on which machine when and as whom; sums and control figures
  rows.jsonl        every row of the input with what became of it (only where the input is still as it was)
  orders.jsonl      every order that was to be sent, with its outcome, Coupa's id and version; orders with errors
                    and those held back are in rows.jsonl alone
  events.jsonl      all that happened, in a chain of hashes
  attachments.jsonl what was to be attached: size and SHA-256 as it was checked, and what became of it
  payloads.jsonl    what was sent, each with the SHA-256 that its event names
  read-back.jsonl   every order as Coupa had it after the run, element by element
  inputs/ mapping/ plan/ results/
                    the files of the run, only where they are still what they were: see Files and Not checked
  {manifest}   the SHA-256 of every other file, as sha256sum prints it

HOW TO CHECK IT BY HAND
1. The files. Unpack the ZIP into an empty folder, and in it:
     sha256sum -c {manifest}
   (macOS: shasum -a 256 -c {manifest}; Windows: certutil -hashfile FILE SHA256, file by file.)
   Then see that there is no file besides those it lists.

2. The chain of events. Each line of events.jsonl holds, as "before", the SHA-256 of the line before it: of its bytes
   as they stand there, without the line feed; the first has 64 zeros. The last line says how many events there are.
   The hash of the last line is the head of the chain, and stands in run.json:
     {head}
   Save what stands between the two lines as chain.py beside it, and run it with Python 3:

----- chain.py begins -----
{script}----- chain.py ends -----

3. What was sent. The "payload" of each line of payloads.jsonl, as UTF-8, has the SHA-256 beside it, which is the
   "sent_sha256" of the event with the same "n".

4. The sums. "accounting" in run.json says which counts must come to which; count the lines of rows.jsonl and
   orders.jsonl by "outcome" to see that they do.

WHAT IT CANNOT PROVE
- Whoever changes a file and then works out the manifest and all the rest anew makes a pack that agrees with itself.
  So keep the SHA-256 of the whole pack, which was printed when it was made and is in the journal, in another place.
- The chain is made when the pack is: it shows that nothing was changed since, not that nobody changed the journal
  before. A later pack of the same run goes on with the same lines: an earlier pack is a beginning of it.
- The operator is the machine's user, the times are the machine's clock, and an approver is who is named in the plan.
- What Coupa has today: it is as Coupa said then. Look there, by the ids in orders.jsonl.

NOT CHECKED, OR MISSING ({count})
{gaps}
"""


def readme(case: Case, found: Findings) -> bytes:
    """The text, as UTF-8 with line feeds."""
    said = case.clean([f"- {gap.what}: {gap.said}" for gap in found.gaps])
    text = _TEXT.format(
        run=case.run.id,
        what=f"{case.run.kind} of {case.clean(case.run.input_file)}",
        where=f"{case.run.profile} ({case.run.url})",
        started=case.run.started,
        status=case.run.status,
        manifest=MANIFEST,
        head=found.counted.head,
        script=SCRIPT,
        count=len(found.gaps),
        gaps="\n".join(said) or "- nothing that bulkpo knows of",
    )
    return text.encode("utf-8", "replace")
