"""Lists of suppliers as other systems write them become mappings, and what is unsure stays open."""

import json
from pathlib import Path

import jsonschema
import openpyxl
import pytest
import yaml

from bulkpo.errors import InputError
from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Use
from bulkpo.mapping.language.levels import find_spot
from bulkpo.model.path import ElementPath
from bulkpo.runs.drafting.guesses.guess import Drafted, Witnesses
from bulkpo.runs.drafting.guesses.guess_suppliers import guess_suppliers
from bulkpo.runs.drafting.guesses.knowledge import supplier_synonyms
from bulkpo.schema.synonyms import Strength, is_role
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
SYNONYMS = yaml.safe_load(schema_text("synonyms-suppliers.yaml"))
ADDRESS = "primary-address"
OPEN_TAX = ("tax-id", f"{ADDRESS}/vat-number")

SAP = """\
LIFNR;BUKRS;NAME1;SORTL;STRAS;ORT01;PSTLZ;LAND1;REGIO;STCD1;STCEG;ZTERM;WAERS;TELF1;SMTP_ADDR;AKONT;LOEVM;ERDAT
0000100234;1000;Müller Stahlhandel GmbH;MUELLER;Hafenstr. 12;Hamburg;20457;DE;HH;22/815/08154;DE811128135;ZB30;EUR;\
+49 40 1;info@mueller.example;0000160000;;02.03.2011
0000100235;1000;Dresdner Glas AG;GLAS;Elbweg 3;Dresden;01067;DE;SN;201/123/12340;DE136695976;ZB14;EUR;\
+49 351 2;kontakt@glas.example;0000160000;;14.07.2015
0000100236;1000;Alt & Weg KG;ALT;Am Ring 9;Bremen;28195;DE;HB;60/120/12345;DE123456789;ZB30;EUR;;;0000160000;X;\
23.01.2009
"""
NETSUITE = """\
Internal ID,ID,Company Name,Email,Phone,Billing Address 1,Billing Address 2,Billing City,Billing State,Billing Zip,\
Billing Country,Terms,Currency,Tax ID,Inactive
411,V1001,Harbor Paper Supply Inc.,ap@harbor.example,(555) 010-1000,12 Dock St,Suite 4,Boston,MA,02110,US,Net 30,USD,\
04-1234567,No
412,V1002,Lone Star Tools LLC,sales@lonestar.example,(555) 010-1001,800 Main St,,Austin,TX,73301,US,Net 45,USD,\
74-7654321,No
413,V1003,Old Mill Fasteners,,,5 Mill Rd,,Newark,NJ,07102,US,Net 30,USD,22-1112223,Yes
"""
DYNAMICS = """\
No.,Name,Search Name,Address,Address 2,City,Post Code,Country/Region Code,Phone No.,E-Mail,Home Page,\
VAT Registration No.,Currency Code,Payment Terms Code,Blocked
10000,London Postmaster,LONDON POSTMASTER,10 North Lake Avenue,Unit 2,London,N16 34Z,GB,020 7946 0000,\
post@london.example,www.london.example,GB895741963,GBP,1M(8D),
20000,AR Day Property,AR DAY PROPERTY,100 Day Drive,,Chicago,60601,US,,ar@day.example,www.day.example,GB533435789,USD,\
30 DAYS,
30000,CoolWood Technologies,COOLWOOD,33 Hitech Drive,,Hatfield,AL10 9AB,GB,,hi@coolwood.example,,GB274863274,GBP,CM,
"""
QUICKBOOKS = """\
Vendor,Company,Main Email,Main Phone,Street,City,State,Zip,Country,Terms,Tax ID,Account No.,Balance Total,Vendor Type
Acme Office,Acme Office Products Inc.,billing@acme.example,555-0100,1 Elm St,Portland,ME,04101,US,Net 15,01-0203040,\
C-778,120.50,Supplies
Best Bolts,Best Bolts Co.,orders@bolts.example,555-0101,22 Oak Ave,Denver,CO,80202,US,Net 30,84-1112131,C-912,0.00,Parts
Cobb Legal,Cobb Legal LLP,law@cobb.example,555-0102,9 Court Sq,Albany,NY,12207,US,Due on receipt,14-5556677,C-104,\
75.00,Consultants
"""
SAGE = """\
VENDORID,VENDNAME,SHORTNAME,TEXTSTRE1,TEXTSTRE2,NAMECITY,CODESTTE,CODEPSTL,CODECTRY,NAMECTAC,TEXTPHON1,EMAIL1,\
CURNCODE,TERMSCODE,TAXREGI1,SWACTV
00071,Maple Leaf Printing,MAPLE,77 King St W,Floor 3,Toronto,ON,M5K 1A2,CA,Ann Roy,4165550101,ann@maple.example,CAD,\
N30,123456789RT,1
00072,Prairie Grain Co-op,PRAIRIE,15 Elevator Rd,,Regina,SK,S4P 3Y2,CA,Joe Ray Bell,3065550102,joe@prairie.example,CAD,\
N45,987654321RT,1
00073,Closed Door Ltd,CLOSED,1 Shut Ln,,Halifax,NS,B3H 1A1,CA,Kim Doe,9025550103,kim@closed.example,CAD,N30,\
555666777RT,0
"""
FILES = {
    "sap": (
        SAP,
        {
            "LIFNR": "number",
            "NAME1": "name",
            "STRAS": f"{ADDRESS}/street1",
            "ORT01": f"{ADDRESS}/city",
            "PSTLZ": f"{ADDRESS}/postal-code",
            "LAND1": f"{ADDRESS}/country/code",
            "REGIO": f"{ADDRESS}/state",
            "STCD1": "tax-id",
            "STCEG": f"{ADDRESS}/vat-number",
            "ZTERM": "payment-term/code",
            "SMTP_ADDR": "primary-contact/email",
        },
        {"LOEVM": "X"},
    ),
    "netsuite": (
        NETSUITE,
        {
            "ID": "number",
            "Company Name": "name",
            "Email": "primary-contact/email",
            "Billing Address 1": f"{ADDRESS}/street1",
            "Billing Address 2": f"{ADDRESS}/street2",
            "Billing City": f"{ADDRESS}/city",
            "Billing State": f"{ADDRESS}/state",
            "Billing Zip": f"{ADDRESS}/postal-code",
            "Billing Country": f"{ADDRESS}/country/code",
            "Terms": "payment-term/code",
            "Tax ID": "tax-id",
        },
        {"Inactive": "Yes"},
    ),
    "dynamics": (
        DYNAMICS,
        {
            "No.": "number",
            "Name": "name",
            "Address": f"{ADDRESS}/street1",
            "Address 2": f"{ADDRESS}/street2",
            "City": f"{ADDRESS}/city",
            "Post Code": f"{ADDRESS}/postal-code",
            "Country/Region Code": f"{ADDRESS}/country/code",
            "E-Mail": "primary-contact/email",
            "Home Page": "website",
            "VAT Registration No.": OPEN_TAX,
            "Payment Terms Code": "payment-term/code",
        },
        {},
    ),
    "quickbooks": (
        QUICKBOOKS,
        {
            "Vendor": ("name", "display-name"),
            "Company": ("name", "display-name"),
            "Main Email": "primary-contact/email",
            "Street": f"{ADDRESS}/street1",
            "City": f"{ADDRESS}/city",
            "State": f"{ADDRESS}/state",
            "Zip": f"{ADDRESS}/postal-code",
            "Country": f"{ADDRESS}/country/code",
            "Terms": "payment-term/code",
            "Tax ID": "tax-id",
            "Account No.": ("number", "account-number"),
        },
        {},
    ),
    "sage": (
        SAGE,
        {
            "VENDORID": "number",
            "VENDNAME": "name",
            "TEXTSTRE1": f"{ADDRESS}/street1",
            "TEXTSTRE2": f"{ADDRESS}/street2",
            "NAMECITY": f"{ADDRESS}/city",
            "CODESTTE": f"{ADDRESS}/state",
            "CODEPSTL": f"{ADDRESS}/postal-code",
            "CODECTRY": f"{ADDRESS}/country/code",
            "NAMECTAC": ("primary-contact/name-family", "primary-contact/name-given"),
            "EMAIL1": "primary-contact/email",
            "TERMSCODE": "payment-term/code",
            "TAXREGI1": "tax-id",
        },
        {"SWACTV": "0"},
    ),
}


