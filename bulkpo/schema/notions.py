"""The notions that the words of headings stand for, in seven languages: `Liefer` is delivery, `Qté` a quantity.

A word is known whole, as a compound of known words (`Lieferantennr`), or, where one listens less closely, cut short
(`Descr`, `Lief.`), without its vowels (`Vndr`) or run together with others (`VENDNAME`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bulkpo.schema.names import plain_name

_WORDS_BY_NOTION = {
    "order": """po order orders purchase purchased purchasing pur bestell bestellung best bestel bestelling
        inkoop inkooporder commande cde achat ordre ordem pedido compra compras orden ordine
        encomenda auftrag oda oc bdc beschaffung acquisto bestellungen einkauf procurement""",
    "ordered": "ordered bestellt besteld commandee cdee pedida pedidos ordinata ordinato encomendada",
    "line": """line lines itens zeile position posizione riga righe linha linea ligne lignes regel rgl posten
        partida poste renglon""",
    "supplier": """supplier suppliers vendor vendors sup splr vnd lief lieferant lieferanten kreditor
        kreditoren kred cred
        crediteur crediteuren creditor leverancier leveranciers lev fournisseur fourn frs four crd proveedor prov
        fornitore forn fornecedor fornec tiers payee titulaire""",
    "item": """item items artikel art article articles articolo artigo articulo material materiale materiel
        matiere produit
        produkt product producto produto prodotto mat prod fourniture artikels part parts stock""",
    "number": "number code codes codigo cod codice nummer nrs kennung identifiant sku kode nmbr cve clave",
    "id": "id identifier",
    "reference": "reference ref referenz referentie referencia riferimento",
    "name": """name names nome nom nombre naam legal lgl nm razon social ragione sociale raison denominazione
        denominacion
        denominacao intitule""",
    "text": """description descriptions beschreibung bezeichnung bez designation designacao descripcion descricao
        descrizione omschrijving libelle kurztext""",
    "quantity": """quantity menge mengen quantite qte cantidad cant quantita qta quantidade qtd qtde qt aantal anzahl q
        stuckzahl hoeveelheid""",
    "price": "price preis prix precio prec preco prezzo prijs",
    "cost": "cost kosten cout coste costo custo rate tarif",
    "document": "document documento beleg dokument doc",
    "terms": """terms term bedingung bedingungen bed konditionen kondition condition conditions condicion condiciones
        condicao condicoes condizione condizioni cond voorwaarde voorwaarden forma modalita""",
    "manufacturer": "manufacturer maker hersteller herst fabricant fabricante produttore fabrikant brand",
    "unit": "unit units einheit eenheid measure mass um ume ud udm uma ehd einh eenh un",
    "unit first": "unite unidad unidade unita",
    "each": "unitaire unitario unitaria einzel stuck stuk each stk",
    "net": "net netto nette neto liquido",
    "date": "date datum data fecha termin dat",
    "delivery": """delivery liefer lieferung livraison entrega consegna levering lever leverings dlv dely arrival
        deliver deliveries shipping ship shipment liv cons arrivee""",
    "need": """need needed required requested expected wunsch gew gewenst gewunscht gewunschte gewenste
        gewunschter gevraagd gevraagde planifie planifiee planejada planejado planificada planificado
        souhaitee voulue
        demandee prevista previsto prevue richiesta solicitada requerida soll due planned schedulata verwacht verwachte
        erwartet desired scheduled wanted geplant geplantes erwartetes demande delai when wann eta latest""",
    "account": "account konto compte cuenta conta conto rekening",
    "ledger": "gl debit ledger sach sachkonto grootboek grootboekrekening",
    "internal": "int internal intern interne own eigene eigen",
    "": """of the by de da do du di del della dello delle dei van des der die das d l la le el in our unser
        unsere per pro im zur zum medida mesure misura to as and for conv""",
}
"""The words of each notion, in their plain form; those of none say nothing."""
_APART_BY_NOTION = {
    "received": """received receipt receipts geliefert erhalten eingegangen eingang wareneingang recue recu recus
        reception livre livree recibida recibido entregada entregado recepcion ricevuta ricevuto ricevimento consegnata
        consegnato recebida recebido recebimento entregue entrata entrate ontvangen ontvangst geleverd delivered
        recv rcv""",
    "invoiced": """invoiced invoice billed bill berechnende
        berechnet fakturiert verrechnet rechnung facture facturee facturada
        facturado factura fatturata fatturato fattura faturada faturado fatura gefactureerd factuur vouchered paid
        bezahlt""",
    "open": """open remaining outstanding pending offen offene restmenge rest reste solde pendiente pendientes restante
        residua residuo residuale inevasa inevaso pendente saldo openstaand openstaande resterend fornecer livrer
        liefern backordered backorder balance
        ausstehend ausstehende""",
    "cancelled": """cancelled canceled cancel storniert annule annulee cancelada anulada anulado annullata annullato
        geannuleerd rejected abgelehnt returned retoure""",
    "confirmed": """confirmed promised promise acknowledged bestatigt bestatigte bestatigter zugesagt confirme
        confirmee accepte acceptee confirmada confirmado confermata confermato bevestigd bevestigde bestae""",
    "amount": """amount total value betrag wert summe gesamt montant importe valor importo totale valore bedrag totaal
        extended subtotal sum amounts""",
    "tax": "tax vat gst mwst ust tva iva btw imposto impuesto steuer taxes brutto gross ttc",
    "other": """list standard last previous catalog listen letzter tarifa budget estimated min max minimum maximum
        original old alt pack package conversion factor weight gewicht warehouse lager transit trans
        dernier derniere derniers letzte letztes letzten ultimo ultima ultimi laatste vorige vorheriger precedent
        precedente anterior average avg moyen moyenne durchschnitt durchschnittlich gemiddeld gemiddelde promedio
        listino catalogue catalogo katalog standaard estandar padrao
        bestand inventory alternate alternative exchange discount rabatt remise sconto desconto korting credit""",
    "base": "base basis",
    "requisition": "requisition banf anforderung solicitud requisicao aanvraag pr quote quotation angebot oferta",
    "written": """created creation entered erstellt angelegt saisie emision emissao aanmaak raised issued issue placed
        build timestamp input modified changed updated geandert posting printed sent approved approval posted""",
    "payment": "payment zahlung paiement reglement pago pagamento betaling betalings zahlungs",
    "company": """company firma empresa societe bedrijf ditta entreprise entity contact contacto partner
        parceiro entidad entidade""",
    "ending": "deadline expiry expiration expires start end begin valid gultig closed close effective award contract",
    "person": """buyer buyers compradores requester requestor user einkaufer besteller acheteur comprador inkoper
        acquirente customer kunde kunden kd client cliente klant payer""",
    "group": "group gruppe grupo groep groupe gruppo category kategorie categorie categoria class klasse type typ tipo",
    "place": """site location address adresse city country state department abteilung plant werk centre center magasin
        almacen armazem deposito vestiging section job project projekt projet proyecto""",
    "note": "note notes remark remarks comment comments memo objet bemerkung opmerking nota publique",
}
"""Words by which a column is another than the one that its other words mean."""
_NOTIONS = {
    word: notion for notion, words in (*_WORDS_BY_NOTION.items(), *_APART_BY_NOTION.items()) for word in words.split()
}
_STRICT = {word: notion for notion, words in _WORDS_BY_NOTION.items() for word in words.split()}
APART = frozenset(_APART_BY_NOTION)
_ENDINGS = {"id": "number", "dat": "date"}
"""Short words that compounds end with."""
_AFTER_Q = {
    "ord": "ordered", "ordd": "ordered", "orig": "other", "rec": "received", "recv": "received", "rcv": "received",
    "rcvd": "received", "recd": "received", "rcpt": "received", "inv": "invoiced", "open": "open", "bal": "open",
    "bo": "open", "can": "cancelled", "cxl": "cancelled",
}  # fmt: skip
"""What a technical name says of a quantity right behind its `Q`: `QORD`, `QRECV`."""
_LINKS = ("", "s", "n", "en")
_SHORTEST_PART = 4
_SHORTEST_CUT, _LONG_WORD = 3, 5
_COVERED = 0.75
_VOWELS = re.compile("(?<!^)[aeiouy]")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the words of a heading say: their notions, in their order, and how many words are not known."""

    notions: tuple[str, ...]
    unknown: int

    def says(self, *notions: str) -> bool:
        """Whether one of its words stands for one of these."""
        return not set(notions).isdisjoint(self.notions)


