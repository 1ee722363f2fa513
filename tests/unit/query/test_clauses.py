from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bulkpo.query.clauses import Clause, QueryContext, bracket_clauses, check_clause, passed_on, yaml_clauses
from bulkpo.query.conditions import queries
from bulkpo.query.operators import Operator
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text
from bulkpo.yamldoc import parse_yaml

TABLES = ElementTables(schema_text)
NOW = datetime(2026, 11, 21, 14, 30, 15, tzinfo=ZoneInfo("America/New_York"))
PARAMETERS = {"since": "2026-01-01", "who": "Acme"}


def context(object_name: str = "order-header") -> QueryContext:
    return QueryContext(TABLES, object_name, PARAMETERS, NOW)


def checked(text: str, object_name: str = "order-header") -> list[tuple[str, str]]:
    """The conditions one text in Coupa's own form becomes."""
    clauses = [check_clause(raw, context(object_name)) for raw in bracket_clauses(text)]
    assert all(isinstance(clause, Clause) for clause in clauses), clauses
    (conditions,) = queries([clause for clause in clauses if isinstance(clause, Clause)])
    return list(conditions)


def trouble(text: str, object_name: str = "order-header") -> str:
    (raw,) = bracket_clauses(text)
    problems = check_clause(raw, context(object_name))
    assert isinstance(problems, list)
    return "; ".join(problem.message for problem in problems)


@pytest.mark.parametrize(
    ("text", "object_name", "sent"),
    [
        ("id=100", "order-header", ("id", "100")),
        ("name[contains]=.com", "supplier", ("name[contains]", ".com")),
        ("notes[starts_with]=San Francisco", "contact", ("notes[starts_with]", "San Francisco")),
        ("name[ends_with]=Gray", "supplier", ("name[ends_with]", "Gray")),
        ("version[gt]=1", "order-header", ("version[gt]", "1")),
        ("updated-at[lt]=2010-01-15", "order-header", ("updated-at[lt]", "2010-01-15T00:00:00-05:00")),
        ("version[gt_or_eq]=3", "order-header", ("version[gt_or_eq]", "3")),
        ("version[lt_or_eq]=1", "order-header", ("version[lt_or_eq]", "1")),
        ("status[not_eq]=active", "supplier", ("status[not_eq]", "active")),
        ("account-type[name][in]=SAP100,SAP200", "account", ("account-type[name][in]", "SAP100,SAP200")),
        ("po-email[blank]=true", "supplier", ("po-email[blank]", "true")),
        ("order-lines[account][code]=a-c", "order-header", ("order-lines[account][code]", "a-c")),
        ("supplier[name][contains]=Acme", "order-header", ("supplier[name][contains]", "Acme")),
        ("status[not_in]=draft,error", "order-header", ("status[not_in]", "draft,error")),
        ("exported=false", "order-header", ("exported", "false")),
        ("order-lines[price][gt]=10.50", "order-header", ("order-lines[price][gt]", "10.50")),
        ("custom-fields[cost-center]=0042", "order-header", ("custom-fields[cost-center]", "0042")),
        ("updated_at[gt]=2026-01-01T08:00:00Z", "order-header", ("updated-at[gt]", "2026-01-01T08:00:00+00:00")),
    ],
)  # fmt: skip
def test_every_operator_is_sent_as_coupa_writes_it(text: str, object_name: str, sent: tuple[str, str]) -> None:
    assert checked(text, object_name) == [sent]


def test_an_address_can_be_pasted_whole() -> None:
    address = (
        "https://acme.coupahost.com/api/purchase_orders?status%5Bin%5D=issued%2Cclosed"
        "&supplier[name]=A%26B&updated-at[gt]=2010-03-25T18%3A38%3A00-07%3A00"
    )
    assert checked(address) == [
        ("status[in]", "issued,closed"),
        ("supplier[name]", "A&B"),
        ("updated-at[gt]", "2010-03-25T18:38:00-07:00"),
    ]


def test_an_ampersand_within_a_value_stays_there_and_a_plus_sign_is_a_plus_sign() -> None:
    assert checked("supplier[name]=Smith & Sons") == [("supplier[name]", "Smith & Sons")]
    assert checked("supplier[name]=C+D") == [("supplier[name]", "C+D")]
    assert checked("updated-at[lt]=2026-01-01T00:00:00+00:00") == [("updated-at[lt]", "2026-01-01T00:00:00+00:00")]


