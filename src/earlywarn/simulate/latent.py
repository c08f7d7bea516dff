"""What nobody sees: each pupil's propensity to be absent and engagement, over the years.

In:  how many pupils, over how many years and waves.
Out: `Latent`. Everything else about absence and answers is drawn given these.

Engagement has three domains, cognitive, emotional and behavioural, that share most of what moves
them. It is the part that past absence does not explain. What carries an effect lowers
absence from a wave's close, or some weeks later, until the next wave's does; at an effect of zero it is noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.plan import DOMAINS, Domain

Ints = NDArray[np.int64]
Singles = NDArray[np.float32]

YEAR_TO_YEAR = 0.80  # of propensity; gives the published 0.63 between annual rates
WAVE_TO_WAVE = 0.75  # of engagement
BETWEEN_DOMAINS = 0.6  # correlation of two domains of engagement
WAVES_CLOSE_IN_WEEK = (5, 18, 30)
WEEKS = 39  # of a school year
SCALES = 5  # cognitive, emotional, behavioural, belonging, relationships


@dataclass(frozen=True)
class Latent:
    """The hidden state of every pupil; standard normal throughout.

    propensity : (n_people, years + 1) to be absent; the first column is the year before.
    engagement : (3, n_people, 3 * years + 1) by domain, at each wave; the first column is before the first wave.
    leaning    : (n_people, scales) what sets a pupil's scales apart from each other.
    home       : (n_people, 3 * years + 1) what parents see of home and school beyond it.
    """

    propensity: Singles
    engagement: Singles
    leaning: Singles
    home: Singles

    def shared(self, person: Ints, step: int) -> Singles:
        """Return (n,) what the domains have in common at a wave, standard normal."""
        return self.acting(person, np.array([step]), DOMAINS)[:, 0]

    def acting(self, person: Ints, steps: Ints, domains: Sequence[Domain]) -> Singles:
        """Return (n, steps) the mean of some domains, brought back to a standard normal."""
        chosen = [DOMAINS.index(domain) for domain in domains]
        total = sum(self.engagement[number][person[:, None], steps] for number in chosen)
        variance = len(chosen) * (1 + (len(chosen) - 1) * BETWEEN_DOMAINS)
        return np.asarray(total / np.sqrt(variance), np.float32)


def make_latent(people: int, years: int, rng: np.random.Generator) -> Latent:
    """Return the hidden state of `people` pupils."""
    steps = 3 * years + 1
    common = path(people, steps, WAVE_TO_WAVE, rng)
    own = np.stack([path(people, steps, WAVE_TO_WAVE, rng) for _ in DOMAINS])
    return Latent(
        propensity=path(people, years + 1, YEAR_TO_YEAR, rng),
        engagement=np.float32(np.sqrt(BETWEEN_DOMAINS)) * common + np.float32(np.sqrt(1 - BETWEEN_DOMAINS)) * own,
        leaning=rng.standard_normal((people, SCALES), np.float32),
        home=path(people, steps, WAVE_TO_WAVE, rng),
    )


def step_in_force(year: int, week: Ints, lead: int) -> Ints:
    """Return which wave acts in a school week: its column of `Latent.engagement`.

    year : index into the plan's school years.
    week : (weeks,) numbers of school weeks, from 1.
    lead : weeks from the close of a wave until it acts.

    >>> step_in_force(1, np.array([5, 6, 19, 39]), 0)
    array([3, 4, 5, 6])
    >>> step_in_force(1, np.array([5, 6, 19, 39]), 13)
    array([3, 3, 4, 5])
    """
    closes = np.add.outer(WEEKS * np.array([-2, -1, 0]), WAVES_CLOSE_IN_WEEK).ravel()
    return np.maximum(3 * year - 6 + np.searchsorted(closes, week - lead), 0)


def path(
    rows: int, steps: int, persistence: float, rng: np.random.Generator, start: NDArray[np.floating] | None = None
) -> Singles:
    """Return (rows, steps) standard normal values, each step correlated with the one before; `start` is the first."""
    values = rng.standard_normal((rows, steps), np.float32)
    if start is not None:
        values[:, 0] = start
    fresh = np.float32(np.sqrt(1 - persistence**2))
    for step in range(1, steps):
        values[:, step] = persistence * values[:, step - 1] + fresh * values[:, step]
    return values