def guessed(folder: Path, text: str) -> Drafted:
    path = folder / "suppliers.csv"
    path.write_text(text, encoding="utf-8")
    return guess_suppliers([path], TABLES, Witnesses())


def columns_of(drafted: Drafted) -> dict[str, ColumnGuess]:
    return {each.title: each for each in drafted.guess.columns}


def mapped(drafted: Drafted) -> dict[str, object]:
    """What each column becomes: its element, or those it may be where it is open; ignored ones are left out."""
    return {
        title: each.paths[0] if each.use is Use.MAPPED else each.paths
        for title, each in columns_of(drafted).items()
        if each.use is not Use.IGNORED
    }


@pytest.mark.parametrize("system", list(FILES))
def test_a_list_of_suppliers_of_each_system_becomes_its_mapping(system: str, tmp_path: Path) -> None:
    text, expected, skipped = FILES[system]
    drafted = guessed(tmp_path, text)
    assert mapped(drafted) == expected
    assert drafted.guess.parts[0].skip_rows == skipped


@pytest.mark.parametrize(
    "headings",
    [
        "Lieferantennummer;Lieferantenname;Straße;Ort;PLZ;Land;E-Mail;Zahlungsbedingung;Steuernummer",
        "N° fournisseur;Raison sociale;Rue;Ville;Code postal;Code pays;Courriel;Conditions de paiement;SIRET",
        "Código de proveedor;Razón social;Calle;Población;C.P.;País;Correo electrónico;Condición de pago;CIF",
        "Codice fornitore;Ragione sociale;Indirizzo;Comune;CAP;Paese;E-mail;Termini di pagamento;Codice fiscale",
        "Código do fornecedor;Razão social;Endereço;Cidade;CEP;País;Correio eletrónico;Prazo de pagamento;CNPJ",
        "Leveranciersnummer;Bedrijfsnaam;Straat;Plaats;Postcode;Landcode;E-mailadres;Betaaltermijn;Fiscaal nummer",
        "Vendor No;Vendor Name;Vendor Street;Vendor City;Vendor Zip;Vendor Country;Vendor E-mail;Vendor Terms;TIN",
    ],
)
def test_headings_are_known_in_seven_languages(headings: str, tmp_path: Path) -> None:
    rows = (
        "007;Acme Tools Ltd;High Street 1;Milano;01067;IT;a@acme.example;N30;12345678901\n"
        "008;Best Bolts SA;Rue Haute 2;Paris;75001;FR;b@bolts.example;N30;23456789012\n"
    )
    assert list(mapped(guessed(tmp_path, f"{headings}\n{rows}")).values()) == [
        "number",
        "name",
        f"{ADDRESS}/street1",
        f"{ADDRESS}/city",
        f"{ADDRESS}/postal-code",
        f"{ADDRESS}/country/code",
        "primary-contact/email",
        "payment-term/code",
        "tax-id",
    ]


