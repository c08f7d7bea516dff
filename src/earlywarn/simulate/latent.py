"""What nobody sees: each pupil's propensity to be absent and engagement, over the years.

In:  how many pupils, over how many years and waves.
Out: `Latent`. Everything else about absence and answers is drawn given these.

Engagement here is the part that past absence does not explain. It lowers absence from
the close of a wave to the close of the next one; at an effect of zero it is noise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.calendar import YearPlan

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

YEAR_TO_YEAR = 0.68  # of propensity; gives the published 0.63 between annual rates
WAVE_TO_WAVE = 0.75  # of engagement
WAVES_CLOSE_IN_WEEK = (5, 18, 30)
EFFECT = 0.36  # lowering of logit absence by one SD of engagement, at an effect of 1: partial correlation -0.10
SCALES = 5  # cognitive, emotional, behavioural, belonging, relationships


@dataclass(frozen=True)
class Latent:
    """The hidden state of every pupil; standard normal throughout.

    propensity : (n_people, years + 1) to be absent; the first column is the year before.
    engagement : (n_people, 3 * years + 1) at each wave; the first column is before the first wave.
    leaning    : (n_people, scales) what sets a pupil's scales apart from each other.
    home       : (n_people, 3 * years + 1) what parents see of home and school beyond it.
    """

    propensity: Singles
    engagement: Singles
    leaning: Singles
    home: Singles

    def during(self, person: NDArray[np.int64], year: int) -> Singles:
        """Return (n, 4): engagement before the year's first wave and at its three waves."""
        return self.engagement[person, 3 * year : 3 * year + 4]


def make_latent(people: int, years: int, rng: np.random.Generator) -> Latent:
    """Return the hidden state of `people` pupils."""
    return Latent(
        propensity=_path(people, years + 1, YEAR_TO_YEAR, rng),
        engagement=_path(people, 3 * years + 1, WAVE_TO_WAVE, rng),
        leaning=rng.standard_normal((people, SCALES), np.float32),
        home=_path(people, 3 * years + 1, WAVE_TO_WAVE, rng),
    )


def wave_in_force(week: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which wave acts in a school week: 0 the last one of the year before, then 1 to 3.

    >>> wave_in_force(np.array([5, 6, 19, 40]))
    array([0, 1, 2, 3])
    """
    return np.searchsorted(WAVES_CLOSE_IN_WEEK, week)


def engaged_propensity(latent: Latent, person: NDArray[np.int64], year: int, days: YearPlan, effect: float) -> Floats:
    """Return (n,) propensity for a year, lowered by the year's engagement, still standard normal."""
    weights = np.bincount(wave_in_force(days.week), minlength=4) / len(days.week)
    engagement = latent.during(person, year) @ weights
    steps = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    variance = weights @ WAVE_TO_WAVE**steps @ weights
    strength = EFFECT * effect
    raised = latent.propensity[person, year + 1] - strength * engagement
    return np.asarray(raised / np.sqrt(1 + strength**2 * variance), np.float64)


def _path(people: int, steps: int, persistence: float, rng: np.random.Generator) -> Singles:
    """Return (people, steps) standard normal values, each step correlated with the one before."""
    path = rng.standard_normal((people, steps), np.float32)
    for step in range(1, steps):
        path[:, step] = persistence * path[:, step - 1] + np.sqrt(1 - persistence**2) * path[:, step]
    return path
