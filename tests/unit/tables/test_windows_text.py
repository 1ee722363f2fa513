"""Text in an encoding that nobody declares is read as Windows text only where it can be meant so."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.errors import InputError
from bulkpo.model.finding import Severity
from bulkpo.tables.reading.encoding import find_encoding
from bulkpo.tables.reading.windows_text import misfit, telling_word
from bulkpo.tables.source import SourceOptions, open_source

WRITTEN = {
    "cp850": ("não", "irmã", "España", "código", "pièces détachées", "Größe"),
    "cp437": ("Größe", "pièces"),
    "mac_roman": ("Türen", "Größe"),
    "cp1251": ("Бумага", "Болт"),
    "cp1253": ("χαρτί",),
    "gb18030": ("复印纸",),
    "cp1254": ("sipariş", "çal\u0131şma", "kağ\u0131t", "ağaç", "BAŞLIK"),
    "cp1250": ("příruba", "ilość", "części", "półka", "csővezeték", "gyűrű", "šňůra"),
    "cp1257": ("varžtas",),
    "big5": ("電腦", "紙張"),
    "shift_jis": ("ボルト",),
}
WINDOWS = (
    "Größe für Türen", "España, código añadir", "pièces détachées créées", "maçã não coração", "yöäänestys", "jäääär",
    "5\u201c x 3\u201d Rohr „gut\u201c", "ÅÄÖ", "TEFLON™PTFE", "12 £ each", "MŽR Šimon", "½\u201dx3", "Bücher à 5 €",
    "«Été»", "5 m³ Beton", "±0,5°C", "Ærø", "crème brûlée", "naïve", "Œuvre", "Þór",
    "Alþýðulýðveldið", "viðskiptaþátttaka uþb", "fløguútgáva", "HeizÖl", "mm×mm", "Nm³", "m³h",
    "¿Qué?", "20°C±2", "õunapuu",
    "pães", "põe", "cœur", "fœtus", "prìs", "època",
)  # fmt: skip


@pytest.mark.parametrize(("encoding", "word"), [(name, word) for name, words in WRITTEN.items() for word in words])
def test_text_of_other_systems_is_refused_with_the_word_that_is_none(encoding: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(f"PO,Item\n1,bolt\n2,{word}\n".encode(encoding))
    with pytest.raises(InputError) as caught:
        find_encoding(path, None)
    assert str(caught.value).startswith(
        "orders.csv, line 3: the text is not UTF-8, and as Windows text (cp1252) it has "
    )
    assert find_encoding(path, encoding).findings == ()


def test_the_refusal_shows_an_encoding_in_which_the_word_is_one(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes("PO,Item\n1,Größe\n".encode("cp850"))
    with pytest.raises(InputError) as caught:
        find_encoding(path, None)
    assert str(caught.value) == (
        "orders.csv, line 2: the text is not UTF-8, and as Windows text (cp1252) it has 'Gr\u201dáe', where cp850 has "
        "'Größe'; declare what it is, such as cp850, or cp1252 if that is right (source: {encoding: …} in the mapping, "
        "--encoding of `bulkpo guess`); or save it as UTF-8"
    )


def test_what_may_be_windows_text_is_told_with_a_word_whose_letters_others_use_for_theirs(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes("PO,Item\n1,büyük\n2,şeker\n".encode("cp1254"))
    (finding,) = find_encoding(path, None).findings
    assert finding.message.endswith("is read as Windows text (cp1252); look at its accented letters, as in 'þeker'")
    path.write_bytes(b"PO,Item\n1,5 \x80\n2,b\xfcro\n")
    (finding,) = find_encoding(path, None).findings
    assert finding.message.endswith("as in '\u20ac'")


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("cp1254", "sipariş"),
        ("cp1250", "příruba"),
        ("cp1250", "użytkownik"),
        ("mac_roman", "Türen"),
        ("cp850", "não"),
        ("big5", "電腦"),
        ("gb18030", "复印纸"),
    ],
)
def test_the_refusal_names_the_encoding_that_it_is(encoding: str, word: str) -> None:
    found = misfit([word.encode(encoding)])
    assert found is not None
    assert found.encoding == encoding


def test_a_page_that_declares_nothing_is_held_to_the_same(tmp_path: Path) -> None:
    path = tmp_path / "orders.xls"
    path.write_bytes("<table><tr><td>PO<td>Item</tr>\n<tr><td>1<td>Größe</tr></table>".encode("cp850"))
    with pytest.raises(InputError) as caught:
        open_source(path)
    assert str(caught.value).startswith("orders.xls, line 2: the text is not UTF-8, and as Windows text (cp1252) it ha")
    (chunk,) = open_source(path, SourceOptions(encoding="cp850")).chunks()
    assert chunk.columns[1][0] == "Größe"


@given(st.lists(st.sampled_from(WINDOWS), min_size=1))
def test_windows_text_fits(texts: list[str]) -> None:
    assert misfit(["\n".join(texts).encode("cp1252")]) is None


@given(st.lists(st.binary(max_size=60), max_size=4))
def test_whatever_bytes_there_are_they_can_be_told(blocks: list[bytes]) -> None:
    assert "as Windows text" in str(misfit(blocks) or "as Windows text")
    telling_word(blocks)


def test_the_line_is_told_where_blocks_end_within_lines() -> None:
    text = ("PO,Item\n" * 9 + "1,Größe\n").encode("cp850")
    for size in (8, 12, 36, 1000):
        found = misfit(text[start : start + size] for start in range(0, len(text), size))
        assert found is not None
        assert (found.line, found.word) == (10, "Größe".encode("cp850"))


def test_an_odd_word_among_many_usual_ones_is_a_slip(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(("PO,Item\n" + "1,für Bücher\n" * 10 + "2,das\u201dgute\n").encode("cp1252"))
    found = find_encoding(path, None)
    assert (found.name, [finding.severity for finding in found.findings]) == ("cp1252", [Severity.NOTICE])
