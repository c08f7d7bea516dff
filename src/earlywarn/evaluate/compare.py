"""The contest: every contender on the same people and dates, and how much the model gains over each.

In:  what happened, each contender's risk, and who stands where when: arrays of one row per person
     and as-of date.
Out: a `Contest`: an `Estimate` for each population, contender and measure, and a `Gain` of the
     model over each other contender, whose interval leaves out the same schools for both.

How measures are taken over several dates is said in `ground`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from earlywarn.config import Places
from earlywarn.evaluate.estimate import Estimate, plain
from earlywarn.evaluate.ground import EVERYONE, Ground, estimates, grounds_of, replicated
from earlywarn.evaluate.intervals import Gain, difference
from earlywarn.evaluate.measures import Bools, Floats, Labels
from earlywarn.evaluate.prepared import Values

__all__ = ["EVERYONE", "GAINED", "MODEL", "Contest", "contest", "gain_of", "refuse_gaps"]

MODEL = "model"
GAINED = ("auc", "average_precision", "recall", "precision", "brier")
LOWER_IS_BETTER = ("brier",)


@dataclass(frozen=True)
class Contest:
    """Who did how well.

    measures : population, contender, measure -> Estimate. Calibration and Brier stand only under
               contenders that gave a probability.
    gains    : population, contender, measure -> Gain of the model over that contender, above 0 where the
               model is better: of the Brier score, of which less is better, theirs less ours.
    clusters : population -> what its intervals left out in turn, and how many of them there were.
    """

    measures: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    gains: Mapping[str, Mapping[str, Mapping[str, Gain]]]
    clusters: Mapping[str, tuple[str, int]]

    def as_dict(self) -> dict[str, Any]:
        """Return everything for `metrics.json`, rounded to 6 decimals; None is "not estimable"."""
        return {
            "measures": plain(self.measures),
            "gains": plain(self.gains),
            "intervals": {name: {"leave_out": kind, "count": n} for name, (kind, n) in self.clusters.items()},
        }


def contest(
    *,
    outcome: Bools,
    risks: Mapping[str, Floats],
    probabilities: Mapping[str, Floats],
    school: Labels,
    person: Labels,
    as_of: Labels,
    populations: Mapping[str, Bools],
    places: Places,
) -> Contest:
    """Measure every contender in every population.

    outcome       : (n,) bool. One row per person and as-of date with a label.
    risks         : contender -> (n,) float, what it ranks by; no NaN. The model goes by the name "model".
    probabilities : contender -> (n,) float from 0 to 1, for those of them that give one.
    school, person, as_of : (n,) any, without missing values.
    populations   : name -> (n,) bool. "everyone", beside others, has as many places as they have together.
    places        : how many people a school can see, for each list.
    """
    refuse_gaps(risks)
    refuse_gaps(probabilities)
    grounds = grounds_of(
        outcome=outcome, school=school, person=person, as_of=as_of, populations=populations, places=places
    )
    measures, gains = {}, {}
    for name, ground in grounds.items():
        values = {contender: _values(ground, risk, probabilities.get(contender)) for contender, risk in risks.items()}
        measures[name] = {contender: estimates(ground, each) for contender, each in values.items()}
        gains[name] = _gains(values)
    clusters = {name: (ground.clusters.kind, ground.clusters.count) for name, ground in grounds.items()}
    return Contest(measures, gains, clusters)


def refuse_gaps(given: Mapping[str, Floats]) -> None:
    """A contender without an opinion on someone must say so as a risk: nobody may be left out of a contest."""
    for contender, risk in given.items():
        if np.isnan(risk).any():
            raise ValueError(f"the risk of contender {contender!r} has gaps: give everyone a number")


def _values(ground: Ground, risk: Floats, probability: Floats | None) -> Values:
    mine = risk[ground.rows]
    return replicated(ground, mine, ground.listed(mine), None if probability is None else probability[ground.rows])


def _gains(values: Mapping[str, Values]) -> dict[str, dict[str, Gain]]:
    """Return what the model gains over each other contender; nothing where no model takes part."""
    if MODEL not in values:
        return {}
    ours = values[MODEL]
    return {
        contender: {name: gain_of(name, ours, theirs) for name in GAINED if name in ours and name in theirs}
        for contender, theirs in values.items()
        if contender != MODEL
    }


def gain_of(name: str, ours: Values, theirs: Values) -> Gain:
    """Return the gain in one measure, above 0 where ours is better."""
    better, worse = (theirs, ours) if name in LOWER_IS_BETTER else (ours, theirs)
    return difference(better[name], worse[name])
