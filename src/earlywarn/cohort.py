"""Who: the enrolments (or posts) on roll and at risk on an as-of date.

Out: a frame with one row per (person_id, school_id, as_of), in that order of sorting, with
everything the people table said of the row: `year_group` and `form` (or `role`, `subject`
and `contract`), `joined_on`, characteristics, and `dated`: whether the row was known
before the date (an undated row serves audit groups, not features).
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from earlywarn.config import Config
from earlywarn.tables.known import known_before, people_as_known
from earlywarn.tables.store import Store

KEY = ("person_id", "school_id", "as_of")


def cohort(store: Store, config: Config, as_of: date) -> pd.DataFrame:
    """Return who is at risk on one morning; no row holds anything known later."""
    table = "pupils" if config.population == "pupils" else "staff"
    at_risk = _pupils_at_risk(config) if table == "pupils" else _staff_at_risk(as_of)
    people = store.db.execute(
        f"""
        SELECT p.* FROM {people_as_known(table, as_of, config.fixed)} AS p
        WHERE p.joined_on < ? AND p.left_on IS NULL AND {at_risk}
        ORDER BY person_id, school_id
        """,
        [as_of],
    ).df()
    people.insert(2, "as_of", pd.Timestamp(as_of))
    return people


def cohorts(store: Store, config: Config, dates: Sequence[date]) -> pd.DataFrame:
    """Return the cohorts of several dates, one below the other."""
    return pd.concat([cohort(store, config, as_of) for as_of in dates], ignore_index=True)


def _pupils_at_risk(config: Config) -> str:
    return f"p.year_group IN ({', '.join(map(str, config.year_groups))})"


def _staff_at_risk(as_of: date) -> str:
    """Return the rule for staff: a permanent post (or one not said to be otherwise) without notice."""
    return f"""coalesce(p.contract, 'permanent') = 'permanent'
        AND p.person_id NOT IN (SELECT person_id FROM {known_before("leavers", as_of)})"""
