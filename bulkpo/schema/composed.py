"""Headings that are no known name as a whole, but made of known words: `Best_Menge`, `Art. Lieferant`.

Each word, or part of a compound as `Lieferantennr`, stands for a notion in any of seven languages; some notions
together are a meaning. A heading with one word that is not known says nothing here.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from bulkpo.schema.names import plain_name

_WORDS_BY_NOTION = {
    "order": """po order orders purchase purchased purchasing pur bestell bestellung best bestel bestelling
        inkoop inkooporder commande cde achat pedido compra compras orden ordine
        encomenda auftrag oda oc bdc beschaffung acquisto""",
    "ordered": "ordered bestellt besteld commandee cdee pedida pedidos ordinata ordinato encomendada",
    "line": """line lines itens zeile position posizione riga righe linha linea ligne lignes regel rgl posten
        partida poste""",
    "supplier": """supplier suppliers vendor vendors sup splr vnd lief lieferant lieferanten kreditor
        kreditoren kred cred
        crediteur crediteuren creditor leverancier leveranciers lev fournisseur fourn frs four proveedor prov fornitore
        forn fornecedor fornec""",
    "item": """item items artikel art article articles articolo artigo articulo material materiale materiel
        matiere produit
        produkt product producto produto prodotto mat prod fourniture artikels""",
    "number": """number code codes codigo cod codice nummer nrs kennung identifiant sku kode""",
    "id": "id identifier",
    "reference": "reference ref referenz referentie referencia riferimento",
    "name": """name names nome nom nombre naam legal lgl nm razon social ragione sociale raison denominazione
        denominacion
        denominacao""",
    "text": """description descriptions beschreibung bezeichnung bez designation descripcion descricao descrizione
        omschrijving libelle kurztext""",
    "quantity": """quantity menge mengen quantite qte cantidad cant quantita qta quantidade qtd qtde qt aantal anzahl q
        stuckzahl hoeveelheid""",
    "price": "price preis prix precio prec preco prezzo prijs",
    "unit": "unit units einheit eenheid measure mass um ume uom ud udm ume uma",
    "unit first": "unite unidad unidade unita",
    "each": "unitaire unitario unitaria einzel stuck stuk each stk",
    "net": "net netto nette neto liquido",
    "date": "date datum data fecha termin",
    "delivery": "delivery liefer lieferung livraison entrega consegna levering lever leverings dlv dely",
    "need": """need needed required requested expected wunsch gew gewenst gewunscht gewunschte gewenste souhaitee voulue
        demandee prevista previsto prevue richiesta solicitada requerida soll due planned schedulata verwacht verwachte
        erwartet desired scheduled wanted""",
    "account": "account konto compte cuenta conta conto rekening",
    "ledger": "gl debit ledger sach sachkonto grootboek grootboekrekening",
    "internal": "int internal intern interne own eigene eigen",
    "": """of the by de da do du di del della dello delle dei van des der die das d l la le el in our unser
        unsere per pro im
        zur zum measure medida mesure misura""",
}
"""The words of each notion, in their plain form; those of none say nothing."""
_NOTIONS = {word: notion for notion, words in _WORDS_BY_NOTION.items() for word in words.split()}
_ENDINGS = {"nr": "number", "code": "number", "id": "number", "dat": "date"}
"""Short words that compounds end with."""
_LINKS = ("", "s", "n", "en")
_SHORTEST_PART = 4
_PRICE, _QUANTITY, _UNIT = "order-lines/price", "order-lines/quantity", "order-lines/uom/code"
_NEED, _ITEM, _TEXT = "order-lines/need-by-date", "order-lines/item/item-number", "order-lines/description"
_SUPPLIERS_ITEM, _ACCOUNT = "order-lines/source-part-num", "order-lines/account/code"
_MEANINGS: Mapping[frozenset[str], str] = {
    frozenset(notions.split()): target
    for target, several in {
        "po-number": ("order number", "order id", "order reference"),
        "order-lines/line-num": ("line number", "line order", "line order number"),
        "supplier/number": ("supplier number", "supplier id"),
        "supplier/name": ("supplier name", "supplier account name", "order supplier name"),
        _SUPPLIERS_ITEM: ("supplier item", "supplier item number", "supplier item reference", "item reference"),
        _ITEM: ("item number", "internal item number", "order item number"),
        _TEXT: ("item text", "item name", "line text", "order line text", "order item text"),
        _QUANTITY: (
            "quantity",
            "ordered quantity",
            "order quantity",
            "line quantity",
            "order line quantity",
            "line ordered quantity",
        ),
        _PRICE: (
            "each price",
            "supplier price",
            "net price",
            "each net price",
            "unit price",
            "net unit price",
            "order price",
        ),
        _UNIT: ("unit", "order unit", "item unit", "quantity unit", "order quantity unit"),
        _NEED: (
            "delivery date",
            "need date",
            "need delivery",
            "need delivery date",
            "order delivery date",
            "line delivery date",
            "line need delivery",
            "order need date",
            "line need date",
        ),
        "ORDER_DATE": ("order date", "ordered date"),
        _ACCOUNT: ("ledger account", "ledger account number", "line account number", "line item account number"),
    }.items()
    for notions in several
}


@lru_cache(maxsize=4096)
def composed_meaning(heading: str) -> str:
    """The meaning of a heading that is made of known words, or empty."""
    notions: list[str] = []
    for word in plain_name(heading).split():
        parts = _parts(word)
        if parts is None:
            return ""
        notions.extend(part for part in parts if part)
    together = frozenset("unit" if each == "unit first" else each for each in notions)
    if together >= {"unit", "price"} and _is_price_unit(notions):
        return "PRICE_UNIT" if together <= {"unit", "price", "net", "order"} else ""
    if {"order", "supplier", "number"} == together:
        return _SUPPLIERS_ITEM if ("order", "number") in pairwise(notions) else "supplier/number"
    return _MEANINGS.get(together, "")


def _is_price_unit(notions: list[str]) -> bool:
    """Whether it is the unit that prices are for: `Price Unit`, `Unità prezzo`; and not `Unit Price`."""
    price = notions.index("price")
    if "unit first" in notions:
        return notions.index("unit first") < price
    return price < notions.index("unit")


def _parts(word: str) -> list[str] | None:
    """The notions of a word; of a compound, those of its parts; None if it is not known."""
    if word.isdigit():
        return None
    known = _NOTIONS.get(word)
    if known is not None:
        return [known]
    return next(_compound(word), None)


def _compound(word: str) -> Iterator[list[str]]:
    for end in range(len(word) - 2, _SHORTEST_PART - 1, -1):
        first = _NOTIONS.get(word[:end])
        if not first:
            continue
        for link in _LINKS:
            rest = word[end:].removeprefix(link)
            if not word[end:].startswith(link) or not rest:
                continue
            last = _ENDINGS.get(rest) or (_NOTIONS.get(rest) if len(rest) >= _SHORTEST_PART else None)
            if last:
                yield [first, last]
            elif len(rest) > _SHORTEST_PART:
                yield from ([first, *more] for more in _compound(rest))
