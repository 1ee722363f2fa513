"""The report of a check as one JSON object, for programs."""

import json
from typing import IO

from bulkpo.runs.reports.facts import Facts


def write_json(file: IO[bytes], facts: Facts) -> None:
    """Write what `bulkpo check --json` tells, with every finding, the skipped rows and the columns nothing reads."""
    told = facts.checked.as_json()
    told["findings"] |= {
        "groups": [group._asdict() for group in facts.summary()],
        "list": [listed._asdict() for listed in facts.listed()],
    }
    data = {
        "file": facts.file.source.file,
        "sheet": facts.file.source.sheet,
        "mapping": facts.file.mapping.file,
        **told,
        "skipped": [
            {"reason": reason, "place": table.place, "rows": rows} for reason, table, rows in facts.skipped_rows()
        ],
        "unmapped_columns": [title for _, title in facts.unread()],
    }
    file.write(json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass"))
    file.write(b"\n")
