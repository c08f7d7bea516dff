"""A check is the query that finds the rows that break a rule.

In:  a database with the tables as read: `raw_<table>`, one row a line of the
     file, with its `line`; marks also as `placed_marks`, with their school.
Out: findings, and a row in `broken_rows` for every row that breaks a rule.

A rule either stops the run or sets rows aside. A finding names the rule, the
file, the lines and the column; it never shows what stood there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import duckdb

from earlywarn.errors import TableError
from earlywarn.tables.readers.lines import Lines
from earlywarn.tables.spec import Table

Effect = Literal["stops", "sets aside", "note"]

SHOWN = 5  # lines named in a message; rejects.csv has them all
MOST_SET_ASIDE = 0.001  # share of a table's rows; more than that is not an accident any more


@dataclass(frozen=True)
class Check:
    """A rule on a table.

    broken : SQL that gives the `line` of every row that breaks the rule.
    detail : SQL that gives one text to add to the message; it may name codes, never a person's values.
    """

    code: str
    table: str
    column: str
    rule: str
    broken: str
    fix: str
    stops: bool = True
    detail: str | None = None


@dataclass(frozen=True)
class Finding:
    """A broken rule, or a note: what, where, how often, and what to do about it."""

    code: str
    table: str
    file: str
    rule: str
    fix: str
    effect: Effect = "stops"
    column: str = ""
    count: int = 0
    lines: tuple[int, ...] = ()
    detail: str = ""

    def __str__(self) -> str:
        """Return the message, without its remedy."""
        told = f"{self.code}: {self.rule}"
        if self.count:
            told += f"; broken on {_counted(self.count, 'row')} of {self.file}"
        if self.lines:
            told += f": {_places(self)}"
        if self.column:
            told += f" (column {self.column})"
        return told + (f"; {self.detail}" if self.detail else "")


def one_row_per(code: str, table: Table, rule: str, *, relation: str = "", column: str = "", among: str = "") -> Check:
    """Return the rule that no two rows share a table's key; every row after the first one breaks it.

    among : SQL that holds for every row whose key stands twice, and for few others. Without it rows are
            first counted by a hash of the key, which is eight bytes where the key is five columns.
    """
    relation = relation or f"raw_{table.name}"
    key = ", ".join(f'"{name}"' for name in table.key)
    mixed = f"SELECT hash({key}) AS mixed FROM {relation} GROUP BY mixed HAVING count(*) > 1"
    return Check(
        code=code,
        table=table.name,
        column=column or table.key[-1 if table.key[-1] not in {"known_on", "respondent"} else -2],
        rule=rule,
        broken=f"""
            SELECT line FROM (SELECT line, {key} FROM {relation} WHERE {among or f"hash({key}) IN ({mixed})"})
            QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY line) > 1""",
        fix=f"export one row per {', '.join(table.key)}",
    )


def run_checks(db: duckdb.DuckDBPyConnection, checks: Sequence[Check], lines: Lines) -> list[Finding]:
    """Run the checks of the tables that a folder holds, and note the broken rows."""
    held = [check for check in checks if check.table in lines.files]
    findings = [found for check in held if (found := run_check(db, check, lines))]
    return findings + _too_many_set_aside(db, findings, lines)


def run_check(db: duckdb.DuckDBPyConnection, check: Check, lines: Lines) -> Finding | None:
    """Run one check; its broken rows go into `broken_rows`."""
    db.execute(
        f"INSERT INTO broken_rows SELECT ?, line, ?, ?, ?, ? FROM ({check.broken})",
        [check.table, check.column, check.code, check.rule, check.stops],
    )
    broken = "broken_rows WHERE code = ? AND table_name = ? AND column_name = ?"
    count, first = _one(
        db, f"SELECT count(*), min(line, {SHOWN}) FROM {broken}", [check.code, check.table, check.column]
    )
    if not count:
        return None
    return Finding(
        code=check.code,
        table=check.table,
        file=lines.files[check.table].path.name,
        rule=check.rule,
        fix=check.fix,
        effect="stops" if check.stops else "sets aside",
        column=check.column,
        count=count,
        lines=lines.in_file(check.table, first),
        detail=(_one(db, check.detail, [])[0] or "") if check.detail else "",
    )


def refuse(findings: Sequence[Finding]) -> None:
    """Raise one error that tells every finding that stops, each with its remedy."""
    stops = [finding for finding in findings if finding.effect == "stops"]
    if not stops:
        return
    *others, last = stops
    told = [f"{finding}\n  fix: {finding.fix}" for finding in others]
    raise TableError("\n".join([*told, str(last)]), fix=last.fix)


def _too_many_set_aside(db: duckdb.DuckDBPyConnection, findings: list[Finding], lines: Lines) -> list[Finding]:
    """Return a stopping finding for each table that loses more rows than an accident explains."""
    found = []
    for table in dict.fromkeys(finding.table for finding in findings if finding.effect == "sets aside"):
        (aside,) = _one(db, "SELECT count(DISTINCT line) FROM set_aside WHERE table_name = ?", [table])
        (rows,) = _one(db, f"SELECT count(*) FROM read_{table}", [])
        if aside > MOST_SET_ASIDE * rows:
            codes = sorted({f.code for f in findings if f.table == table and f.effect == "sets aside"})
            found.append(
                Finding(
                    code="EW009",
                    table=table,
                    file=lines.files[table].path.name,
                    rule=f"at most {MOST_SET_ASIDE:.1%} of a table's rows are set aside; "
                    f"{_counted(aside, 'row')} of {rows:,} in {lines.files[table].path.name} by {', '.join(codes)}",
                    fix=f"see to {', '.join(codes)} in the export",
                )
            )
    return found


def _places(finding: Finding) -> str:
    place = "row" if finding.file.endswith(".parquet") else "line"
    shown = ", ".join(map(str, finding.lines)) + (", ..." if finding.count > len(finding.lines) else "")
    return f"{place}{'s' if finding.count > 1 else ''} {shown}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _one(db: duckdb.DuckDBPyConnection, query: str, given: Sequence[object]) -> tuple[Any, ...]:
    row = db.execute(query, given).fetchone()
    assert row is not None  # an aggregate always gives a row
    return row
