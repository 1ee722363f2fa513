"""Records of delimited text taken apart many at once, where all are of one line and have as many cells.

Most text is so, and a few passes over all of it cost less than a record at a time. What is odd is left to `csv.reader`.
"""

from io import IncrementalNewlineDecoder

_QUOTED = "\0"
"""Stands for each cell in quotation marks while the text is parted; no text that is read has it."""


def columns_of(text: str, delimiter: str) -> list[list[str]] | None:
    """The columns of some whole records as `csv.reader` parts them; None where any record is odd.

    Odd are blank lines, a record of a single cell or of more or fewer than the others, a line break or a quotation mark
    within a cell, and a last record without its line break.
    """
    bare, quoted = _without_quoted(text) if '"' in text else (text, [])
    if "\r" in bare:
        bare = IncrementalNewlineDecoder(None, translate=True).decode(bare, final=True)
    height = bare.count("\n")
    within = "".join(quoted)
    if not height or "\n" in within or "\r" in within:
        return None
    # Each line break becomes a cell: where it is the last of every record, and of none but these, all are equally wide.
    cells = bare.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    rest = cells.pop()
    stride, left = divmod(len(cells), height)
    if rest or left or stride < 3 or cells[stride - 1 :: stride].count("\n") < height:
        return None
    columns = [cells[place::stride] for place in range(stride - 1)]
    return _filled(columns, quoted) if quoted else columns


def lines_in(text: str) -> int:
    """How many lines some text has, whichever way they end; the last may have no end."""
    lines = text.count("\n") + (not text.endswith(("\n", "\r")))
    return lines + text.count("\r") - text.count("\r\n") if "\r" in text else lines


def _without_quoted(text: str) -> tuple[str, list[str]]:
    """Text with a mark for each stretch between two quotation marks, and these stretches."""
    pieces = text.split('"')
    quoted = pieces[1::2]
    return _QUOTED.join(pieces[::2]), quoted


def _filled(columns: list[list[str]], quoted: list[str]) -> list[list[str]] | None:
    """The columns with the quoted cells in their places; None where a mark is not the whole of its cell."""
    height = len(columns[0])
    first = [place for place, column in enumerate(columns) if column[0] == _QUOTED]
    always = [place for place in first if columns[place].count(_QUOTED) == height]
    if len(always) * height == len(quoted):
        for number, place in enumerate(always):
            columns[place] = quoted[number :: len(always)]
        return columns
    if sum(column.count(_QUOTED) for column in columns) < len(quoted):
        return None
    following = iter(quoted)
    rows = [[next(following) if cell == _QUOTED else cell for cell in row] for row in zip(*columns, strict=True)]
    return list(map(list, zip(*rows, strict=True)))
