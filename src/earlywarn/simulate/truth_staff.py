"""How likely each of a school's staff was to resign in a window.

In:  the holders of a school's posts, a date and the outcome's window.
Out: who was at risk on that date, and each one's probability.

At risk are permanent posts without notice, as the written tables say on that morning.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.calendar import year_plan
from earlywarn.simulate.holders import Holders
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.staff_truth import resigning_probability
from earlywarn.terms import Window

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def staff_chances(holders: Holders, plan: Plan, as_of: date, window: Window) -> tuple[Ints, Floats]:
    """Return the staff at risk by number, in order, and the probability of each."""
    known_on = np.maximum(holders.joined_on, year_plan(plan.school_years[0]).days[0])
    known = holders.rows(known_on < np.datetime64(as_of))
    chance = resigning_probability(
        known, np.datetime64(as_of), np.datetime64(window.start), np.datetime64(window.end), plan
    )
    at_risk = ~np.isnan(chance)
    return known.number[at_risk], chance[at_risk]
