"""Workbooks, CSV and JSON lines as they are written."""

import csv
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from bulkpo.errors import OutputError
from bulkpo.model.finding import Finding
from bulkpo.model.table import Cell, CellError, stored
from bulkpo.tables.sink import open_book
from bulkpo.tables.source import open_source
from bulkpo.tables.writing import xlsx
from bulkpo.tables.writing.atomic import replacing
from bulkpo.tables.writing.columns import ColumnKind, Csv, FileOptions, SinkColumn
from bulkpo.tables.writing.places import free_place

ReadTable = Callable[..., tuple[list[str], dict[int, list[Cell]], list[Finding]]]

MORNING = datetime(2026, 1, 31, 10, 15, 20)


def put(path: Path, columns: Sequence[SinkColumn], *rows: Sequence[Cell], name: str = "Orders") -> Path:
    with open_book(path) as book, book.sheet(name, columns) as sheet:
        sheet.write(rows)
    return path


def texts(*titles: str) -> list[SinkColumn]:
    return [SinkColumn(title) for title in titles]


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def opened(path: Path, number: int = 0) -> Worksheet:
    return load_workbook(path).worksheets[number]


def test_a_workbook_has_a_styled_frozen_heading_a_filter_and_widths(tmp_path: Path) -> None:
    columns = [SinkColumn("PO Number"), SinkColumn("Amount", ColumnKind.DECIMAL, 2), SinkColumn("Text")]
    sheet = opened(put(tmp_path / "o.xlsx", columns, ["1", Decimal("1234567.5"), "x" * 500], ["2", None, "a\nb"]))
    assert sheet.title == "Orders"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C3"
    assert [cell.font.b for cell in sheet[1]] == [True] * 3
    assert [cell.fill.fgColor.rgb for cell in sheet[1]] == ["FFDCE6F1"] * 3
    assert not sheet["A2"].font.b
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [13, 14, 60]


@pytest.mark.parametrize(
    ("column", "cell", "value", "code"),
    [
        (SinkColumn("c"), "00042", "00042", "General"),
        (SinkColumn("c"), Decimal("4.25"), 4.25, "General"),
        (SinkColumn("c", ColumnKind.INTEGER), Decimal(50100110), 50100110, "0"),
        (SinkColumn("c", ColumnKind.INTEGER), Decimal("2.5"), 2.5, "General"),
        (SinkColumn("c", ColumnKind.INTEGER), "PO-1", "PO-1", "General"),
        (SinkColumn("c", ColumnKind.DECIMAL, 2), Decimal("-1234.5"), -1234.5, "#,##0.00"),
        (SinkColumn("c", ColumnKind.DECIMAL, 0), Decimal(7), 7, "#,##0"),
        (SinkColumn("c", ColumnKind.DECIMAL, 6), Decimal("0.1"), 0.1, "#,##0.000000"),
        (SinkColumn("c", ColumnKind.DECIMAL), Decimal("0.1"), 0.1, "#,##0.00######"),
        (SinkColumn("c", ColumnKind.DECIMAL, 2), "n/a", "n/a", "General"),
        (SinkColumn("c", ColumnKind.DECIMAL, 2), Decimal("1E+3"), 1000, "#,##0.00"),
        (SinkColumn("c", ColumnKind.DATE), date(2026, 1, 31), datetime(2026, 1, 31), "yyyy-mm-dd"),
        (SinkColumn("c", ColumnKind.DATE), datetime(2026, 1, 31), datetime(2026, 1, 31), "yyyy-mm-dd"),
        (SinkColumn("c", ColumnKind.DATE), MORNING, MORNING, "yyyy-mm-dd hh:mm"),
        (SinkColumn("c", ColumnKind.DATETIME), MORNING, MORNING, "yyyy-mm-dd hh:mm"),
        (SinkColumn("c", ColumnKind.DATETIME), date(2026, 1, 31), datetime(2026, 1, 31), "yyyy-mm-dd"),
        (SinkColumn("c", ColumnKind.DATETIME), MORNING.replace(tzinfo=UTC), MORNING, "yyyy-mm-dd hh:mm"),
        (SinkColumn("c", ColumnKind.DATETIME), datetime(1900, 2, 28), datetime(1900, 2, 28), "yyyy-mm-dd hh:mm"),
        (SinkColumn("c", ColumnKind.DATE), date(1899, 12, 31), "1899-12-31", "General"),
        (SinkColumn("c"), time(10, 15, 20), time(10, 15, 20), "hh:mm:ss"),
        (SinkColumn("c", ColumnKind.BOOLEAN), True, True, "General"),
        (SinkColumn("c", ColumnKind.INTEGER), False, False, "General"),
        (SinkColumn("c"), CellError("#N/A"), "#N/A", "General"),
        (SinkColumn("c"), CellError("#EXTERNAL!"), "#EXTERNAL!", "General"),
    ],
)
def test_a_cell_is_written_by_its_own_type_and_shown_by_its_column(
    tmp_path: Path, column: SinkColumn, cell: Cell, value: object, code: str
) -> None:
    """Alone in its column, and in a column of mixed types."""
    mixed: list[list[Cell]] = [["text"], [Decimal(1)], [True]]
    for others in ([], mixed):
        found = opened(put(tmp_path / "o.xlsx", [column], [cell], *others))["A2"]
        assert (found.value, found.number_format) == (value, code)


