"""Average precision of thousands of weightings at once: the ranking as steps, and who enters the list at each.

In:  outcome, risk and cluster of each row.
Out: `Steps`, which turns (replicates, clusters) weights of clusters into (replicates,) average precisions.

Only the risks that people with the outcome have are steps: precision is asked nowhere else. People without the
outcome enter at the first step at or below their own risk, those below the last never. One sparse product gives
what enters at every step in many replicates; a few replicates at a time, so that they stay near the processor.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from earlywarn.evaluate.measures import Bools, Floats, Ints, ratios

TOGETHER = 16


@dataclass(frozen=True)
class Steps:
    """Who enters the list where.

    found  : (steps, clusters) sparse, people with the outcome who enter at each step, highest risk first.
    listed : (steps, clusters) sparse, everyone who does.
    """

    found: "csr_array[Any]"
    listed: "csr_array[Any]"

    def average_precision(self, weights: Floats) -> Floats:
        """Return (replicates,) values; NaN where nobody with the outcome has weight."""
        parts = [self._some(weights[at : at + TOGETHER]) for at in range(0, len(weights), TOGETHER)]
        return np.concatenate(parts)

    def _some(self, weights: Floats) -> Floats:
        columns = np.ascontiguousarray(weights.T)
        gained = np.asarray(self.found @ columns)
        found, listed = np.cumsum(gained, axis=0), np.cumsum(self.listed @ columns, axis=0)
        precision = np.divide(found, listed, out=np.zeros_like(found), where=listed > 0)
        return ratios(np.einsum("sr,sr->r", gained, precision), gained.sum(axis=0))


def steps_of(outcome: Bools, place: Ints, cluster: Ints, count: int) -> Steps:
    """Return the steps of a ranking; `place` (n,) counts distinct risks from the lowest, 0, upwards."""
    is_step = np.bincount(place[outcome], minlength=place.max(initial=-1) + 1) > 0
    step = (is_step.sum() - np.cumsum(is_step))[place]
    entered = step < is_step.sum()
    shape = (int(is_step.sum()), count)
    return Steps(*(_counts(step[rows], cluster[rows], shape) for rows in (outcome, entered)))


def _counts(step: Ints, cluster: Ints, shape: tuple[int, int]) -> "csr_array[Any]":
    return csr_array((np.ones(len(step)), (step, cluster)), shape=shape)
