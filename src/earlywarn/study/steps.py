"""What each rung of the ladder adds on people whom no rung has learnt from.

In:  the examples, the rungs and the settings of the trees, which are the same for all: what differs is what they know.
Out: `Step`s: the gain of a rung over the one below, on the same people, with an interval that leaves out the same
     schools for both, and the smallest gain that these data would have shown four times in five.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from earlywarn.config import Config
from earlywarn.evaluate.compare import gain_of
from earlywarn.evaluate.ground import Ground, grounds_of, replicated
from earlywarn.evaluate.held_out import rows_on_test
from earlywarn.evaluate.intervals import Gain
from earlywarn.evaluate.measures import Floats
from earlywarn.evaluate.prepared import Values
from earlywarn.model.calibrate import fit_calibration
from earlywarn.model.examples import Examples
from earlywarn.model.folds import Fold
from earlywarn.model.recipe import Trees, names_of
from earlywarn.study.ladder import Rung

MEASURES = ("auc", "average_precision", "brier", "people_found")


@dataclass(frozen=True)
class Scored:
    """What one rung says of the test rows: by what it ranks them, and how likely it holds the outcome to be."""

    rank: Floats
    probability: Floats | None


@dataclass(frozen=True)
class Step:
    """What one rung adds to another for one population: above 0 where it is better, of the Brier score, too.

    n, positives : test rows, and those with the outcome.
    """

    population: str
    rung: str
    over: str
    measure: str
    gain: Gain
    n: int
    positives: int


def scored_by(examples: Examples, rung: Rung, recipe: Trees, folds: Sequence[Fold] = ()) -> Scored:
    """Fit one rung to the training rows and score the test rows; with folds also as a calibrated probability."""
    fitted = replace(recipe, features=rung.features)
    values, outcome = examples.matrix.choose(names_of(rung.features)), examples.then.outcome > 0
    train, happened = values[examples.training], outcome[examples.training]
    raw = fitted.fit(train, happened).raw_score(values[examples.test])
    if not folds:
        return Scored(raw, None)
    calibration = fit_calibration(fitted.out_of_fold(train, happened, folds), happened)
    return Scored(raw, calibration.apply(raw))


def steps(examples: Examples, scored: Mapping[str, Scored], config: Config) -> tuple[Step, ...]:
    """Return what each rung adds to the one before it, in the order of `scored`, for every population and measure."""
    found: list[Step] = []
    for population, ground in grounds_of(**rows_on_test(examples, config)).items():
        values = {name: _values(ground, one) for name, one in scored.items()}
        for lower, upper in pairwise(values.items()):
            found += _steps(population, ground, upper, lower)
    return tuple(found)


def step_over(
    examples: Examples, upper: tuple[str, Scored], lower: tuple[str, Scored], config: Config
) -> tuple[Step, ...]:
    """Return what one rung adds to any other, for every population and measure."""
    return steps(examples, dict([lower, upper]), config)


def _values(ground: Ground, scored: Scored) -> Values:
    rank = scored.rank[ground.rows]
    probability = None if scored.probability is None else scored.probability[ground.rows]
    return replicated(ground, rank, ground.listed(rank), probability)


def _steps(population: str, ground: Ground, upper: tuple[str, Values], lower: tuple[str, Values]) -> list[Step]:
    (rung, ours), (below, theirs) = upper, lower
    n, positives = len(ground.outcome), int(np.sum(ground.outcome))
    return [
        Step(population, rung, below, measure, gain_of(measure, ours, theirs), n, positives)
        for measure in MEASURES
        if measure in ours and measure in theirs
    ]
