"""The model fitted anew so that a gap might be smaller: other weights, another aim, fewer features.

In:  the training rows as the model learnt from them (`Learnt`), and the group of each.
Out: scores (n,) of the test rows, higher is more at risk.
"""

from dataclasses import dataclass
from typing import Any, Self

import lightgbm as lgb
import numpy as np
import pandas as pd
from fairlearn.reductions import ErrorRate, ExponentiatedGradient, TruePositiveRateParity
from numpy.typing import NDArray

from earlywarn.audit.groups import Strings
from earlywarn.evaluate.measures import Bools, Floats
from earlywarn.model.fit import THREADS, TreeModel, binned, raw_score, train_params
from earlywarn.model.recipe import Trees, names_of

Values = NDArray[np.float32]

MOST_REDUCED = 20_000  # rows: the reduction fits a dozen small models
_ITERATIONS = 10
_ALLOWED = 0.02  # difference in recall that the reduction lets stand
_EXPLAINED = 4000
CARRIERS = 5  # features taken away


@dataclass(frozen=True)
class Learnt:
    """What the tested model was fitted on, and what it scores.

    people, values, outcome : the training rows.
    test            : (test rows, features) values of the test rows.
    """

    recipe: Trees
    model: TreeModel
    people: pd.DataFrame
    values: Values
    outcome: Bools
    test: Values


def reweighed(learnt: Learnt, labels: Strings) -> Floats:
    """Return the scores of the same recipe on rows that weigh so that group and outcome are independent."""
    recipe = learnt.recipe
    names, risk = names_of(recipe.features), tuple(feature.risk for feature in recipe.features)
    rows = binned(learnt.values, learnt.outcome, names, recipe.seed)
    rows.set_weight(independence_weights(labels, learnt.outcome).astype(np.float32))
    params = train_params(recipe.settings, risk, recipe.seed)
    return raw_score(lgb.train(params, rows, num_boost_round=recipe.settings.trees), learnt.test)


def independence_weights(labels: Strings, outcome: Bools) -> Floats:
    """Return the weight of each row: how often its group and outcome would meet by chance, over how often they do.

    >>> independence_weights(np.array(["a", "a", "a", "b"]), np.array([True, False, False, True])).tolist()
    [1.5, 0.75, 0.75, 0.5]
    """
    group = np.unique(labels, return_inverse=True)[1]
    together = np.bincount(2 * group + outcome, minlength=2 * (group.max() + 1)).reshape(-1, 2)
    by_chance = together.sum(axis=1, keepdims=True) * together.sum(axis=0) / len(labels)
    weight = np.divide(by_chance, together, out=np.zeros_like(by_chance), where=together > 0)
    return np.asarray(weight[group, outcome.astype(np.intp)])


def without_carriers(learnt: Learnt, ours: Bools, theirs: Bools) -> Floats:
    """Return the scores of the recipe without the features that speak least for our people with the outcome."""
    sides = [_some(np.flatnonzero(rows & learnt.outcome), _EXPLAINED) for rows in (ours, theirs)]
    added = [learnt.model.contributions(learnt.values[rows])[:, :-1].mean(axis=0) for rows in sides]
    kept = np.sort(np.argsort(added[0] - added[1], kind="stable")[CARRIERS:])
    features = tuple(learnt.recipe.features[place] for place in kept)
    recipe = Trees(features, learnt.recipe.settings, learnt.recipe.trials, learnt.recipe.seed)
    return recipe.fit(learnt.values[:, kept], learnt.outcome).raw_score(learnt.test[:, kept])


def reduced(learnt: Learnt, labels: Strings) -> Floats:
    """Return the mean scores of the small models that Fairlearn's reduction mixes for equal recall.

    An error is weighed by how rare its kind is, so that the models part people near the top of the list and not
    at a probability of one half.
    """
    rows = _some(np.arange(len(labels)), MOST_REDUCED)
    rate = float(learnt.outcome[rows].mean())
    mixed = ExponentiatedGradient(
        _SmallTrees(),
        TruePositiveRateParity(difference_bound=_ALLOWED),
        objective=ErrorRate(costs={"fp": rate, "fn": 1 - rate}),
        eps=_ALLOWED,
        max_iter=_ITERATIONS,
    )
    mixed.fit(learnt.values[rows], learnt.outcome[rows].astype(int), sensitive_features=labels[rows])
    scores = np.stack([one.scores(learnt.test) for one in mixed.predictors_], axis=1)
    return np.asarray(scores @ np.asarray(mixed.weights_), dtype=np.float64)


def _some(rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    return rows[:: max(1, -(-len(rows) // most))]


class _SmallTrees:
    """A learner as Fairlearn wants it: fit with weights, predict 0 or 1."""

    def fit(self, values: Any, outcome: Any, sample_weight: Any) -> Self:
        params = {
            "objective": "binary", "num_leaves": 15, "learning_rate": 0.15, "min_data_in_leaf": 40, "seed": 1,
            "deterministic": True, "force_row_wise": True, "num_threads": THREADS, "verbosity": -1,
        }  # fmt: skip
        rows = lgb.Dataset(np.asarray(values), np.asarray(outcome), weight=np.asarray(sample_weight), params=params)
        self.booster = lgb.train(params, rows, num_boost_round=40)
        return self

    def scores(self, values: Any) -> Floats:
        return np.asarray(self.booster.predict(np.asarray(values), raw_score=True, num_threads=THREADS))

    def predict(self, values: Any) -> NDArray[np.int64]:
        return (self.scores(values) > 0).astype(np.int64)
