"""The score of `bulkpo guess` over all files there are.

python -m benchmarks.guess [NAME...]
"""

import sys
from collections import Counter

from benchmarks.guess_score import REAL, Score, score, truths
from bulkpo.errors import BulkpoError
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text


def main() -> None:
    """Score every file, or those whose names are given."""
    tables = ElementTables(schema_text)
    wanted = set(sys.argv[1:])
    facts: Counter[str] = Counter()
    together = Score("all")
    files = 0
    for truth in truths():
        if wanted and truth.name not in wanted:
            continue
        try:
            one = score(truth, tables)
        except BulkpoError as error:
            print(f"{truth.name}: {error}")
            continue
        files += 1
        facts.update({fact: int(is_right) for fact, is_right in one.facts.items()})
        together.right += one.right
        together.wrong += one.wrong
        together.open += one.open
        together.money_wrong += one.money_wrong
        print(
            f"{one.name:28} {one.right:3} right {one.wrong:3} wrong {one.open:3} open  money wrong: {one.money_wrong}"
        )
        for said in one.said:
            print(f"    {said}")
    if not REAL.is_dir():
        print(f"real files are not there ({REAL}); they are left out")
    whole = max(1, together.mappable)
    shares = {"right": together.right, "wrong": together.wrong, "left open": together.open}
    said = ", ".join(f"{count / whole:.1%} {what}" for what, count in shares.items())
    print(f"\n{files} files, {whole} columns to map: {said}; money columns wrong: {together.money_wrong}")
    print(", ".join(f"{fact} right in {count} of {files}" for fact, count in facts.items()))


if __name__ == "__main__":
    main()
