"""What else is dated: events, assessments, recorded outcomes and help given: tables and rules."""

from earlywarn.tables.attendance import person_is_known
from earlywarn.tables.check import Check, one_row_per
from earlywarn.tables.spec import KNOWN_ON, PERSON, POPULATION, Column, Table
from earlywarn.tables.staff import ends_after_it_starts

EVENTS = Table(
    "events",
    one_row_is="something dated and countable",
    columns=(
        PERSON,
        POPULATION,
        Column("date", "date", "the day it happened", needed=True),
        Column("kind", "category", "behaviour, suspension, contact or another", needed=True),
        Column("amount", "number", "how much of it, such as points"),
        KNOWN_ON,
    ),
    people="by population",
    known_by="date",
)

ASSESSMENTS = Table(
    "assessments",
    one_row_is="a judgement",
    columns=(
        PERSON,
        Column("subject", "category", "the subject", needed=True),
        Column("collected_on", "date", "the day it was collected", needed=True),
        Column("measure", "category", "grade, attitude, target or another", needed=True),
        Column("value", "text", "the judgement, as written", needed=True),
    ),
    key=("person_id", "subject", "collected_on", "measure"),
    people="pupils",
    known_by="collected_on",
)

OUTCOMES = Table(
    "outcomes",
    one_row_is="an outcome recorded by someone else",
    columns=(
        PERSON,
        POPULATION,
        Column("outcome", "category", "the outcome's name", needed=True),
        Column("date", "date", "the day it is dated", needed=True),
        Column("value", "whole", "1: it happened; 0: it did not", needed=True, low=0, high=1),
    ),
    key=("person_id", "population", "outcome", "date"),
    people="by population",
    known_by="date",
)

INTERVENTIONS = Table(
    "interventions",
    one_row_is="help that was given",
    columns=(
        PERSON,
        POPULATION,
        Column("kind", "category", "what was done", needed=True),
        Column("starts_on", "date", "the first day", needed=True),
        Column("ends_on", "date", "the last day"),
    ),
    people="by population",
    known_by="starts_on",
)


def person_of_population_is_known(code: str, table: str) -> Check:
    """Return the rule that people are known in their own population; others are set aside."""
    return Check(
        code=code,
        table=table,
        column="person_id",
        rule="the person is in the pupils (or, as population says, the staff) table",
        broken=f"""
            SELECT line FROM raw_{table}
            WHERE CASE population WHEN 'staff' THEN person_id NOT IN (SELECT person_id FROM raw_staff)
                                  ELSE person_id NOT IN (SELECT person_id FROM raw_pupils) END""",
        fix=f"export {table} for the people in pupils and staff; say population: staff for staff",
        stops=False,
    )


CHECKS = (
    person_of_population_is_known("EW501", "events"),
    Check(
        code="EW502",
        table="events",
        column="known_on",
        rule="an event is not known before its date",
        broken="SELECT line FROM raw_events WHERE known_on < date",
        fix="give the day on which the event was written down as known_on, or leave it empty",
    ),
    one_row_per("EW511", ASSESSMENTS, "a judgement is collected once a day"),
    person_is_known("EW512", "assessments"),
    one_row_per("EW521", OUTCOMES, "an outcome is recorded once a day"),
    person_of_population_is_known("EW522", "outcomes"),
    person_of_population_is_known("EW531", "interventions"),
    ends_after_it_starts("EW532", "interventions"),
)
