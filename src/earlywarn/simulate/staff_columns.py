"""The columns of the tables about staff, as `docs/tables.md` describes them.

In:  holders of posts and their spells of absence.
Out: for each table a mapping from column to values, ready to be written.
"""

import numpy as np
import pyarrow as pa

from earlywarn.simulate.calendar import year_plan
from earlywarn.simulate.columns import person_ids
from earlywarn.simulate.holders import NEVER, Holders, Ints, age_bands
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.staff_views import Spells
from earlywarn.simulate.write import Columns
from earlywarn.terms import Days


def staff(holders: Holders, plan: Plan, until: np.datetime64) -> Columns:
    """Return rows of `staff`: one a post and school year, and one more when someone has left."""
    who, known_on, left_on = _known(holders, plan, until)
    one = holders.rows(who)
    return {
        "person_id": person_ids(one.number, "S"),
        "school_id": one.school_id,
        "role": one.role,
        "subject": pa.array(one.subject, mask=one.subject == ""),
        "fte": one.fte,
        "contract": np.where(one.permanent, "permanent", "fixed-term"),
        "leadership": one.role == "leader",
        "age_band": age_bands(one.age_on(known_on)),
        "sex": np.where(one.female, "F", "M"),
        "joined_on": one.joined_on,
        "left_on": left_on,
        "known_on": known_on,
    }


def _known(holders: Holders, plan: Plan, until: np.datetime64) -> tuple[Ints, Days, Days]:
    """Return for each row of `staff` whose it is, the day from which it was known so, and the last day in post."""
    parts: list[tuple[Ints, Days, Days]] = []
    for autumn in plan.school_years:
        first, next_first = year_plan(autumn).days[0], year_plan(autumn + 1).days[0]
        known_on = np.maximum(first, holders.joined_on)
        there = (known_on < next_first) & (known_on <= until) & ~(holders.leaves_on <= known_on)
        who = np.flatnonzero(there)
        parts.append((who, known_on[who], np.full(len(who), NEVER)))
    left = np.flatnonzero(holders.leaves_on <= until)
    parts.append((left, holders.leaves_on[left], holders.leaves_on[left]))
    who, known_on, left_on = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((known_on, who))
    return who[order], known_on[order], left_on[order]


def leavers(holders: Holders, until: np.datetime64) -> Columns:
    """Return rows of `leavers`: notices given so far."""
    given = holders.rows(holders.notice_on <= until)
    return {
        "person_id": person_ids(given.number, "S"),
        "resigned_on": given.notice_on,
        "leaves_on": given.leaves_on,
        "reason": given.reason,
    }


def staff_absence(spells: Spells) -> Columns:
    """Return rows of `staff_absence`."""
    return {
        "person_id": person_ids(spells.number, "S"),
        "starts_on": spells.starts_on,
        "ends_on": spells.ends_on,
        "reason": spells.reason,
    }