def test_aware_moments_keep_their_own_wall_time(tmp_path: Path, read: ReadTable) -> None:
    """Two that are the same instant stay the different local times they were given as."""
    here, there = MORNING.replace(tzinfo=UTC), MORNING.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=-7)))
    assert here == there
    for name in ("o.xlsx", "o.csv"):
        _, rows, _ = read(put(tmp_path / name, [SinkColumn("When", ColumnKind.DATETIME)], [here], [there]))
        assert [str(row[0]) for row in rows.values()] == ["2026-01-31 10:15:20", "2026-01-31 03:15:20"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "{=1}", "'x", "\t=1"])
def test_text_like_a_formula_is_inert(tmp_path: Path, text: str) -> None:
    cell = opened(put(tmp_path / "o.xlsx", texts("c"), [text], ["more"]))["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_odd_characters_are_coded_as_excel_does(tmp_path: Path, read: ReadTable) -> None:
    cells = [" a ", "a\r\nb", "\x00\x01\x1f", "_x000D_", "<&>\"'", "\ufffe", "é漢😀", "]]>", "\t", "x_x"]
    path = put(tmp_path / "o.xlsx", texts("c"), *([cell] for cell in cells))
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert "a_x000D_\nb" in sheet
    assert "_x0000__x0001__x001F_" in sheet
    assert ">_x005F_x000D_<" in sheet
    _, rows, _ = read(path)
    assert [row[0] for row in rows.values()] == [cell for cell in cells if cell.strip()]


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("123456789012345", Decimal(123456789012345)),
        ("1234567890123456", "1234567890123456"),
        ("0.1234567890123456", "0.1234567890123456"),
        ("12345678901234.56", "12345678901234.56"),
        ("1000000000000000000000", Decimal(1000000000000000000000)),
        ("1E+400", "1" + "0" * 400),
        ("NaN", "NaN"),
    ],
)
def test_a_number_excel_would_cut_is_written_as_text(tmp_path: Path, read: ReadTable, number: str, kept: Cell) -> None:
    _, rows, findings = read(put(tmp_path / "o.xlsx", [SinkColumn("c", ColumnKind.DECIMAL, 2)], [Decimal(number)]))
    assert (rows, findings) == ({2: [kept]}, [])


def test_text_longer_than_a_cell_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    put(path, texts("a", "b"), ["1", "x" * 32_767])
    before = path.read_bytes()
    with pytest.raises(OutputError) as caught:
        put(path, texts("a", "b"), ["1", "ok"], ["2", "x" * 32_768])
    assert str(caught.value) == (
        "o.xlsx, sheet Orders, cell B3: the text has 32,768 characters and a cell holds 32,767; write .csv or .jsonl"
    )
    with pytest.raises(OutputError, match="32,768 characters"):
        put(path, texts("a", "b"), [Decimal(1), "😀" * 16_384])
    assert path.read_bytes() == before
    assert names(tmp_path) == ["o.xlsx"]


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 1001)
    path = put(tmp_path / "o.xlsx", texts("n"), *([str(number)] for number in range(2500)), name="L" * 40)
    book = load_workbook(path)
    assert book.sheetnames == ["L" * 31, "L" * 27 + " (2)", "L" * 27 + " (3)"]
    values = [[row[0] for row in sheet.values] for sheet in book.worksheets]
    assert [rows[0] for rows in values] == ["n"] * 3
    assert [len(rows) - 1 for rows in values] == [1000, 1000, 500]
    assert [row for rows in values for row in rows[1:]] == [str(number) for number in range(2500)]
    assert [sheet.auto_filter.ref for sheet in book.worksheets] == ["A1:A1001", "A1:A1001", "A1:A501"]


