"""Gives the tables their final form: marks with their school and number, views with `known_on` filled.

In:  the tables as read, `raw_<name>`.
Out: `enrolments`, `placed_marks`, and one view `<name>` per table, without the rows that are set aside.
"""

from collections.abc import Sequence

import duckdb

from earlywarn.tables.spec import Column, Table


def make_enrolments(db: duckdb.DuckDBPyConnection) -> None:
    """Make one row per pupil and school: first joined, last known to have left (empty: on roll)."""
    db.execute("""
        CREATE TABLE enrolments AS
        SELECT person_id, school_id, min(joined_on) AS joined_on,
               last(left_on ORDER BY known_on NULLS FIRST, line) AS left_on
        FROM raw_pupils GROUP BY person_id, school_id""")


def place_marks(db: duckdb.DuckDBPyConnection) -> None:
    """Give every mark its number and its school, and say what is wrong with it (`problem`).

    mark 0 is a code that was not in force on its date. A mark that names no
    school belongs to the one enrolment open that day. Placeholders beside an
    enrolment (Z: not yet on roll) say nothing: they are left out, and are nobody's mistake.
    """
    db.execute("""
        CREATE TABLE placed_marks AS
        WITH stays AS (
            SELECT *, coalesce(left_on, DATE '9999-12-31') AS last_day FROM enrolments
        ), open_that_day AS (
            SELECT a.line, any_value(e.school_id) AS school_id, count(*) AS schools
            FROM raw_attendance AS a
            JOIN stays AS e ON e.person_id = a.person_id AND a.date BETWEEN e.joined_on AND e.last_day
            WHERE a.school_id IS NULL GROUP BY a.line
        ), schooled AS (
            SELECT a.* REPLACE (coalesce(a.school_id, CASE WHEN o.schools = 1 THEN o.school_id END) AS school_id)
            FROM raw_attendance AS a LEFT JOIN open_that_day AS o ON o.line = a.line
        )
        SELECT s.person_id, s.school_id, s.date, (s.session = 'PM')::UTINYINT AS session,
               coalesce(c.number, 0)::UTINYINT AS mark, s.minutes_late::SMALLINT AS minutes_late,
               coalesce(s.known_on, s.date) AS known_on, s.line,
               CASE WHEN s.date BETWEEN e.joined_on AND e.last_day THEN NULL
                    WHEN NOT c.possible THEN 'placeholder'
                    WHEN s.school_id IS NULL THEN 'no one school'
                    WHEN e.person_id IS NULL THEN 'not enrolled'
                    ELSE 'outside' END AS problem
        FROM schooled AS s
        LEFT JOIN codes AS c
            ON c.code = upper(coalesce(s.code, '')) AND s.date BETWEEN c.valid_from AND coalesce(c.valid_to, s.date)
        LEFT JOIN stays AS e ON e.person_id = s.person_id AND e.school_id = s.school_id""")


def make_views(db: duckdb.DuckDBPyConnection, table: Table, extra: Sequence[Column]) -> None:
    """Make the view of a table that everything after the checks reads."""
    if table.name == "attendance":
        db.execute("""
            CREATE VIEW attendance AS
            SELECT person_id, school_id, date, session, mark, minutes_late, known_on, line
            FROM placed_marks WHERE problem IS NULL""")
        return
    known = f", {_known_on(table)} AS known_on" if table.known_by else ""
    names = [f'"{column.name}"' for column in (*table.columns, *extra) if not (known and column.name == "known_on")]
    db.execute(f"""
        CREATE VIEW {table.name} AS SELECT {", ".join(names)}{known}, line
        FROM raw_{table.name} ANTI JOIN (FROM set_aside WHERE table_name = '{table.name}') AS aside USING (line)""")


def _known_on(table: Table) -> str:
    given = any(column.name == "known_on" for column in table.columns)
    return f"coalesce(known_on, {table.known_by})" if given else str(table.known_by)