@pytest.mark.parametrize("operator", ["", "[not_eq]", "[contains]", "[starts_with]", "[ends_with]", "[in]", "[not_in]"])
def test_a_value_keeps_the_blanks_at_its_ends_and_they_are_told(operator: str) -> None:
    (raw,) = bracket_clauses(f"  supplier[name]{operator}= A \n")
    clause = check_clause(raw, context())
    assert isinstance(clause, Clause)
    assert clause.values == (" A ",)
    assert clause.doubts == ("supplier/name: ' A ' begins with a blank, and is asked for as it stands",)
    name = operator.strip("[]") or "eq"
    (written,) = yaml_clauses(parse_yaml(f'supplier/name: {{{name}: " A "}}', "x").data, ())
    assert check_clause(written, context()) == clause


def test_a_comma_with_a_blank_asks_for_both() -> None:
    assert checked("order-lines[description][contains]=, ") == [("order-lines[description][contains]", ", ")]
    assert checked("version[gt]= 1 &exported= false ") == [("version[gt]", "1"), ("exported", "false")]
    assert trouble("status=issued ").startswith("status: 'issued ' is not a value of status; did you mean issued?")


def test_both_ways_of_writing_say_the_same() -> None:
    text = """\
status: {in: [issued, buyer_hold]}
updated-at: {gt_or_eq: 2026-01-01T00:00:00+00:00, lt: today}
supplier/name: {contains: Acme}
exported: false
id: [1, 2]
"""
    written = [check_clause(raw, context()) for raw in yaml_clauses(parse_yaml(text, "x").data, ())]
    pasted = [
        "status[in]=issued,buyer_hold", "updated-at[gt_or_eq]=2026-01-01T00:00:00Z", "updated-at[lt]=today",
        "supplier/name[contains]=Acme", "exported=false", "id[in]=1,2",
    ]  # fmt: skip
    assert written == [check_clause(raw, context()) for one in pasted for raw in bracket_clauses(one)]
    assert written == [check_clause(raw, context()) for raw in yaml_clauses(pasted, ()) for raw in [raw]]


