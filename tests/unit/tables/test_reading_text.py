"""CSV and its kin."""

import codecs
import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell, Doubtful
from bulkpo.tables.source import SourceOptions, open_source

ReadTable = Callable[..., tuple[list[str], dict[int, list[Cell]], list[Finding]]]


def put(folder: Path, content: bytes | str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_cells_are_text_untouched_or_none_and_rows_are_lines(tmp_path: Path, read: ReadTable) -> None:
    path = put(tmp_path, 'No,Text,Price\r\n007, padded ,"1,5"\r\n8,"two\r\nlines",\r\n9,=1+1,3\r\n')
    titles, rows, findings = read(path)
    assert titles == ["No", "Text", "Price"]
    assert rows == {2: ["007", " padded ", "1,5"], 3: ["8", "two\r\nlines", None], 5: ["9", "=1+1", "3"]}
    assert findings == []


def test_a_line_of_old_macintosh_or_unix_ends_a_record(tmp_path: Path, read: ReadTable) -> None:
    for end in ("\n", "\r", "\r\n"):
        _, rows, _ = read(put(tmp_path, end.join(["a,b", "1,2", "3,4"])))
        assert rows == {2: ["1", "2"], 3: ["3", "4"]}


def test_blank_lines_are_left_out_and_counted(tmp_path: Path, read: ReadTable) -> None:
    _, rows, findings = read(put(tmp_path, "a,b\n\n1,2\n ,\n\n3,4\n,\n"))
    assert rows == {3: ["1", "2"], 6: ["3", "4"]}
    assert [(found.code, found.row, found.severity) for found in findings] == [
        ("blank-rows", 2, Severity.NOTICE),
        ("trailing-blank-rows", 7, Severity.NOTICE),
    ]
    assert findings[0].message == "wholly blank rows between the others: 3; they are left out"


def test_short_rows_are_filled_and_long_ones_told(tmp_path: Path, read: ReadTable) -> None:
    _, rows, findings = read(put(tmp_path, "a,b\n1\n1,2,3,,5\n1,2,,\n"))
    assert rows == {2: ["1", None], 3: ["1", "2"], 4: ["1", "2"]}
    assert [(found.code, found.row, found.column, found.value) for found in findings] == [("extra-cells", 3, 3, "3")]
    assert findings[0].message == (
        "the row has 2 filled cells to the right of the last heading (column B); give the column a heading, or mend "
        "the row"
    )
    assert findings[0].severity is Severity.ERROR


def test_many_long_rows_are_listed_up_to_a_hundred_and_the_rest_counted(tmp_path: Path, read: ReadTable) -> None:
    _, rows, findings = read(put(tmp_path, "a\n" + "1,2\n" * 250))
    assert len(rows) == 250
    assert len(findings) == 101
    assert findings[-1].message == "150 more rows like these"
    assert findings[-1].severity is Severity.ERROR


def test_titles_are_tidied_numbered_and_lettered(tmp_path: Path, read: ReadTable) -> None:
    titles, _, findings = read(put(tmp_path, '"  PO \n  Number ",Currency,,Currency,Currency,\n1,2,3,4,5,6\n'))
    assert titles == ["PO Number", "Currency", "C", "Currency#2", "Currency#3", "F"]
    assert [(found.code, found.column) for found in findings] == [("duplicate-heading", 4), ("duplicate-heading", 5)]
    assert findings[0].message == "the heading 'Currency' stands more than once; this one is called 'Currency#2'"


def test_a_title_made_up_never_meets_one_given(tmp_path: Path, read: ReadTable) -> None:
    titles, _, _ = read(put(tmp_path, "B,,a,a#2,a\n1,2,3,4,5\n"))
    assert titles == ["B", "B#2", "a", "a#2", "a#3"]
    assert len(set(titles)) == len(titles)


def test_headings_over_two_rows_are_joined(tmp_path: Path, read: ReadTable) -> None:
    titles, rows, _ = read(put(tmp_path, "report\n,\nNeed,\nby,Price\n1,2\n"), header_row=3, header_rows=2)
    assert titles == ["Need by", "Price"]
    assert rows == {5: ["1", "2"]}


def test_without_headings_titles_are_letters(tmp_path: Path, read: ReadTable) -> None:
    titles, rows, _ = read(put(tmp_path, "1,2\n1,2,3\n"), header_row=None)
    assert titles == ["A", "B", "C"]
    assert rows == {1: ["1", "2", None], 2: ["1", "2", "3"]}


def test_a_blank_heading_row_is_refused_with_the_row_to_name(tmp_path: Path, read: ReadTable) -> None:
    path = put(tmp_path, "\n,\na,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value) == (
        "orders.csv: row 1, which should hold the headings, is blank; the first filled row is 3; say header_row: 3 if "
        "that is the heading"
    )


@pytest.mark.parametrize("content", ["\n\n\n", " , \n"])
def test_a_file_of_blank_lines_is_refused(tmp_path: Path, content: str, read: ReadTable) -> None:
    with pytest.raises(InputError, match="there is nothing from row 1 on; the table is empty"):
        read(put(tmp_path, content))
    with pytest.raises(InputError, match="there is nothing in it; the table is empty"):
        read(put(tmp_path, content), header_row=None)


def test_a_heading_row_beyond_the_end_is_refused(tmp_path: Path, read: ReadTable) -> None:
    with pytest.raises(InputError, match="there is no row 9 to hold the headings; the table is empty"):
        read(put(tmp_path, "a,b\n1,2\n"), header_row=9)


@pytest.mark.parametrize(
    ("name", "content", "guessed"),
    [
        ("orders.csv", "a,b;c\n1,2;3\n", ""),
        ("orders.csv", "a;b;c\n1,5;2,5;3,5\n", "semicolons"),
        ("orders.csv", "a\tb\n1,5\t2,5\n", "tabs"),
        ("orders.txt", "a|b\n1|2\n", "bars (|)"),
        ("orders.txt", "a,b\n1,2\n", "commas"),
        ("orders.tsv", "a\tb\n1\t2\n", ""),
        ("orders.tsv", "a,b\n1,2\n", "commas"),
        ("orders.csv", "alone\n1\n", ""),
    ],
)
def test_the_delimiter_is_found_and_said_where_it_is_not_the_usual(
    tmp_path: Path, read: ReadTable, name: str, content: str, guessed: str
) -> None:
    _, _, findings = read(put(tmp_path, content, name))
    told = [found.message for found in findings if found.code == "delimiter-guessed"]
    assert told == ([f"the cells are taken to be parted by {guessed}; declare the delimiter if not"] if guessed else [])


def test_a_declared_delimiter_is_taken_without_a_word(tmp_path: Path, read: ReadTable) -> None:
    titles, rows, findings = read(put(tmp_path, "a;b,c\n1;2,3\n"), delimiter=",")
    assert (titles, rows, findings) == (["a;b", "c"], {2: ["1;2", "3"]}, [])


@pytest.mark.parametrize("delimiter", [";;", "", '"', "\n", "\r"])
def test_a_delimiter_that_cannot_part_cells_is_refused(delimiter: str, tmp_path: Path, read: ReadTable) -> None:
    with pytest.raises(InputError) as caught:
        read(put(tmp_path, "a;b\n"), delimiter=delimiter)
    problem = f"the delimiter must be one character, no quotation mark or line break, not {delimiter!r}"
    assert str(caught.value) == f"orders.csv: {problem}"


def test_the_line_by_which_excel_declares_a_delimiter_is_heeded(tmp_path: Path, read: ReadTable) -> None:
    titles, rows, findings = read(put(tmp_path, "sep=;\r\na;b\r\n1,0;2\r\n"))
    assert (titles, rows, findings) == (["a", "b"], {3: ["1,0", "2"]}, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_gives_the_same_cells(tmp_path: Path, read: ReadTable, encoding: str) -> None:
    bom = {"utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    path = put(tmp_path, bom + "Straße,Größe\nCafé,10\n".encode(encoding))
    titles, rows, findings = read(path)
    assert titles == ["Straße", "Größe"]
    assert rows == {2: ["Café", "10"]}
    assert [found.code for found in findings] == (["encoding-guessed"] if encoding in ("cp1252", "utf-16-le") else [])
    declared = "utf-16" if encoding.startswith("utf-16") and bom else encoding
    assert read(path, encoding=declared)[1:] == ({2: ["Café", "10"]}, [])


def test_the_first_line_that_is_not_utf8_is_named(tmp_path: Path, read: ReadTable) -> None:
    _, _, findings = read(put(tmp_path, "a,b\nCafé,1\n".encode() + b"Caf\xe9,2\n"))
    assert findings[0].message == (
        "the text is not UTF-8 and is read as Windows text (cp1252); look at its accented letters, as in 'CafÃ©'"
    )
    assert (findings[0].row, findings[0].severity) == (3, Severity.NOTICE)


def test_a_declared_encoding_that_does_not_fit_is_refused_with_the_line(tmp_path: Path, read: ReadTable) -> None:
    path = put(tmp_path, b"a,b\n1,2\nCaf\xe9,2\n")
    with pytest.raises(InputError) as caught:
        read(path, encoding="utf-8")
    assert str(caught.value) == (
        "orders.csv, line 3: the bytes are not UTF-8; declare the file's encoding (source: {encoding: …} in the "
        "mapping, --encoding of `bulkpo guess`)"
    )
    with pytest.raises(InputError, match="the encoding 'klingon' is not known; write utf-8, utf-16 or cp1252"):
        read(path, encoding="klingon")


def test_bytes_of_no_known_encoding_are_refused(tmp_path: Path, read: ReadTable) -> None:
    with pytest.raises(InputError) as caught:
        read(put(tmp_path, b"a,b\n1,\x81\x8d\n"))
    assert str(caught.value) == (
        "orders.csv, line 2: the bytes are neither UTF-8 nor Windows text (cp1252); declare the file's encoding "
        "(source: {encoding: …} in the mapping, --encoding of `bulkpo guess`)"
    )


def test_a_quotation_mark_never_closed_names_the_line_it_opened_on(tmp_path: Path, read: ReadTable) -> None:
    with pytest.raises(InputError) as caught:
        read(put(tmp_path, 'a,b\n1,2\n3,"four\n5,6\n7,8\n'))
    assert str(caught.value) == (
        "orders.csv, line 3: a quotation mark opens here and is never closed; close or remove it"
    )


def test_a_quotation_mark_that_would_swallow_rows_is_refused(tmp_path: Path, read: ReadTable) -> None:
    with pytest.raises(InputError) as caught:
        read(put(tmp_path, 'a,b\n1,"5" pipe\n2,"x"\n'))
    assert str(caught.value) == (
        "orders.csv, line 2: a quotation mark closes a cell but text follows it; write marks within a cell twice"
    )


def test_an_open_quotation_mark_is_bounded(tmp_path: Path, read: ReadTable) -> None:
    with pytest.raises(InputError, match=r"line 2: a cell has more than 131,072 characters"):
        read(put(tmp_path, 'a,b\n1,"' + "many words\n" * 100_000))


def test_nul_characters_are_refused_with_the_line(tmp_path: Path, read: ReadTable) -> None:
    with pytest.raises(InputError, match="line 3: the text holds NUL characters"):
        read(put(tmp_path, "a,b\n1,2\n3,\0" + "x" * 200))


def test_chunks_can_be_asked_for_again_and_findings_are_not_doubled(tmp_path: Path) -> None:
    source = open_source(put(tmp_path, "a\n" + "1\n\n" * 700))
    first, second = list(source.chunks()), list(source.chunks())
    assert first == second
    assert sum(len(chunk.rows) for chunk in first) == 700
    assert [found.code for found in source.findings()] == ["blank-rows", "trailing-blank-rows"]


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\t\r\n"), max_size=8)


@settings(deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=30))
def test_what_a_csv_writer_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], read: ReadTable
) -> None:
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Number", "Description"], *rows])
    assume(not any(cell.startswith('="') for row in rows for cell in row))  # stands for the text within
    _, read_rows, _ = read(path, delimiter=",", quotes_as_read=True, is_guarded=False)
    kept = [[cell or None for cell in row] for row in rows if any(cell.strip() for cell in row)]
    assert list(read_rows.values()) == kept


