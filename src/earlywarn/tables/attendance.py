"""Session marks and summaries of them: tables and rules.

Rules on marks run over `placed_marks`, in which every mark has the school it
belongs to, and `misplaced_marks`, which says what is wrong with that; see `place.py`.
"""

from itertools import groupby

from earlywarn.codes import Code, load_codes
from earlywarn.tables.check import Check, one_row_per
from earlywarn.tables.spec import KNOWN_ON, PERSON, Column, Table

_SCHOOL = Column("school_id", "id", "the school's URN; may be empty where a person has one enrolment that day")


def _mark_number() -> str:
    """Return SQL for the number of a mark by its code and date; 0: the code was not in force that day.

    Present comes first: that settles nineteen marks in twenty by two or three comparisons.
    """
    by_code = {code: [*rows] for code, rows in groupby(sorted(load_codes().rows, key=_code), key=_code)}
    present_first = sorted(by_code, key=lambda code: by_code[code][0].category != "present")
    whens = " ".join(f"WHEN '{code}' THEN {_number_by_date(by_code[code])}" for code in present_first)
    return f"CAST(CASE upper(coalesce(code, '')) {whens} ELSE 0 END AS UTINYINT)"


def _code(row: Code) -> str:
    return row.code


def _number_by_date(rows: list[Code]) -> str:
    whens = " ".join(
        f"WHEN date BETWEEN DATE '{row.valid_from}' AND DATE '{row.valid_to or '9999-12-31'}' THEN {row.number}"
        for row in rows
    )
    return f"CASE {whens} ELSE 0 END"


ATTENDANCE = Table(
    "attendance",
    one_row_is="a session mark",
    columns=(
        PERSON,
        Column("date", "date", "the day", needed=True),
        Column("session", "category", "morning or afternoon", needed=True, values=("AM", "PM")),
        Column("code", "category", "the attendance code; empty: no mark entered", needed=True, may_be_empty=True),
        _SCHOOL,
        Column("minutes_late", "whole", "minutes after the session began", low=0, high=600),
        KNOWN_ON,
    ),
    key=("person_id", "school_id", "date", "session", "known_on"),
    people="pupils",
    known_by="date",
    kept_as={"session": "CAST(session = 'PM' AS UTINYINT)", "mark": _mark_number()},
)

SUMMARY = Table(
    "attendance_summary",
    one_row_is="possible and absent sessions over a period",
    columns=(
        PERSON,
        _SCHOOL,
        Column("from_on", "date", "the first day of the period", needed=True),
        Column("to_on", "date", "the last day of the period", needed=True),
        Column("possible", "whole", "sessions that were possible", needed=True, low=0),
        Column("absent", "whole", "sessions missed", needed=True, low=0),
        Column("authorised", "whole", "of those, authorised", low=0),
        Column("unauthorised", "whole", "of those, unauthorised", low=0),
        KNOWN_ON,
    ),
    key=("person_id", "school_id", "from_on", "to_on", "known_on"),
    people="pupils",
    known_by="to_on",
)


def person_is_known(code: str, table: str, population: str = "pupils") -> Check:
    """Return the rule that a table's people are in the pupils (or staff) table; others are set aside."""
    return Check(
        code=code,
        table=table,
        column="person_id",
        rule=f"the person is in the {population} table",
        broken=f"SELECT line FROM raw_{table} WHERE person_id NOT IN (SELECT person_id FROM raw_{population})",
        fix=f"export {table} and {population} for the same people",
        stops=False,
    )


# Shows a code only where it can be one: a shifted column could hold a name.
_UNKNOWN_CODES = """
    SELECT string_agg(told, '; ' ORDER BY told) FROM (
        SELECT DISTINCT CASE
            WHEN c.code IS NOT NULL THEN '''' || c.code || ''' was in force '
                || string_agg(c.valid_from || ' to ' || coalesce(c.valid_to::VARCHAR, 'now'), ' and ')
            WHEN length(a.code) <= 3 THEN '''' || a.code || ''' is no attendance code'
            ELSE 'a longer text is no attendance code' END AS told
        FROM (
            SELECT DISTINCT upper(code) AS code FROM raw_attendance WHERE mark = 0
        ) AS a LEFT JOIN codes AS c USING (code)
        GROUP BY a.code, c.code ORDER BY told LIMIT 5
    )"""

# Where a mark stands twice: among the marks of a pupil, at a school, over 32 days, known on their day (or by the same
# later day). Each session is one bit of 64, and there are fewer bits than marks. It takes a third of the time and a
# tenth of the memory that the general way would need for a year of marks.
_DAY = "(date - DATE '2000-01-01')"
_SINCE = f"{_DAY} - ({_DAY} & 31)"
_STANDS_TWICE = f"""
    (person_id, {_SINCE}) IN (
        SELECT person_id, since FROM (
            SELECT person_id, {_SINCE} AS since, count(*) AS marks,
                   bit_count(bit_or(1::UBIGINT << (2 * ({_DAY} & 31) + session))) AS sessions
            FROM placed_marks GROUP BY person_id, school_id, since, nullif(known_on, date)
        ) WHERE sessions < marks
    )"""

CHECKS = (
    Check(
        code="EW101",
        table="attendance",
        column="code",
        rule="a mark is an attendance code in force on its date",
        broken="SELECT line FROM placed_marks WHERE mark = 0",
        fix="map the school's own sub-codes to DfE's codes, or correct the date; codes/attendance_codes.csv lists them",
        detail=_UNKNOWN_CODES,
    ),
    Check(
        code="EW102",
        table="attendance",
        column="known_on",
        rule="a mark is not known before its date",
        broken="SELECT line FROM placed_marks WHERE known_on < date",
        fix="give the day on which the mark was written as known_on, or leave it empty",
    ),
    one_row_per(
        "EW103",
        ATTENDANCE,
        "a person has one mark per school, date, session and known_on",
        relation="placed_marks",
        column="session",
        among=_STANDS_TWICE,
    ),
    Check(
        code="EW104",
        table="attendance",
        column="person_id",
        rule="a mark belongs to someone enrolled at its school",
        broken="SELECT line FROM misplaced_marks WHERE problem = 'not enrolled'",
        fix="export pupils who have left as well, or correct the school_id",
        stops=False,
    ),
    Check(
        code="EW105",
        table="attendance",
        column="date",
        rule="a mark lies between joining and leaving",
        broken="SELECT line FROM misplaced_marks WHERE problem = 'outside'",
        fix="correct joined_on or left_on, or leave marks before joining and after leaving out of the export",
        stops=False,
    ),
    Check(
        code="EW106",
        table="attendance",
        column="school_id",
        rule="a mark without school_id belongs to someone with exactly one enrolment open that day",
        broken="SELECT line FROM misplaced_marks WHERE problem = 'no one school'",
        fix="give school_id in the export of marks",
        stops=False,
    ),
    one_row_per("EW111", SUMMARY, "a person has one summary per school, period and known_on"),
    Check(
        code="EW112",
        table="attendance_summary",
        column="absent",
        rule="a summary ends after it starts and has no more absent than possible sessions",
        broken="SELECT line FROM raw_attendance_summary WHERE absent > possible OR to_on < from_on",
        fix="correct the period or the counts",
        stops=False,
    ),
    person_is_known("EW113", "attendance_summary"),
)
