"""Pupils' enrolments and characteristics: table and rules."""

from earlywarn.tables.check import Check, one_row_per
from earlywarn.tables.schools import school_is_known
from earlywarn.tables.spec import KNOWN_ON, PERSON, SCHOOL, Column, Table

PUPILS = Table(
    "pupils",
    one_row_is="what was known of an enrolment from a day on",
    columns=(
        PERSON,
        SCHOOL,
        Column("year_group", "whole", "0 is reception", needed=True, low=0, high=13),
        Column("form", "text", "the tutor group"),
        Column("joined_on", "date", "the first day on roll", needed=True),
        Column("left_on", "date", "the last day on roll"),
        Column("sex", "category", "as recorded"),
        Column("pupil_premium", "flag", "whether the school receives the pupil premium"),
        Column("fsm", "flag", "whether free school meals are claimed"),
        Column("sen", "category", "none, SEN support, or a plan", values=("N", "K", "E")),
        Column("sen_need", "category", "the primary need"),
        Column("eal", "flag", "whether English is an additional language"),
        Column("ethnicity", "category", "as recorded"),
        Column("looked_after", "flag", "whether in care"),
        KNOWN_ON,
    ),
    key=("person_id", "school_id", "known_on"),
    people="pupils",
)


def leaves_after_joining(code: str, table: str) -> Check:
    """Return the rule that nobody leaves before joining."""
    return Check(
        code=code,
        table=table,
        column="left_on",
        rule="nobody leaves before joining",
        broken=f"SELECT line FROM raw_{table} WHERE left_on < joined_on",
        fix="correct joined_on or left_on; leave left_on empty for someone on roll",
    )


CHECKS = (
    one_row_per("EW221", PUPILS, "an enrolment has one row for each known_on"),
    school_is_known("EW222", "pupils"),
    leaves_after_joining("EW223", "pupils"),
)
