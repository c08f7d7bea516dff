"""What raises or lowers everyone's absence: the half-term, the week in it, and waves of illness.

In:  a school year, a phase and a reference year of England's.
Out: factors by school week, whose mean over a year is about 1.

Waves of illness run through the whole trust and, beside that, through each school. They are drawn week by week
from the week before, so nobody knows the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate import england
from earlywarn.simulate.calendar import YearPlan
from earlywarn.simulate.england import Phase
from earlywarn.simulate.latent import path

Floats = NDArray[np.float64]

RISE_WITHIN_HALF_TERM = 0.25  # of log absence, from the first week of a half-term to its last, from January on
# Absence in the last weeks before the autumn's half-term, and before Christmas, over the autumn's mean: mean of 2022
# and 2023 in the weekly series (`england.autumn_weeks`). Earlier weeks are like the first.
TO_HALF_TERM = (0.71, 0.85, 0.91, 0.88, 0.86, 1.00)
TO_CHRISTMAS = (0.87, 0.87, 0.95, 1.08, 1.15, 1.31, 1.56)
# Absence of each half of a term over the term's: indicative daily series 2023/24 and 2024/25.
HALF_OF_TERM: dict[Phase, tuple[float, ...]] = {
    "primary": (0.89, 1.11, 0.985, 1.015, 0.955, 1.045),
    "secondary": (0.905, 1.095, 0.985, 1.015, 0.97, 1.03),
}
TERMS_LAST = np.array([75, 60, 55])  # days, near enough

TRUST_WAVE, TRUST_PERSISTENCE = 0.12, 0.7  # SD of log absence, and correlation with the week before
SCHOOL_WAVE, SCHOOL_PERSISTENCE = 0.15, 0.6


@dataclass(frozen=True)
class Illness:
    """Waves of illness: (reps, weeks) standard normal, of the trust and of one school."""

    trust: NDArray[np.float32]
    school: NDArray[np.float32]

    @property
    def factor(self) -> Floats:
        """Return (reps, weeks) by how much absence is multiplied; its mean over years is 1."""
        height = TRUST_WAVE * self.trust + SCHOOL_WAVE * self.school
        return np.asarray(np.exp(height - (TRUST_WAVE**2 + SCHOOL_WAVE**2) / 2), np.float64)

    @classmethod
    def of_school(cls, trust: NDArray[np.float32], rng: np.random.Generator) -> "Illness":
        """Return the waves of a school in a year that has the given one, (1, weeks), in its trust."""
        return cls(trust, path(1, trust.shape[1], SCHOOL_PERSISTENCE, rng))

    def ahead(self, week: int, reps: int, rng: np.random.Generator) -> "Illness":
        """Return waves that go on from a week of this one, drawn anew `reps` times."""
        weeks = self.trust.shape[1] - week
        return Illness(
            path(reps, weeks, TRUST_PERSISTENCE, rng, self.trust[0, week]),
            path(reps, weeks, SCHOOL_PERSISTENCE, rng, self.school[0, week]),
        )


def trust_wave(weeks: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return (1, weeks) the trust's wave of one year."""
    return path(1, weeks, TRUST_PERSISTENCE, rng)


def season(phase: Phase, reference_year: int, days: YearPlan) -> Floats:
    """Return (weeks,) a week's absence over the year's mean, as the reference year had it."""
    first_days = np.unique(days.week, return_index=True)[1]
    half_term = days.half_term[first_days]
    shape: Phase = "primary" if phase == "primary" else "secondary"  # special schools are not published by term
    terms = england.term_absence(reference_year, shape)
    level = np.repeat(terms / np.average(terms, weights=TERMS_LAST), 2) * HALF_OF_TERM[shape]
    values = np.exp(np.log(level)[half_term] + _rise(half_term))
    autumn = np.concatenate([_last_of(TO_HALF_TERM, half_term == 0), _last_of(TO_CHRISTMAS, half_term == 1)])
    values[half_term < 2] = autumn / autumn.mean() * level[:2].mean()
    return np.asarray(values, np.float64)


def _rise(half_term: NDArray[np.int8]) -> Floats:
    """Return (weeks,) by how much log absence lies above its half-term's."""
    rise = np.zeros(len(half_term))
    for number in range(6):
        here = half_term == number
        rise[here] = RISE_WITHIN_HALF_TERM * np.linspace(-0.5, 0.5, int(here.sum()))
    return rise


def _last_of(curve: Sequence[float], here: NDArray[np.bool_]) -> Floats:
    """Return the last values of a curve, one a week; weeks before it are like its first."""
    weeks = int(here.sum())
    return np.array((*[curve[0]] * (weeks - len(curve)), *curve[-weeks:]))
