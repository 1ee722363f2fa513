"""Words that stand in cells: currencies by ISO 4217, units of measure, and what people write for nothing."""

_CURRENCIES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF
CLP CNH CNY COP CRC CUP CVE CZK DEM DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP FRF GBP GEL GHS GIP GMD GNF GTQ GYD HKD
HNL HRK HTG HUF IDR ILS INR IQD IRR ISK ITL JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD
MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RMB
RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
"""
CURRENCIES = frozenset(_CURRENCIES.split())

_UNITS = """
ea each pc pcs pce piece pieces st stk stück stuck stueck un und unit units ud uds unidad unidades unité unite unités
u c62 nr bx box boxes cs case ctn carton cartons karton pk pack packs pac package pkg pr pair pairs paar set sets kit
dz doz dozen roll rolls rol rolle kg kgm g gr gram t to ton tons tonne lb lbs oz l ltr liter litre liters gal gallon
gallons ml m mtr meter metre meters cm mm km ft foot feet in inch yd yard m2 m² qm m3 m³ cbm sqft hr hrs hour hours h
hur std stunde stunden day days tag tage mon month months monat wk week yr year jahr lot lo ls au psch pauschal job
bag bags btl bottle can drum fass pal pallet palette palettes tub tube sheet sheets bl ream caja cajas par juego pieza
piezas pza pz pezzo pezzi conf scatola kart stuks stks doos rol zak fl ks szt heure heures jour boîte paquet peça
peças caixa cx amt pcs. stk. st. mt tn le ster
"""
UNITS = frozenset(_UNITS.split()) | {"us dollar", "lump sum", "person day", "man day"}
"""In small letters."""

_BLANKS = """
n/a na #n/a n.a. null none nil - -- --- — \u2013 . ? (null) (blank) <null> unknown k.a. entfällt s/o 00/00/0000
00.00.0000 0000-00-00 00000000 tbd tba (none) (leer) leer
"""
BLANKS = frozenset(_BLANKS.split()) | {"not available", "not found", "k. a."}
"""What means an empty cell where it stands among others, in small letters."""