def test_a_number_that_stands_twice_is_left_open_for_it_would_make_two_suppliers_one(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, "Supplier Number,Name,City\nS1,Acme Tools,Rome\nS1,Best Bolts,Bari\nS2,Cobb Co,Pisa\n")
    column = columns_of(drafted)["Supplier Number"]
    assert (column.use, column.paths) == (Use.UNDECIDED, ("number",))
    assert column.reasons[-1] == "it stands more than once, and one supplier is made of the rows that share it"


def test_suppliers_without_numbers_are_told_apart_by_their_names(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, "Supplier Number,Name,City\nS1,Acme Tools,Rome\n,Best Bolts,Bari\nS2,Cobb Co,Pisa\n")
    assert drafted.guess.document == {"key": "name"}
    assert drafted.guess.reasons[0] == "no 'Name' stands twice, and not every row has 'Supplier Number'"


def test_zeros_that_a_workbook_lost_are_put_back_where_all_countries_have_five_digits(tmp_path: Path) -> None:
    path = tmp_path / "suppliers.xlsx"
    book = openpyxl.Workbook()
    for row in (
        ("Vendor ID", "Name", "Zip", "Country"),
        ("V1", "Acme Tools", 2110, "US"),
        ("V2", "Bolt Co", 73301, "US"),
    ):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    drafted = guess_suppliers([path], TABLES, Witnesses())
    assert columns_of(drafted)["Zip"].block == {"pad": 5}
    assert "'Zip' has lost zeros in front, as in 2110: all its countries have five digits" in drafted.guess.reasons


