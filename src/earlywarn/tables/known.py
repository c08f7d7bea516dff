"""What was known before an as-of date: the one place that compares `known_on` with `as_of` in SQL.

In:  the name of a table in the store, and the date.
Out: the text of a relation, in brackets, to put after FROM.

What lies in the future of `as_of` is not in the relation, or is empty in it: an
end that is not past yet, a leaving date that has not come.
"""

from collections.abc import Sequence
from datetime import date

from earlywarn.tables import TABLES

PEOPLE = ("pupils", "staff")
_SPELLS = ("staff_absence", "interventions")


def known_before(table: str, as_of: date) -> str:
    """Return the rows of a dated table that were known before a date.

    Answers count once their wave has closed; a spell or help that has not ended
    before `as_of` has no end; a summary counts once its period is over, as it was last
    corrected. Pupils and staff have `people_as_known` instead.

    >>> known_before("leavers", date(2025, 11, 3))
    "(SELECT * FROM leavers WHERE known_on < DATE '2025-11-03')"
    """
    day = _sql(as_of)
    if table in PEOPLE or table not in TABLES:
        raise ValueError(f"{table!r} is not a table of dated rows")
    if table == "responses":
        return f"(SELECT r.* FROM responses AS r JOIN waves AS w USING (wave_id) WHERE w.closes_on < {day})"
    if table in _SPELLS:
        ended = f"CASE WHEN ends_on < {day} THEN ends_on END AS ends_on"
        return f"(SELECT * REPLACE ({ended}) FROM {table} WHERE known_on < {day})"
    if table == "attendance_summary":
        return f"""(
            SELECT * FROM {table} WHERE known_on < {day} AND to_on < {day}
            QUALIFY row_number() OVER (
                PARTITION BY person_id, school_id, from_on, to_on ORDER BY known_on DESC, line DESC
            ) = 1
        )"""
    return f"(SELECT * FROM {table} WHERE known_on < {day})"


def people_as_known(table: str, as_of: date, fixed: Sequence[str] = ()) -> str:
    """Return the pupils or staff as they were known before a date: one row per person and school.

    Of dated rows the latest one known by then counts; someone whose rows were
    all known later is not there. An undated row serves whoever has no dated one;
    the column `dated` says which it is: what an undated row says of a person serves
    audit groups, not features. `left_on` is empty unless it is past.

    fixed : columns that have been true since joining. An undated `year_group` that is not
            among them is that of today's school year, and is moved back from there: never
            by anything that differs from person to person, such as when they left.
    """
    if table not in PEOPLE:
        raise ValueError(f"{table!r} is not a table of people")
    day = _sql(as_of)
    replaced = [f"CASE WHEN left_on < {day} THEN left_on END AS left_on"]
    if table == "pupils" and "year_group" not in fixed:
        moved = f"year_group - ({school_year('(SELECT today FROM today)')} - {school_year(day)})"
        replaced.append(f"CASE WHEN known_on IS NULL THEN {moved} ELSE year_group END AS year_group")
    return f"""(
        SELECT * REPLACE ({", ".join(replaced)}), known_on IS NOT NULL AS dated
        FROM {table} WHERE known_on < {day} OR known_on IS NULL
        QUALIFY row_number() OVER (
            PARTITION BY person_id, school_id ORDER BY known_on DESC NULLS LAST, line DESC
        ) = 1
    )"""


def school_year(day: str) -> str:
    """Return SQL for the calendar year in which the school year of a day began, on 1 August."""
    return f"(year({day}) - (month({day}) < 8)::INTEGER)"


def _sql(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
