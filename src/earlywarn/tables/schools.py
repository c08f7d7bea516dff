"""Schools and their calendars: tables and rules."""

from earlywarn.tables.check import Check, one_row_per
from earlywarn.tables.spec import KNOWN_ON, SCHOOL, Column, Table

SCHOOLS = Table(
    "schools",
    one_row_is="a school",
    columns=(
        SCHOOL,
        Column("name", "text", "what people call it"),
        Column(
            "phase",
            "category",
            "whom it teaches",
            needed=True,
            values=("primary", "secondary", "special", "all-through", "ap"),
        ),
        Column("trust", "text", "the trust that runs it"),
        Column("region", "text", "where it lies"),
    ),
    key=("school_id",),
)

CALENDAR = Table(
    "calendar",
    one_row_is="a school day as planned",
    columns=(
        SCHOOL,
        Column("date", "date", "the day", needed=True),
        Column("sessions", "whole", "sessions planned: 0, 1 or 2", needed=True, low=0, high=2),
        Column("term", "text", "the term it lies in"),
        Column("half_term", "text", "the half-term it lies in"),
        KNOWN_ON,
    ),
    key=("school_id", "date"),
)


def school_is_known(code: str, table: str) -> Check:
    """Return the rule that a table's schools are all in `schools`."""
    return Check(
        code=code,
        table=table,
        column="school_id",
        rule="a school is in the schools table",
        broken=f"SELECT line FROM raw_{table} WHERE school_id NOT IN (SELECT school_id FROM raw_schools)",
        fix="add the school to schools, or correct the school_id",
    )


CHECKS = (
    one_row_per("EW201", SCHOOLS, "a school has one row"),
    one_row_per("EW211", CALENDAR, "a school's calendar has one row a day"),
    school_is_known("EW212", "calendar"),
)
