"""Thirty companies and what their systems call things: what scripts/make_unseen_guess_files.py writes."""

from unseen_shapes import (
    Company,
    beside,
    coupa_flat,
    facts,
    first_row_only,
    paged,
    typed,
    units_in_cells,
    wide,
    with_subtotal,
)

WIDE = "PO No|Vendor ID|Curr.|PO Date|" + "|".join(f"Item {n}|Qty {n}|Unit {n}|Price {n}" for n in range(1, 5))
WIDE_IS = {"PO No": "po-number", "Vendor ID": "supplier/number", "Curr.": "currency/code", "PO Date": "IGNORE"} | {
    f"{title} {n}": f"order-lines[{n}]/{what}"
    for n in range(1, 5)
    for title, what in (("Item", "description"), ("Qty", "quantity"), ("Unit", "uom/code"), ("Price", "price"))
}

COMPANIES = (
    Company("sap-me2n", facts(
        "Purchasing Document=po|Item=line10|Document Date=ordered|Supplier/Supplying Plant=vendor|"
        "Short Text=text|Material=sku|Plant=plant|"
        "Order Quantity=qty|Order Unit=unit|Net Price=per price|Currency=currency|Price Unit=per|"
        "Still to be delivered (qty)=open|"
        "Net Order Value=amount"), file="xlsx", po="450001{}"),
    Company("sap-me80fn", facts(
        "Einkaufsbeleg=po|Position=line10|Lieferant=vendor|Name des Lieferanten=vendor name|Material=sku|"
        "Kurztext=text|Belegdatum=ordered|"
        "Lieferdatum=due|Bestellmenge=qty|Bestellmengeneinheit=unit|WE-Menge=received|Nettopreis=per price|"
        "Preiseinheit=per|"
        "Nettobestellwert=amount|Währung=currency|Banf=requisition"),
        delimiter=";", encoding="cp1252", date="%d.%m.%Y", date_order="DMY", decimal=",", thousands=".",
        po="450001{}"),
    Company("sap-ekko-ekpo", facts(
        "EBELN=po|BUKRS=plant|LIFNR=vendor|WAERS=currency|WKURS=rate|BEDAT=ordered|KONNR=contract|"
        "EBELP=line10|TXZ01=text|MATNR=sku|"
        "MENGE=qty|MEINS=unit|NETPR=per price|PEINH=per|NETWR=amount|BRTWR=gross|EINDT=due|BANFN=requisition"),
        delimiter="|", date="%Y%m%d", date_order="YMD", po="450001{}"),
    Company("sap-alv-units", facts(
        "Purch.Doc.=po|Item=line10|Vendor=vendor|Name 1=vendor name|Short Text=text|PO Quantity=qty|"
        "Open Qty=open|Net Price=price|Net Value=amount|"
        "Deliv. Date=due"), file="xlsx", as_text=True, date="%d.%m.%Y", date_order="DMY", decimal=",", thousands=".",
        po="450001{}", arrange=units_in_cells),
    Company("oracle-ebs", facts(
        "SEGMENT1=po|REVISION_NUM=factor|VENDOR_NUM=vendor|VENDOR_NAME=vendor name|CURRENCY_CODE=currency|"
        "RATE=rate|LINE_NUM=line|"
        "ITEM_NUMBER=sku|ITEM_DESCRIPTION=text|UNIT_MEAS_LOOKUP_CODE=unit|QUANTITY=qty|"
        "QUANTITY_RECEIVED=received|UNIT_PRICE=price|"
        "NEED_BY_DATE=due|PROMISED_DATE=promised|PO_HEADER_ID=internal"), date="%d-%b-%Y"),
    Company("oracle-fusion", facts(
        "Order=po|Supplier=vendor name|Procurement BU=plant|Line=line|Description=text|Quantity=qty|UOM=unit|"
        "Price=price|Ordered=amount|"
        "Received=received|Billed=invoiced|Currency=currency|Requested Delivery Date=due|Status=status|"
        "Source Agreement=contract"),
        file="xlsx", po="US16{}"),
    Company("netsuite-saved-search", facts(
        "Internal ID=internal|Document Number=po|Date=ordered|Name=vendor name|Line ID=line|Item=text|"
        "Quantity=qty|Units=unit|Item Rate=price|"
        "Amount=local|Amount (Foreign Currency)=amount|Currency=currency|"
        "Quantity Fulfilled/Received=received|Due Date/Receive By=due"),
        date="%m/%d/%Y", date_order="MDY", thousands=",", po="PO-00{}"),
    Company("bc-purchase-lines", facts(
        "Document Type=status|Document No.=po|Line No.=line1000|Buy-from Vendor No.=vendor|No.=sku|"
        "Description=text|Location Code=plant|"
        "Quantity=qty|Unit of Measure Code=unit|Direct Unit Cost Excl. VAT=price|"
        "Line Amount Excl. VAT=amount|Unit Cost (LCY)=rate|"
        "Outstanding Quantity=open|Currency Code=currency|Expected Receipt Date=due"), file="xlsx", po="PO10{}"),
    Company("ax-purchline", facts(
        "PURCHID=po|VENDACCOUNT=vendor|LINENUMBER=line1000|ITEMID=sku|NAME=text|PURCHQTY=qty|PURCHUNIT=unit|"
        "PURCHPRICE=price|PRICEUNIT=per|"
        "LINEAMOUNT=amount|REMAINPURCHPHYSICAL=open|CURRENCYCODE=currency|DELIVERYDATE=due|CREATEDDATETIME=ordered"),
        delimiter=";", po="PUR-{}"),
    Company("jde-f4301-f4311", facts(
        "PDKCOO=plant|PDDOCO=po|PDDCTO=status|PDLNID=line1000|PDAN8=vendor|PDITM=sku|PDDSC1=text|PDUORG=qty|"
        "PDUOPN=open|PDUOM=unit|PDPRRC=price|"
        "PDAEXP=amount|PDFEA=local|PDCRCD=currency|PDDRQJ=due|PDTRDJ=ordered"), po="{}"),
    Company("sage-100", facts(
        "PurchaseOrderNo=po|PurchaseOrderDate=ordered|VendorNo=vendor|PurchaseName=vendor name|"
        "TermsCode=terms|LineKey=line|ItemCode=sku|"
        "ItemCodeDesc=text|QuantityOrdered=qty|QuantityReceived=received|UnitOfMeasure=unit|UnitCost=price|"
        "ExtensionAmt=amount|RequiredDate=due"),
        date="%m/%d/%Y", date_order="MDY", po="000{}"),
    Company("sage-x3-fr", facts(
        "N° commande=po|Date commande=ordered|Fournisseur=vendor|Raison sociale=vendor name|Devise=currency|"
        "Ligne=line10|Article=sku|Désignation=text|"
        "Qté commandée=qty|Qté reçue=received|Unité achat=unit|Prix net HT=price|Montant HT=amount|"
        "Montant TTC=gross|Date livraison prévue=due"),
        delimiter=";", encoding="cp1252", date="%d/%m/%Y", date_order="DMY", decimal=",", thousands=" ", po="CA26{}"),
    Company("quickbooks-open-po", facts(
        "Num=po|Date=ordered|Vendor=vendor name|Product/Service=text|Quantity=qty|Rate=price|Amount=amount|"
        "Open Balance=local|Received=received"),
        file="xlsx", above=(("Open Purchase Order Detail",), ("Cedar & Main LLC",), ("January - March 2026",), ()),
        foot=(("TOTAL",), (), ("Thursday, Apr 2, 2026 09:14 AM GMT-8",)), currencies=("USD",)),
    Company("coupa-flat-file", facts("Header=po"), arrange=coupa_flat, po="LEG-{}", header_row=1,
        table=lambda rows: [["Header", "PO Number", "Supplier Name", "Supplier Number", "Currency Code",
        "Payment Term Code", "Ship To Login"],
            ["Line", "Line Number", "Catalog Item Number", "Non Catalog Item Description",
            "Supplier Part Number", "Quantity", "Price",
             "Need By Date", "UOM Code", "Account Code"], *rows[1:]],
        columns={"Header/PO Number": "po-number", "Header/Supplier Name": "supplier/name",
        "Header/Supplier Number": "supplier/number",
            "Header/Currency Code": "currency/code", "Header/Payment Term Code": "payment-term/code",
            "Header/Ship To Login": "ship-to-user/login",
            "Line/Line Number": "order-lines/line-num", "Line/Catalog Item Number": "order-lines/item/item-number",
            "Line/Non Catalog Item Description": "order-lines/description",
            "Line/Supplier Part Number": "order-lines/source-part-num",
            "Line/Quantity": "order-lines/quantity", "Line/Price": "order-lines/price",
            "Line/Need By Date": "order-lines/need-by-date",
            "Line/UOM Code": "order-lines/uom/code", "Line/Account Code": "order-lines/account/code"}),
    Company("coupa-table-export", facts(
        "PO Number=po|Order Date=ordered|Supplier=vendor name|Supplier Number=vendor|Line #=line|Item=text|"
        "Qty=qty|UOM=unit|Unit Price=price|"
        "Line Total=amount|PO Total=total|Currency=currency|Received=received|Invoiced=invoiced|Need By=due|"
        "Account=account"),
        date="%m/%d/%y", date_order="MDY", thousands=","),
    Company("hand-de", facts(
        "Best.-Nr.=po|vom=ordered|Lieferant=vendor name|Kd.-Nr. beim Lief.=internal|Pos=line|"
        "Bezeichnung=text|Menge=qty|Einh.=unit|E-Preis netto=price|"
        "G-Preis netto=amount|Brutto=gross|"
        "Liefertermin=due"), file="xlsx", as_text=True, date="%d.%m.%y", date_order="DMY", decimal=",",
        thousands=".", above=(("Offene Bestellungen Werk Nord",), ()), arrange=with_subtotal, po="B-26-{}"),
    Company("hand-fr", facts(
        "Bon de commande=po|Date=ordered|Fournisseur=vendor name|Réf.=part|Libellé=text|Qté=qty|U=unit|"
        "P.U. HT=price|Total HT=amount|TVA=tax|"
        "Total TTC=gross|"
        "Livraison souhaitée=due"), delimiter=";", encoding="cp1252", date="%d/%m/%Y", date_order="DMY", decimal=",",
        po="BC{}", foot=(("TOTAL", "", "", "", "", "", "", "", "99999,00"),)),
    Company("hand-es", facts(
        "Pedido nº=po|Fecha pedido=ordered|Cód. proveedor=vendor|Proveedor=vendor name|Línea=line|"
        "Artículo=sku|Descripción=text|Cantidad=qty|"
        "Ud.=unit|Precio unitario=price|Importe=amount|Moneda=currency|Fecha entrega=due|"
        "Pdte.=open"), file="xlsx", po="PC/{}"),
    Company("hand-it", facts(
        "Ordine N.=po|Data ordine=ordered|Cod. fornitore=vendor|Ragione sociale=vendor name|Riga=line|"
        "Descrizione=text|Q.tà=qty|UM=unit|"
        "Prezzo unit.=price|Importo riga=amount|Totale ordine=total|Valuta=currency|Data consegna=due|"
        "Pagamento=terms"), delimiter=";",
        date="%d/%m/%Y", date_order="DMY", decimal=",", thousands="."),
    Company("hand-pt", facts(
        "Nº Encomenda=po|Data=ordered|Fornecedor=vendor|Nome=vendor name|Item=line|Descrição=text|Qtd.=qty|"
        "Un.=unit|Preço Unit.=price|"
        "Valor Total=amount|Moeda=currency|Data de Entrega=due|"
        "Nº Requisição=requisition"), delimiter=";", date="%d/%m/%Y", date_order="DMY",
        decimal=",", thousands="."),
    Company("hand-nl", facts(
        "Inkoopordernr.=po|Orderdatum=ordered|Crediteur=vendor|Naam=vendor name|Regel=line|Artikelnr.=sku|"
        "Omschrijving=text|Aantal=qty|Eenheid=unit|"
        "Stuksprijs=price|Regelbedrag=amount|Valuta=currency|Leverdatum=due|"
        "Nog te leveren=open"), delimiter=";", date="%d-%m-%Y",
        date_order="DMY", decimal=","),
    Company("typed-h-l", facts("H=po"), arrange=typed, header_row=1, table=lambda rows: [
            ["H", "OrderNo", "VendorNo", "VendorName", "Curr", "OrderDate", "Terms"],
            ["L", "OrderNo", "LineNo", "ItemNo", "Description", "Qty", "UoM", "UnitPrice", "NeedBy"],
            *rows[1:]], delimiter=";",
        columns={"H/OrderNo": "po-number", "H/VendorNo": "supplier/number", "H/VendorName": "supplier/name",
        "H/Curr": "currency/code",
            "H/OrderDate": "IGNORE", "H/Terms": "payment-term/code", "L/OrderNo": "po-number",
            "L/LineNo": "order-lines/line-num",
            "L/ItemNo": "order-lines/item/item-number", "L/Description": "order-lines/description",
            "L/Qty": "order-lines/quantity",
            "L/UoM": "order-lines/uom/code", "L/UnitPrice": "order-lines/price",
            "L/NeedBy": "order-lines/need-by-date"}),
    Company("wide-rows", facts("PO No=po"), file="xlsx", arrange=wide, header_row=1, columns=WIDE_IS,
        table=lambda rows: [[*WIDE.split("|")], *rows[1:]]),
    Company("side-by-side", facts(
        "PO=po|Vendor No=vendor|Description=text|Qty=qty|UOM=unit|Unit Cost=price|Ext Cost=amount|"
        "Ccy=currency|Due=due"), file="xlsx", table=beside),
    Company("paged-report", facts(
        "P.O. Number=po|Vendor=vendor|Vendor Name=vendor name|Ln=line|Item Description=text|Ordered=qty|"
        "Rcvd=received|U/M=unit|Unit Cost=price|"
        "Extended=amount|"
        "Date Required=due"), above=(("OPEN PURCHASE ORDERS BY VENDOR",),), header_row=2, table=paged, date="%m/%d/%Y",
        date_order="MDY", thousands=",", currencies=("USD",)),
    Company("two-row-headings", facts(
        "Order=po|=ordered|Vendor=vendor|=vendor name|Line=line|=text|=qty|=unit|Price=price|=amount|"
        "=currency"), file="xlsx",
        below=(("No.", "Date", "No.", "Name", "No.", "Text", "Quantity", "Unit", "per unit", "total",
        "Currency"),), header_rows=2,
        columns={"Order No.": "po-number", "Date": "IGNORE", "Vendor No.": "supplier/number",
        "Name": "supplier/name",
            "Line No.": "order-lines/line-num", "Text": "order-lines/description",
            "Quantity": "order-lines/quantity",
            "Unit": "order-lines/uom/code", "Price per unit": "order-lines/price",
            "total": "AMOUNT", "Currency": "currency/code"}),
    Company("first-rows", facts(
        "PO #=po|PO Date=ordered|Supplier=vendor name|Cur=currency|PO Total=total|Ln=line|Part=part|"
        "Desc=text|Order Qty=qty|UM=unit|Price/UM=price|"
        "Req'd=due"), file="xlsx", arrange=first_row_only, fill_down=True),
    Company("swapped-price", facts(
        "PO Number=po|Supplier Code=vendor|Line=line|Description=text|Price=amount|Qty=qty|Unit=unit|"
        "Amount=price|Currency=currency|Delivery=due"),
        file="xlsx", open_is_right=("Price", "Amount")),
    Company("price-per-100", facts(
        "PO=po|Supplier ID=vendor|Position=line10|Text=text|Quantity=qty|Unit=unit|Price per=per|"
        "Price=per price|Value=amount|Curr=currency|"
        "Order date=ordered|Delivery date=due"), delimiter="\t", date="%d/%m/%Y", date_order="DMY"),
    Company("public-procurement", facts(
        "Contract Number=contract|Purchase Order=po|Agency=status|Supplier Name=vendor name|"
        "Supplier ABN=internal|Item Description=text|"
        "Units Ordered=qty|UOM=unit|Unit Price (ex GST)=price|Line Value (ex GST)=amount|"
        "Line Value (inc GST)=gross|Order Total=total|"
        "Order Date=ordered|Commodity Code=gl"), date="%d %b %Y", currencies=("AUD",), po="72000{}"),
)  # fmt: skip