def test_sheet_names_are_made_ones_excel_takes_and_unique(tmp_path: Path) -> None:
    names = ["a/b:c*?[d]\\", "Orders", "ORDERS", "", "'quoted'", "History", "x" * 31, "x" * 32, '<&">']
    with open_book(tmp_path / "o.xlsx") as book:
        for name in names:
            with book.sheet(name, texts("c")) as sheet:
                sheet.write([[name]])
    assert load_workbook(tmp_path / "o.xlsx").sheetnames == [
        "a_b_c___d__", "Orders", "ORDERS (2)", "Sheet", "quoted", "History_", "x" * 31, "x" * 27 + " (2)", '<&">',
    ]  # fmt: skip


def test_every_sheet_has_its_filter_by_name(tmp_path: Path) -> None:
    with open_book(tmp_path / "o.xlsx") as book:
        for name in ("It's <1>", "Two"):
            with book.sheet(name, texts("a", "b")) as sheet:
                sheet.write([["1", "2"]] * 3)
    parts = zipfile.ZipFile(tmp_path / "o.xlsx").read("xl/workbook.xml").decode()
    assert "hidden=\"1\">'It''s &lt;1&gt;'!$A$1:$B$4</definedName>" in parts
    assert [sheet.auto_filter.ref for sheet in load_workbook(tmp_path / "o.xlsx").worksheets] == ["A1:B4"] * 2


def test_a_sheet_without_rows_and_a_book_without_sheets_open(tmp_path: Path) -> None:
    assert list(opened(put(tmp_path / "o.xlsx", texts("a", "b"))).values) == [("a", "b")]
    with open_book(tmp_path / "o.xlsx"):
        pass
    assert load_workbook(tmp_path / "o.xlsx").sheetnames == ["Sheet1"]


def test_a_row_of_another_width_is_the_programs_error(tmp_path: Path) -> None:
    for name in ("o.xlsx", "o.csv", "o.jsonl"):
        for rows in ([["1"]], [["1", "2", "3"]], [["1", "2"], ["1"]]):
            with pytest.raises(ValueError, match=r"argument|cells"):
                put(tmp_path / name, texts("a", "b"), *rows)
    assert names(tmp_path) == []


def write_and_stop(path: Path) -> None:
    with open_book(path) as book, book.sheet("s", texts("a")) as sheet:
        sheet.write([["1"]] * 5000)
        raise KeyboardInterrupt


def test_what_stops_the_program_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    for name in ("o.xlsx", "o.csv", "o.jsonl"):
        path = tmp_path / name
        path.write_text("before")
        with pytest.raises(KeyboardInterrupt):
            write_and_stop(path)
        assert path.read_text() == "before"
    assert names(tmp_path) == ["o.csv", "o.jsonl", "o.xlsx"]


