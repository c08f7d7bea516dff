"""Staff, those who left, and staff absence: tables and rules."""

from earlywarn.tables.attendance import person_is_known
from earlywarn.tables.check import Check, one_row_per
from earlywarn.tables.pupils import leaves_after_joining
from earlywarn.tables.schools import school_is_known
from earlywarn.tables.spec import KNOWN_ON, PERSON, SCHOOL, Column, Table

STAFF = Table(
    "staff",
    one_row_is="what was known of a post from a day on",
    columns=(
        PERSON,
        SCHOOL,
        Column("role", "category", "what the post is", needed=True),
        Column("subject", "category", "the subject taught"),
        Column("fte", "number", "share of full time", low=0, high=2),
        Column("contract", "category", "how long the post lasts", values=("permanent", "fixed-term")),
        Column("leadership", "flag", "whether it is a leadership post"),
        Column("age_band", "category", "age in bands"),
        Column("sex", "category", "as recorded"),
        Column("joined_on", "date", "the first day in post", needed=True),
        Column("left_on", "date", "the last day in post"),
        KNOWN_ON,
    ),
    key=("person_id", "school_id", "known_on"),
    people="staff",
)

LEAVERS = Table(
    "leavers",
    one_row_is="someone who gave notice or left",
    columns=(
        PERSON,
        Column("resigned_on", "date", "the day of the notice", needed=True),
        Column("leaves_on", "date", "the last day in post"),
        Column("reason", "category", "resigned, retired, fixed-term-end or another"),
    ),
    key=("person_id", "resigned_on"),
    people="staff",
    known_by="resigned_on",
)

ABSENCE = Table(
    "staff_absence",
    one_row_is="a spell of absence",
    columns=(
        PERSON,
        Column("starts_on", "date", "the first day", needed=True),
        Column("ends_on", "date", "the last day"),
        Column("reason", "category", "why"),
        KNOWN_ON,
    ),
    people="staff",
    known_by="starts_on",
)


def ends_after_it_starts(code: str, table: str) -> Check:
    """Return the rule that a spell does not end before it starts; others are set aside."""
    return Check(
        code=code,
        table=table,
        column="ends_on",
        rule="nothing ends before it starts",
        broken=f"SELECT line FROM raw_{table} WHERE ends_on < starts_on",
        fix="correct starts_on or ends_on",
        stops=False,
    )


CHECKS = (
    one_row_per("EW401", STAFF, "a person has one row per school and known_on"),
    school_is_known("EW402", "staff"),
    leaves_after_joining("EW403", "staff"),
    one_row_per("EW411", LEAVERS, "a person gives notice once a day"),
    person_is_known("EW412", "leavers", "staff"),
    person_is_known("EW421", "staff_absence", "staff"),
    ends_after_it_starts("EW422", "staff_absence"),
)