@lru_cache(maxsize=4096)
def notions_of(heading: str) -> tuple[str, ...] | None:
    """The notions of a heading all of whose words are known; None where one is not."""
    notions: list[str] = []
    for word in plain_name(heading).split():
        parts = _parts(word)
        if parts is None:
            return None
        notions.extend(part for part in parts if part)
    return tuple(notions)


@lru_cache(maxsize=4096)
def heard(heading: str) -> Heard:
    """What the words of a heading say that are known, or cut short, or run together with others."""
    notions: list[str] = []
    unknown = 0
    for word in plain_name(heading).split():
        if word.isdigit():
            continue
        parts = _any_parts(word)
        unknown += not parts
        notions.extend(part for part in parts if part)
    return Heard(tuple(notions), unknown)


def _parts(word: str) -> list[str] | None:
    """The notions of a word; of a compound, those of its parts; None if it is not known."""
    if word.isdigit():
        return None
    known = _STRICT.get(word)
    if known is not None:
        return [known]
    return next(_compound(word), None)


def _compound(word: str) -> Iterator[list[str]]:
    for end in range(len(word) - 2, _SHORTEST_PART - 1, -1):
        first = _STRICT.get(word[:end])
        if not first:
            continue
        for link in _LINKS:
            rest = word[end:].removeprefix(link)
            if not word[end:].startswith(link) or not rest:
                continue
            last = _ENDINGS.get(rest) or (_STRICT.get(rest) if len(rest) >= _SHORTEST_PART else None)
            if last:
                yield [first, last]
            elif len(rest) > _SHORTEST_PART:
                yield from ([first, *more] for more in _compound(rest))