def test_a_new_file_may_be_read_by_whom_the_system_lets(tmp_path: Path) -> None:
    os.umask(mask := os.umask(0))
    path = put(tmp_path / "o.csv", texts("a"))
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "o.csv").symlink_to(tmp_path / "real" / "o.csv")
    put(tmp_path / "o.csv", texts("a"))
    assert (tmp_path / "o.csv").is_symlink()
    assert names(tmp_path / "real") == ["o.csv"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs to give a link away")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_that_somebody_else_made_is_not_followed(tmp_path: Path, is_there: bool) -> None:
    target, link = tmp_path / "precious", tmp_path / "o.csv"
    if is_there:
        target.write_text("mine")
    link.symlink_to(target)
    os.chown(link, 54_321, -1, follow_symlinks=False)
    with pytest.raises(OutputError, match=r"o\.csv: is a link that somebody else made; choose another name or folder"):
        put(link, texts("a"))
    assert target.exists() == is_there
    assert free_place(link, ()).name == "o.2.csv"


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    def refused(path: Path) -> str:
        with pytest.raises(OutputError) as caught:
            put(path, texts("a"), ["1"])
        return str(caught.value)

    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "file").touch()
    nowhere = tmp_path / "nowhere"
    assert refused(nowhere / "o.xlsx") == (
        f"{nowhere / 'o.xlsx'}: there is no folder {nowhere}; make it or name another"
    )
    may_not = "may not be written; close it in Excel, or choose another name or folder"
    assert refused(tmp_path / "folder.xlsx") == f"{tmp_path / 'folder.xlsx'}: {may_not}"
    assert refused(tmp_path / "file" / "o.csv") == f"{tmp_path / 'file' / 'o.csv'}: {may_not}"
    assert refused(tmp_path / "o.pdf") == (
        f"{tmp_path / 'o.pdf'}: what to write is chosen by extension; use .xlsx, .csv, .tsv, .jsonl or .parquet"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught, replacing(tmp_path / "o.csv"), Path("/dev/full").open("wb") as full:
        full.write(b"x")
    assert str(caught.value) == f"{tmp_path / 'o.csv'}: cannot be written: the disk is full; make room"
    assert names(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="may not be written"):
        put(tmp_path / "o.csv", texts("a"))


ROW: list[Cell] = ["=x", Decimal("12.50"), True, date(2026, 1, 31), MORNING, CellError("#N/A"), None, 'a,"b"\nc']


def test_csv_opens_in_excel_and_holds_plain_values(tmp_path: Path, read: ReadTable) -> None:
    path = put(tmp_path / "o.csv", texts(*"abcdefgh"), ROW, [None] * 8)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfa,b,c,d,e,f,g,h\r\n'=x,12.50,true,2026-01-31,")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [
            ["'=x", "12.50", "true", "2026-01-31", "2026-01-31 10:15:20", "#N/A", "", 'a,"b"\nc'],
            [""] * 8,
        ]
    put(tmp_path / "o.tsv", texts("a", "b"), ["1\t2", Decimal("1E+2")])
    assert (tmp_path / "o.tsv").read_bytes() == b'\xef\xbb\xbfa\tb\r\n"1\t2"\t100\r\n'
    assert read(tmp_path / "o.tsv") == (["a", "b"], {2: ["1\t2", "100"]}, [])


def test_json_lines_hold_one_object_a_row_with_every_digit(tmp_path: Path) -> None:
    path = put(tmp_path / "o.jsonl", texts(*"abcdefgh"), ROW, ["é", Decimal("0.12345678901234567890"), *[None] * 6])
    first, second = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == {
        "a": "=x", "b": 12.5, "c": True, "d": "2026-01-31", "e": "2026-01-31T10:15:20", "f": "#N/A", "g": None,
        "h": 'a,"b"\nc',
    }  # fmt: skip
    assert second.startswith('{"a":"é","b":0.12345678901234567890,"c":null')


def write_two(path: Path) -> None:
    with open_book(path) as book:
        for name in ("Orders", "About"):
            with book.sheet(name, texts("a")):
                pass


def test_files_of_one_table_refuse_a_second(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write_two(tmp_path / "o.csv")
    assert str(caught.value) == "o.csv: the file holds one table and 'Orders' is in it; write .xlsx to add 'About'"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(["_x0041_", "=1", " x", "\r\n"])
NUMBER = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=4)
MOMENT = st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
CELL = st.none() | TEXT | NUMBER | st.booleans() | MOMENT | st.sampled_from([CellError("#N/A"), CellError("#REF!")])
COLUMN = st.sampled_from([SinkColumn("c", kind) for kind in ColumnKind])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[SinkColumn], list[list[Cell]]]:
    """Columns each mostly of one type, as real ones are, and a text column so that no row is blank."""
    count = draw(st.integers(0, 8))
    kinds = draw(st.lists(COLUMN, min_size=1, max_size=4))
    strategies = [draw(st.sampled_from([CELL, TEXT, NUMBER, MOMENT, st.none() | NUMBER])) for _ in kinds]
    rows: list[list[Cell]] = [["row", *(draw(strategy) for strategy in strategies)] for _ in range(count)]
    return [SinkColumn("key"), *kinds], rows


