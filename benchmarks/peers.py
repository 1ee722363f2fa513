"""What else reads order lines or checks them: libraries, checkers of values, and scripts that people would write.

The scripts, in DuckDB's SQL and with Polars, ask the questions of the check and get counts: required cells, lengths,
numbers, dates, one header for each order, line numbers unique within an order, and totals by currency. Neither says
which cell is wrong or what to do, reads numbers by declared marks, tells a row that is beside one without a number, or
looks for numbers that differ in zeros in front. frictionless and jsonschema see single values only; all others but
these four do nothing with what they read.
"""

import csv
from itertools import islice
from pathlib import Path

from benchmarks.order_lines import HEADINGS

_LENGTHS = {"PO Number": 20, "Supplier": 100, "Supplier No": 255, "Description": 255, "UOM": 6, "Account": 255}
_HEADER = ("Supplier", "Supplier No", "Currency", "Buyer", "Terms")
_REQUIRED = ("PO Number", "Supplier", "Currency", "Line", "Description", "Quantity", "UOM", "Price", "Account")


def check_with_duckdb(path: Path) -> object:
    """The questions in SQL over all lines, read as text."""
    import duckdb

    lines = duckdb.connect()
    lines.execute(f"create view lines as select * from read_csv('{path}', all_varchar = true, header = true)")  # noqa: S608 - our own path
    missing = ", ".join(f"""count(*) filter (where "{name}" is null)""" for name in _REQUIRED)
    lengths = ", ".join(f"""count(*) filter (where length("{name}") > {most})""" for name, most in _LENGTHS.items())
    found = lines.execute(
        f"""select count(*), {missing}, {lengths},
        count(*) filter (where try_cast("Quantity" as decimal(30, 6)) is null),
        count(*) filter (where try_cast("Price" as decimal(30, 6)) is null or try_cast("Price" as decimal(30, 6)) < 0),
        count(*) filter (where try_strptime("Need By", '%Y-%m-%d') is null) from lines"""  # noqa: S608 - our own names
    ).fetchall()
    differing = " or ".join(f"""count(distinct "{name}") > 1""" for name in _HEADER)
    orders = lines.execute(
        f"""select count(*), count(*) filter (where wrong) from (select {differing}
        or count(distinct "Line") < count(*) as wrong from lines group by "PO Number")"""  # noqa: S608 - our own names
    ).fetchall()
    totals = lines.execute(
        """select "Currency", count(distinct "PO Number"), count(*),
        sum(try_cast("Quantity" as decimal(19, 6)) * try_cast("Price" as decimal(19, 6))) from lines group by 1"""
    ).fetchall()
    return found, orders, totals


def check_with_polars(path: Path) -> object:
    """The questions as expressions over all lines, read as text and streamed."""
    import polars as pl

    lines = pl.scan_csv(path, infer_schema=False)
    quantity, price = (pl.col(name).str.to_decimal(scale=6) for name in ("Quantity", "Price"))
    found = lines.select(
        pl.len(),
        *(pl.col(name).is_null().sum().alias(f"no {name}") for name in _REQUIRED),
        *((pl.col(name).str.len_chars() > most).sum().alias(f"long {name}") for name, most in _LENGTHS.items()),
        quantity.is_null().sum().alias("quantities"),
        price.is_null().sum().alias("prices"),
        pl.col("Need By").str.to_date("%Y-%m-%d", strict=False).is_null().sum().alias("dates"),
    )
    differing = pl.any_horizontal(*(pl.col(name).n_unique() > 1 for name in _HEADER))
    orders = (
        lines.group_by("PO Number")
        .agg((differing | (pl.col("Line").n_unique() < pl.len())).alias("wrong"))
        .select(pl.len(), pl.col("wrong").sum())
    )
    totals = lines.group_by("Currency").agg(pl.col("PO Number").n_unique(), pl.len(), (quantity * price).sum())
    return [each.collect(engine="streaming").rows() for each in (found, orders, totals)]


def read_csv(path: Path) -> None:
    """Read every line and do nothing with it."""
    with path.open(newline="", encoding="utf-8") as stream:
        for _ in csv.reader(stream):
            pass


def check_with_jsonschema(path: Path, lines: int) -> None:
    """The rules for single values alone."""
    import jsonschema

    text: dict[str, object] = {"type": "string", "minLength": 1, "maxLength": 255}
    number: dict[str, object] = {"type": "string", "pattern": r"^\d+(\.\d{1,6})?$"}
    properties = dict.fromkeys(HEADINGS, text) | {"PO Number": {"type": "string", "maxLength": 20}}
    properties |= {"Quantity": number, "Price": number, "Note": {"type": "string"}}
    validator = jsonschema.Draft202012Validator({"type": "object", "properties": properties})
    with path.open(newline="", encoding="utf-8") as stream:
        for row in islice(csv.DictReader(stream), lines):
            list(validator.iter_errors(row))


def check_with_frictionless(path: Path, lines: int) -> None:
    """Types and constraints of every column."""
    from frictionless import Resource, Schema, validate

    kinds = {"Quantity": "number", "Price": "number", "Need By": "date", "Line": "integer"}
    fields = [{"name": name, "type": kinds.get(name, "string")} for name in HEADINGS]
    part = path.with_name("part.csv")
    with path.open(encoding="utf-8") as whole, part.open("w", encoding="utf-8") as stream:
        stream.writelines(islice(whole, lines + 1))
    validate(Resource(path=part.name, basepath=str(part.parent), schema=Schema.from_descriptor({"fields": fields})))


def read_with_openpyxl(path: Path) -> None:
    """Read every row in the way meant for large workbooks."""
    from openpyxl import load_workbook

    for _ in load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True):
        pass


def read_with_calamine(path: Path) -> None:
    """Read every row; error cells and number formats are lost, and the sheet is held whole."""
    import python_calamine

    for _ in python_calamine.load_workbook(path).get_sheet_by_index(0).iter_rows():
        pass