def test_rows_of_several_types_are_whole_if_they_start_with_one(tmp_path: Path) -> None:
    text = 'H,A1,Acme\nL,1,"12in pipe,5\nH,A2,Acme\nL,1,pipe 5",5\nL,2,"a\nb",6\nL,3, "c, d",7\n'
    source = open_source(put(tmp_path, text), SourceOptions(header_row=None, width=9, types=("H", "L"), delimiter=","))
    (chunk,) = source.chunks()
    rows = {row: [column[place] for column in chunk.columns[:4]] for place, row in enumerate(chunk.rows)}
    in_doubt = {row for row, cells in rows.items() if any(isinstance(cell, Doubtful) for cell in cells)}
    assert in_doubt == {2, 3, 4}
    assert (rows[5], rows[7]) == (["L", "2", "a\nb", "6"], ["L", "3", "c, d", "7"])


@pytest.mark.parametrize(
    ("rows", "in_doubt"),
    [
        ('A1,"Heavy\nA2,x\nA3,Pipe 5"\nA4,x\n', {2, 3, 4}),
        ('A1,"Heavy,\n\nA3,Pipe 5",\nA4,x,\n', {2, 4}),
        ('A1,"Bolts, nuts\nand more",\n', set()),
        ('A1,"Bolts\n\nNuts",\n', set()),
    ],
    ids=["rows without their last cell", "a blank line between", "a text with a comma", "a text with a blank line"],
)
def test_rows_that_a_stray_quotation_mark_swallows_are_in_doubt(tmp_path: Path, rows: str, in_doubt: set[int]) -> None:
    source = open_source(put(tmp_path, "PO,Text,Note\n" + rows), SourceOptions(delimiter=","))
    (chunk,) = source.chunks()
    cells = {row: [column[place] for column in chunk.columns] for place, row in enumerate(chunk.rows)}
    assert {row for row, each in cells.items() if any(isinstance(cell, Doubtful) for cell in each)} == in_doubt