def as_read(cell: Cell) -> Cell:
    """What comes back: nothing for empty text; exact text for what Excel's numbers cannot hold."""
    if cell == "":
        return None
    if isinstance(cell, Decimal):
        digits = "".join(map(str, cell.as_tuple().digits)).strip("0")
        return cell if len(digits) <= 15 else format(cell, "f")
    return cell


@settings(deadline=None)
@given(table=tables())
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, read: ReadTable, table: tuple[list[SinkColumn], list[list[Cell]]]
) -> None:
    """The law of the two halves; openpyxl is the witness that both are not wrong alike."""
    columns, rows = table
    path = put(tmp_path_factory.mktemp("laws") / "o.xlsx", columns, *rows)
    _, found, _ = read(path)
    expected = [[as_read(cell) for cell in row] for row in rows]
    found = {number: list(map(stored, row)) for number, row in found.items()}
    assert list(found.values()) == expected
    assert all(type(one) is type(other) for row, other_row in zip(found.values(), expected, strict=True)
               for one, other in zip(row, other_row, strict=True))  # fmt: skip
    witness = [list(row) for row in opened(path).iter_rows(min_row=2, values_only=True)]
    assert [[seen(cell) for cell in row] for row in witness] == [[shown(cell) for cell in row] for row in expected]


def seen(cell: object) -> object:
    """A cell as openpyxl gives it, which leaves Excel's codes undecoded and numbers binary."""
    if isinstance(cell, str):
        return unescape(cell)
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else cell


def shown(cell: Cell) -> object:
    """A cell as openpyxl will give it."""
    if isinstance(cell, CellError):
        return cell.text
    return float(cell) if isinstance(cell, Decimal) else cell


def test_csv_by_coupas_conventions_has_every_field_in_quotes_and_no_mark(tmp_path: Path) -> None:
    columns = [SinkColumn("PO"), SinkColumn("Price", ColumnKind.DECIMAL), SinkColumn("Need by", ColumnKind.DATE)]
    rows: list[list[Cell]] = [["00042", Decimal("1.50"), datetime(2026, 3, 1)], ['say "x"', None, None]]
    with open_book(tmp_path / "o.csv", FileOptions(Csv.COUPA)) as book, book.sheet("Orders", columns) as sheet:
        sheet.write(rows)
    assert (tmp_path / "o.csv").read_bytes() == (
        b'"PO","Price","Need by"\r\n"00042","1.50","2026-03-01"\r\n"say ""x""","",""\r\n'
    )


def test_a_column_of_dates_leaves_out_midnight_and_nothing_else(tmp_path: Path) -> None:
    columns = [SinkColumn("Need by", ColumnKind.DATE), SinkColumn("Changed", ColumnKind.DATETIME)]
    west = timezone(timedelta(hours=-8))
    rows: list[list[Cell]] = [
        [datetime(2026, 3, 1, tzinfo=west), datetime(2026, 3, 1, tzinfo=west)],
        [datetime(2026, 2, 28, 21, tzinfo=west), None],
    ]
    path = put(tmp_path / "o.csv", columns, *rows)
    assert path.read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "2026-03-01,2026-03-01 00:00:00",
        "2026-02-28 21:00:00,",
    ]
    path = put(tmp_path / "o.jsonl", columns, *rows)
    assert path.read_text(encoding="utf-8").splitlines() == [
        '{"Need by":"2026-03-01","Changed":"2026-03-01T00:00:00-08:00"}',
        '{"Need by":"2026-02-28T21:00:00-08:00","Changed":null}',
    ]
    sheet = opened(put(tmp_path / "o.xlsx", columns, *rows))
    assert [[(cell.value, cell.number_format) for cell in row if cell.value] for row in sheet.iter_rows(min_row=2)] == [
        [(datetime(2026, 3, 1), "yyyy-mm-dd"), (datetime(2026, 3, 1), "yyyy-mm-dd hh:mm")],
        [(datetime(2026, 2, 28, 21), "yyyy-mm-dd hh:mm")],
    ]