def test_zeros_lost_beside_countries_with_shorter_codes_are_told_of_and_not_guessed(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, "Vendor ID,Name,Zip,Country\nV1,Acme Tools,2110,US\nV2,Alpen Holz,6020,AT\n")
    assert columns_of(drafted)["Zip"].block == {}
    assert "'Zip' has lost zeros in front in some rows, as in 2110: put them back in the file" in drafted.guess.reasons


def test_codes_of_countries_that_are_not_coupas_are_left_open(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, "Vendor ID,Name,Country\nV1,Acme Tools,USA\nV2,Alpen Holz,AUT\n")
    column = columns_of(drafted)["Country"]
    assert (column.use, column.paths) == (Use.UNDECIDED, (f"{ADDRESS}/country/code",))


def test_names_of_countries_go_where_names_go(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, "Vendor ID,Name,Country\nV1,Acme Tools,United States\nV2,Alpen Holz,Austria\n")
    assert mapped(drafted)["Country"] == f"{ADDRESS}/country/name"


def test_states_of_suppliers_that_coupa_does_not_know_are_left_open(tmp_path: Path) -> None:
    rows = "Vendor ID,Name,Status\nV1,Acme Tools,A\nV2,Alpen Holz,P\n"
    assert columns_of(guessed(tmp_path, rows))["Status"].use is Use.UNDECIDED
    known = rows.replace(",A\n", ",active\n").replace(",P\n", ",inactive\n")
    assert mapped(guessed(tmp_path, known))["Status"] == "status"


def test_a_file_of_something_else_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"no column is known to be one of suppliers; name a file with headings such as"
    ):
        guessed(tmp_path, "Depth,Width\n1,2\n3,4\n")


def test_the_synonyms_have_the_shape_their_schema_says() -> None:
    jsonschema.validate(SYNONYMS, json.loads(schema_text("synonyms.schema.json")))


@pytest.mark.parametrize("path", [path for path in SYNONYMS if not is_role(path)])
def test_every_meaning_that_is_a_path_is_an_element_that_can_be_sent(path: str) -> None:
    find_spot(TABLES, TABLES.resource("suppliers").object, ElementPath.parse(path))


def test_no_plain_name_means_two_things_but_a_country_its_code_or_its_name() -> None:
    for target, names in SYNONYMS.items():
        for name in names.get("strong", ()):
            strong = {each.target for each in supplier_synonyms().meanings(name) if each.strength is Strength.STRONG}
            assert strong in ({target}, {f"{ADDRESS}/country/code", f"{ADDRESS}/country/name"}), name
