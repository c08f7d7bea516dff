"""Annual rates of absence of a made-up trust, without writing it: what is held against England.

In:  a plan.
Out: `Rates`, one entry per pupil, school and complete school year.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.absence import SchoolYear
from earlywarn.simulate.latent import WAVES_CLOSE_IN_WEEK
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.trust import make_trust, years_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rates:
    """One entry per pupil, school and school year; every array has shape (n,).

    group      : place in `mixture.GROUPS`.
    rate       : share of the year's sessions missed, over the days on roll.
    to_date    : the same up to the close of the year's first wave.
    next_term  : the same in the spring term, NaN for a pupil not on roll in it.
    engagement : the engagement that acts, as it is at the first wave.
    """

    person: Ints
    school: Ints
    year: Ints
    year_group: Ints
    group: Ints
    rate: Floats
    to_date: Floats
    next_term: Floats
    engagement: Floats


def annual_rates(plan: Plan) -> Rates:
    """Return the annual rates of a plan's trust; a year in progress counts as if it were complete."""
    trust = make_trust(plan)
    parts: list[tuple[NDArray[np.generic], ...]] = []
    for school in trust.schools:
        for year in years_of(trust, school):
            step = np.array([3 * year.year + 1])
            engagement = trust.latent.acting(year.roster.person, step, plan.effect_domains)[:, 0]
            who = (year.roster.person, year.roster.school, year.roster.year, year.roster.year_group, year.group)
            parts.append((*who, *_rates(year), engagement.astype(np.float64)))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Rates(*columns)


def _rates(year: SchoolYear) -> tuple[Floats, Floats, Floats]:
    """Return rates over the year, up to the close of its first wave, and in the spring term."""
    first_wave = np.repeat(year.plan.week[~year.closed], 2) <= WAVES_CLOSE_IN_WEEK[0]
    spring = np.isin(np.repeat(year.plan.half_term[~year.closed], 2), [2, 3])
    return _rate(year, np.ones(len(spring), bool)), _rate(year, first_wave), _rate(year, spring)


def _rate(year: SchoolYear, sessions: NDArray[np.bool_]) -> Floats:
    """Return (n,) absent over possible in the chosen sessions; NaN where none was possible."""
    possible = year.expected[:, sessions].sum(axis=1)
    absent = year.absent[:, sessions].sum(axis=1)
    return np.where(possible > 0, absent / np.maximum(possible, 1), np.nan)