def test_parameters_are_put_into_values() -> None:
    assert checked("updated-at[gt_or_eq]=${since} + 1 month") == [("updated-at[gt_or_eq]", "2026-02-01T00:00:00-05:00")]
    assert checked("supplier[name]=${who} Inc") == [("supplier[name]", "Acme Inc")]
    assert (
        trouble("supplier[name]=${whom}")
        == "supplier/name: there is no value for ${whom}; give one with --set whom=..."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("updated-at[contains]=2026", "updated-at: contains looks inside a text, and this is a datetime; write gt_or"),
        ("updated-at[blank]=true", "updated-at: Coupa cannot tell whether a datetime is blank; write gt or lt with a"),
        ("exported[gt]=true", "exported: gt makes no sense for true or false; write the value alone"),
        ("updated-at[gt]=3", "updated-at: '3' is not a date; write it as 2026-01-31, 2026-01-31T08:00:00-05:00, today"),
        ("updated-at[gt]=2026-02-30", "updated-at: '2026-02-30' is not a date; write it as 2026-01-31"),
        ("version[gt]=new", "version: 'new' is not a whole number, which version is"),
        (
            "order-lines[price]=1_000",
            "order-lines/price: '1_000' is not a number, which price is; write it as in 1234.50",
        ),
        ("order-lines[price]=1,5", "order-lines/price: '1,5' is not a number, which price is; write it as in 1234.50"),
        ("exported=yes", "exported: 'yes' is neither true nor false"),
        ("status=issud", "status: 'issud' is not a value of status; did you mean issued?"),
        (
            "status[in]=issued,canceled",
            "status: 'canceled' is not a value of status; did you mean cancelled? (--any-value asks for it as it is)",
        ),
        ("supplier=5", "supplier is a whole supplier; ask for one of its elements, as in supplier/id"),
        ("po-nmber=5", "order-header has no element 'po-nmber'; did you mean po-number?"),
        ("po-number=", "po-number: there is no value; for an empty po-number write blank: true"),
        ("po-number[contains]=", "po-number: contains needs a text to look for"),
        ("limit=10", "'limit' is not a condition: bulkpo asks for pages and elements itself; remove it"),
        ("order-lines[2][price]=1", "order-line has no element '2'"),
        ("po-number[beginswith]=1", "'beginswith' is not an operator of Coupa's queries; did you mean ends_with?"),
        ("=5", "'' is not an element path; write names joined by '/', as in order-lines/price"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(text: str, message: str) -> None:
    assert trouble(text).startswith(message)


def test_one_member_of_a_collection_cannot_be_asked_for() -> None:
    (raw,) = yaml_clauses({"order-lines[2]/price": 1}, ())
    problems = check_clause(raw, context())
    assert isinstance(problems, list)
    assert problems[0].message == (
        "'order-lines[2]/price': a query cannot name one member of a collection; remove the number"
    )


def test_every_wrong_value_of_a_list_is_told() -> None:
    (raw,) = bracket_clauses("id[in]=1,a,2,b")
    problems = check_clause(raw, context())
    assert isinstance(problems, list)
    assert [problem.message for problem in problems] == [
        "id: 'a' is not a whole number, which id is",
        "id: 'b' is not a whole number, which id is",
    ]


def test_several_values_need_a_list_operator() -> None:
    (raw,) = yaml_clauses({"status": {"not_eq": ["issued", "closed"]}}, ())
    problems = check_clause(raw, context())
    assert isinstance(problems, list)
    assert problems[0].message == "status: not_eq takes one value; write in for several"


# Queries


def clause(name: str, operator: Operator, *values: str) -> Clause:
    (raw,) = bracket_clauses(f"{name}=x")
    made = check_clause(raw, context())
    assert isinstance(made, Clause)
    return Clause(made.path, operator, values)


def test_a_long_list_is_split_into_several_queries_that_together_ask_for_all() -> None:
    numbers = [f"PO-{number:05}" for number in range(1000)]
    split = queries([clause("po-number", Operator.IN, *numbers), clause("supplier[name]", Operator.EQ, "Acme")])
    assert all(conditions[1] == ("supplier[name]", "Acme") for conditions in split)
    assert [value for conditions in split for value in conditions[0][1].split(",")] == numbers
    assert all(len(conditions[0][1]) <= 1800 for conditions in split)


def test_a_value_with_a_comma_is_asked_for_alone() -> None:
    assert queries([clause("supplier[name]", Operator.IN, "Acme, Inc", "Globex")]) == (
        (("supplier[name][in]", "Globex"),),
        (("supplier[name]", "Acme, Inc"),),
    )
    assert queries([clause("supplier[name]", Operator.NOT_IN, "Acme, Inc", "Globex")]) == (
        (("supplier[name][not_in]", "Globex"), ("supplier[name][not_eq]", "Acme, Inc")),
    )


def test_what_no_query_can_say_is_refused() -> None:
    twice = [clause("po-number", Operator.CONTAINS, "a"), clause("po-number", Operator.CONTAINS, "b")]
    with pytest.raises(
        ValueError, match=r"^po-number\[contains\] stands twice; Coupa takes each condition once, so jo"
    ):
        queries(twice)
    with pytest.raises(ValueError, match=r"^po-number\[not_in\]: the list cannot be said in one query"):
        queries([clause("po-number", Operator.NOT_IN, "a,b", "c,d")])


def test_without_clauses_everything_is_asked_for() -> None:
    assert queries([]) == ((),)


def test_a_value_that_coupa_does_not_document_is_asked_for_and_told() -> None:
    (raw,) = bracket_clauses("status[not_eq]=active")
    clause = check_clause(raw, context())
    assert isinstance(clause, Clause)
    (doubt,) = clause.doubts
    assert doubt.startswith("status: 'active' is not among the documented values, so that it may find nothing: buyer")


def test_what_looks_like_a_slip_is_asked_for_where_it_is_said_to_be_meant() -> None:
    (raw,) = bracket_clauses("status[in]=issued,canceled")
    clause = check_clause(raw, QueryContext(TABLES, "order-header", {}, NOW, any_value=True))
    assert isinstance(clause, Clause)
    assert (str(clause), len(clause.doubts)) == ("status[in]=issued,canceled", 1)


@pytest.mark.parametrize(
    "text",
    [
        "purchase_orders/version[gt]=1",
        "https://acme.coupahost.com/api/purchase_orders/version[gt]=1",
        "purchase_orders?version[gt]=1",
        "/api/purchase_orders?version[gt]=1",
    ],
)
def test_an_address_without_its_question_mark_is_understood(text: str) -> None:
    assert checked(text) == [("version[gt]", "1")]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("filter=slim orders", ("filter", "slim orders")),
        ("show_deleted_lines=true", ("show_deleted_lines", "true")),
        ("show-deleted-lines=TRUE", ("show_deleted_lines", "TRUE")),
        ("status=issued", None),
    ],
)
def test_filters_and_removed_lines_are_passed_on(text: str, sent: tuple[str, str] | None) -> None:
    (raw,) = bracket_clauses(text)
    assert passed_on(raw, {}) == sent


@pytest.mark.parametrize("text", ["filter=", "show_deleted_lines=perhaps"])
def test_what_cannot_be_passed_on_is_refused(text: str) -> None:
    (raw,) = bracket_clauses(text)
    with pytest.raises(ValueError, match="is no value for it"):
        passed_on(raw, {})
