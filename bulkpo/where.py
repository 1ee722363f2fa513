"""Where something is, in the words of the file it is in: `orders.xlsx, sheet Orders, cell C7`."""

from dataclasses import dataclass


def column_letter(number: int) -> str:
    """The letters a spreadsheet shows for a column counted from 1: 1 is A, 28 is AB."""
    letters = ""
    while number > 0:
        number, remainder = divmod(number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


def column_number(letters: str) -> int:
    """The column, counted from 1, that a spreadsheet calls by these letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def cell_name(row: int, column: int) -> str:
    """A cell's name as a spreadsheet shows it; row and column count from 1."""
    return f"{column_letter(column)}{row}"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text file. Line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
