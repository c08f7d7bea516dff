"""The rules on single cells: a value can be read as its column's kind, and is there where it must be.

In:  the tables as read, whose `unreadable` and `missing` name the first column of a row that breaks a rule.
Out: one check for every table and column that does.
"""

from collections.abc import Sequence

import duckdb

from earlywarn.tables.check import Check
from earlywarn.tables.spec import Column

_LOST_QUOTE = ("a value has no line break and no rows caught in it", "close the quote that opens before the line break")


def cell_checks(db: duckdb.DuckDBPyConnection, table: str, columns: Sequence[Column]) -> list[Check]:
    """Return a check for every column of a table that has a cell to complain about."""
    described = {column.name: column for column in columns}
    return [
        _check(table, "EW006", "unreadable", name, *_said_of(described.get(name)))
        for name in _flawed(db, table, "unreadable")
    ] + [
        _check(table, "EW007", "missing", name, f"{name} is not empty", "fill it in the export, or leave the row out")
        for name in _flawed(db, table, "missing")
    ]


def _flawed(db: duckdb.DuckDBPyConnection, table: str, flaw: str) -> list[str]:
    found = db.execute(f"SELECT DISTINCT {flaw} AS name FROM raw_{table} WHERE {flaw} IS NOT NULL ORDER BY name")
    return [name for (name,) in found.fetchall()]


def _check(table: str, code: str, flaw: str, column: str, rule: str, fix: str) -> Check:
    literal = column.replace("'", "''")
    broken = f"SELECT line FROM raw_{table} WHERE {flaw} = '{literal}'"
    return Check(code=code, table=table, column=column, rule=rule, broken=broken, fix=fix)


def _said_of(column: Column | None) -> tuple[str, str]:
    """Return the rule that an unreadable value of a column breaks, and its remedy."""
    if column is None:  # a column that is left out, but whose quotes can swallow rows
        return _LOST_QUOTE
    match column.kind:
        case "date":
            return (
                f"{column.name} is a date of the calendar as YYYY-MM-DD",
                "write dates as YYYY-MM-DD: 2025-09-01, not 01/09/2025",
            )
        case "whole":
            return f"{column.name} is a whole number{_range(column)}", "correct the number, or leave the cell empty"
        case "number":
            return f"{column.name} is a number{_range(column)}", "correct the number, or leave the cell empty"
        case "flag":
            return (
                f"{column.name} is 1 or 0, true or false, yes or no",
                "recode it; leave the cell empty where it is not known",
            )
        case "category" if column.values:
            values = ", ".join(column.values)
            return f"{column.name} is one of {values}", "recode it; leave the cell empty where it is not known"
        case _:
            return _LOST_QUOTE


def _range(column: Column) -> str:
    if column.low is None:
        return ""
    return f" from {column.low:g} to {column.high:g}" if column.high is not None else f", {column.low:g} or more"
