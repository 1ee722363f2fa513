"""Files that are broken, hostile or not tables at all: refused with what to do, at no great cost."""

import importlib.util
import io
import os
import random
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding
from bulkpo.model.table import Cell
from bulkpo.tables.reading import spans, table
from bulkpo.tables.source import open_source
from bulkpo.tables.workbooks.bounded import prove_bounded

ReadTable = Callable[..., tuple[list[str], dict[int, list[Cell]], list[Finding]]]
MakeWorkbook = Callable[..., Path]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FILES = Path(__file__).parent / "files"
HEADING = '<row r="1"><c r="A1" t="str"><v>No</v></c></row>'


def refused(read: ReadTable, path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value)


MEASURE = """\
import resource, sys
from bulkpo.errors import InputError
from bulkpo.tables.source import SourceOptions, open_source
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    source = open_source(__import__("pathlib").Path(sys.argv[1]), SourceOptions())
    for chunk in source.chunks():
        pass
except InputError:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def megabytes_to_read(path: Path) -> int:
    """What reading a file adds to the memory of a process that does nothing else."""
    measured = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, check=True)
    return int(measured.stdout) // 1024


def small_book() -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in range(50):
        book.active.append([f"PO {row}", row, "text <&>"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_missing_file_a_folder_and_an_empty_file_say_so(tmp_path: Path, read: ReadTable) -> None:
    (tmp_path / "empty.xlsx").touch()
    missing = tmp_path / "no.xlsx"
    assert refused(read, missing) == f"{missing}: there is no such file; check the name and the folder"
    assert refused(read, tmp_path) == f"{tmp_path}: this is a folder; name the file in it"
    assert refused(read, tmp_path / "empty.xlsx") == "empty.xlsx: the file is empty"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read all files")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, read: ReadTable) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a\n1\n")
    path.chmod(0)
    assert refused(read, path) == f"{path}: the file may not be read; close it elsewhere or ask for permission"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, read: ReadTable) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert refused(read, tmp_path / "pipe.csv").endswith("this is no ordinary file; save what it gives to a file first")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.xlsx",
            b"%PDF-1.7\n...",
            "a.xlsx: this is a PDF document, not a table; open it and save it as .xlsx or CSV",
        ),
        ("a.xls", b"\n<html><p>x", "a.xls: this is a web page without a table; open it and save the table as .xlsx"),
        ("a.xls", b"<?xml version='1.0'?><W/>", "a.xls: this is an XML document, not a table; open it and save it as"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.csv: this is an image, not a table;"),
        (
            "a.csv",
            b"\x01\x02\x03\x04four" * 9,
            "a.csv: this is neither a workbook nor text, or it is damaged; get a fr",
        ),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 99, "a.xlsx: the file is damaged or cut short (File is not a zip file); get"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.xls: this is an old Office document without sh"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") * 60,
            "a.xls: the workbook is damaged (",
        ),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx: the workbook is protected by a password; remove it in Excel and save it again",
        ),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, read: ReadTable, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(read, tmp_path / name).startswith(message)


def test_a_workbook_under_another_name_is_read_as_what_it_is(tmp_path: Path, read: ReadTable) -> None:
    for name in ("orders.csv", "orders.txt", "orders"):
        (tmp_path / name).write_bytes(small_book())
        assert len(read(tmp_path / name)[1]) == 49


def test_a_zip_that_is_no_workbook_says_so(tmp_path: Path, read: ReadTable) -> None:
    with zipfile.ZipFile(tmp_path / "orders.zip", "w") as archive:
        archive.writestr("orders.png", "a,b\n")
    assert refused(read, tmp_path / "orders.zip") == (
        "orders.zip: a zip archive is read if it holds one table and nothing else; this one holds orders.png; unpack "
        "it and name the file that is meant"
    )


def test_a_workbook_cut_short_anywhere_is_refused(tmp_path: Path, read: ReadTable) -> None:
    whole = small_book()
    path = tmp_path / "cut.xlsx"
    for length in range(4, len(whole) - 1, len(whole) // 23):
        path.write_bytes(whole[:length])
        assert "damaged or cut short" in refused(read, path)


def test_a_sheet_cut_short_inside_a_sound_archive_is_refused(workbook: MakeWorkbook, read: ReadTable) -> None:
    rows = HEADING + '<row r="2"><c r="A2"><v>1</v></c></row>'
    whole = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}'
    for sheet in (whole, whole[:-4], whole[:-20], whole + "<row r='3'><c r='A3'>"):
        assert "damaged or cut short" in refused(read, workbook(sheet=sheet))


def test_a_missing_part_is_named(tmp_path: Path, read: ReadTable) -> None:
    with zipfile.ZipFile(io.BytesIO(small_book())) as whole, zipfile.ZipFile(tmp_path / "part.xlsx", "w") as archive:
        for name in whole.namelist():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, whole.read(name))
    assert refused(read, tmp_path / "part.xlsx") == (
        "part.xlsx: the workbook cannot be read: the part xl/worksheets/sheet1.xml is missing"
    )


def test_a_zip_bomb_is_refused_before_it_inflates(tmp_path: Path, read: ReadTable) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(io.BytesIO(small_book())) as whole,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for name in whole.namelist():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, whole.read(name))
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{MAIN}"><sheetData>{HEADING}<row r="2">'.encode())
            for _ in range(80):
                part.write(b" " * (1 << 20))
    assert refused(read, path).startswith(
        "bomb.xlsx: the workbook cannot be read: the part xl/worksheets/sheet1.xml would inflate 10"
    )
    assert megabytes_to_read(path) < 40, "of 80"


@pytest.mark.parametrize("part", ["sheet", "workbook", "strings", "styles"])
def test_entities_are_refused_in_every_part(workbook: MakeWorkbook, read: ReadTable, part: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{HEADING}<row r="2"><c r="A2" t="s"><v>0</v></c></row></sheetData>'
    parts = {"sheet": sheet + "</worksheet>", "strings": "<si><t>x</t></si>", "styles": "<cellXfs/>"}
    if part in ("sheet", "workbook"):
        parts[part] = bomb + parts.get(part, "<workbook/>")
    path = workbook(**parts)
    if part in ("strings", "styles"):
        name = {"strings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}[part]
        rewrite(path, name, lambda text: bomb.encode() + text)
    assert "declares entities, which no workbook needs" in refused(read, path)


def test_entities_hidden_by_another_encoding_are_refused(workbook: MakeWorkbook, read: ReadTable) -> None:
    path = workbook(HEADING)
    rewrite(path, "xl/worksheets/sheet1.xml", lambda text: ("<!DOCTYPE x>" + text.decode()).encode("utf-16"))
    assert refused(read, path).endswith("is not written in UTF-8; open the file in Excel and save it again")


def test_a_declared_size_of_a_gigabyte_costs_nothing(workbook: MakeWorkbook, read: ReadTable) -> None:
    sheet = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" hidden="1"/></cols>'
        f'<sheetData>{HEADING}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    path = workbook(sheet=sheet)
    titles, rows, findings = read(path)
    assert (titles, rows) == (["No"], {1048576: [None]})
    assert {"extra-cells", "blank-rows"} <= {told.code for told in findings}
    assert megabytes_to_read(path) < 100


def test_a_row_that_never_ends_is_bounded(workbook: MakeWorkbook, read: ReadTable) -> None:
    cells = "".join(f'<c r="A2"><v>{n}</v></c>' for n in range(500_000))
    path = workbook(f"{HEADING}<row r='2'>{cells}")
    with pytest.raises(InputError):
        read(path)
    assert megabytes_to_read(path) < 300


def test_repeated_cells_of_an_open_document_are_bounded(tmp_path: Path, read: ReadTable) -> None:
    path = tmp_path / "repeats.ods"
    path.write_bytes((FILES / "libreoffice.ods").read_bytes())
    cell = (
        b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" '
        b'office:value="1" table:number-columns-repeated="1000"><text:p>1</text:p></table:table-cell></table:table-row>'
    )
    rewrite(path, "content.xml", lambda text: text.replace(b"</table:table>", cell + b"</table:table>", 1))
    assert refused(read, path) == "repeats.ods: its repeated cells come to more than 50,000,000; save it as .xlsx"
    assert megabytes_to_read(path) < 100


def test_a_part_protected_within_the_archive_is_named(tmp_path: Path, read: ReadTable) -> None:
    content = bytearray(small_book())
    entry = content.rindex(b"PK\x01\x02")
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:
        flags = struct.unpack_from("<H", content, start + 8)[0]
        struct.pack_into("<H", content, start + 8, flags | 1)
        start += 4
    assert entry > 0
    (tmp_path / "locked.xlsx").write_bytes(content)
    assert refused(read, tmp_path / "locked.xlsx") == (
        "locked.xlsx: the workbook cannot be read: it is protected by a password; remove the protection"
    )


def test_bytes_changed_at_random_are_read_or_refused_but_never_crash(tmp_path: Path, read: ReadTable) -> None:
    chance = random.Random(11)  # noqa: S311 - the same damage every time
    sources = [small_book(), *((FILES / name).read_bytes() for name in ("libreoffice.xls", "libreoffice.ods"))]
    for number in range(150):
        content = bytearray(sources[number % len(sources)])
        for _ in range(chance.randrange(1, 30)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path = tmp_path / "damaged.xlsx"
        path.write_bytes(content)
        try:
            read(path)
        except InputError as error:
            assert str(error).startswith(("damaged.xlsx", str(path)))  # noqa: PT017 - reading it is fine as well


def test_sheet_xml_changed_at_random_is_read_or_refused_but_never_crashes(
    workbook: MakeWorkbook, read: ReadTable
) -> None:
    chance = random.Random(12)  # noqa: S311 - the same damage every time
    row = '<row r="{0}"><c r="A{0}" s="1"><v>{0}</v></c><c r="B{0}" t="inlineStr"><is><t>x</t></is></c></row>'
    whole = f'<worksheet xmlns="{MAIN}"><sheetData>{HEADING}{"".join(row.format(n) for n in range(2, 6))}</sheetData>'
    for _ in range(80):
        text = list(whole + "</worksheet>")
        for _ in range(chance.randrange(1, 4)):
            text[chance.randrange(60, len(text))] = chance.choice('<>/"=& 1cr\x00é')
        try:
            read(workbook(sheet="".join(text)))
        except InputError as error:
            assert "made.xlsx" in str(error)  # noqa: PT017 - reading it is fine as well


def test_any_part_changed_at_random_is_read_or_refused_but_never_crashes(tmp_path: Path, read: ReadTable) -> None:
    chance = random.Random(13)  # noqa: S311 - the same damage every time
    for number in range(400):
        path = tmp_path / "damaged.xlsx"
        path.write_bytes((FILES / f"libreoffice.{'ods' if number % 4 == 0 else 'xlsx'}").read_bytes())
        with zipfile.ZipFile(path) as archive:
            part = chance.choice([name for name in archive.namelist() if name.endswith((".xml", ".rels"))])

        def damage(text: bytes) -> bytes:
            changed = bytearray(text)
            for _ in range(chance.randrange(1, 4)):
                place = chance.randrange(len(changed))
                changed[place : place + chance.randrange(3)] = chance.choice([b"<", b'"', b"9", b"x", b"-", b"/>", b""])
            return bytes(changed)

        rewrite(path, part, damage)
        try:
            read(path, header_row=2)
        except InputError as error:
            assert "damaged.xlsx" in str(error)  # noqa: PT017 - reading it is fine as well


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path: Path, read: ReadTable, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        read(path)
    except InputError as error:
        assert "any.csv" in str(error)  # noqa: PT017 - reading it is fine as well


def rewrite(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Change one part of an archive."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == part else content)


def far_away(folder: Path) -> Path:
    """An old workbook with a cell in the last row and column that its records can name."""
    content = bytearray((FILES / "padded.xls").read_bytes())
    at = content.index(struct.pack("<HH", 0x27E, 10)) + 4
    content[at : at + 4] = struct.pack("<HH", 65_535, 65_535)
    (folder / "far.xls").write_bytes(content)
    return folder / "far.xls"


def test_an_old_workbook_with_a_cell_far_away_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"far\.xls, sheet .+: its cells reach to row 65,536 and column 65,536, more"):
        open_source(far_away(tmp_path))


@pytest.mark.skipif(importlib.util.find_spec("resource") is None, reason="the system has no limits to set")
def test_a_workbook_is_opened_in_a_process_that_may_take_so_much_memory_and_no_more(tmp_path: Path) -> None:
    prove_bounded(FILES / "padded.xls")
    with pytest.raises(
        InputError, match=r"far\.xls: opening it takes more than 389 MB of memory; it is damaged, or has"
    ):
        prove_bounded(far_away(tmp_path))


def test_merged_cells_over_each_other_are_refused_and_one_as_large_as_a_sheet_costs_nothing(
    workbook: Callable[..., Path],
) -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>No</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    merges = '<mergeCell ref="A2:XFD1048576"/>' * 20_000
    spread = f"<mergeCells>{merges}</mergeCells>"
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{spread}</worksheet>'
    with pytest.raises(InputError, match="sheet Orders: merged cells lie over each other at row 2 or below"):
        list(open_source(workbook(sheet=sheet)).chunks())
    one = sheet.replace(merges, '<mergeCell ref="A2:XFD1048576"/>')
    assert [chunk.columns for chunk in open_source(workbook(sheet=one)).chunks()] == [[[1]]]


def test_a_link_that_leads_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").symlink_to(tmp_path / "orders.csv")
    with pytest.raises(InputError, match=r"orders\.csv: the file cannot be read: Too many levels of symbolic links"):
        open_source(tmp_path / "orders.csv")


def test_a_long_text_that_many_cells_share_is_bounded_by_what_it_comes_to(
    workbook: MakeWorkbook, read: ReadTable
) -> None:
    cells = "".join(f'<c r="{letter}{{0}}" t="s"><v>0</v></c>' for letter in "ABCDEFGHIJKL")
    rows = "".join(f'<row r="{row}">{cells.format(row)}</row>' for row in range(1, 2_000))
    path = workbook(rows, strings=f"<si><t>{'long ' * 6_400}</t></si>")
    assert refused(read, path) == (
        "made.xlsx, sheet Orders: down to row 1,373 its texts of 1,000 characters and more come to over 500,000,000 "
        "characters; shorten them, or load the sheet in parts"
    )
    assert megabytes_to_read(path) < 100


def test_rows_that_reach_far_beyond_the_headings_are_bounded(
    workbook: MakeWorkbook, read: ReadTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "_MOST_BEYOND", 1_000_000)
    far = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="XFD{row}"><v>1</v></c></row>' for row in range(2, 70)
    )
    assert refused(read, workbook(HEADING + far)) == (
        "made.xlsx, sheet Orders: down to row 63 the rows reach over 1,000,000 cells to the right of the last "
        "heading; clear what stands there, or give the columns headings"
    )


def test_a_page_of_wide_and_high_cells_is_bounded(
    tmp_path: Path, read: ReadTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spans, "_MOST_CELLS", 1_000_000)
    path = tmp_path / "spans.html"
    rows = "<tr><td>1</td></tr>" * 200
    path.write_text(f"<table><tr><td rowspan=65534 colspan=16000>No</td></tr>{rows}</table>", encoding="utf-8")
    assert refused(read, path) == (
        "spans.html, row 62: the rows up to here reach over 1,000,000 cells; save the table as .xlsx without its "
        "empty columns"
    )


def test_a_page_nested_deeper_than_can_be_read_is_refused_and_nothing_of_it_left_out(
    tmp_path: Path, read: ReadTable
) -> None:
    path = tmp_path / "deep.html"
    path.write_text(f"<table><tr><td>No</td></tr><tr><td>{'<b>' * 300}7</td></tr></table>", encoding="utf-8")
    assert refused(read, path) == (
        "deep.html: the page's elements lie 256 and more within each other; open it in Excel and save it as .xlsx"
    )


def test_a_page_of_very_many_tables_is_told_of_as_quickly_as_it_is_read(tmp_path: Path, read: ReadTable) -> None:
    path = tmp_path / "many.html"
    path.write_text("<table><tr><td>No<td>Text<tr><td>1<td>a</table>" * 5_000, encoding="utf-8")
    assert refused(read, path).startswith("many.html: the page has 5,000 tables: 'Table 1' (2 rows: No, Text); ")


def test_a_part_that_stands_twice_is_refused_since_programs_differ_in_which_they_show(
    workbook: MakeWorkbook, read: ReadTable
) -> None:
    path = workbook(HEADING)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/worksheets/Sheet1.xml", archive.read("xl/worksheets/sheet1.xml"))
    assert refused(read, path) == (
        "made.xlsx: the workbook cannot be read: the archive has the part xl/worksheets/sheet1.xml twice, and programs "
        "differ in which they show"
    )


def test_a_million_tags_of_names_are_refused_before_they_are_held(workbook: MakeWorkbook, read: ReadTable) -> None:
    path = workbook(HEADING)
    names = b"<definedNames>" + b"<definedName/>" * 1_000_000 + b"</definedNames></workbook>"
    rewrite(path, "xl/workbook.xml", lambda text: text.replace(b"</workbook>", names))
    assert refused(read, path).endswith("the part xl/workbook.xml has more than 1,000,000 tags, more than can be held")


@pytest.mark.parametrize("kind", [".xlsx", ".ods"])
def test_sheets_by_the_ten_thousand_are_refused(
    tmp_path: Path, workbook: MakeWorkbook, read: ReadTable, kind: str
) -> None:
    if kind == ".ods":
        path = tmp_path / "made.ods"
        path.write_bytes((FILES / "libreoffice.ods").read_bytes())
        table = '<table:table table:name="S{}"><table:table-row/></table:table>'
        tables = "".join(map(table.format, range(10_001))).encode()
        rewrite(
            path, "content.xml", lambda text: text.replace(b"</office:spreadsheet>", tables + b"</office:spreadsheet>")
        )
    else:
        path = workbook(HEADING)
        sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r1"/>' for n in range(10_001)).encode()
        rewrite(path, "xl/workbook.xml", lambda text: text.replace(b"</sheets>", sheets + b"</sheets>"))
    assert "sheets, more than the 10,000 that are read" in refused(read, path)


def test_sixteen_thousand_equal_headings_are_told_apart_in_no_time(tmp_path: Path, read: ReadTable) -> None:
    path = tmp_path / "equal.csv"
    path.write_text(f"{','.join(['A'] * 16_000)}\n{','.join(['1'] * 16_000)}\n")
    titles, _, _ = read(path)
    assert (titles[0], titles[1], titles[-1], len(set(titles))) == ("A", "A#2", "A#16000", 16_000)


@pytest.mark.parametrize("number", ["inf", "nan", "-Infinity"])
def test_a_cell_of_an_open_document_that_is_no_number_is_told_with_its_row(
    tmp_path: Path, read: ReadTable, number: str
) -> None:
    path = tmp_path / "odd.ods"
    path.write_bytes((FILES / "libreoffice.ods").read_bytes())
    rewrite(
        path, "content.xml", lambda text: re.sub(rb' office:value="[^"]*"', f' office:value="{number}"'.encode(), text)
    )
    with pytest.raises(InputError, match="is not a number; open it in Excel and save it again"):
        read(path, header_row=2)
