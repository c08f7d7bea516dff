"""What comes in: the tables of a data folder, read into DuckDB and checked.

`TABLES` and `CHECKS` gather what the subjects' modules declare;
`earlywarn.tables.store.open_store` reads a folder by them.
"""

from earlywarn.tables import attendance, events, pupils, schools, staff, surveys
from earlywarn.tables.check import Check
from earlywarn.tables.spec import Table

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        schools.SCHOOLS,
        schools.CALENDAR,
        pupils.PUPILS,
        attendance.ATTENDANCE,
        attendance.SUMMARY,
        surveys.WAVES,
        surveys.RESPONSES,
        staff.STAFF,
        staff.LEAVERS,
        staff.ABSENCE,
        events.EVENTS,
        events.ASSESSMENTS,
        events.OUTCOMES,
        events.INTERVENTIONS,
    )
}

CHECKS: tuple[Check, ...] = (
    *schools.CHECKS,
    *pupils.CHECKS,
    *attendance.CHECKS,
    *surveys.CHECKS,
    *staff.CHECKS,
    *events.CHECKS,
)