@lru_cache(maxsize=4096)
def _any_parts(word: str) -> tuple[str, ...]:
    known = _NOTIONS.get(word)
    if known is not None:
        return (known,)
    parts = _parts(word)
    if parts is not None:
        return tuple(parts)
    if word[0] == "q" and word[1:] in _AFTER_Q:
        return ("quantity", _AFTER_Q[word[1:]])
    cut = _cut_short(word)
    return (cut,) if cut else _run_together(word)


def _cut_short(word: str) -> str:
    """The one notion of which all words are that begin so, or that are so without their vowels; empty if none is."""
    if len(word) < _SHORTEST_CUT:
        return ""
    found = {notion for known, notion in _NOTIONS.items() if len(known) > len(word) + 1 and known.startswith(word)}
    if not found:
        found = {notion for known, notion in _NOTIONS.items() if len(known) >= _LONG_WORD and _bare(known) == word}
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=4096)
def _bare(word: str) -> str:
    return _VOWELS.sub("", word)


def _run_together(word: str) -> tuple[str, ...]:
    """The notions of the known words that a word is made of, if they are nearly all of it: `vendname`, `qtyorder`."""
    best: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for end in range(1, len(word) + 1):
        options = [(best[end - 1][0], best[end - 1][1])]
        for start in range(max(0, end - 16), end - 1):
            piece = plain_name(word[start:end])
            notion = _NOTIONS.get(piece)
            if notion and (end - start >= _SHORTEST_CUT or (end == len(word) and piece in ("id", "number", "date"))):
                covered, parts = best[start]
                options.append((covered + end - start, (*parts, notion)))
        best.append(max(options, key=lambda each: (each[0], -len(each[1]))))
    covered, parts = best[-1]
    return parts if covered >= _COVERED * len(word) else ()
