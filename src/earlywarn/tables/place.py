"""Gives the tables their final form: marks with their school and number, views with `known_on` filled.

In:  the tables as read, `raw_<name>`.
Out: `enrolments`, `placed_marks`, `misplaced_marks`, and one view `<name>` per table, without the rows that
     are set aside.
"""

from collections.abc import Sequence

import duckdb

from earlywarn.tables.spec import Column, Table

_LAST_DAY = "coalesce(e.left_on, DATE '9999-12-31')"

# Marks with the school they name or else, over the days on which a pupil has just one enrolment, with that one's.
_WITH_SCHOOL = f"""(
    WITH edges AS (
        SELECT person_id, joined_on AS day FROM enrolments
        UNION SELECT person_id, {_LAST_DAY} + 1 FROM enrolments AS e
    ), spans AS (
        SELECT person_id, day AS first, lead(day) OVER (PARTITION BY person_id ORDER BY day) - 1 AS last FROM edges
    ), alone AS (
        SELECT s.person_id, s.first, s.last, any_value(e.school_id) AS school_id
        FROM spans AS s JOIN enrolments AS e
            ON e.person_id = s.person_id AND e.joined_on <= s.first AND {_LAST_DAY} >= s.last
        GROUP BY ALL HAVING count(*) = 1
    )
    SELECT a.* REPLACE (coalesce(a.school_id, o.school_id) AS school_id)
    FROM raw_attendance AS a
    LEFT JOIN alone AS o ON o.person_id = a.person_id AND a.date BETWEEN o.first AND o.last
)"""


def make_enrolments(db: duckdb.DuckDBPyConnection) -> None:
    """Make one row per pupil and school: first joined, last known to have left (empty: on roll)."""
    db.execute("""
        CREATE TABLE enrolments AS
        SELECT person_id, school_id, min(joined_on) AS joined_on,
               last(left_on ORDER BY known_on NULLS FIRST, line) AS left_on
        FROM raw_pupils GROUP BY person_id, school_id""")


def place_marks(db: duckdb.DuckDBPyConnection) -> None:
    """Give every mark its school (`placed_marks`), and name those that belong to no enrolment (`misplaced_marks`).

    A mark that names no school belongs to the one enrolment open that day. Placeholders
    beside an enrolment (Z: not yet on roll) say nothing: they are left out, and are nobody's
    mistake. Marks are copied only where a school must be added: there are tens of millions.
    """
    unplaced = db.execute("SELECT 1 FROM raw_attendance WHERE school_id IS NULL LIMIT 1").fetchone()
    db.execute(f"""
        CREATE {"TABLE" if unplaced else "VIEW"} placed_marks AS
        SELECT person_id, school_id, date, session, mark, minutes_late::SMALLINT AS minutes_late,
               coalesce(known_on, date) AS known_on, line
        FROM {_WITH_SCHOOL if unplaced else "raw_attendance"}""")
    db.execute(f"""
        CREATE TABLE misplaced_marks AS
        SELECT m.line,
               CASE WHEN NOT c.possible THEN 'placeholder'
                    WHEN m.school_id IS NULL THEN 'no one school'
                    WHEN e.person_id IS NULL THEN 'not enrolled'
                    ELSE 'outside' END AS problem
        FROM placed_marks AS m
        LEFT JOIN enrolments AS e ON e.person_id = m.person_id AND e.school_id = m.school_id
        LEFT JOIN codes AS c ON c.number = m.mark
        WHERE (m.date BETWEEN e.joined_on AND {_LAST_DAY}) IS NOT TRUE""")


def make_views(db: duckdb.DuckDBPyConnection, table: Table, extra: Sequence[Column]) -> None:
    """Make the view of a table that everything after the checks reads."""
    if table.name == "attendance":
        db.execute("""
            CREATE VIEW attendance AS FROM placed_marks
            ANTI JOIN misplaced_marks USING (line)""")
        return
    known = f", {_known_on(table)} AS known_on" if table.known_by else ""
    names = [f'"{column.name}"' for column in (*table.columns, *extra) if not (known and column.name == "known_on")]
    db.execute(f"""
        CREATE VIEW {table.name} AS SELECT {", ".join(names)}{known}, line
        FROM raw_{table.name} ANTI JOIN (FROM set_aside WHERE table_name = '{table.name}') AS aside USING (line)""")


def _known_on(table: Table) -> str:
    given = any(column.name == "known_on" for column in table.columns)
    return f"coalesce(known_on, {table.known_by})" if given else str(table.known_by)
