"""Is a result too good to be true? Then a feature may know the outcome, and it is named.

In:  the test rows of the features that the model uses, their outcomes, and what the model and the
     best simple rule reached there.
Out: warnings in words; none where nothing is suspicious.

Two rules. A feature that by itself nearly tells the outcome, by its value or by being filled at
all: attendance so far, the best that is honestly known, reaches 0.80 to 0.90. And a model that is
nearly perfect where the best simple rule is not. Neither is proof, and a leak can be weaker.
A `year_total` outcome is partly known on the date by design and is not held to them.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.evaluate.compare import MODEL, Contest
from earlywarn.evaluate.measures import auc
from earlywarn.evaluate.verdict import best_rule
from earlywarn.model.examples import Examples
from earlywarn.model.recipe import names_of
from earlywarn.model.train import Trained

FEATURE_ALONE = 0.97
MODEL_ALONE, AHEAD_OF_RULES = 0.95, 0.08
FEWEST = 10  # with and without the outcome; under it chance alone can look perfect


def too_good_to_be_true(
    examples: Examples, trained: Trained, contest: Contest, rules: Sequence[str], config: Config
) -> tuple[str, ...]:
    """Return a warning for each feature that may know the outcome, else one for a model that does too well."""
    if config.outcome.label == "year_total":
        return ()
    names = names_of(trained.recipe.features)
    outcome = examples.now.outcome[examples.test] > 0
    alone = tells_alone(examples.matrix.choose(names)[examples.test], outcome, names)
    found = suspects(alone)
    reached = {name: measured["auc"].value for name, measured in contest.measures["everyone"].items()}
    rule = best_rule(contest, "everyone", rules)
    return found or _of_model(alone, reached[MODEL], reached[rule] if rule else None)


def tells_alone(values: NDArray[np.float32], outcome: NDArray[np.bool_], names: Sequence[str]) -> Mapping[str, float]:
    """Return the AUC of each feature by itself, whichever way it runs, 0.5 to 1; nothing under 10 of a kind."""
    if min(outcome.sum(), (~outcome).sum()) < FEWEST:
        return {}
    return {name: _alone(column, outcome) for name, column in zip(names, values.T, strict=True)}


def suspects(alone: Mapping[str, float]) -> tuple[str, ...]:
    """Return a warning for each feature that by itself nearly tells the outcome, the worst first."""
    worst = sorted((name for name, reached in alone.items() if reached >= FEATURE_ALONE), key=lambda n: -alone[n])
    return tuple(
        f"Too good to be true: {name} alone tells those with the outcome from the others with an AUC of "
        f"{alone[name]:.3f}. It may know the outcome: see where it comes from, or name it under `features.leave_out`."
        for name in worst
    )


def _of_model(alone: Mapping[str, float], model: float | None, rule: float | None) -> tuple[str, ...]:
    if not alone or model is None or model < MODEL_ALONE or (rule is not None and model - rule < AHEAD_OF_RULES):
        return ()
    beside = f", the best simple rule's is {rule:.3f}" if rule is not None else ""
    most = max(alone, key=lambda name: alone[name])
    return (
        f"Too good to be true: the model's AUC is {model:.3f}{beside}. See what the features may know of the outcome, "
        f"first of all {most}, which alone reaches {alone[most]:.3f}.",
    )


def _alone(values: NDArray[np.float32], outcome: NDArray[np.bool_]) -> float:
    known = ~np.isnan(values)
    by_value = auc(outcome[known], values[known].astype(np.float64)) if known.any() else np.nan
    by_being_there = auc(outcome, known.astype(np.float64))
    counts = known.sum() >= FEWEST and min(outcome[known].sum(), (~outcome[known]).sum()) >= FEWEST
    return max(_either_way(by_being_there), _either_way(by_value) if counts else 0.5)


def _either_way(reached: float) -> float:
    return 0.5 if np.isnan(reached) else max(reached, 1 - reached)
