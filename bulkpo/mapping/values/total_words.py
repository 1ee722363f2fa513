"""Words that say that a row adds up others, in the languages of the spreadsheets people send.

A cell says so if nothing is in it but such a word, words that go with it ("order total net"), numbers and currencies.
"Total metals" and "TDS (Total Dissolved Solids)" say something else.
"""

import re
import unicodedata

_TOTALS = """
total totals subtotal subtotals sum sums subsum
summe summen zwischensumme zwischensummen gesamtsumme gesamt gesamtbetrag endsumme endbetrag nettosumme bruttosumme
auftragssumme bestellsumme ergebnis teilergebnis gesamtergebnis insgesamt
totaux soustotal soustotaux somme suma sumas totales totale totali subtotale subtotali somma totais soma
totaal totalen subtotaal eindtotaal totaalbedrag som
summa totalt totalsumma delsumma totalsum delsum ialt yhteensä välisumma loppusumma kokku kopā
razem ogółem łącznie celkem celkom součet súčet mezisoučet medzisúčet spolu összesen részösszeg végösszeg összeg
ukupno svega skupaj toplam итого итог всего разом всього сума общо σύνολο άθροισμα
合計 小計 総計 計 合计 小计 总计 总额 總計 總額 합계 소계 총계 الإجمالي المجموع סהכ รวม jumlah
"""
"""English, German, French, Spanish, Italian, Portuguese and Dutch first, then others."""

_WITH_TOTALS = """
amount amounts value values price cost order orders po purchase net gross due line lines item items page invoice
qty quantity vat tax taxes gst incl excl including excluding inc ex without with before after grand sub overall
final all of the for by in and carried brought forward running
netto brutto mwst ust ohne mit inkl exkl zzgl auftrag bestellung bestellwert betrag wert der des die und
général générale general hors taxe ht ttc tva commande montant prix sous de du la le les
importe pedido orden neto bruto iva sin con del el los
importo ordine imponibile lordo complessivo parziale generale della di
valor líquido geral encomenda da do dos sem com bedrag btw exclusief inclusief algemeen van het
częściowa końcowa промежуточный общий общая ara genel μερικό γενικό
"""
_WORDS = frozenset(_TOTALS.split())
_BESIDE = _WORDS | frozenset(_WITH_TOTALS.split())
_STEMS = (
    "tot", "sum", "som", "gesamt", "ergebnis", "alt", "yhteens", "kokku", "razem", "cel", "spolu", "ukupno", "svega",
    "skupaj", "toplam", "jumlah",
)  # fmt: skip
_NO_WORD = re.compile(r"[\W\d_]+")
_CURRENCY = re.compile(r"\b[A-Z]{3}\b")


def may_say_total(joined: str) -> bool:
    """Whether some of many texts may say so: a quick look that finds too much rather than too little."""
    lower = joined.lower()
    return not joined.isascii() or any(stem in lower for stem in _STEMS)


def says_total(text: str, above: str = "") -> bool:
    """Whether a cell says that its row adds up others; it may name the group, which stands in the cell above."""
    own = unicodedata.normalize("NFC", text).replace("-", " ")
    if above:
        group = unicodedata.normalize("NFC", above).replace("-", " ").strip()
        own = own.replace(group, " ", 1) if group and group != own.strip() else own
    words = _words(own)
    if words.isdisjoint(_WORDS):
        return words == {"i", "alt"}
    return words <= _BESIDE or _words(_CURRENCY.sub(" ", own)) <= _BESIDE


def _words(text: str) -> set[str]:
    return set(_NO_WORD.sub(" ", text.replace("'", "").replace('"', "").replace("\u05f4", "")).lower().split())
