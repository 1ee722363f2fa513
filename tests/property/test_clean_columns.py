"""The law of clean columns: taken whole, a column has the values and the troubles its cells have one by one."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.mapping.language.settings import CellMarks
from bulkpo.mapping.language.spec import ImportMapping, Rule, Slot, Split, Target
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.rows.doubts import NO_DOUBT, Doubt, Witness
from bulkpo.mapping.values.dates import DateOptions
from bulkpo.mapping.values.numbers import NumberMarks
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value
from bulkpo.model.pattern import Pattern
from bulkpo.model.table import Cell, CellError
from bulkpo.schema.tables import Element, ElementTables
from bulkpo.shipped import schema_text


def nothing(name: str) -> str:
    raise AssertionError(name)


TEXT = """\
bulkpo: import/1
name: law
document: {key: po-number}
columns: {C: po-number}
rules: {order-lines: {required: false}, ship-to-user: {required: false}}
"""
BESIDE = Beside(schema_text, lambda name: {nothing(name): ""}, nothing)
MAPPING = load_import(TEXT, "law.yaml", ElementTables(schema_text), BESIDE)
TARGET = MAPPING.levels[0].variants[0][0].targets[0]

ELEMENTS = st.sampled_from(
    [
        Element("x", "string", length=8),
        Element("x", "text"),
        Element("x", "string", values=("EA", "CS")),
        Element("x", "decimal", precision=6, scale=2),
        Element("x", "decimal", precision=10, scale=6),
        Element("x", "decimal", precision=3, scale=3),
        Element("x", "decimal", precision=4, scale=0),
        Element("x", "decimal"),
        Element("x", "integer"),
        Element("x", "float"),
        Element("x", "boolean"),
        Element("x", "datetime"),
    ]
)
RULES = st.sampled_from(
    [
        Rule(),
        Rule(),
        Rule(length=4),
        Rule(pattern=Pattern.parse("[0-9A-Z,.]+")),
        Rule(allowed=frozenset({"EA", "12", "5"})),
    ]
)
LIMITS = st.sampled_from([Rule(), Rule(minimum=Decimal(0)), Rule(minimum=Decimal("-2.5")), Rule(maximum=Decimal(100))])
TARGETS = st.sampled_from(
    [
        TARGET,
        TARGET,
        TARGET,
        replace(TARGET, split=Split(",", 1)),
        replace(TARGET, extract=Pattern.parse("[0-9]+")),
        replace(TARGET, case="lower"),
        replace(TARGET, pad=4),
        replace(TARGET, default="5"),
    ]
)
MARKS = st.sampled_from(
    [
        None,
        NumberMarks("."),
        NumberMarks(".", ","),
        NumberMarks(",", ".", ("€",)),
        NumberMarks(",", " "),
        NumberMarks(".", "'"),
        NumberMarks(".", ",", is_indian=True),
    ]
)
BLANKS = st.sampled_from([frozenset[str](), frozenset({"N/A", "-", "0"})])

WORDS = st.text(alphabet="AZ09 é\u00a0\u200b\u00ad\u2003\x07\t\n\r\x1f\u2028\ud800\uffff+E.", max_size=12)
NUMBERS = st.text(alphabet="0123456789.,-+ '\n", max_size=9) | st.from_regex(
    r"-?[0-9]{1,4}([., '][0-9]{3}){0,3}([.,][0-9]{1,7})?", fullmatch=True
)
EXACT = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=100_000)
ODD: st.SearchStrategy[Cell] = st.sampled_from(
    [
        None,
        "",
        " ",
        "N/A",
        "-",
        "-0",
        "+5",
        "1E+5",
        "1.234",
        "0.123",
        "٣",
        "²",
        " 12 ",
        "1\u200b2",
        "\ufeff",
        "x" * 300,
        "9" * 40,
    ]
)
TYPED: st.SearchStrategy[Cell] = EXACT | st.sampled_from(
    [Decimal(0), Decimal("1E+3"), date(2026, 1, 31), datetime(2026, 1, 31, 7), CellError("#N/A")]
)
CLEAN: st.SearchStrategy[Cell] = (
    st.integers(0, 120).map(str) | st.sampled_from(["EA", "CS", "12.50", "1,234", "1.234,5"]) | st.just("5")
)
CELLS: st.SearchStrategy[Cell] = CLEAN | WORDS | NUMBERS | ODD | TYPED


@st.composite
def columns(draw: st.DrawFn) -> list[Cell]:
    """A column of one sort of cell, with a few of others, long enough for its halves to be asked too."""
    sort = draw(st.sampled_from([CLEAN, WORDS, NUMBERS, EXACT, st.just("5"), st.integers(0, 120).map(str)]))
    column: list[Cell] = draw(st.lists(sort, min_size=1, max_size=12)) * draw(st.sampled_from([1, 5]))
    for place, cell in draw(st.dictionaries(st.integers(0, len(column) - 1), CELLS, max_size=3)).items():
        column[place] = cell
    return column


def one_by_one(converter: TargetConverter, cells: list[Cell]) -> tuple[list[Value], list[Trouble]]:
    """What a column becomes if every cell is converted for itself."""
    results = list(map(converter.one, cells))
    values = [result.kept if isinstance(result, Trouble) else result for result in results]
    troubles = [result._replace(position=place) for place, result in enumerate(results) if isinstance(result, Trouble)]
    return values, troubles


NO_RULE = Rule()


def asked(
    element: Element, rule: Rule = NO_RULE, marks: NumberMarks | None = None, blanks: frozenset[str] = frozenset()
) -> tuple[Slot, ImportMapping]:
    """What is asked of a column: an element with a rule, in a mapping with marks and blanks."""
    dates = DateOptions("DMY", ZoneInfo("UTC"))
    return Slot("x", element, rule, (TARGET,)), replace(MAPPING, marks=CellMarks(marks, dates, blanks))


@st.composite
def asks(draw: st.DrawFn) -> tuple[Slot, ImportMapping]:
    """Any element with any rule that fits it."""
    element, rule = draw(ELEMENTS), draw(RULES)
    if element.type not in {"boolean", "datetime"}:
        limits = draw(LIMITS)
        rule = replace(rule, minimum=limits.minimum, maximum=limits.maximum)
    slot, mapping = asked(element, rule, draw(MARKS), draw(BLANKS))
    path = draw(st.sampled_from(["x", str(mapping.key)]))
    return replace(slot, path=path, targets=(replace(draw(TARGETS), shorten=draw(st.booleans())),)), mapping


def of_target(ask: tuple[Slot, ImportMapping], target: Target) -> tuple[Slot, ImportMapping]:
    """The same, asked of a column that is prepared as a target says."""
    return replace(ask[0], targets=(target,)), ask[1]


DOUBTS = st.sampled_from([NO_DOUBT, NO_DOUBT, Doubt("13/01/2026"), Doubt(numbers="7,5")])


@settings(max_examples=1000, deadline=None)
@given(columns(), asks(), DOUBTS)
@example(["1\n2", "3"], asked(Element("x", "integer")), NO_DOUBT)
@example(["-0", "-0"] * 10, asked(Element("x", "integer")), NO_DOUBT)
@example(["1E+12", "A"] * 10, asked(Element("x", "string")), NO_DOUBT)
@example(["12.50"] * 40 + ["1.234"], asked(Element("x", "decimal")), NO_DOUBT)
@example(["A", "-"] * 10, asked(Element("x", "string"), blanks=frozenset({"-"})), NO_DOUBT)
@example(["A\x07"] * 20, asked(Element("x", "string")), NO_DOUBT)
@example(["A\u200b"] * 20, asked(Element("x", "string")), NO_DOUBT)
@example([Decimal(1), "1.5"] * 10, asked(Element("x", "decimal"), marks=NumberMarks(",")), NO_DOUBT)
@example(["5", "x"] * 10, asked(Element("x", "string"), Rule(minimum=Decimal(0))), NO_DOUBT)
@example(["5", "x"] * 10, asked(Element("x", "string"), Rule(maximum=Decimal(9))), NO_DOUBT)
@example(["A,B"] * 20, of_target(asked(Element("x", "string")), replace(TARGET, split=Split(",", 1))), NO_DOUBT)
@example(
    ["A1"] * 20, of_target(asked(Element("x", "string")), replace(TARGET, extract=Pattern.parse("[0-9]+"))), NO_DOUBT
)
@example(["A1"] * 20, of_target(asked(Element("x", "string")), replace(TARGET, case="lower")), NO_DOUBT)
@example(["A1"] * 20, of_target(asked(Element("x", "string")), replace(TARGET, pad=4)), NO_DOUBT)
@example(["A", ""] * 20, of_target(asked(Element("x", "string")), replace(TARGET, default="5")), NO_DOUBT)
@example([], asked(Element("x", "string", length=8)), NO_DOUBT)
@example(["1", ""], asked(Element("x", "string")), NO_DOUBT)
@example([Decimal(0), None], asked(Element("x", "string")), NO_DOUBT)
@example([Decimal("0.00"), Decimal("-0")], asked(Element("x", "decimal")), NO_DOUBT)
@example([Decimal("1E+3"), Decimal(1000)], asked(Element("x", "string")), NO_DOUBT)
def test_a_column_taken_whole_is_its_cells_one_by_one(
    cells: list[Cell], ask: tuple[Slot, ImportMapping], doubt: Doubt
) -> None:
    slot, mapping = ask
    whole = TargetConverter(slot.targets[0], slot, mapping, Witness(doubt)).column({"C": cells})
    assert whole == one_by_one(TargetConverter(slot.targets[0], slot, mapping, Witness(doubt)), cells)