def test_without_pyarrow_the_message_says_how_to_get_it(tmp_path: Path) -> None:
    program = (
        "import sys\nsys.modules['pyarrow'] = None\nfrom pathlib import Path\n"
        "from bulkpo.errors import OutputError\nfrom bulkpo.tables.sink import open_book\n"
        "try:\n    open_book(Path('o.parquet')).__enter__()\nexcept OutputError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == (
        "writing .parquet needs pyarrow, which is not installed: pip install 'bulkpo[parquet]', or write .csv\n"
    )
    assert list(tmp_path.iterdir()) == []


FORMULA_LIKE = st.text(st.sampled_from("'=+-@\t\r \"a0,;"), max_size=6)


@settings(deadline=None)
@given(texts=st.lists(FORMULA_LIKE, min_size=1, max_size=8), extension=st.sampled_from(["csv", "tsv"]))
def test_csv_out_and_in_is_identity_also_for_what_looks_like_a_formula(
    tmp_path_factory: pytest.TempPathFactory, read: ReadTable, texts: list[str], extension: str
) -> None:
    delimiter = "," if extension == "csv" else "\t"
    assume(not any("\r" in text and delimiter in text for text in texts))  # may look like rows a mark has swallowed
    path = tmp_path_factory.mktemp("laws") / f"o.{extension}"
    columns = [SinkColumn("key"), SinkColumn("-text"), SinkColumn("end")]
    put(path, columns, *(["row", text, "z"] for text in texts))
    titles, found, _ = read(path, delimiter=delimiter)
    assert titles == ["key", "-text", "end"]
    assert [row[1] for row in found.values()] == [text or None for text in texts]


def test_only_text_that_excel_would_take_for_a_formula_is_guarded_and_no_number(tmp_path: Path) -> None:
    columns = [SinkColumn(name) for name in "abcd"]
    row = ["+49 89 123", "-5 deg valve", "-5.50", "'=1"]
    assert put(tmp_path / "o.csv", columns, row).read_bytes().splitlines()[1] == b"'+49 89 123,'-5 deg valve,-5.50,''=1"
    for options in (FileOptions(is_guarded=False), FileOptions(csv=Csv.COUPA)):
        with open_book(tmp_path / "o.csv", options) as book, book.sheet("s", columns) as sheet:
            sheet.write([row])
        written = (tmp_path / "o.csv").read_text("utf-8-sig").replace('"', "").splitlines()
        assert written[1] == "+49 89 123,-5 deg valve,-5.50,'=1"


@pytest.mark.parametrize("extension", [".xlsx", ".csv", ".tsv", ".jsonl", ".parquet"])
def test_half_a_surrogate_pair_keeps_no_file_from_being_written(tmp_path: Path, extension: str) -> None:
    if extension == ".parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'bulkpo[parquet]'")
    path = tmp_path / f"odd{extension}"
    with open_book(path) as book, book.sheet("Odd", [SinkColumn("A\ud800")]) as sheet:
        sheet.write([["one \ud800 half"], ["whole"]])
    if extension == ".jsonl":
        assert json.loads(path.read_text(encoding="utf-8").splitlines()[0]) == {"A\ud800": "one \ud800 half"}
    elif extension != ".parquet":
        (chunk,) = open_source(path).chunks()
        assert chunk.columns[0][1] == "whole"


def test_a_text_no_cell_can_hold_is_cut_with_a_mark_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    with (
        open_book(path, FileOptions(shortens=True)) as book,
        book.sheet("Long", [SinkColumn("A"), SinkColumn("B")]) as sheet,
    ):
        sheet.write([["x" * 40_000, "\U0001f600" * 20_000], ["y" * 32_767, "short"]])
    (chunk,) = open_source(path).chunks()
    first, second = chunk.columns
    assert first == ["x" * 32_741 + "… (cut: 40,000 characters)", "y" * 32_767]
    assert str(second[0]).endswith("… (cut: 40,000 characters)")
    assert second[1] == "short"
