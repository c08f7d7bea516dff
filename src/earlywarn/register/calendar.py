"""The calendar of each school: its table, else the term dates of the config, else the days that have marks."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from earlywarn.config import Term
from earlywarn.tables.store import Store
from earlywarn.terms import Days, SchoolCalendar, from_days, from_terms


def calendars_of(
    store: Store, terms: Sequence[Term] = (), days_with_marks: Mapping[str, Days] | None = None
) -> dict[str, SchoolCalendar]:
    """Return the calendars of the schools that have one, by school.

    days_with_marks : the days of the schools whose marks may stand in for a plan. Without it
                      every school of the table `schools` is asked for, and one without a plan is left out.
    """
    planned, shared = _planned(store), from_terms(terms) if terms else None
    if days_with_marks is None:
        schools = [row[0] for row in store.db.execute("SELECT school_id FROM schools ORDER BY 1").fetchall()]
        found = {school: planned.get(school, shared) for school in schools}
        return {school: calendar for school, calendar in found.items() if calendar is not None}
    return {
        school: planned.get(school) or shared or from_days(days.astype(object).tolist())
        for school, days in days_with_marks.items()
    }


def _planned(store: Store) -> dict[str, SchoolCalendar]:
    """Return the calendars that the table gives."""
    rows = store.db.execute("""
        SELECT school_id, date, sessions, coalesce(term, '') AS term, coalesce(half_term, '') AS half_term, known_on
        FROM calendar WHERE sessions > 0 ORDER BY school_id, date
    """).df()
    return {str(school): _calendar(mine) for school, mine in rows.groupby("school_id", sort=True)}


def _calendar(rows: pd.DataFrame) -> SchoolCalendar:
    """Return the calendar of one school's rows, in order of the days."""
    return SchoolCalendar(
        rows["date"].to_numpy().astype("datetime64[D]"),
        rows["sessions"].to_numpy(np.int8),
        rows["term"].to_numpy(str),
        rows["half_term"].to_numpy(str),
        known_on=rows["known_on"].to_numpy().astype("datetime64[D]") if rows["known_on"].notna().all() else None,
    )
