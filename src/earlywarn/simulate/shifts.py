"""What year group, sex, ethnicity and a plan for special needs add to a pupil's propensity to be absent.

In:  England's enrolments by band of absence, and what is published by ethnicity.
Out: `shifts`, on the normal scale, beside what phase, free meals and special needs tell.

By year group and sex a shift is the distance, on that scale, of a cell's share of persistent
absence from that of its phase, free meals and needs. By ethnicity England's are published for a few groups only:
African pupils are absent about half as often, free meals allowed for, and pupils of other Asian groups less
than the mean (Department for Education, absence by ethnicity and free meals, 2024/25); the sizes follow that roughly.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from earlywarn.simulate import england
from earlywarn.simulate.england import Phase
from earlywarn.simulate.people import People
from earlywarn.simulate.roster import Roster

Floats = NDArray[np.float64]

BY_ETHNICITY = {"White British": 0.07, "White other": 0.0, "Mixed": 0.10, "Asian": -0.22, "Black": -0.50, "Other": -0.1}
# Support, and a plan: pupils with a plan are absent more than those with support, in mainstream schools too.
BY_NEEDS = {"primary": (0.0, -0.06, 0.25), "secondary": (0.0, -0.06, 0.25), "special": (0.0, 0.0, 0.0)}
RECEPTION = 0.04  # above Year 1: overall absence of four-year-olds is a little higher
FEW = 200  # enrolments under which a cell tells nothing
SPREAD_OF_SHIFTS = {"primary": 0.185, "secondary": 0.227, "special": 0.185}  # SD of all of them, over a phase's pupils


def shifts(phase: Phase, roster: Roster, people: People) -> Floats:
    """Return (n,) what is added to each pupil's propensity."""
    table = _by_year_group(phase)
    fsm = people.fsm[roster.person].astype(int)
    female = people.female[roster.person].astype(int)
    names = list(BY_ETHNICITY)
    ethnic = np.array([BY_ETHNICITY[name] for name in names])
    needs = np.array(BY_NEEDS[phase])[people.sen[roster.person]]
    found = table[roster.year_group, fsm, female] + ethnic[people.ethnicity[roster.person]] + needs
    return np.asarray(found * people.recorded[roster.person], np.float64)


@cache
def _by_year_group(phase: Phase) -> Floats:
    """Return (12, 2, 2) by year group, free meals and sex; reception stands in the first row."""
    table = np.zeros((12, 2, 2))
    for fsm in (False, True):
        all_years = {sen: england.bands(phase, fsm, sen) for sen in (False, True)}
        for year in range(1, 12):
            for female in (False, True):
                table[year, int(fsm), int(female)] = _distance(phase, fsm, year, female, all_years)
    table[0] = table[1] + RECEPTION * (phase != "secondary")
    return table


def _distance(phase: Phase, fsm: bool, year: int, female: bool, all_years: dict[bool, NDArray[np.int64]]) -> float:
    """Return how far a year group's persistent absence lies from that of all years, needs allowed for."""
    distance, enrolments = 0.0, 0
    for sen, everyone in all_years.items():
        here = england.bands(phase, fsm, sen, year, "F" if female else "M")
        if here.sum() < FEW:
            continue
        distance += here.sum() * float(ndtri(england.persistent(here)) - ndtri(england.persistent(everyone)))
        enrolments += int(here.sum())
    return distance / enrolments if enrolments else 0.0
